/**
 * Items of which the same is said on many machines are lowered once. What is said is compared as it is written where it is a
 * literal, and as it is read otherwise; everything else that an item's lowering may read makes it one of its own.
 */
import type { Evaluator } from '../eval/evaluator.js';
import type { Def, Obj, OsValue, Value } from '../eval/model.js';
import { equal } from '../eval/value.js';
import type { KindShape } from '../shapes/shape.js';
import type { Expr } from '../syntax/ast.js';

interface Known<T> {
  /** The item that was lowered. */
  readonly obj: Obj;
  readonly os: OsValue | null;
  /** What it has read of values that are no literals. */
  readonly reads: readonly (readonly [string, Value])[];
  readonly result: T;
}

/** More variants of one statement than this are each lowered anew: comparing with all would cost more. */
const MOST_VARIANTS = 8;

export class AlikeItems<T> {
  readonly #known = new Map<KindShape, Map<string, Known<T>[]>>();

  /** What `work` makes of an item, or has made of another one that is said to be the same. `place` is what it is called by. */
  lower(ev: Evaluator, obj: Obj, place: string, work: () => T): T {
    if (obj.facts.closed !== true || obj.facts.incomplete === true) return work();
    const variants = this.#variants(obj, place);
    const os = obj.machine?.facts.os ?? null;
    for (const known of variants) if (sameSystem(known.os, os) && sameStatement(known.obj, obj) && known.reads.every(([name, value]) => equal(ev.attempt(() => ev.attribute(obj, name, obj.span), null), value))) return known.result;
    const { value: { value: result, reads }, lasts } = ev.lasting(() => ev.watching(obj, work));
    if (lasts && reads !== null && variants.length < MOST_VARIANTS) {
      variants.push({ obj, os, result, reads: [...reads].filter(([name]) => !(obj.defs.get(name) ?? []).every(isLiteral)) });
    }
    return result;
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

function sameSystem(a: OsValue | null, b: OsValue | null): boolean {
  if (a === b || a === null || b === null) return a === b;
  return a.id === b.id && a.lineage.join() === b.lineage.join() && a.facts.size === b.facts.size && [...a.facts].every(([name, value]) => equal(value, b.facts.get(name) ?? null));
}

/** Whether the same definitions speak about both, of which literals mean the same. */
function sameStatement(a: Obj, b: Obj): boolean {
  if (a.defs.size !== b.defs.size) return false;
  for (const [name, defs] of a.defs) {
    const others = b.defs.get(name);
    if (others === undefined || others.length !== defs.length) return false;
    for (const [i, def] of defs.entries()) if (!sameDef(def, others[i])) return false;
  }
  return true;
}

function sameDef(a: Def, b: Def | undefined): boolean {
  if (b === undefined || a.op !== b.op || a.rank !== b.rank || a.body !== b.body || a.lost !== b.lost) return false;
  if (a.value !== undefined || b.value !== undefined) return a.value !== undefined && b.value !== undefined && equal(a.value, b.value);
  return a.expr === b.expr || (a.expr?.kind === 'name-expr' && b.expr?.kind === 'name-expr' && a.expr.text === b.expr.text);
}

/** Whether a definition means the same wherever it stands. */
export function isLiteral(def: Def): boolean {
  return def.value !== undefined || (def.expr !== null && def.op === '=' && isLiteralExpr(def.expr));
}

function isLiteralExpr(expr: Expr): boolean {
  switch (expr.kind) {
    case 'none': case 'bool': case 'int': case 'decimal': case 'quantity': case 'ip': case 'mac': case 'version': case 'date': case 'port': case 'path': return true;
    case 'str': return expr.parts.every((part) => typeof part === 'string');
    case 'list': return expr.items.every(isLiteralExpr);
    case 'record': return expr.fields.every((field) => field.key === undefined && isLiteralExpr(field.value));
    default: return false;
  }
}
