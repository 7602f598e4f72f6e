/**
 * The playbooks of the two layers that Ansible converges: one play for each machine, in the order of the start graph.
 * A machine that fails or does not answer ends the run, since later ones may stand on it (`any_errors_fatal` would go on after
 * one that does not answer); `--limit` picks one machine, and in L4 `--tags` one instance.
 */
import { task } from '../../bindings/ansible.gen.js';
import type { PlanConverge, PlanMachine } from '../../plan/machine.js';
import type { LayerName, Plan } from '../../plan/plan.js';
import { labModules } from '../just/module-names.js';
import { isConverged } from './inventory.js';
import { entryFiles, entryPoints, roleName } from './machine-role.js';
import { instancesInOrder } from './order.js';
import { stackVariables } from './stack.js';
import { plainName, step, type AnsibleTask } from './task.js';

export function convergePlaybook(plan: Plan): readonly unknown[] {
  return machinesInOrder(plan, 'L3').flatMap((machine) => {
    const role = roleName(machine.name);
    const entries = entryPoints(machine.converge);
    return [...(machine.kind === 'lxc' ? [firstEntry(machine)] : []), play(`Converge ${machine.name}`, machine, [
      ...(entries.bootstrap ? [importRole('Make sure that it is the machine and has what Ansible needs', role, 'bootstrap')] : []),
      undo('Undo what left the lab', 'begin', 'L3'),
      ...(entries.main ? [importRole(`Converge ${machine.name}`, role)] : []),
      undo('Remember what the machine holds', 'finish', 'L3'),
      ...(entries.verify ? [importRole(`Verify ${machine.name}`, role, 'verify')] : []),
    ])];
  });
}

/**
 * A container of Proxmox is born with root's login only: nothing in it makes users before Ansible comes. So whoever is not let in
 * as the operator enters as root, once, and makes the operators. In a dry run they are still missing afterwards: it stays root.
 */
function firstEntry(machine: ConvergedMachine): unknown {
  const login = machine.login!;
  const root = { vars: { ansible_user: 'root', ansible_port: 22 }, when: `${ENTERED}.rc != 0` };
  const asked = ['ssh', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'StrictHostKeyChecking=accept-new', '-p', String(login.port), `${login.user}@${machine.address ?? machine.name}`, 'true'];
  return play(`Let operators into ${machine.name}`, machine, [
    step(`Ask whether ${login.user} may enter`, task('ansible.builtin.command', { argv: asked }), {
      register: ENTERED, changed_when: false, failed_when: false, check_mode: false, become: false, delegate_to: 'localhost',
    }),
    ...entryFiles(machine.converge).map((file) => ({ ...importRole(`Enter as root: ${file}`, roleName(machine.name), file), ...root })),
    step('Stay root in a dry run', task('ansible.builtin.set_fact', { ansible_user: 'root', ansible_port: 22 }), { when: [`${ENTERED}.rc != 0`, 'ansible_check_mode'] }),
  ]);
}

const ENTERED = '__labc_entered';

export function workloadPlaybook(plan: Plan): readonly unknown[] {
  const modules = new Map(labModules(plan).flatMap(({ machine, name, instances }) => instances.map((one) => [one.instance, `just ${name} ${one.name} migrate`] as const)));
  return machinesInOrder(plan, 'L4').map((machine) =>
    play(`Run the workloads of ${machine.name}`, machine, [
      undo('Take down what left the lab', 'begin', 'L4'),
      ...instancesInOrder(plan, machine.name).map((instance) => ({
        ...importRole(`Run ${instance.name}`, 'stack'), vars: stackVariables(plan, instance, modules.get(instance) ?? ''), tags: [instance.name],
      })),
      undo('Remember what the machine holds', 'finish', 'L4'),
    ]));
}

type ConvergedMachine = PlanMachine & { readonly converge: PlanConverge };

/** Machines without a stage of this layer come last: something of it may have to be undone there. */
function machinesInOrder(plan: Plan, layer: LayerName): readonly ConvergedMachine[] {
  const names = new Set([...plan.order.filter((stage) => stage.layer === layer).map((stage) => stage.machine), ...plan.machines.map((machine) => machine.name)]);
  const byName = new Map(plan.machines.map((machine) => [machine.name, machine]));
  return [...names].flatMap((name) => {
    const machine = byName.get(name);
    return machine !== undefined && isConverged(machine) ? [machine as ConvergedMachine] : [];
  });
}

function play(name: string, machine: PlanMachine, tasks: readonly AnsibleTask[]): unknown {
  return { name: plainName(name), hosts: machine.name, gather_facts: false, become: true, max_fail_percentage: 0, force_handlers: true, tasks };
}

function importRole(name: string, role: string, from?: string): AnsibleTask {
  return step(name, task('ansible.builtin.import_role', { name: role, ...(from === undefined ? {} : { tasks_from: from }) }));
}

function undo(name: string, from: 'begin' | 'finish', layer: 'L3' | 'L4'): AnsibleTask {
  return { ...importRole(name, 'undo', from), vars: { undo_layer: layer } };
}
