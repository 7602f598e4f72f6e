/** Which machines and instances have a just module, in start order, and what it is called. */
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import type { PlanInstance } from '../../plan/workload.js';
import { isConverged } from '../ansible/inventory.js';
import { instancesInOrder } from '../ansible/order.js';
import { startOrder } from './batches.js';
import { RECIPE_NAMES } from './recipes.js';

export interface MachineModule {
  readonly machine: PlanMachine;
  readonly name: string;
  readonly instances: readonly InstanceModule[];
}

export interface InstanceModule {
  readonly instance: PlanInstance;
  readonly name: string;
}

/** Devices are known, not managed: they have nothing to run. */
export function labModules(plan: Plan): readonly MachineModule[] {
  const byName = new Map(plan.machines.map((machine) => [machine.name, machine]));
  const machines = startOrder(plan).flatMap((name) => byName.get(name) ?? []).filter((machine) => machine.guest !== null || isConverged(machine));
  const names = moduleNames(machines, 'machine');
  const instances = instancesByMachine(plan);
  return machines.map((machine, i) => ({ machine, name: names[i]!, instances: instanceModules(plan, machine, instances.get(machine.name) ?? []) }));
}

export function instancesByMachine(plan: Plan): ReadonlyMap<string, readonly PlanInstance[]> {
  const found = new Map<string, PlanInstance[]>();
  for (const instance of plan.instances) {
    const own = found.get(instance.machine);
    if (own === undefined) found.set(instance.machine, [instance]);
    else own.push(instance);
  }
  return found;
}

function instanceModules(plan: Plan, machine: PlanMachine, own: readonly PlanInstance[]): readonly InstanceModule[] {
  const instances = instancesInOrder({ ...plan, instances: own }, machine.name);
  const names = moduleNames(instances, 'workload');
  return instances.map((instance, i) => ({ instance, name: names[i]! }));
}

/** A module's name is a word that starts with a letter and is no recipe's; others get `machine-` or `workload-` before them. */
function moduleNames(items: readonly { readonly name: string }[], prefix: string): readonly string[] {
  const taken = new Set(items.map(({ name }) => name).filter(isFree));
  return items.map(({ name }) => {
    if (isFree(name)) return name;
    let candidate = `${prefix}-${name}`;
    while (taken.has(candidate)) candidate = `${prefix}-${candidate}`;
    taken.add(candidate);
    return candidate;
  });
}

function isFree(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) && !RECIPE_NAMES.has(name);
}
