/**
 * Items of which the same is said on many machines are lowered once. What is said is compared as it is written where it is a
 * literal, and as it is read otherwise; everything else that an item's lowering may read makes it one of its own. Only a text that
 * goes into a file as it is may differ.
 */
import { isLiteral, isLiteralDef } from '../eval/constants.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Def, Obj, OsValue, Value } from '../eval/model.js';
import { equal } from '../eval/value.js';
import { Watch } from '../eval/watch.js';
import type { KindShape } from '../shapes/shape.js';
import { passedText } from './passed-text.js';

/** An object that work was done for, and what this has read. */
export interface Sample {
  readonly obj: Obj;
  readonly os: OsValue | null;
  /** What it has read of values that may differ. */
  readonly reads: readonly (readonly [string, Value])[];
  /** What needs no look in an object that is like it. */
  readonly constant: ReadonlySet<string>;
}

interface Known<T> extends Sample {
  readonly result: T;
  /** The passed text as it was read; undefined where it is the same for all. */
  readonly text: Value | undefined;
}

/** What `known` is for an item that differs from it in the passed text alone; null where that makes more of a difference. */
export type Vary<T> = (known: T, before: Value, now: Value) => T | null;

/** More variants of one statement than this are each lowered anew: comparing with all would cost more. */
export const MOST_VARIANTS = 8;

const NONE: ReadonlySet<string> = new Set();

export class AlikeItems<T> {
  readonly #known = new Map<KindShape, Map<string, Known<T>[]>>();

  /** What `work` makes of an item, or has made of another one that is said to be the same. `place` is what it is called by. */
  lower(ev: Evaluator, obj: Obj, place: string, work: () => T, vary: Vary<T>): T {
    const own = this.#own.get(obj);
    if (own !== undefined && isLike(ev, own, obj)) return own.result;
    if (obj.facts.closed !== true || obj.facts.incomplete === true) return work();
    const variants = this.#variants(obj, place);
    const passed = passedText(obj.kind);
    for (const known of variants) {
      if (!isLike(ev, known, obj, passed)) continue;
      const now = known.text === undefined || passed === null ? undefined : ev.tryAttribute(obj, passed);
      const result = now === undefined || known.text === undefined || equal(now, known.text) ? known.result : vary(known.result, known.text, now);
      if (result === null) continue;
      this.#like.set(obj, known);
      return result;
    }
    const watch = new Watch(obj);
    const result = ev.watching(watch, work);
    if (watch.here || watch.late) return result;
    const sample = sampleOf(obj, watch);
    const known = { ...sample, result, text: sample.reads.find(([name]) => name === passed)?.[1] };
    if (variants.length < MOST_VARIANTS) variants.push(known);
    this.#own.set(obj, known);
    return result;
  }

  /** Items that were lowered themselves: the next lowering may find them as they were. */
  readonly #own = new Map<Obj, Known<T>>();

  readonly #like = new Map<Obj, Known<T>>();

  /** Attributes of a closed item that are not at fault, because those of the item that it is like are not. */
  sure(obj: Obj): ReadonlySet<string> {
    return this.#like.get(obj)?.constant ?? NONE;
  }

  #variants(obj: Obj, place: string): Known<T>[] {
    let ofKind = this.#known.get(obj.kind);
    if (ofKind === undefined) this.#known.set(obj.kind, (ofKind = new Map()));
    const { file, start, end } = obj.span;
    const key = `${place} ${start} ${end} ${file}`;
    let variants = ofKind.get(key);
    if (variants === undefined) ofKind.set(key, (variants = []));
    return variants;
  }
}

/** What the work for an object was that is seen by a watch. */
export function sampleOf(obj: Obj, watch: Watch): Sample {
  const constant = new Set([...obj.defs].flatMap(([name, defs]) => (watch.constant.has(name) || defs.every(isLiteralDef) ? [name] : [])));
  return { obj, os: obj.machine?.facts.os ?? null, constant, reads: [...watch.reads].filter(([name]) => !constant.has(name)) };
}

/** Whether the same work for an object would read what it has read for the other, apart from the attribute `but`. */
export function isLike(ev: Evaluator, known: Sample, obj: Obj, but: string | null = null): boolean {
  return sameSystem(known.os, obj.machine?.facts.os ?? null) && sameStatement(known, obj) && known.reads.every(([name, value]) => name === but || equal(ev.tryAttribute(obj, name), value));
}

function sameSystem(a: OsValue | null, b: OsValue | null): boolean {
  if (a === b || a === null || b === null) return a === b;
  return a.id === b.id && a.lineage.join() === b.lineage.join() && a.facts.size === b.facts.size && [...a.facts].every(([name, value]) => equal(value, b.facts.get(name) ?? null));
}

/** Whether the same definitions speak about both, of which literals mean the same. */
function sameStatement({ obj, constant }: Sample, other: Obj): boolean {
  if (obj.defs.size !== other.defs.size) return false;
  for (const [name, defs] of obj.defs) {
    const others = other.defs.get(name);
    if (others === undefined || others.length !== defs.length) return false;
    for (let i = 0; i < defs.length; i++) if (!sameDef(defs[i] as Def, others[i] as Def, constant.has(name))) return false;
  }
  return true;
}

function sameDef(a: Def, b: Def, constant: boolean): boolean {
  if (a.op !== b.op || a.rank !== b.rank || a.body !== b.body || a.lost !== b.lost) return false;
  if (constant && a.expr === b.expr && a.expr !== null) return isLiteral(a.expr) || a.scope.bindsAs(b.scope);
  if (a.value !== undefined || b.value !== undefined) return a.value !== undefined && b.value !== undefined && equal(a.value, b.value);
  return a.expr === b.expr || (a.expr?.kind === 'name-expr' && b.expr?.kind === 'name-expr' && a.expr.text === b.expr.text);
}
