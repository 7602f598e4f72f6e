/**
 * Names and places of workloads over time, as the roles take them: what a project and its states were called, which states
 * have to arrive before anything starts, and what of a machine's list the lab retires, whoever says so.
 */
import { namesOf, type PlanMove } from '../../plan/identity.js';
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import type { PlanState } from '../../plan/state.js';
import type { PlanInstance } from '../../plan/workload.js';

/** What the script `renamed.py` of the role `stack` is given. */
export interface RenamedStack {
  readonly project: string;
  /** Former projects, the latest first. */
  readonly was: readonly string[];
  readonly states: readonly { readonly to: string; readonly from: readonly string[] }[];
  readonly stamps: readonly { readonly to: string; readonly from: readonly string[]; readonly once: boolean }[];
}

/** A state that comes from elsewhere: `mark` is the file that says so once it is all there. */
export interface Arrival {
  readonly state: string;
  readonly from: string;
  readonly mark: string;
  readonly place: string | null;
}

/** Where jobs and steps leave their stamps is fixed: `/var/lib/labc/stamps/<name>`. */
export function jobStamp(instance: string, job: string): string {
  return `job-${instance}-${job}`;
}

/** Null where nothing of the instance had another name. */
export function renamedStack(plan: Plan, instance: PlanInstance): RenamedStack | null {
  const [, ...was] = namesOf(plan.identity, 'instance', instance.name);
  const states = instance.states.flatMap((state) => {
    const from = formerPaths(plan, instance, state);
    return from.length === 0 ? [] : [{ to: state.path, from }];
  });
  if (was.length === 0 && states.length === 0) return null;
  const stamps = was.length === 0 ? [] : instance.jobs.map((job) => ({ to: jobStamp(instance.name, job.name), from: was.map((name) => jobStamp(name, job.name)), once: job.once }));
  return { project: instance.name, was, states, stamps };
}

/** Ids that a machine's list may still have, and the id that each is now. */
export function renamedItems(plan: Plan, machine: PlanMachine): Readonly<Record<string, string>> {
  const pairs = plan.instances.filter((instance) => instance.machine === machine.name).flatMap((instance) => {
    const [, ...was] = namesOf(plan.identity, 'instance', instance.name);
    return was.flatMap((name) => [[`stack:${name}`, `stack:${instance.name}`], ...instance.jobs.map((job) => [`job:${name}.${job.name}`, `job:${instance.name}.${job.name}`])] as [string, string][]);
  });
  return Object.fromEntries(pairs);
}

/** States of an instance that are copied to where it is now; a machine that moves within its cluster brings its own along. */
export function arrivals(plan: Plan, instance: PlanInstance): readonly Arrival[] {
  return movesOf(plan, instance).flatMap((move) => move.states.map((state) => ({
    state: state.name,
    from: `${move.sort === 'instance' ? move.from : move.machine}:${state.from}`,
    mark: markOf(state.to),
    place: move.origin === null ? null : `${plan.lab.source}/${move.origin.file}:${move.origin.line}`,
  })));
}

/** Moves that have to be carried out before the instance starts: its own, and those of its states. */
export function movesOf(plan: Plan, instance: PlanInstance): readonly PlanMove[] {
  return plan.identity.moves.filter((move) => (move.sort === 'instance' && move.name === instance.name) || (move.sort === 'state' && move.name.startsWith(`${instance.name}.`)));
}

/** Ids of a machine's list that go when it is told to: what `retire` names, and what moved away from it. */
export function retiredOn(plan: Plan, machine: PlanMachine): readonly string[] {
  const stacks = plan.identity.retired.filter((retired) => retired.sort === 'instance' && retired.machine === machine.name).map(({ name }) => name);
  const moved = plan.identity.moves.filter((move) => move.sort === 'instance' && namesOf(plan.identity, 'machine', machine.name).includes(move.from) && move.machine !== machine.name);
  const names = [...stacks, ...moved.flatMap((move) => namesOf(plan.identity, 'instance', move.name))];
  return [...new Set([...(machine.converge?.retired ?? []), ...names.map((name) => `stack:${name}`)])];
}

/** Folders whose data the lab retires to destroy it; nothing that a workload of the lab still uses is among them. */
export function destroyedOn(plan: Plan, machine: PlanMachine): readonly string[] {
  const used = [...machine.states, ...plan.instances.filter((instance) => instance.machine === machine.name).flatMap((instance) => [...instance.states, ...instance.folders])].map(({ path }) => path);
  const within = (path: string, other: string): boolean => path === other || path.startsWith(`${other}/`);
  return plan.identity.retired
    .filter((retired) => retired.machine === machine.name && retired.data === 'destroy' && (retired.sort === 'instance' || retired.sort === 'state'))
    .flatMap((retired) => retired.states.map(({ path }) => path))
    .filter((path) => !used.some((other) => within(path, other) || within(other, path)));
}

/** Beside the state and not within it: on the same disk, and no app sees it. */
export function markOf(path: string): string {
  const at = path.lastIndexOf('/');
  return `${path.slice(0, at)}/.labc-arrived-${path.slice(at + 1)}`;
}

/** `/srv/vault/server/data` is named by its instance, its container and itself; each of them may have had other names. */
function formerPaths(plan: Plan, instance: PlanInstance, state: PlanState): readonly string[] {
  const tail = `/${instance.name}/${state.container}/${state.name}`;
  if (!state.path.endsWith(tail)) return [];
  const root = state.path.slice(0, -tail.length);
  const last = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
  const container = `${instance.name}.${state.container}`;
  const paths = namesOf(plan.identity, 'instance', instance.name).flatMap((one) =>
    namesOf(plan.identity, 'container', container).flatMap((two) => namesOf(plan.identity, 'state', `${container}.${state.name}`).map((three) => `${root}/${one}/${last(two)}/${last(three)}`)));
  return [...new Set(paths)].filter((path) => path !== state.path);
}
