/** Which machines and instances have a just module, in start order, and what it is called. */
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import type { PlanInstance } from '../../plan/workload.js';
import { isConverged } from '../ansible/inventory.js';
import { instancesInOrder } from '../ansible/playbooks.js';
import { startOrder } from './batches.js';
import { RECIPE_NAMES } from './recipes.js';

/** Devices are known, not managed: they have nothing to run. */
export function machineModules(plan: Plan): readonly (readonly [PlanMachine, string])[] {
  const byName = new Map(plan.machines.map((machine) => [machine.name, machine]));
  const machines = startOrder(plan).flatMap((name) => byName.get(name) ?? []).filter((machine) => machine.guest !== null || isConverged(machine));
  return named(machines, 'machine');
}

export function instanceModules(plan: Plan, machine: PlanMachine): readonly (readonly [PlanInstance, string])[] {
  return named(instancesInOrder(plan, machine.name), 'workload');
}

/** A module's name is a word that starts with a letter and is no recipe's; others get `machine-` or `workload-` before them. */
function named<T extends { readonly name: string }>(items: readonly T[], prefix: string): readonly (readonly [T, string])[] {
  const taken = new Set(items.map(({ name }) => name).filter(isFree));
  return items.map((item) => {
    const { name } = item;
    if (isFree(name)) return [item, name];
    let candidate = `${prefix}-${name}`;
    while (taken.has(candidate)) candidate = `${prefix}-${candidate}`;
    taken.add(candidate);
    return [item, candidate];
  });
}

function isFree(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) && !RECIPE_NAMES.has(name);
}
