/**
 * What the making of something read of the object that it was made for. Whoever would read the same gets the same, so an
 * object of which the same was said needs no work of its own. Reads inside one attribute count as that attribute; a read of
 * anything that depends on the object's place in the lab makes what was made its own.
 */
import type { Cell, Obj, Value } from './model.js';

export class Watch {
  /** Attributes of the subject that somebody has given, as they were read. */
  readonly reads = new Map<string, Value>();
  /** Something was read that another object may have otherwise. */
  here = false;
  /** What was computed meanwhile, of which every read is seen. */
  readonly seen = new Set<Cell>();

  constructor(readonly subject: Obj) {}

  /** Whether an object is the subject or stands in it. */
  within(obj: Obj): boolean {
    for (let at: Obj | null = obj; at !== null; at = at.parent) if (at === this.subject) return true;
    return false;
  }

  /** Whether the reads of an attribute's value count themselves: the attribute is made in the course of the work. */
  follows(obj: Obj, name: string, cell: Cell, holds: boolean): boolean {
    if (obj === this.subject ? obj.defs.has(name) || (holds && !this.seen.has(cell)) : !this.within(obj)) return false;
    this.meet(cell, holds);
    return true;
  }

  /** Something is read that is computed once: what it has read before is not seen any more. */
  meet(cell: Cell, holds: boolean): void {
    if (holds && !this.seen.has(cell)) this.here = true;
    this.seen.add(cell);
  }

  /** An attribute was read as a whole. */
  note(obj: Obj, name: string, value: Value): void {
    if (obj === this.subject) this.reads.set(name, value);
    else if (obj.machine !== null) this.here = true;
  }

  /** Whether a member of an object is the same for all that the work may stand for. */
  knows(obj: Obj, name: string): boolean {
    return this.within(obj) ? name === 'name' || obj.param(name) !== undefined : obj.machine === null;
  }
}
