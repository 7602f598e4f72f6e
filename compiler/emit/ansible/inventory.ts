/** The inventory: declared addresses, a group for each persona, one for what is converged and one for what is only known. */
import { sortedBy } from '../../base/text.js';
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';

export function inventory(plan: Plan): unknown {
  const converged = plan.machines.filter(isConverged);
  const known = plan.machines.filter((machine) => !isConverged(machine));
  const personas = sortedBy(new Set(converged.flatMap((machine) => machine.personas)), (name) => name);
  const taken = new Set(['all', 'ungrouped', ...plan.machines.map((machine) => machine.name)]);
  const children = [
    ...personas.map((persona) => [groupName(persona, taken), hosts(converged.filter((machine) => machine.personas.includes(persona)))] as const),
    [groupName('managed', taken), hosts(converged)] as const,
    ...(known.length === 0 ? [] : [[groupName('unmanaged', taken), hosts(known)] as const]),
  ];
  return { all: { hosts: Object.fromEntries(plan.machines.map((machine) => [machine.name, hostVariables(machine)])), children: Object.fromEntries(children) } };
}

/** What a play reaches and changes. */
export function isConverged(machine: PlanMachine): boolean {
  return machine.login !== null && machine.converge !== null;
}

function hosts(machines: readonly PlanMachine[]): unknown {
  return { hosts: Object.fromEntries(machines.map((machine) => [machine.name, {}])) };
}

/** Ansible wants groups to look like variables, and not to share a name with a host. */
function groupName(name: string, taken: Set<string>): string {
  let group = name.replace(/[^A-Za-z0-9_]/g, '_');
  while (taken.has(group)) group += '_machines';
  taken.add(group);
  return group;
}

function hostVariables(machine: PlanMachine): unknown {
  return {
    ansible_host: machine.address ?? undefined,
    ...(machine.login === null ? {} : {
      ansible_port: machine.login.port === 22 ? undefined : machine.login.port,
      ansible_user: machine.login.user,
      ansible_python_interpreter: machine.login.python,
    }),
  };
}
