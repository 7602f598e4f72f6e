/** Expressions to values, by the kind of the node. Literals take the type that is expected. */
import type { Span } from '../base/span.js';
import { types } from '../diagnostics/catalogue/types.js';
import { alternatives, elementType, printType, type EnumType, type Type } from '../shapes/types.js';
import type { Binary, Expr, Generator, Record as RecordNode, Str } from '../syntax/ast.js';
import { Fault, type Ev } from './context.js';
import { fieldTypes } from './attributes.js';
import { callValue } from './calls.js';
import { readDecimal, readIp, readMac, readMode, readOwner, readPort, readQuantity, readTime, type Read } from './literals.js';
import { lookup } from './lookup.js';
import type { EnumValue, Hole, OsValue, Rec, Scope, Value } from './model.js';
import { add, compare, contains, divide, itemsOf, multiply, negate, subtract } from './operators.js';
import { keyText, truth } from './records.js';
import { encodeUrls, interpolate, joinParts } from './text.js';
import { describe, equal, isObject, isTainted, tagOf } from './value.js';

export function evaluateExpr(ev: Ev, expr: Expr, scope: Scope, expected: Type | undefined): Value {
  return (KINDS[expr.kind] as Evaluate<Expr>)(ev, expr, scope, expected);
}

type Evaluate<E> = (ev: Ev, expr: E, scope: Scope, expected: Type | undefined) => Value;

/** A function for each kind of node: the host compiles each for the few shapes that its nodes have, where one switch for all is compiled again and again. */
const KINDS: { readonly [K in Expr['kind']]: Evaluate<Extract<Expr, { kind: K }>> } = {
  missing: () => { throw new Fault(null); },
  none: () => null,
  bool: (_ev, expr) => expr.value,
  str: text,
  int: (_ev, expr, _scope, expected) => integer(expr.text, expr.span, expected),
  decimal: (_ev, expr, _scope, expected) => (wants(expected, 'Version') ? { t: 'version', text: expr.text } : readDecimal(expr.text)),
  quantity: (_ev, expr) => quantity(expr.text, expr.span),
  ip: (_ev, expr) => read(readIp(expr.text), expr.text, 'address', expr.span),
  mac: (_ev, expr) => read(readMac(expr.text), expr.text, 'Mac', expr.span),
  version: (_ev, expr) => ({ t: 'version', text: expr.text }),
  date: (_ev, expr) => ({ t: 'date', text: expr.text }),
  port: (_ev, expr) => read(readPort(expr.text), expr.text, 'Port', expr.span),
  path: (_ev, expr) => ({ t: 'path', text: expr.text }),
  pair: (_ev, expr, _scope, expected) => pair(expr.text, expr.span, expected),
  'name-expr': (ev, expr, scope, expected) => lookup(ev, expr.text, scope, expected, expr.span),
  lambda: (_ev, expr, scope) => ({ t: 'fn', param: expr.param.text, body: expr.body, scope }),
  'if-expr': (ev, expr, scope, expected) => (truth(ev, expr.condition, scope) ? ev.evaluate(expr.then, scope, expected) : ev.evaluate(expr.else, scope, expected)),
  unary: (ev, expr, scope) => (expr.op === 'not' ? !truth(ev, expr.operand, scope, 'not') : negate(ev.evaluate(expr.operand, scope), expr.span)),
  binary: binary,
  member: member,
  call: callValue,
  index: (ev, expr, scope) => index(ev, ev.evaluate(expr.object, scope), ev.evaluate(expr.index, scope), expr.index.span, scope),
  'at-time': (ev, expr, scope) => schedule(ev.evaluate(expr.object, scope, { k: 'prim', name: 'Schedule' }), expr.time.text, expr.span, expr.time.span),
  list: (ev, expr, scope, expected) => {
    const element = elementType(expected);
    return expr.items.map((item) => ev.evaluate(item, scope, element)).filter((item) => item !== null);
  },
  'list-gen': (ev, expr, scope, expected) => {
    const element = elementType(expected);
    return generate(ev, expr.generator, scope).map((inner) => ev.evaluate(expr.value, inner, element)).filter((item) => item !== null);
  },
  record: record,
  'record-gen': (ev, expr, scope, expected) => {
    const fields = new Map<string, Value>();
    const type = fieldTypes(expected);
    for (const inner of generate(ev, expr.generator, scope)) {
      const key = ev.evaluate(expr.key, inner);
      const joined = joinParts(interpolate(key, expr.key.span));
      if (typeof joined !== 'string') throw new Fault(types.create.taint(expr.key.span, { how: 'as a key', help: 'name the field by plain text' }));
      fields.set(joined, ev.evaluate(expr.value, inner, type(joined)));
    }
    return { t: 'rec', type: null, fields };
  },
};

function text(ev: Ev, expr: Str, scope: Scope): Value {
  const only = expr.parts[0];
  if (expr.parts.length === 0) return '';
  if (expr.parts.length === 1 && typeof only === 'string') return only;
  // Text without holes, which nearly all is, needs no list of parts.
  let plain = '';
  let parts: (string | Hole)[] | null = null;
  for (const part of expr.parts) {
    const value = typeof part === 'string' ? part : ev.evaluate(part, scope);
    if (typeof value === 'string') {
      if (parts === null) plain += value;
      else parts.push(value);
      continue;
    }
    for (const piece of interpolate(value, (part as Expr).span)) {
      if (parts !== null) parts.push(piece);
      else if (typeof piece === 'string') plain += piece;
      else parts = [plain, piece];
    }
  }
  return paid(ev, parts === null ? plain : joinParts(encodeUrls(parts)), expr.span);
}

function read<T extends Value>(result: Read<T>, literal: string, type: string, span: Span): Value {
  if ('value' in result) return result.value;
  throw new Fault(types.create.badLiteral(span, { text: literal, type, why: result.why, help: result.help }));
}

function quantity(literal: string, span: Span): Value {
  const result = readQuantity(literal);
  if ('value' in result) return result.value;
  throw new Fault(types.create.badUnit(span, { text: literal, help: result.help }));
}

/** Whether the expected type admits a primitive. */
function wants(expected: Type | undefined, name: string): boolean {
  return expected !== undefined && alternatives(expected).some((option) => (option.k === 'prim' && option.name === name) || (option.k === 'refine' && wants(option.base, name)) || (option.k === 'list' && wants(option.of, name)));
}

function integer(literal: string, span: Span, expected: Type | undefined): Value {
  if (wants(expected, 'Mode')) return read(readMode(literal), literal, 'Mode', span);
  if (wants(expected, 'Port')) return read(readPort(literal), literal, 'Port', span);
  if (wants(expected, 'Version') && !wants(expected, 'Int')) return { t: 'version', text: literal };
  if (/^0[0-9]/.test(literal)) {
    if (expected === undefined || wants(expected, 'Data')) return { t: 'mode', text: literal };
    throw new Fault(types.create.badLiteral(span, { text: literal, type: printType(expected), why: 'it begins with 0', help: `write \`${String(Number(literal))}\`` }));
  }
  const value = Number(literal);
  if (Number.isSafeInteger(value)) return value;
  throw new Fault(types.create.badLiteral(span, { text: literal, type: 'Int', why: 'it is too large', help: 'stay below 9007199254740992' }));
}

function pair(literal: string, span: Span, expected: Type | undefined): Value {
  if (wants(expected, 'Time')) return read(readTime(literal), literal, 'Time', span);
  if (wants(expected, 'Owner')) return read(readOwner(literal), literal, 'Owner', span);
  throw new Fault(types.create.badLiteral(span, { text: literal, type: expected === undefined ? 'value' : printType(expected), why: 'a pair is a time or an owner, and neither is expected here', help: `put it in quotes: \`"${literal}"\`` }));
}

function schedule(value: Value, time: string, span: Span, timeSpan: Span): Value {
  if (isObject(value) && value.t === 'schedule') {
    const at = readTime(time);
    if ('value' in at) return { t: 'schedule', every: value.every, at: at.value };
    throw new Fault(types.create.badLiteral(timeSpan, { text: time, type: 'Time', why: at.why, help: at.help }));
  }
  throw new Fault(types.create.badOperand(span, { op: 'at', operand: describe(value), help: 'write `daily at 03:30`' }));
}

function binary(ev: Ev, expr: Binary, scope: Scope, expected: Type | undefined): Value {
  switch (expr.op) {
    case 'and': return truth(ev, expr.left, scope, 'and') && truth(ev, expr.right, scope, 'and');
    case 'or': return truth(ev, expr.left, scope, 'or') || truth(ev, expr.right, scope, 'or');
    case '??': {
      const left = ev.evaluate(expr.left, scope, expected);
      return left === null ? ev.evaluate(expr.right, scope, expected) : left;
    }
    case '..': return range(ev.evaluate(expr.left, scope), ev.evaluate(expr.right, scope), expr.span);
    case 'in': return membership(ev, expr, scope);
    case '==': case '!=': return equality(ev, expr, scope);
    default: break;
  }
  const left = ev.evaluate(expr.left, scope, expr.op === '+' ? expected : undefined);
  const right = ev.evaluate(expr.right, scope, expr.op === '+' ? expected : typeOf(left));
  switch (expr.op) {
    case '+': return paid(ev, add(left, right, expr.span), expr.span);
    case '-': return subtract(left, right, expr.span);
    case '*': return multiply(left, right, expr.span);
    case '/': return divide(left, right, expr.span);
    case '<': return compare(left, right, '<', expr.span) < 0;
    case '<=': return compare(left, right, '<=', expr.span) <= 0;
    case '>': return compare(left, right, '>', expr.span) > 0;
    case '>=': return compare(left, right, '>=', expr.span) >= 0;
  }
}

/** Both ends of a range are of one sort that has an order. */
function range(from: Value, to: Value, span: Span): Value {
  compare(from, to, '..', span);
  return { t: 'range', from, to };
}

/** Lists and texts pay for their length. */
function paid(ev: Ev, value: Value, span: Span): Value {
  if (typeof value === 'string') ev.spend(value.length >> 6, span);
  else if (Array.isArray(value)) ev.spend(value.length, span);
  return value;
}

/** The type that literals beside a value take: the same enum, the same primitive. */
function typeOf(value: Value): Type | undefined {
  if (!isObject(value)) return undefined;
  if (value.t === 'enum') return value.type;
  if (value.t === 'time') return { k: 'prim', name: 'Time' };
  if (value.t === 'owner') return { k: 'prim', name: 'Owner' };
  if (value.t === 'mode') return { k: 'prim', name: 'Mode' };
  if (value.t === 'version') return { k: 'prim', name: 'Version' };
  if (value.t === 'obj') return { k: 'ref', kind: value.kind.word, of: null };
  return undefined;
}

function equality(ev: Ev, expr: Binary, scope: Scope): Value {
  const left = ev.evaluate(expr.left, scope);
  const right = ev.evaluate(expr.right, scope, typeOf(left));
  if (left !== null && right !== null && (isTainted(left) || isTainted(right))) {
    throw new Fault(types.create.taint(expr.span, { how: `with \`${expr.op}\``, help: 'only `== none` may be asked of a secret' }));
  }
  return equal(left, right) === (expr.op === '==');
}

/** `x in [A, B]`: the list's names mean members of x's enum. `nesting in machine.features`: x means a member of the list's. */
function membership(ev: Ev, expr: Binary, scope: Scope): Value {
  if (expr.left.kind === 'name-expr' && !isBound(expr.left.text, scope)) {
    const whole = ev.evaluate(expr.right, scope);
    const first = itemsOf(whole)?.[0];
    const item = ev.evaluate(expr.left, scope, first === undefined ? anyWord(expr.left.text) : typeOf(first));
    return contains(item, whole, expr.span);
  }
  const item = ev.evaluate(expr.left, scope);
  const type = typeOf(item);
  const whole = ev.evaluate(expr.right, scope, type === undefined ? undefined : { k: 'list', of: type });
  return contains(item, whole, expr.span);
}

/** Whether a name is a local, a parameter or a loop variable. */
function isBound(name: string, scope: Scope): boolean {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    if (at.own(name) !== undefined || at.params?.has(name) === true) return true;
  }
  return false;
}

/** An enum of one word, for asking an empty list about a word that only its type would know. */
function anyWord(word: string): EnumType {
  return { k: 'enum', name: null, members: new Map([[word, word]]) };
}

function member(ev: Ev, expr: Extract<Expr, { kind: 'member' }>, scope: Scope): Value {
  return ev.member(ev.evaluate(expr.object, scope), expr.name.text, expr.name.span, scope);
}

function index(ev: Ev, whole: Value, at: Value, span: Span, scope: Scope): Value {
  if (tagOf(at) === 'template') throw new Fault(types.create.taint(span, { how: 'as a key', help: 'name the field by plain text' }));
  const key = isObject(at) && at.t === 'enum' ? (at as EnumValue).member : at;
  if (isObject(whole) && whole.t === 'children' && typeof key === 'string') {
    const found = whole.items.find((item) => item.key === key);
    if (found !== undefined) return ev.member(whole, key, span, scope);
    throw new Fault(types.create.outOfBounds(span, { index: key, what: `\`${whole.word}\` of ${whole.owner.path()}`, help: whole.items.length === 0 ? 'there is none' : `there is ${whole.items.map((item) => `\`${item.key}\``).join(', ')}` }));
  } else if (isObject(whole) && whole.t === 'namespace' && typeof key === 'string') return ev.member(whole, key, span, scope);
  const items = itemsOf(whole);
  if (items !== undefined && typeof key === 'number') {
    const item = items[key];
    if (item !== undefined) return item;
    throw new Fault(types.create.outOfBounds(span, { index: String(key), what: `a list of ${items.length}`, help: 'places are counted from 0' }));
  }
  if (isObject(whole) && whole.t === 'rec' && typeof key === 'string') {
    const field = (whole as Rec).fields.get(key);
    if (field !== undefined) return field;
    throw new Fault(types.create.outOfBounds(span, { index: key, what: 'the record', help: `it has ${[...(whole as Rec).fields.keys()].map((name) => `\`${name}\``).join(', ')}` }));
  }
  if (isObject(whole) && whole.t === 'os' && typeof key === 'string') return (whole as OsValue).facts.get(key) ?? null;
  throw new Fault(types.create.badOperand(span, { op: '[ ]', operand: describe(whole), help: 'index a list by a number, a record by a key' }));
}

function generate(ev: Ev, generator: Generator, scope: Scope): Scope[] {
  const source = ev.evaluate(generator.source, scope);
  const items = itemsOf(source) ?? (isObject(source) && source.t === 'range' ? rangeItems(source, generator.source.span) : undefined);
  if (items === undefined) {
    if (source === null) return [];
    throw new Fault(types.create.badOperand(generator.source.span, { op: 'for', operand: describe(source), help: 'go over a list' }));
  }
  ev.spend(items.length, generator.source.span);
  const scopes = items.map((item) => scope.with(generator.variable.text, item));
  const where = generator.where;
  return where === undefined ? scopes : scopes.filter((inner) => truth(ev, where, inner));
}

/** The whole numbers of a range; at most 100,000. */
export function rangeItems(range: Extract<Value, { t: 'range' }>, span: Span): Value[] {
  const { from, to } = range;
  if (typeof from !== 'number' || typeof to !== 'number') throw new Fault(types.create.badOperand(span, { op: 'for', operand: 'this range', help: 'count over whole numbers: `1 .. 10`' }));
  if (to - from >= 100_000) throw new Fault(types.create.tooMuch(span, { limit: '100,000', what: 'items' }));
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

function record(ev: Ev, expr: RecordNode, scope: Scope, expected: Type | undefined): Value {
  const type = fieldTypes(expected);
  const fields = new Map<string, Value>();
  for (const field of expr.fields) {
    const name = field.key === undefined ? field.name.text : keyText(ev, field.key, scope);
    fields.set(name, ev.evaluate(field.value, scope, type(name)));
  }
  return { t: 'rec', type: null, fields };
}
