/** What the making of something read: whoever would read the same gets the same. */
import type { Cell, Def, Obj, Scope, Value } from './model.js';
import type { Expr } from '../syntax/ast.js';

/** What the evaluator tells of every read. */
export interface Watching {
  /** Something was read that another object may have otherwise. */
  here: boolean;
  /** Something late was read. */
  late: boolean;
  /** Whether the reads of an attribute's value count themselves. */
  follows(obj: Obj, name: string, cell: Cell, holds: boolean): boolean;
  /** Something is read that is computed once: what it has read before is not seen any more. */
  meet(cell: Cell, holds: boolean): void;
  /** An attribute was read as a whole; `constant`: its value is the same for all of whom its definitions speak. */
  note(obj: Obj, name: string, value: Value, constant: boolean): void;
  /** A member of an object is read. */
  member(obj: Obj, name: string): void;
  /** A name means something in a frame, or nothing in all up to this one. */
  frame(frame: Scope, name: string): void;
}

/** About the value of one attribute: whether it is the same for all of whom its definitions speak. */
export class AttributeWatch implements Watching {
  here = false;
  late = false;
  #met: Set<Cell> | null = null;

  constructor(private readonly defs: readonly Def[] | undefined) {}

  follows(obj: Obj): boolean {
    if (obj.machine !== null) this.here = true;
    return true;
  }

  meet(cell: Cell, holds: boolean): void {
    if (this.#met?.has(cell) === true) return;
    if (holds) this.here = true;
    (this.#met ??= new Set()).add(cell);
  }

  note(): void {
    // It follows every attribute.
  }

  member(obj: Obj): void {
    if (obj.machine !== null) this.here = true;
  }

  /** Names of the frames that the definitions stand in are not the same for all. */
  frame(frame: Scope): void {
    for (const def of this.defs ?? []) for (let at: Scope | null = def.scope; at !== null; at = at.parent) if (at === frame) this.here = true;
  }
}

/**
 * About work for an object: another one of which the same was said needs no work of its own. Reads inside an attribute of the
 * object count as that attribute; a read of anything else that depends on the object's place makes what was made its own.
 */
export class Watch implements Watching {
  /** Attributes of the subject that somebody has given, as they were read; those that are the same for all are not among them. */
  readonly reads = new Map<string, Value>();
  /** Attributes of the subject that are the same for all. */
  readonly constant = new Set<string>();
  here = false;
  /** Apart from what `reads` has. */
  late = false;
  /** Names that were looked for in the subject's frame: what a `let` of it says, null where there is none, nor a child with that label. */
  readonly names = new Map<string, Expr | null>();
  /** What was computed meanwhile, of which every read is seen. */
  readonly #seen = new Set<Cell>();
  /** Those of the part of the work that is going on. */
  #fresh: Cell[] = [];

  constructor(readonly subject: Obj) {}

  /** Whether an object is the subject or stands in it. */
  #within(obj: Obj): boolean {
    for (let at: Obj | null = obj; at !== null; at = at.parent) if (at === this.subject) return true;
    return false;
  }

  /** Attributes that are made in the course of the work count by what they read. */
  follows(obj: Obj, name: string, cell: Cell, holds: boolean): boolean {
    if (obj === this.subject ? obj.defs.has(name) || (holds && !this.#seen.has(cell)) : !this.#within(obj)) return false;
    this.meet(cell, holds);
    return true;
  }

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

  note(obj: Obj, name: string, value: Value, constant: boolean): void {
    if (obj !== this.subject) this.here ||= obj.machine !== null;
    else if (constant) this.constant.add(name);
    else if (!this.constant.has(name)) this.reads.set(name, value);
  }

  member(obj: Obj, name: string): void {
    if (this.#within(obj) ? name !== 'name' && obj.param(name) === undefined : obj.machine !== null) this.here = true;
  }

  frame(frame: Scope, name: string): void {
    if (frame === this.subject.frame) {
      const binding = frame.own(name);
      if (binding?.kind === 'value') this.here = true;
      else this.names.set(name, binding?.expr ?? null);
    }
    if (frame.obj !== null && !this.#within(frame.obj)) this.here = true;
  }
}
