/** What belongs to no machine: secrets, repositories, networks, routes, names, operators. Each change is one finding that disturbs nothing by itself. */
import type { Impact } from '../impact/impact.js';
import type { Origin } from '../plan/data.js';
import type { Plan } from '../plan/plan.js';
import { finding, type Context } from './context.js';
import type { Finding } from './finding.js';
import { same } from './renames.js';

interface List<T> {
  readonly kind: string;
  of(plan: Plan): readonly T[];
  /** Unique in the list. */
  key(thing: T): string;
  name(thing: T): string;
  /** What a person is told of a change; `changed` where nothing is said. */
  tell?(before: T, after: T): string | undefined;
  impact?: Impact;
  note?: string;
}

const LISTS: readonly { findings(context: Context): readonly Finding[] }[] = [
  list({
    kind: 'secret', of: (plan) => plan.secrets, key: (one) => one.key, name: (one) => one.key,
    tell: (a, b) => (same(a.from, b.from) ? undefined : `from ${a.from.source} to ${b.from.source}: whoever reads it is restarted if its value differs`),
  }),
  list({
    kind: 'repository', of: (plan) => plan.repositories, key: (one) => one.name, name: (one) => one.name,
    tell: (a, b) => (same(a.url, b.url) ? (a.schedule === b.schedule ? undefined : `${a.schedule} -> ${b.schedule}`) : 'another place: what was backed up stays at the old one'),
  }),
  list({ kind: 'network', of: (plan) => plan.networks, key: (one) => one.name, name: (one) => one.name }),
  list({ kind: 'operator', of: (plan) => plan.operators, key: (one) => one.name, name: (one) => one.name }),
  list({ kind: 'route', of: (plan) => plan.routes, key: (one) => one.id, name: (one) => one.url, tell: (a, b) => (a.url === b.url ? (a.expose === b.expose ? undefined : `${a.expose} -> ${b.expose}`) : `was ${a.url}`) }),
  list({ kind: 'name', of: (plan) => plan.names, key: (one) => `${one.name} ${one.type} ${one.view}`, name: (one) => one.name, tell: (a, b) => (a.value === b.value ? undefined : `${a.value} -> ${b.value}`) }),
];

export function listFindings(context: Context): readonly Finding[] {
  return LISTS.flatMap((one) => one.findings(context));
}

function list<T extends { readonly origin: Origin }>(spec: List<T>): { findings(context: Context): readonly Finding[] } {
  const one = (thing: T, what: string): Finding => finding({ layer: 'lab', kind: spec.kind, name: spec.name(thing), what, impact: 'in_place', origin: thing.origin });
  return {
    findings(context) {
      const { renames } = context;
      const old = new Map(spec.of(context.before).map((thing) => [renames.renamed(spec.key(thing)), thing]));
      const exact = new Map(spec.of(context.before).map((thing) => [spec.key(thing), thing]));
      const now = new Set(spec.of(context.after).map((thing) => spec.key(thing)));
      const found = spec.of(context.after).flatMap((thing): readonly Finding[] => {
        const was = exact.get(spec.key(thing)) ?? old.get(spec.key(thing));
        if (was === undefined) return [one(thing, 'added')];
        return same(was, thing) || renames.explains(was, thing) ? [] : [one(thing, spec.tell?.(was, thing) ?? 'changed')];
      });
      const gone = spec.of(context.before).filter((thing) => !now.has(spec.key(thing)) && !now.has(renames.renamed(spec.key(thing))));
      return [...found, ...gone.map((thing) => one(thing, 'removed'))];
    },
  };
}
