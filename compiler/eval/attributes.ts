/** The value of an attribute from its definitions: the highest rank wins, equal ranks agree, `+=` and bodies build on what is below. */
import { types } from '../diagnostics/catalogue/types.js';
import { typeNoun, type ParamShape, type Type } from '../shapes/types.js';
import type { Constants } from './constants.js';
import { Fault, type Ev, type What } from './context.js';
import { conform } from './conform.js';
import { evaluateBody } from './records.js';
import { RANK, type Def, type Obj, type Rec, type Value } from './model.js';
import { add, mergeFields } from './operators.js';
import { inherits, placeInLine } from './personas.js';
import { shown } from './text.js';
import { describe, equal, isObject } from './value.js';

export function attributeValue(ev: Ev, obj: Obj, name: string, param: ParamShape | null): Value {
  const defs = obj.defs.get(name);
  if (defs === undefined || defs.length === 0) return defaultValue(ev, obj, name, param);
  return fold(ev, obj, name, param, defs.length === 1 ? defs : order(obj, defs), 0);
}

/** A value that nothing is read for: none where nothing is said, an object's label, a literal that was met before. */
export function knownValue(constants: Constants, defs: readonly Def[] | undefined, param: ParamShape): Value | undefined {
  const def = defs?.[0];
  if (def === undefined) return param.default === undefined ? (param.optional ? null : undefined) : constants.get(param.default, param.type);
  if (defs?.length !== 1 || def.op !== '=' || def.lost === true) return undefined;
  if (def.value !== undefined) return typeof def.value === 'string' && param.type.k === 'prim' && param.type.name === 'String' ? def.value : undefined;
  return def.expr === null ? undefined : constants.get(def.expr, param.type);
}

/** Strongest first. At one rank bases stand below what inherits from them, a body's `=` below its `+=`, which keep their order. */
export function order(obj: Obj, defs: readonly Def[]): Def[] {
  if (defs.length === 1) return [...defs];
  return defs.map((def, at) => ({ def, at, line: placeInLine(obj, def.by), step: def.op === '=' ? 0 : 1 }))
    .sort((a, b) => b.def.rank - a.def.rank || b.line - a.line || b.step - a.step || (a.step === 0 ? a.at - b.at : b.at - a.at)).map((item) => item.def);
}

function fold(ev: Ev, obj: Obj, name: string, param: ParamShape | null, defs: readonly Def[], at: number): Value {
  const def = defs[at];
  if (def === undefined) return baseFor(ev, obj, name, param);
  const type = param?.type;
  const what = (): string => `\`${name}\` of ${describe(obj)}`;
  if (def.op === 'merge' && def.body !== null) {
    const below = fold(ev, obj, name, param, defs, at + 1);
    const above = evaluateBody(ev, def.body, def.scope, fieldTypes(type));
    for (const other of rivals(ev, defs, at, 'merge')) if (other.body !== null) agree(obj, name, def, above, other, evaluateBody(ev, other.body, other.scope, fieldTypes(type)));
    const merged: Value = { t: 'rec', type: null, fields: mergeFields(isObject(below) && below.t === 'rec' ? below.fields : new Map(), above.fields) };
    return type === undefined ? merged : conform(ev, merged, type, def.span, what);
  }
  const value = evaluateDef(ev, def, param, what);
  if (def.op === '+=') {
    const below = fold(ev, obj, name, param, defs, at + 1);
    if (isObject(value) && value.t === 'rec') {
      for (const other of rivals(ev, defs, at, '+=')) {
        const said = evaluateDef(ev, other, param, what);
        if (isObject(said) && said.t === 'rec') agree(obj, name, def, value, other, said);
      }
    }
    return below === null ? value : add(below, value, def.span);
  }
  if (defs.length > at + 1) for (const other of rivals(ev, defs, at, '=')) {
    const said = evaluateDef(ev, other, param, what);
    if (!equal(value, said)) throw conflict(obj, name, def, value, other, said);
  }
  return value;
}

/** Weaker definitions of the same rank that nothing before them inherits from: they must agree with the one at `at`. */
function rivals(ev: Ev, defs: readonly Def[], at: number, op: Def['op']): Def[] {
  const first = defs[at];
  return defs.filter((other, i) => i > at && first !== undefined && other.rank === first.rank && other.op === op && !defs.some((above, j) => j < i && above.rank === other.rank && inherits(ev, above.by, other.by)));
}

/** Two records of one rank may not differ in a field that both have. */
function agree(obj: Obj, name: string, def: Def, above: Rec, other: Def, below: Rec): void {
  for (const [field, value] of above.fields) {
    const said = below.fields.get(field);
    if (said === undefined || equal(value, said)) continue;
    if (isObject(value) && value.t === 'rec' && isObject(said) && said.t === 'rec') agree(obj, `${name}.${field}`, def, value, other, said);
    else throw conflict(obj, `${name}.${field}`, def, value, other, said);
  }
}

function conflict(obj: Obj, name: string, def: Def, value: Value, other: Def, said: Value): Fault {
  const [first, second] = def.span.start <= other.span.start || def.span.file !== other.span.file ? [{ def, value }, { def: other, value: said }] : [{ def: other, value: said }, { def, value }];
  return new Fault(types.create.conflict(first.def.span, { name, first: shown(first.value), second: shown(second.value), help: first.def.rank >= RANK.machine ? 'keep one of them' : `say it once on the ${obj.machine?.kind.word ?? obj.kind.word}, which outranks both` }, { labels: [{ span: second.def.span, text: 'the other value is given here' }] }));
}

function evaluateDef(ev: Ev, def: Def, param: ParamShape | null, what: What): Value {
  const type = param?.type;
  const declared = param?.library === 'lab' ? param.span : undefined;
  if (def.lost === true) throw new Fault(null);
  if (def.value !== undefined) return type === undefined ? def.value : conform(ev, def.value, type, def.span, what, declared);
  if (def.expr === null) return def.body === null ? null : evaluateBody(ev, def.body, def.scope, fieldTypes(type));
  return type === undefined ? ev.evaluate(def.expr, def.scope) : ev.evaluateAs(def.expr, def.scope, type, what, declared);
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
    return ev.evaluateAs(param.default, scope, param.type, () => `\`${name}\` of ${describe(obj)}`);
  }
  if (param.optional) return null;
  if (obj.facts.incomplete === true) throw new Fault(null);
  throw new Fault(types.create.missingValue(obj.span, { what: describe(obj), name, type: typeNoun(param.type) }));
}

/** The type of each field of a record-like type. */
export function fieldTypes(type: Type | undefined): (name: string) => Type | undefined {
  return type === undefined ? untyped : (name) => fieldType(type, name);
}

const untyped = (): undefined => undefined;

function fieldType(type: Type, name: string): Type | undefined {
  const members: Type[] = [];
  let at: Type | undefined = type;
  while (at !== undefined) {
    if (at.k === 'map') return at.of;
    if (at.k === 'record') return at.fields.find((field) => field.name === name)?.type;
    if (at.k === 'union') members.push(...at.members);
    at = at.k === 'opt' || at.k === 'list' ? at.of : at.k === 'refine' ? at.base : members.pop();
  }
  return undefined;
}

/** Fields of a record value, for callers that need them. */
export function fieldsOf(value: Value): ReadonlyMap<string, Value> {
  return isObject(value) && value.t === 'rec' ? (value as Rec).fields : new Map();
}
