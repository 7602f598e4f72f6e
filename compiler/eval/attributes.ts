/** The value of an attribute from its definitions: the highest rank wins, equal ranks agree, `+=` and bodies build on what is below. */
import { types } from '../diagnostics/catalogue/types.js';
import { printType, type ParamShape, type Type } from '../shapes/types.js';
import { Fault, type Ev } from './context.js';
import { conform } from './conform.js';
import { evaluateBody } from './records.js';
import type { Def, Obj, Rec, Value } from './model.js';
import { add, mergeFields } from './operators.js';
import { plainText } from './text.js';
import { describe, equal, isObject } from './value.js';

export function attributeValue(ev: Ev, obj: Obj, name: string, param: ParamShape | null): Value {
  const defs = obj.defs.get(name);
  if (defs === undefined || defs.length === 0) return defaultValue(ev, obj, name, param);
  const ordered = order(ev, defs);
  return fold(ev, obj, name, param, ordered, 0);
}

/** Weakest last; among equal ranks a persona stands before the personas it inherits from. */
export function order(ev: Ev, defs: readonly Def[]): Def[] {
  return [...defs].sort((a, b) => b.rank - a.rank || (inherits(ev, a.by, b.by) ? -1 : inherits(ev, b.by, a.by) ? 1 : 0));
}

/** Whether persona `a` has persona `b` among its ancestors. */
function inherits(ev: Ev, a: string | null, b: string | null): boolean {
  if (a === null || b === null || a === b) return false;
  const seen = new Set<string>();
  const todo = [a];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const shape = ev.shapes.template('persona', at, 'lab') ?? ev.shapes.template('persona', at, 'std');
    for (const parent of shape?.parents ?? []) {
      if (parent.name === b) return true;
      todo.push(parent.name);
    }
  }
  return false;
}

function fold(ev: Ev, obj: Obj, name: string, param: ParamShape | null, defs: readonly Def[], at: number): Value {
  const def = defs[at];
  if (def === undefined) return baseFor(ev, obj, name, param);
  const type = param?.type;
  const what = `\`${name}\` of ${obj.path()}`;
  if (def.op === 'merge' && def.body !== null) {
    const below = fold(ev, obj, name, param, defs, at + 1);
    const above = evaluateBody(ev, def.body, def.scope, fieldTypes(type));
    const merged: Value = { t: 'rec', type: null, fields: mergeFields(isObject(below) && below.t === 'rec' ? below.fields : new Map(), above.fields) };
    return type === undefined ? merged : conform(ev, merged, type, def.span, what);
  }
  const value = evaluateDef(ev, def, type, what);
  if (def.op === '+=') {
    const below = fold(ev, obj, name, param, defs, at + 1);
    return below === null ? value : add(below, value, def.span);
  }
  const next = defs[at + 1];
  if (next !== undefined && next.rank === def.rank && next.op === '=' && !inherits(ev, def.by, next.by)) {
    const other = evaluateDef(ev, next, type, what);
    if (!equal(value, other)) {
      throw new Fault(types.create.conflict(def.span, { name, first: show(value), second: show(other), owner: obj.machine?.kind.word ?? obj.kind.word }, { labels: [{ span: next.span, text: 'the other value is given here' }] }));
    }
  }
  return value;
}

function evaluateDef(ev: Ev, def: Def, type: Type | undefined, what: string): Value {
  if (def.value !== undefined) return type === undefined ? def.value : conform(ev, def.value, type, def.span, what);
  if (def.expr === null) return def.body === null ? null : evaluateBody(ev, def.body, def.scope, fieldTypes(type));
  return type === undefined ? ev.evaluate(def.expr, def.scope) : ev.evaluateAs(def.expr, def.scope, type, what);
}

/** What `+=` and bodies build on when nothing is below: the default, or nothing. */
function baseFor(ev: Ev, obj: Obj, name: string, param: ParamShape | null): Value {
  return param === null || param.default === undefined ? null : defaultValue(ev, obj, name, param);
}

function defaultValue(ev: Ev, obj: Obj, name: string, param: ParamShape | null): Value {
  if (param === null) return null;
  if (param.default !== undefined) {
    const scope = obj.template?.params.get(name) === param ? obj.frame : obj.kindFrame;
    if (scope === null) throw new Fault(null);
    return ev.evaluateAs(param.default, scope, param.type, `\`${name}\` of ${obj.path()}`);
  }
  if (param.optional) return null;
  throw new Fault(types.create.missingValue(obj.span, { what: obj.path(), name, type: printType(param.type) }));
}

/** The type of each field of a record-like type. */
export function fieldTypes(type: Type | undefined): (name: string) => Type | undefined {
  const options = type === undefined ? [] : [type];
  return (name) => {
    const todo = [...options];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      if (at.k === 'map') return at.of;
      if (at.k === 'record') return at.fields.find((field) => field.name === name)?.type;
      if (at.k === 'opt' || at.k === 'list') todo.push(at.of);
      else if (at.k === 'union') todo.push(...at.members);
      else if (at.k === 'refine') todo.push(at.base);
    }
    return undefined;
  };
}

function show(value: Value): string {
  const text = plainText(value);
  return text === undefined ? describe(value) : `\`${text}\``;
}

/** Fields of a record value, for callers that need them. */
export function fieldsOf(value: Value): ReadonlyMap<string, Value> {
  return isObject(value) && value.t === 'rec' ? (value as Rec).fields : new Map();
}
