/** Which data is on a machine's disks, what becomes of it when the machine or a disk goes, and where it is backed up. */
import type { PlanMachine } from '../plan/machine.js';
import type { Plan } from '../plan/plan.js';
import type { PlanState } from '../plan/state.js';
import type { PlanInstance } from '../plan/workload.js';
import type { AffectedData } from './finding.js';

/** Everything on the machine when it is made anew: its own disks go, kept disks and what lies on other machines stay. */
export function dataOfReplaced(plan: Plan, machine: PlanMachine): readonly AffectedData[] {
  const disks = machine.guest?.disks ?? [];
  const states = statesOn(plan, machine).map(({ owner, state }) => stateData(plan, owner, state, staysWithout(machine, state.path) ? 'stays' : 'goes'));
  return [...disks.flatMap((disk, at) => (at === 0 && !disk.keep ? [] : [diskData(disk, disk.keep ? 'stays' : 'goes')])), ...states];
}

/** A machine that is gone for good, kept disks included. */
export function dataOfDestroyed(plan: Plan, machine: PlanMachine): readonly AffectedData[] {
  const states = statesOn(plan, machine).map(({ owner, state }) => stateData(plan, owner, state, isRemote(machine, state.path) ? 'stays' : 'goes'));
  return [...(machine.guest?.disks ?? []).flatMap((disk, at) => (at === 0 && !disk.keep ? [] : [diskData(disk, 'goes')])), ...states];
}

/** One disk, and the states that lie on it. */
export function dataOfDisk(plan: Plan, machine: PlanMachine, slot: string, happens: AffectedData['happens']): readonly AffectedData[] {
  const disk = machine.guest?.disks.find((other) => other.slot === slot);
  if (disk === undefined) return [];
  const states = statesOn(plan, machine).filter(({ state }) => placeOf(machine, state.path) === disk.name);
  return [diskData(disk, happens), ...states.map(({ owner, state }) => stateData(plan, owner, state, happens))];
}

export function dataOfInstance(plan: Plan, instance: PlanInstance, happens: AffectedData['happens']): readonly AffectedData[] {
  return instance.states.map((state) => stateData(plan, instance, state, happens));
}

/** What has a state: a workload, or a machine whose capability asks for it. */
export type Owner = PlanInstance | PlanMachine;

export function stateData(plan: Plan, owner: Owner, state: PlanState, happens: AffectedData['happens']): AffectedData {
  const repository = plan.repositories.find((other) => other.name === state.repository);
  return {
    name: stateName(owner, state), happens, size: null, path: state.path, disposable: state.disposable,
    backup: repository === undefined ? null : { repository: repository.name, schedule: repository.schedule },
  };
}

/** Whether something that nobody called disposable goes. */
export function losesData(data: readonly AffectedData[]): boolean {
  return data.some(({ happens, disposable }) => happens === 'goes' && disposable === null);
}

function diskData(disk: { readonly name: string; readonly size: number; readonly mount: string | null }, happens: AffectedData['happens']): AffectedData {
  return { name: `disk ${disk.name}`, happens, size: disk.size, path: disk.mount, backup: null, disposable: null };
}

/** As statements name it: `vault.server.data`, `carrie.has.vpn.identity`. */
export function stateName(owner: Owner, { container, name }: PlanState): string {
  return [owner.name, ...('app' in owner ? [] : ['has']), ...(container === '' ? [] : [container]), name].join('.');
}

function statesOn(plan: Plan, machine: PlanMachine): readonly { readonly owner: Owner; readonly state: PlanState }[] {
  const owners: readonly Owner[] = [machine, ...plan.instances.filter((instance) => instance.machine === machine.name)];
  return owners.flatMap((owner) => owner.states.map((state) => ({ owner, state })));
}

function staysWithout(machine: PlanMachine, path: string): boolean {
  const place = placeOf(machine, path);
  return place === null || machine.guest?.disks.find((disk) => disk.name === place)?.keep === true;
}

function isRemote(machine: PlanMachine, path: string): boolean {
  return placeOf(machine, path) === null;
}

/** The disk that holds a folder: the root disk unless something is mounted above it; null for a mount that is no disk of the machine. */
function placeOf(machine: PlanMachine, path: string): string | null {
  const disks = machine.guest?.disks ?? [];
  const mounts = new Map<string, string | null>((machine.converge?.items ?? []).filter((item) => item.kind === 'mount').map((item) => [item.key, null]));
  for (const point of machine.guest?.mountPoints ?? []) mounts.set(point.path, null);
  for (const disk of disks) if (disk.mount !== null) mounts.set(disk.mount, disk.name);
  const above = [...mounts.keys()].filter((mount) => `${path}/`.startsWith(mount === '/' ? '/' : `${mount}/`)).sort((a, b) => b.length - a.length)[0];
  return above === undefined ? (disks[0]?.name ?? null) : (mounts.get(above) ?? null);
}
