/**
 * What the making of something read. A watch with a subject is about work for that object: whoever would read the same gets
 * the same, so an object of which the same was said needs no work of its own. Reads inside an attribute of the subject count as
 * that attribute; a read of anything else that depends on the object's place makes what was made its own. A watch without a
 * subject is about one attribute: whether its value is the same for all of whom its definitions speak.
 */
import { Scope, type Cell, type Def, type Obj, type Value } from './model.js';
import type { Expr } from '../syntax/ast.js';

export class Watch {
  /** Attributes of the subject that somebody has given, as they were read; those that are the same for all are not among them. */
  readonly reads = new Map<string, Value>();
  /** Attributes of the subject that are the same for all. */
  readonly constant = new Set<string>();
  /** Something was read that another object may have otherwise. */
  here = false;
  /** Something late was read, apart from what `reads` has. */
  late = false;
  /** Names that were looked for in the subject's frame: what a `let` of it says, null where there is none, nor a child with that label. */
  readonly names = new Map<string, Expr | null>();
  /** What was computed meanwhile, of which every read is seen. */
  readonly #seen = new Set<Cell>();
  /** Those of the part of the work that is going on. */
  #fresh: Cell[] = [];
  /** Frames that the definitions stand in: their names are not the same for all. */
  readonly #around = new Set<Scope>();

  constructor(readonly subject: Obj | null, defs: readonly Def[] = []) {
    for (const def of defs) for (let at: Scope | null = def.scope; at !== null; at = at.parent) this.#around.add(at);
  }

  /** Whether an object is the subject or stands in it. */
  #within(obj: Obj): boolean {
    if (this.subject !== null) for (let at: Obj | null = obj; at !== null; at = at.parent) if (at === this.subject) return true;
    return false;
  }

  /** Whether the reads of an attribute's value count themselves: the attribute is made in the course of the work. */
  follows(obj: Obj, name: string, cell: Cell, holds: boolean): boolean {
    if (this.subject === null) {
      if (obj.machine !== null) this.here = true;
      return true;
    }
    if (obj === this.subject ? obj.defs.has(name) || (holds && !this.#seen.has(cell)) : !this.#within(obj)) return false;
    this.meet(cell, holds);
    return true;
  }

  /** Something is read that is computed once: what it has read before is not seen any more. */
  meet(cell: Cell, holds: boolean): void {
    if (this.#seen.has(cell)) return;
    if (holds) this.here = true;
    this.#seen.add(cell);
    this.#fresh.push(cell);
  }

  /** Ends a part of the work; what was computed in a part that nobody shares counts as computed elsewhere. */
  endPart(shared: boolean): void {
    if (!shared) for (const cell of this.#fresh) this.#seen.delete(cell);
    this.#fresh = [];
    this.here = false;
  }

  /** Whether the value was computed meanwhile. */
  saw(cell: Cell): boolean {
    return this.#seen.has(cell);
  }

  /** An attribute was read as a whole. */
  note(obj: Obj, name: string, value: Value, constant: boolean): void {
    if (obj !== this.subject) this.here ||= obj.machine !== null;
    else if (constant) this.constant.add(name);
    else if (!this.constant.has(name)) this.reads.set(name, value);
  }

  /** A member of an object is read. */
  member(obj: Obj, name: string): void {
    if (this.#within(obj) ? name !== 'name' && obj.param(name) === undefined : obj.machine !== null) this.here = true;
  }

  /** A name means something in a frame, or nothing in all up to this one. */
  frame(frame: Scope, name: string): void {
    if (this.subject !== null && frame === this.subject.frame) {
      const binding = frame.own(name);
      if (binding?.kind === 'value') this.here = true;
      else this.names.set(name, binding?.expr ?? null);
    }
    if (this.subject === null ? this.#around.has(frame) : frame.obj !== null && !this.#within(frame.obj)) this.here = true;
  }
}
