/** The order in which a machine starts what it runs. */
import type { Plan } from '../../plan/plan.js';
import type { PlanInstance } from '../../plan/workload.js';

/** Instances of a machine, every one after those that it waits for, ties by the plan's order. */
export function instancesInOrder(plan: Plan, machine: string): readonly PlanInstance[] {
  const instances = plan.instances.filter((instance) => instance.machine === machine);
  const done = new Set<PlanInstance>();
  const seen = new Set<PlanInstance>();
  const visit = (instance: PlanInstance): void => {
    if (seen.has(instance)) return;
    seen.add(instance);
    for (const name of instance.after) instances.filter((one) => one.name === name).forEach(visit);
    done.add(instance);
  };
  instances.forEach(visit);
  return [...done];
}
