/** Who stands above whom among personas: one wins over those that it inherits from, and strangers of one rank must agree. */
import type { Ev } from './context.js';
import type { Obj, Rank } from './model.js';

/** Who says something, and how strongly. */
export interface Speaker {
  readonly rank: Rank;
  readonly by: string | null;
}

/** Whether persona `a` has persona `b` among its ancestors. */
export function inherits(ev: Ev, a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return false;
  const seen = new Set<string>();
  const todo = [a];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const library = ev.program.find('persona', at, 'lab')?.library ?? ev.program.all('persona').find((decl) => decl.name === at)?.library ?? 'std';
    const shape = ev.shapes.template('persona', at, library);
    for (const parent of shape?.parents ?? []) {
      if (parent.name === b) return true;
      todo.push(parent.name);
    }
  }
  return false;
}

/** Whether `a` wins over `b` by its rank or by inheriting from it. */
export function outranks(ev: Ev, a: Speaker, b: Speaker): boolean {
  return a.rank > b.rank || (a.rank === b.rank && inherits(ev, a.by, b.by));
}

/** The place of a persona in the machine's line, bases first; 0 for what no persona says. */
export function placeInLine(obj: Obj, by: string | null): number {
  return by === null ? 0 : (obj.machine?.facts.line?.get(by) ?? 0);
}
