/**
 * What a machine is to hold, as the role `undo` compares it with what the machine says it holds, and which files its
 * handlers wait for: one JSON file for each machine. Digests leave origins out, since a statement that moved to another
 * line changes nothing.
 */
import { sha256 } from '../../base/sha256.js';
import type { EmittedFile } from '../../plan/emitted.js';
import type { PlanItem, PlanMachine, PlanUndo } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import type { PlanInstance, PlanJob } from '../../plan/workload.js';
import { arrivals, destroyedOn, jobStamp, renamedItems, retiredOn } from './identity.js';
import { handlersOf } from './machine-role.js';

interface AppliedItem {
  readonly id: string;
  readonly layer: 'L3' | 'L4';
  readonly phase: number;
  readonly digest: string;
  readonly undo: readonly AppliedUndo[];
}

interface AppliedUndo {
  readonly do: Readonly<Record<string, unknown>>;
  readonly only: PlanUndo['only'];
}

/** `digests` keeps those of a plan by what they are of: most items of a machine are on others too. */
export function appliedFile(plan: Plan, machine: PlanMachine, digests: Map<string, string>): EmittedFile {
  const converge = machine.converge;
  const instances = plan.instances.filter((instance) => instance.machine === machine.name);
  const renamed = renamedItems(plan, machine);
  const destroyed = destroyedOn(plan, machine);
  const handlers = converge === null ? [] : handlersOf(converge);
  const items = [
    ...(converge?.items ?? []).filter((item) => item.undo.length > 0).map((item) => machineItem(item, digests)),
    ...instances.flatMap((instance) => [stackItem(plan, instance), ...instance.jobs.map((job) => jobItem(instance, job))]),
  ];
  const data = {
    version: 1, items, retired: retiredOn(plan, machine),
    ...(handlers.length === 0 ? {} : { handlers }),
    ...(Object.keys(renamed).length === 0 ? {} : { renamed }),
    ...(destroyed.length === 0 ? {} : { destroyed }),
  };
  return { path: `ansible/applied/${machine.name}.json`, text: `${JSON.stringify(data, null, 2)}\n` };
}

function machineItem(item: PlanItem, digests: Map<string, string>): AppliedItem {
  return {
    id: item.id, layer: 'L3', phase: item.phase, digest: digest(item, digests),
    undo: item.undo.map((undo) => ({ do: { [undo.verb]: undo.args }, only: undo.only })),
  };
}

/** A stack with state is taken down only when it is retired, and keeps its files until then. */
function stackItem(plan: Plan, instance: PlanInstance): AppliedItem {
  const stateful = instance.states.some((state) => state.disposable === null);
  const gone = stateful ? 'retired' : 'always';
  const managed = instance.files.filter((file) => file.write === 'managed');
  return {
    id: `stack:${instance.name}`, layer: 'L4', phase: 10, digest: digest(instance),
    undo: [
      { do: { stack_down: { project: instance.name } }, only: gone },
      ...[...managed.map((file) => file.target), ...secretPaths(instance)].map((path): AppliedUndo => ({ do: { file_absent: { path } }, only: stateful ? 'while_wanted' : 'always' })),
      ...arrivals(plan, instance).map(({ mark }): AppliedUndo => ({ do: { file_absent: { path: mark } }, only: 'always' })),
      { do: { file_absent: { path: `/etc/labc/secrets/${instance.name}` } }, only: gone },
      { do: { file_absent: { path: `/etc/labc/workloads/${instance.name}` } }, only: gone },
    ],
  };
}

function secretPaths(instance: PlanInstance): readonly string[] {
  return [...instance.secretFiles, ...instance.secretEnv].map((file) => file.path);
}

function jobItem(instance: PlanInstance, job: PlanJob): AppliedItem {
  return {
    id: `job:${instance.name}.${job.name}`, layer: 'L4', phase: 10, digest: digest(job),
    undo: [{ do: { stamp_absent: { name: jobStamp(instance.name, job.name) } }, only: 'always' }],
  };
}

function digest(value: object, known = new Map<string, string>()): string {
  const text = JSON.stringify(value, (key, item: unknown) => (key === 'origin' ? undefined : item));
  let found = known.get(text);
  if (found === undefined) known.set(text, (found = sha256(text)));
  return found;
}
