/** The two plans that a review compares, and what its parts share. */
import type { Origin } from '../plan/data.js';
import type { Plan } from '../plan/plan.js';
import type { Finding } from './finding.js';
import { Renames } from './renames.js';

/** The statement that made a value, by its path in the language: `carrie.memory`, `carrie.disk.data.size`. */
export type Where = (path: string) => Origin | undefined;

export interface Context {
  readonly before: Plan;
  readonly after: Plan;
  readonly renames: Renames;
  readonly where: Where;
}

export function contextOf(before: Plan, after: Plan, where: Where = () => undefined): Context {
  return { before, after, where, renames: new Renames(after.identity.renames) };
}

/** A finding of which only the telling parts are given. */
export function finding(parts: Pick<Finding, 'layer' | 'kind' | 'name' | 'what' | 'impact'> & Partial<Finding>): Finding {
  return { machine: null, instance: null, note: null, source: null, data: [], origin: null, ...parts };
}

/** `4 GiB -> 8 GiB`, `added 4 GiB`, `removed`. */
export function changeText(before: string | undefined, after: string | undefined): string {
  if (before === undefined) return after === undefined ? 'changed' : `added: ${after}`;
  return after === undefined ? `removed: ${before}` : before === after ? 'changed' : `${before} -> ${after}`;
}
