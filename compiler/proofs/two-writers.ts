/** A state is written by its own workload only. Folders that are merely bound may be shared. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Origin } from '../plan/data.js';
import type { PlanInstance } from '../plan/workload.js';
import { apart, otherPlace, samePlace } from './claims.js';
import { spanOf, type Rule } from './rule.js';

interface Writer {
  readonly path: string;
  readonly who: string;
  readonly instance: string;
  readonly state: boolean;
  readonly origin: Origin;
  readonly within: Origin;
}

export const rule: Rule = {
  name: 'two-writers',
  doc: 'No state of a workload is written by another.',
  check({ plan }) {
    const machines = new Map<string, Writer[]>();
    for (const instance of plan.instances) machines.set(instance.machine, [...(machines.get(instance.machine) ?? []), ...writersOf(instance)]);
    return [...machines].flatMap(([machine, writers]) => writers.flatMap((second, index): Diagnostic[] => {
      const first = writers.slice(0, index).find((before) => clash(before, second));
      if (first === undefined) return [];
      const path = first.path.length > second.path.length ? first.path : second.path;
      const bound = first.state && second.state ? null : first.state ? second : first;
      const help = bound === null ? 'put one of the states elsewhere' : `write \`read_only = true\` on the bind of ${bound.who}, or bind another folder`;
      const [before, at] = apart(first, second);
      return [proofs.create.twoWriters(spanOf(at.origin), { first: first.who, second: second.who, path, machine, help }, { labels: [otherPlace(before)] })];
    }));
  },
};

/** States, and folders of the machine that are bound for writing. */
function writersOf(instance: PlanInstance): Writer[] {
  const own = new Set(instance.states.map((state) => state.path));
  const states = instance.states.map((state) => ({ path: state.path, who: `${instance.name}.${state.container}.${state.name}`, instance: instance.name, state: true, origin: state.origin, within: instance.origin }));
  const binds = new Map<string, Writer>();
  for (const container of [...instance.containers, ...instance.jobs.flatMap((job) => job.container ?? [])]) {
    for (const mount of container.mounts) {
      if (mount.type !== 'bind' || mount.readOnly || own.has(mount.source) || binds.has(mount.source)) continue;
      binds.set(mount.source, { path: mount.source, who: `${instance.name}.${container.name}`, instance: instance.name, state: false, origin: mount.origin ?? container.origin, within: instance.origin });
    }
  }
  return [...states, ...binds.values()];
}

/** Within one workload, two states may not lie on one folder, save the one that a container inherits; between two, none may lie in what the other writes. */
function clash(a: Writer, b: Writer): boolean {
  if (!a.state && !b.state) return false;
  if (a.instance === b.instance) return a.state && b.state && a.path === b.path && !samePlace(a.origin, b.origin);
  return a.path === b.path || a.path.startsWith(`${b.path}/`) || b.path.startsWith(`${a.path}/`);
}
