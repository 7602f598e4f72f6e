/** What came, went, moved or got another name. What the lock still remembers of an earlier edit is no news. */
import { composeImpact } from '../impact/compose.js';
import { worse, type ImpactOf } from '../impact/impact.js';
import { terraformImpact } from '../impact/terraform.js';
import type { NamedSort, PlanMove, PlanRename, PlanRetired } from '../plan/identity.js';
import type { PlanMachine } from '../plan/machine.js';
import type { Plan } from '../plan/plan.js';
import type { PlanInstance } from '../plan/workload.js';
import { finding, type Context } from './context.js';
import { dataOfDestroyed, dataOfInstance, losesData, stateData, stateName } from './data.js';
import type { AffectedData, Finding } from './finding.js';
import { last, same } from './renames.js';
import { sizeText } from './words.js';

export function identityFindings(context: Context): readonly Finding[] {
  const { before, after } = context;
  const isNew = <T extends PlanMove | PlanRetired>(list: readonly T[], one: T): boolean => !list.some((other) => same({ ...other }, { ...one }));
  return [
    ...after.identity.renames.filter((rename) => happensNow(before, rename)).map((rename) => renamed(context, rename)),
    ...after.identity.moves.filter((move) => isNew(before.identity.moves, move)).map((move) => moved(context, move)),
    ...after.identity.retired.filter((one) => (one.sort === 'disk' || one.sort === 'state') && isNew(before.identity.retired, one)).map((one) => retiredPart(context, one)),
  ];
}

/** A machine that is new. What it runs is told with it. */
export function created(context: Context, machine: PlanMachine): Finding {
  const { guest } = machine;
  const image = context.after.images.find((one) => one.key === guest?.image);
  const runs = context.after.instances.filter((one) => one.machine === machine.name).map((one) => one.name);
  const what = [
    `new ${machine.kind}`, ...(guest === null ? [] : [`on ${guest.node}`, `${guest.cores} ${guest.cores === 1 ? 'core' : 'cores'}`, sizeText(guest.memory)]),
    ...(image === undefined ? [] : [`${image.image} ${image.version}`]), ...(runs.length === 0 ? [] : [`runs ${runs.join(', ')}`]),
  ].join(', ');
  return finding({ layer: guest === null ? 'L3' : 'L2', machine: machine.name, kind: 'machine', name: machine.name, what, impact: 'in_place', origin: machine.origin });
}

/** A machine that is no longer in the lab: kept, destroyed, or none of Terraform's business. */
export function gone(context: Context, machine: PlanMachine): Finding {
  const retired = context.after.identity.retired.find((one) => one.sort === 'machine' && one.name === machine.name);
  const base = { layer: 'L2', machine: machine.name, kind: 'machine', name: machine.name, origin: retired?.origin ?? null } as const;
  if (machine.guest === null) return finding({ ...base, what: 'left the lab: nothing is done to it', impact: 'in_place' });
  if (retired?.data === 'keep') {
    return finding({ ...base, what: 'retired: Terraform forgets it, the machine and its disks stay', impact: 'in_place', source: 'retire', data: dataOfDestroyed(context.before, machine).map(stays) });
  }
  const data = dataOfDestroyed(context.before, machine);
  const what = retired === undefined ? 'destroyed' : 'retired and destroyed with its data';
  return finding({ ...base, what, data, impact: losesData(data) ? 'destroys_data' : 'replace', source: 'retire' });
}

/** A workload that is no longer in the lab. */
export function takenDown(context: Context, instance: PlanInstance): Finding {
  const retired = context.after.identity.retired.find((one) => one.sort === 'instance' && one.name === instance.name);
  const destroyed = retired?.data === 'destroy';
  const data = dataOfInstance(context.before, instance, destroyed ? 'goes' : 'stays');
  const lost = destroyed && losesData(data);
  const what = destroyed ? 'retired: taken down and its data deleted' : data.length === 0 ? 'taken down' : 'taken down, its data stays on the machine';
  return finding({
    layer: 'L4', machine: instance.machine, instance: instance.name, kind: 'workload', name: instance.name, what, data, origin: retired?.origin ?? null,
    impact: lost ? 'destroys_data' : 'restart', note: lost ? null : 'its containers are stopped and removed', source: retired === undefined ? 'the applied list of the machine' : 'retire',
  });
}

export function started(context: Context, instance: PlanInstance): Finding {
  return finding({ layer: 'L4', machine: instance.machine, instance: instance.name, kind: 'workload', name: instance.name, what: `added${instance.app === instance.name ? '' : ` (${instance.app})`}`, impact: 'in_place', origin: instance.origin });
}

/** An instance on another machine without a statement that moves data: it holds none. */
export function movedWithoutData(instance: PlanInstance, from: string): Finding {
  return finding({
    layer: 'L4', machine: instance.machine, instance: instance.name, kind: 'workload', name: instance.name, what: `moves from ${from} to ${instance.machine}`, impact: 'restart',
    note: 'it is taken down at the old place and started at the new one', source: 'the applied lists of both machines', origin: instance.origin,
  });
}

function moved(context: Context, move: PlanMove): Finding {
  const instance = move.name.includes('.has.') ? undefined : [context.after, context.before].flatMap((plan) => plan.instances).find((one) => one.name === move.name.split('.')[0]);
  const machine = context.after.machines.find((one) => one.name === move.machine);
  const data = move.states.map((state): AffectedData => {
    const owner = instance ?? machine;
    const own = owner?.states.find((one) => stateName(owner, one) === state.name);
    const known = own === undefined || owner === undefined ? undefined : stateData(context.after, owner, own, 'moves');
    return known ?? { name: state.name, happens: 'moves', size: null, path: state.to, backup: null, disposable: null };
  });
  return finding({
    layer: instance !== undefined && (move.sort === 'instance' || move.sort === 'state') ? 'L4' : move.sort === 'state' ? 'L3' : 'L2', machine: move.machine, instance: move.sort === 'instance' || move.sort === 'state' ? (instance?.name ?? null) : null,
    kind: `move of ${move.sort}`, name: move.name, what: `${move.from} -> ${move.to}`, impact: 'restart', data, origin: move.origin,
    note: move.name.includes('.has.') ? 'its data is copied by hand, as the runbook says' : 'it stops at the old place, its data goes over, and it starts at the new one', source: 'move',
  });
}

function retiredPart(context: Context, one: PlanRetired): Finding {
  const lost = one.data === 'destroy';
  const happens = lost ? 'goes' : 'stays';
  const [first] = one.name.split('.');
  const owner = one.name.includes('.has.') ? context.before.machines.find((other) => other.name === first) : context.before.instances.find((other) => other.name === first);
  const data: readonly AffectedData[] = [
    ...one.disks.map((disk): AffectedData => ({ name: `disk ${disk.name}`, happens, size: disk.size, path: null, backup: null, disposable: null })),
    ...one.states.map((state): AffectedData => {
      const own = owner?.states.find((other) => other.path === state.path);
      return own === undefined || owner === undefined ? { name: one.name, happens, size: null, path: state.path, backup: null, disposable: null } : stateData(context.before, owner, own, happens);
    }),
  ];
  return finding({
    layer: one.sort === 'disk' ? 'L2' : one.name.includes('.has.') ? 'L3' : 'L4', machine: one.machine, kind: one.sort, name: one.name, what: lost ? 'retired and deleted' : 'retired, its data stays', data, origin: one.origin,
    impact: lost && losesData(data) ? 'destroys_data' : 'in_place', note: lost ? null : 'it is forgotten, not deleted', source: 'retire',
  });
}

function stays(data: AffectedData): AffectedData {
  return { ...data, happens: 'stays' };
}

/** Whether the lab before still had one of the former names. */
function happensNow(plan: Plan, { sort, was, name }: PlanRename): boolean {
  const names = namesOf(plan, sort);
  return !names.has(name) && was.some((old) => names.has(old) || names.has(last(old)));
}

function namesOf(plan: Plan, sort: NamedSort): ReadonlySet<string> {
  const short = (names: readonly string[]): ReadonlySet<string> => new Set(names.flatMap((name) => [name, last(name)]));
  switch (sort) {
    case 'machine': return new Set(plan.machines.map((one) => one.name));
    case 'instance': return new Set(plan.instances.map((one) => one.name));
    case 'disk': return short(plan.machines.flatMap((one) => (one.guest?.disks ?? []).map((disk) => `${one.name}.${disk.name}`)));
    case 'container': return short(plan.instances.flatMap((one) => one.containers.map((container) => `${one.name}.${container.name}`)));
    case 'state': return short([...plan.machines, ...plan.instances].flatMap((one) => one.states.map((state) => stateName(one, state))));
    case 'image': return new Set(plan.images.map((one) => one.image));
    case 'network': return new Set(plan.networks.map((one) => one.name));
    case 'secret': return short(plan.secrets.map((one) => one.key));
  }
}

function renamed(context: Context, { sort, name, was, origin }: PlanRename): Finding {
  const names = namesOf(context.before, sort);
  const old = was.find((one) => names.has(one) || names.has(last(one))) ?? was[0] ?? '';
  const [first = '', second] = name.split('.');
  const machine = sort === 'machine' || sort === 'disk' || name.includes('.has.') ? first : (context.after.instances.find((one) => one.name === first)?.machine ?? null);
  const isWorkload = sort === 'instance' || sort === 'container' || (sort === 'state' && second !== 'has');
  const impact = renameImpact(context, sort, first, second, old);
  return finding({
    layer: sort === 'machine' || sort === 'disk' ? 'L2' : isWorkload ? 'L4' : sort === 'state' ? 'L3' : 'lab', machine: isWorkload || sort === 'machine' || sort === 'disk' || sort === 'state' ? machine : null, instance: isWorkload ? first : null,
    kind: sort === 'instance' ? 'workload' : sort, name, what: `renamed from ${old}, its data stays`, ...impact, origin,
  });
}

function renameImpact(context: Context, sort: NamedSort, name: string, container: string | undefined, old: string): ImpactOf {
  const calm: ImpactOf = { impact: 'in_place', note: 'only its name in the lab changes', source: 'was' };
  switch (sort) {
    case 'machine': {
      const machine = context.after.machines.find((one) => one.name === name);
      if (machine?.guest === null || machine === undefined) return calm;
      const type = machine.kind === 'lxc' ? 'proxmox_virtual_environment_container' : 'proxmox_virtual_environment_vm';
      return terraformImpact(type, machine.kind === 'lxc' ? 'initialization.hostname' : 'name', old, name) ?? calm;
    }
    case 'instance':
    case 'container': {
      const impact = composeImpact(sort === 'instance' ? 'name' : 'services', old, container ?? name);
      return { impact: worse(impact?.impact ?? 'restart', 'restart'), note: impact?.note ?? 'its containers are made anew under the new name', source: impact?.source ?? 'was' };
    }
    default: return calm;
  }
}
