/** Which groups' numbers and which secrets a piece of the plan asks for. */
import { sortedBy } from '../../base/text.js';
import type { PlanData, PlanHole, PlanTemplate } from '../../plan/data.js';
import type { PlanConverge } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import type { PlanInstance } from '../../plan/workload.js';

export function gidsIn(value: PlanData): readonly string[] {
  return holesIn(value).flatMap((hole) => (hole.hole === 'gid' ? [hole.group] : []));
}

/** Keys of the secrets that the tasks and files of a machine's own role hold, in order, each once. */
export function secretsOf(converge: PlanConverge): readonly string[] {
  const tasks = [...converge.items, ...converge.verifies].flatMap((item) => item.tasks);
  const holes = [...tasks.flatMap((task) => [...holesIn(task.args), ...holesIn(task.environment ?? {})]), ...converge.files.flatMap((file) => holesIn(file.content))];
  return unique(holes.flatMap((hole) => (hole.hole === 'secret' ? [hole.secret] : [])));
}

function holesIn(value: PlanData): readonly PlanHole[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return (value as readonly PlanData[]).flatMap(holesIn);
  if ((value as { readonly $?: unknown }).$ === 'template') return (value as PlanTemplate).parts.flatMap((part) => (typeof part === 'string' ? [] : [part]));
  return Object.values(value as Readonly<Record<string, PlanData>>).flatMap(holesIn);
}

/** Files with holes for groups, by path. */
export function fileGids(converge: PlanConverge): ReadonlyMap<string, readonly string[]> {
  return new Map(converge.files.map((file) => [file.path, gidsIn(file.content)]));
}

export function instanceGids(instance: PlanInstance): readonly string[] {
  return unique([
    ...containerGids(instance),
    ...instance.files.flatMap((file) => gidsIn(file.content)),
    ...instance.secretEnv.flatMap((env) => env.variables.flatMap((variable) => gidsIn(variable.value))),
  ]);
}

/** Groups that Compose asks for by number. */
export function containerGids(instance: PlanInstance): readonly string[] {
  const containers = [...instance.containers, ...instance.jobs.flatMap((job) => (job.container === null ? [] : [job.container]))];
  return unique(containers.flatMap((container) => container.groupAdd.flatMap((group) => (typeof group === 'number' ? [] : [group.group]))));
}

export function planGids(plan: Plan): readonly string[] {
  const converges = plan.machines.flatMap((machine) => (machine.converge === null ? [] : [machine.converge]));
  const tasks = converges.flatMap((converge) => [...converge.items, ...converge.verifies].flatMap((item) => item.tasks));
  return unique([
    ...tasks.flatMap((task) => [...gidsIn(task.args), ...gidsIn(task.environment ?? {})]),
    ...converges.flatMap((converge) => converge.files.flatMap((file) => gidsIn(file.content))),
    ...plan.instances.flatMap(instanceGids),
  ]);
}

function unique(names: readonly string[]): readonly string[] {
  return sortedBy(new Set(names), (name) => name);
}
