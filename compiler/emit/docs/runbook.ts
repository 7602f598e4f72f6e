/**
 * What was renamed, retired or moves, as steps for people in the one order that loses nothing: each line is a recipe of the
 * lab or a command of the node. The section is there as long as the sources or the lock speak of it.
 */
import type { PlanMove, PlanRetired } from '../../plan/identity.js';
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import { isConverged } from '../ansible/inventory.js';
import { labModules } from '../just/module-names.js';
import { shellWord } from '../shell/quote.js';
import { code, plain } from './markdown.js';

type Step = string;

/** The command that ends the memory of what was retired or moved, with names as the sources write them. */
export function forgetting(plan: Plan, sort: PlanMove['sort'], name: string): string {
  const written = sort === 'disk' ? name.replace('.', '.disk.') : sort === 'instance' ? `run.${name}` : name;
  return `labc lock --forget ${shellWord(written)} ${shellWord(plan.lab.source)}`;
}

export function runbook(plan: Plan): string {
  const parts = [
    ...plan.identity.renames.filter(({ sort }) => sort === 'machine' || sort === 'instance').map(({ sort, name, was }) =>
      `**${plain(name)}** was called ${was.map(plain).join(', ')}. ${sort === 'machine' ? 'Terraform is told; ' + recipe(plan, name, 'apply', 'just apply') + ' gives it its name, and nothing is destroyed.' : 'The next ' + code('just up') + ' renames its folders where they lie and starts it under its name.'}`),
    ...plan.identity.moves.map((move) => titled(`**${plain(move.name)}** goes from ${plain(move.from)} to ${plain(move.to)}.`, moveSteps(plan, move), forget(plan, move.name, move.sort))),
    ...plan.identity.retired.map((retired) => titled(`**${plain(retired.name)}** is retired, and its data is ${retired.data === 'keep' ? 'kept' : 'destroyed'}.`, retireSteps(plan, retired), '')),
  ];
  return parts.join('\n\n');
}

function titled(head: string, steps: readonly Step[], last: string): string {
  const all = [...steps, ...(last === '' ? [] : [last])];
  return [head, all.map((step, at) => `${at + 1}. ${step}`).join('\n')].filter((text) => text !== '').join('\n\n');
}

function forget(plan: Plan, name: string, sort: PlanMove['sort']): Step {
  return `When all is well, remove the ${code('move')} and run ${code(forgetting(plan, sort, name))}, then ${code('labc build')}.`;
}

function moveSteps(plan: Plan, move: PlanMove): readonly Step[] {
  const machine = plan.machines.find(({ name }) => name === move.machine);
  if (move.sort === 'instance' || move.sort === 'state') return migrationSteps(plan, move);
  if (machine === undefined || machine.guest === null) return [];
  return move.sort === 'machine' ? machineSteps(plan, move, machine) : diskSteps(plan, move, machine);
}

function migrationSteps(plan: Plan, move: PlanMove): readonly Step[] {
  const instance = move.name.split('.')[0]!;
  const module = labModules(plan).find(({ machine }) => machine.name === move.machine);
  const own = module?.instances.find((one) => one.instance.name === instance);
  if (module !== undefined && own === undefined && move.name.startsWith(`${module.machine.name}.has.`)) return capabilityState(move, module.name);
  if (module === undefined || own === undefined) return [];
  const old = move.sort === 'instance' ? labModules(plan).find(({ machine }) => machine.name === move.from) : undefined;
  return [
    `${code(`just ${module.name} converge`)} makes the machine ready.`,
    `${code(`just ${module.name} ${own.name} migrate`)} stops ${plain(instance)}, copies its data and compares it. Until then nothing of it starts on ${plain(move.machine)}.`,
    `${code(`just ${module.name} ${own.name} up`)} starts it there. What names it elsewhere, such as routes, follows with ${code('just converge')} and ${code('just up')}.`,
    ...(old === undefined ? [] : [`When it serves, ${code(`just ${old.name} retire`)} takes it down on ${plain(move.from)}, after asking.`]),
    `The old folders stay as they were until you remove them: ${move.states.map(({ from }) => code(from)).join(', ')}.`,
  ];
}

/** No recipe knows what writes to the state of a capability, so that it is copied by hand. */
function capabilityState(move: PlanMove, module: string): readonly Step[] {
  return [
    `On ${plain(move.machine)}, before it converges: stop what writes to ${code(move.from)}, then ${code(`mkdir -p ${shellWord(move.to)}`)} and ${code(`cp -a -T ${shellWord(move.from)} ${shellWord(move.to)}`)}.`,
    `${code(`just ${module} converge`)} goes on with ${code(move.to)}.`, `The old folder stays as it was until you remove it: ${code(move.from)}.`,
  ];
}

function machineSteps(plan: Plan, move: PlanMove, machine: PlanMachine): readonly Step[] {
  const guest = machine.guest!;
  const [fromCluster = '', fromNode = ''] = move.from.split('/');
  const apply = recipe(plan, machine.name, 'apply', 'just apply');
  const kept = guest.disks.filter(({ keep }) => keep);
  if (fromCluster !== guest.cluster) {
    const ids = [...(guest.dataVmid === null ? [] : [guest.dataVmid]), guest.vmid];
    return [
      `No cluster hands a machine to another. On ${plain(fromNode)}, shut it down, then: ${ids.map((id) => code(`vzdump ${id} --mode stop`)).join(', ')}.`,
      `On ${plain(guest.node)}, before any plan, restore under the same numbers: ${ids.map((id) => code(`${machine.kind === 'lxc' ? 'pct restore' : 'qmrestore'} ${machine.kind === 'lxc' ? `${id} FILE` : `FILE ${id}`}`)).join(', ')}.`,
      `${recipe(plan, machine.name, 'plan', 'just plan')} must show no machine that is made or destroyed; then ${apply}.`,
    ];
  }
  if (machine.kind === 'lxc') {
    return [
      `On ${plain(fromNode)}: ${code(`pct migrate ${guest.vmid} ${shellWord(guest.node)} --restart`)}. Until then every plan of it fails on purpose.`,
      `Terraform looks for it on its old node only, so let it forget that: ${code(`terraform -chdir=terraform state rm ${shellWord(`proxmox_virtual_environment_container.${machine.name}`)}`)}.`,
      `${apply} finds it on ${plain(guest.node)} and takes it over.`,
    ];
  }
  if (kept.length === 0) {
    return [
      ...(guest.pci.length + guest.usb.length > 0 ? [`Shut it down on ${plain(fromNode)}: a machine with devices passed through moves only while it is off: ${code(`qm shutdown ${guest.vmid}`)}.`] : []),
      `${apply} migrates it with its disks. Both nodes need datastores of the same names; otherwise, on ${plain(fromNode)}: ${code(`qm migrate ${guest.vmid} ${shellWord(guest.node)} --with-local-disks --targetstorage DATASTORE`)}, then ${apply}.`,
    ];
  }
  return [
    `Its kept disks belong to machine ${guest.dataVmid}, and Proxmox takes along only what a machine owns. Until the next steps are done every plan fails on purpose. On ${plain(fromNode)}: ${code(`qm config ${guest.vmid}`)} shows the lines of ${kept.map(({ slot }) => code(slot)).join(', ')}: note them, then ${code(`qm shutdown ${guest.vmid}`)}.`,
    `Detach them, which deletes nothing: ${code(`qm set ${guest.vmid} ${kept.map(({ slot }) => `--delete ${slot}`).join(' ')}`)}.`,
    `Take both machines there: ${[guest.dataVmid, guest.vmid].map((id) => code(`qm migrate ${id} ${shellWord(guest.node)} --with-local-disks`)).join(', ')}.`,
    `On ${plain(guest.node)}, ${code(`qm config ${guest.dataVmid}`)} names the volumes; attach each with the options that you noted: ${kept.map(({ slot }) => code(`qm set ${guest.vmid} --${slot} VOLUME,OPTIONS`)).join(', ')}.`,
    `${recipe(plan, machine.name, 'plan', 'just plan')} must show nothing that is made or destroyed; then ${apply}, and ${code(`qm start ${guest.vmid}`)} if it does not run.`,
  ];
}

function diskSteps(plan: Plan, move: PlanMove, machine: PlanMachine): readonly Step[] {
  const guest = machine.guest!;
  const disk = guest.disks.find(({ name }) => `${machine.name}.${name}` === move.name);
  if (disk === undefined) return [];
  const apply = recipe(plan, machine.name, 'apply', 'just apply');
  const target = shellWord(disk.datastore);
  if (machine.kind === 'lxc') return [`On ${plain(guest.node)}: ${code(`pct shutdown ${guest.vmid}`)}, ${code(`pct move-volume ${guest.vmid} rootfs ${target}`)}, ${code(`pct start ${guest.vmid}`)}. Until then every plan of it fails on purpose.`, `${apply} finds it in its place.`];
  if (!disk.keep) return [`Shut it down, since a disk moves only while its machine is off: ${code(`qm shutdown ${guest.vmid}`)} on ${plain(guest.node)}.`, `${apply} moves it and starts the machine.`];
  return [
    `The machine that owns it never runs, so Proxmox would copy it while ${plain(machine.name)} writes to it. On ${plain(guest.node)}: ${code(`qm config ${guest.vmid}`)} shows the options of ${code(disk.slot)}; then ${code(`qm shutdown ${guest.vmid}`)}.`,
    `${code(`qm disk move ${guest.dataVmid} ${disk.slot} ${target}`)} copies it; the original stays with machine ${guest.dataVmid} as ${code('unused0')}.`,
    `${code(`qm config ${guest.dataVmid}`)} names the new volume: ${code(`qm set ${guest.vmid} --${disk.slot} VOLUME,OPTIONS`)}.`,
    `${apply} must change no disk; then ${code(`qm start ${guest.vmid}`)}.`,
    `When the data is there: ${code(`qm disk unlink ${guest.dataVmid} --idlist unused0 --force 1`)} deletes the original.`,
  ];
}

function retireSteps(plan: Plan, { sort, name, data, machine, guest, disks, states }: PlanRetired): readonly Step[] {
  const kept = disks.filter(({ keep }) => keep);
  const over = `${code(forgetting(plan, sort, name))}, then ${code('labc build')}`;
  if (sort === 'instance' || sort === 'state') {
    const module = labModules(plan).find((one) => one.machine.name === machine);
    const folders = states.map(({ path }) => code(path)).join(', ');
    return [
      ...(module === undefined || !isConverged(module.machine) ? [] : [`${code(`just ${module.name} retire`)} ${data === 'destroy' ? `takes it down and destroys ${folders}` : 'takes it down'}, after asking.`]),
      ...(data === 'keep' && folders !== '' ? [`Its data stays on ${plain(machine)}: ${folders}.`] : []),
      `When that is done: ${over}.`,
    ];
  }
  if (guest === null) return [`Nothing of it is made by Terraform. When it is gone: ${over}.`];
  const tool = guest.kind === 'lxc' ? 'pct' : 'qm';
  if (sort === 'machine' && data === 'keep') {
    return [
      `${code('just apply')} lets Terraform forget it. Proxmox goes on running ${guest.vmid} on ${plain(guest.node)}${guest.dataVmid === null ? '' : `, and ${guest.dataVmid} goes on owning its disks`}.`,
      `${code(`${tool} shutdown ${guest.vmid}`)} on ${plain(guest.node)} stops it. Its numbers stay taken until you run ${over}.`,
    ];
  }
  if (data === 'keep') {
    return [
      `${code('just apply')} takes it off ${plain(machine)}. ${kept.length > 0 ? `It stays with machine ${guest.dataVmid ?? ''}, there as ${code('unusedN')} where that owns others too.` : `It stays as ${code('unusedN')} of machine ${guest.vmid}, which takes it along when it is replaced: move it away first.`}`,
      `Its slot stays taken until you run ${over}.`,
    ];
  }
  if (sort === 'disk' && guest.dataVmid !== null && kept.length > 0 && plan.machines.some((one) => one.name === machine && one.guest?.dataVmid !== null)) {
    return [`${code('just apply')} takes it off ${plain(machine)}; machine ${guest.dataVmid} has it as ${code('unusedN')}.`, `On ${plain(guest.node)}, look with ${code(`qm config ${guest.dataVmid}`)} which one it is, then ${code(`qm disk unlink ${guest.dataVmid} --idlist unusedN --force 1`)}.`, `Then ${over}.`];
  }
  return [
    `${code('just plan')} shows what is destroyed; ${code('just replace')} carries it out, after asking.`,
    ...(kept.length === 0 ? [`Then ${over}.`] : [`The kept disks are still there: their owner ${guest.dataVmid ?? ''} lost its protection only. ${over}, is the second yes.`, `${code('just plan')} shows that the owner goes, with ${kept.map((disk) => plain(disk.name)).join(', ')}; ${code('just replace')} destroys them. There is no way back.`]),
  ];
}

function recipe(plan: Plan, machine: string, name: string, otherwise: string): string {
  const module = labModules(plan).find((one) => one.machine.name === machine);
  return code(module === undefined ? otherwise : `just ${module.name} ${name}`);
}
