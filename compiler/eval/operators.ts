/** Operators by dimension: D±D, D×n, D/D, address + n, lists and records by `+`, order of what has one. */
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
import { types } from '../diagnostics/catalogue/types.js';
import { Fault } from './context.js';
import { inCidr, ipOf } from './literals.js';
import type { Cidr, Decimal, Duration, EnumValue, Ip, OsValue, Path, Port, Range, Rec, Size, Time, Value, Version } from './model.js';
import { interpolate, joinParts } from './text.js';
import { describe, equal, isObject, isTainted, tagOf } from './value.js';

const TEXT = new Set(['string', 'template', 'path', 'enum']);

export function add(a: Value, b: Value, span: Span): Value {
  const x = tagOf(a);
  const y = tagOf(b);
  if (x === 'int' && y === 'int') return safe((a as number) + (b as number), span);
  if (x === 'list' || y === 'list' || x === 'children' || y === 'children') {
    const left = itemsOf(a);
    const right = itemsOf(b);
    if (left !== undefined && right !== undefined) return [...left, ...right];
  }
  if (x === 'rec' && y === 'rec') return { t: 'rec', type: null, fields: mergeFields((a as Rec).fields, (b as Rec).fields) };
  if (x === 'rec' && b === null) return a;
  if (a === null && y === 'rec') return b;
  if (TEXT.has(x) && TEXT.has(y)) return joinParts([...interpolate(a, span), ...interpolate(b, span)]);
  if (x === 'size' && y === 'size') return { t: 'size', bytes: safe((a as Size).bytes + (b as Size).bytes, span) };
  if (x === 'duration' && y === 'duration') return { t: 'duration', ms: safe((a as Duration).ms + (b as Duration).ms, span) };
  if (x === 'ip' && y === 'int') return shifted(a as Ip, BigInt(b as number), span);
  if (x === 'port' && y === 'int') return { t: 'port', port: (a as Port).port + (b as number), protocol: (a as Port).protocol };
  if (isNumber(x) && isNumber(y)) return rational(num(a).n * num(b).d + num(b).n * num(a).d, num(a).d * num(b).d);
  throw mismatch('+', a, b, span);
}

export function subtract(a: Value, b: Value, span: Span): Value {
  const x = tagOf(a);
  const y = tagOf(b);
  if (x === 'int' && y === 'int') return safe((a as number) - (b as number), span);
  if (x === 'size' && y === 'size') return { t: 'size', bytes: safe((a as Size).bytes - (b as Size).bytes, span) };
  if (x === 'duration' && y === 'duration') return { t: 'duration', ms: safe((a as Duration).ms - (b as Duration).ms, span) };
  if (x === 'ip' && y === 'int') return shifted(a as Ip, -BigInt(b as number), span);
  if (x === 'ip' && y === 'ip') return safe(Number((a as Ip).n - (b as Ip).n), span);
  if (isNumber(x) && isNumber(y)) return rational(num(a).n * num(b).d - num(b).n * num(a).d, num(a).d * num(b).d);
  throw mismatch('-', a, b, span);
}

export function multiply(a: Value, b: Value, span: Span): Value {
  const x = tagOf(a);
  const y = tagOf(b);
  if (x === 'int' && y === 'int') return safe((a as number) * (b as number), span);
  if (isNumber(x) && (y === 'size' || y === 'duration')) return multiply(b, a, span);
  if (x === 'size' && isNumber(y)) return { t: 'size', bytes: scaled((a as Size).bytes, b, span) };
  if (x === 'duration' && isNumber(y)) return { t: 'duration', ms: scaled((a as Duration).ms, b, span) };
  if (isNumber(x) && isNumber(y)) return rational(num(a).n * num(b).n, num(a).d * num(b).d);
  throw mismatch('*', a, b, span);
}

export function divide(a: Value, b: Value, span: Span): Value {
  const x = tagOf(a);
  const y = tagOf(b);
  const zero = (isNumber(y) && num(b).n === 0n) || (y === 'size' && (b as Size).bytes === 0) || (y === 'duration' && (b as Duration).ms === 0);
  if (zero) throw new Fault(types.create.badOperand(span, { op: '/', operand: 'zero', help: 'guard it: `if n == 0 then ... else x / n`' }));
  if (x === 'size' && y === 'size') return rational(BigInt((a as Size).bytes), BigInt((b as Size).bytes));
  if (x === 'duration' && y === 'duration') return rational(BigInt((a as Duration).ms), BigInt((b as Duration).ms));
  if (x === 'size' && isNumber(y)) return { t: 'size', bytes: scaled((a as Size).bytes, rational(num(b).d, num(b).n), span) };
  if (x === 'duration' && isNumber(y)) return { t: 'duration', ms: scaled((a as Duration).ms, rational(num(b).d, num(b).n), span) };
  if (isNumber(x) && isNumber(y)) return rational(num(a).n * num(b).d, num(a).d * num(b).n);
  throw mismatch('/', a, b, span);
}

/** Negative, zero or positive; a Fault when the two have no order. */
export function compare(a: Value, b: Value, op: string, span: Span): number {
  const x = tagOf(a);
  const y = tagOf(b);
  if (isNumber(x) && isNumber(y)) return sign(num(a).n * num(b).d - num(b).n * num(a).d);
  if (x === 'version' || y === 'version') {
    if ((x === 'version' || isNumber(x)) && (y === 'version' || isNumber(y))) return compareVersions(versionText(a), versionText(b));
  }
  if (x !== y) throw mismatch(op, a, b, span);
  switch (x) {
    case 'string': return compareText(a as string, b as string);
    case 'path': return compareText((a as Path).text, (b as Path).text);
    case 'size': return (a as Size).bytes - (b as Size).bytes;
    case 'duration': return (a as Duration).ms - (b as Duration).ms;
    case 'percent': return (a as { value: number }).value - (b as { value: number }).value;
    case 'port': return (a as Port).port - (b as Port).port;
    case 'ip': return (a as Ip).version !== (b as Ip).version ? (a as Ip).version - (b as Ip).version : sign((a as Ip).n - (b as Ip).n);
    case 'time': return seconds(a as Time) - seconds(b as Time);
    case 'date': return compareText((a as { text: string }).text, (b as { text: string }).text);
    case 'enum': return [...(a as EnumValue).type.members.keys()].indexOf((a as EnumValue).member) - [...(a as EnumValue).type.members.keys()].indexOf((b as EnumValue).member);
    default: throw mismatch(op, a, b, span);
  }
}

/** `x in y`: an address in a network, a value in a range, list or record's keys. */
export function contains(item: Value, whole: Value, span: Span): boolean {
  switch (tagOf(whole)) {
    case 'cidr': if (tagOf(item) === 'ip') return inCidr(item as Ip, whole as Cidr); break;
    case 'range': return compare(item, (whole as Range).from, 'in', span) >= 0 && compare(item, (whole as Range).to, 'in', span) <= 0;
    case 'list': case 'children': return (itemsOf(whole) ?? []).some((other) => equal(item, other));
    case 'rec': if (typeof item === 'string') return (whole as Rec).fields.has(item); break;
    case 'string': if (typeof item === 'string') return (whole as string).includes(item); break;
    default: break;
  }
  throw mismatch('in', item, whole, span);
}

export function negate(value: Value, span: Span): Value {
  switch (tagOf(value)) {
    case 'int': return -(value as number);
    case 'decimal': return rational(-(value as Decimal).n, (value as Decimal).d);
    case 'size': return { t: 'size', bytes: -(value as Size).bytes };
    case 'duration': return { t: 'duration', ms: -(value as Duration).ms };
    default: throw new Fault(types.create.badOperand(span, { op: '-', operand: describe(value), help: 'only numbers, sizes and durations have an opposite' }));
  }
}

/** The items of what is a list. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value as readonly Value[];
  if (isObject(value) && value.t === 'children') return value.items;
  return undefined;
}

/** Numbers of more digits are no numbers of a lab. */
const LARGEST = 10n ** 400n;

export function rational(n: bigint, d: bigint): number | Decimal {
  const flip = d < 0n ? -1n : 1n;
  const divisor = gcd(n < 0n ? -n : n, d * flip);
  const top = (n * flip) / divisor;
  const bottom = (d * flip) / divisor;
  if (bottom > LARGEST || top > LARGEST || -top > LARGEST) throw new RangeError('a number of too many digits');
  const whole = Number(top);
  return bottom === 1n && Number.isSafeInteger(whole) ? whole : { t: 'decimal', n: top, d: bottom, text: null };
}

/** Fields of both; the right side wins where both have one and neither is a record. */
export function mergeFields(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): Map<string, Value> {
  const out = new Map(a);
  for (const [key, value] of b) {
    const before = out.get(key);
    const both = before !== undefined && tagOf(before) === 'rec' && tagOf(value) === 'rec';
    out.set(key, both ? { t: 'rec', type: null, fields: mergeFields((before as Rec).fields, (value as Rec).fields) } : value);
  }
  return out;
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a === 0n ? 1n : a;
}

function isNumber(tag: string): boolean {
  return tag === 'int' || tag === 'decimal';
}

function num(value: Value): { readonly n: bigint; readonly d: bigint } {
  return typeof value === 'number' ? { n: BigInt(value), d: 1n } : (value as Decimal);
}

function scaled(amount: number, factor: Value, span: Span): number {
  const { n, d } = num(factor);
  const product = BigInt(amount) * n;
  return safe(Number(product / d), span);
}

function shifted(ip: Ip, by: bigint, span: Span): Ip {
  const n = ip.n + by;
  if (n >= 0n && n < 1n << (ip.version === 4 ? 32n : 128n)) return ipOf(ip.version, n);
  throw new Fault(types.create.badOperand(span, { op: 'arithmetic', operand: `an address beyond the last of Ip${ip.version}`, help: 'add a smaller number' }));
}

function safe(value: number, span: Span): number {
  if (Number.isSafeInteger(value)) return value;
  throw new Fault(types.create.badOperand(span, { op: 'arithmetic', operand: 'so large a number', help: 'stay below 2^53' }));
}

function sign(n: bigint): number {
  return n < 0n ? -1 : n > 0n ? 1 : 0;
}

function seconds(time: Time): number {
  return time.hour * 3600 + time.minute * 60 + time.second;
}

function versionText(value: Value): string {
  if (typeof value === 'number') return String(value);
  const tagged = value as Version | Decimal | OsValue;
  return tagged.t === 'version' ? tagged.text : tagged.t === 'decimal' ? (tagged.text ?? '') : '';
}

/** Dotted numbers by number, the rest by text. */
export function compareVersions(a: string, b: string): number {
  const left = a.split(/[.\-+]/);
  const right = b.split(/[.\-+]/);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i] ?? '0';
    const y = right[i] ?? '0';
    const both = /^\d+$/.test(x) && /^\d+$/.test(y);
    const order = both ? Number(x) - Number(y) : compareText(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

function mismatch(op: string, a: Value, b: Value, span: Span): Fault {
  if ((isTainted(a) || isTainted(b)) && op !== '+') return new Fault(types.create.taint(span, { how: `with \`${op}\``, help: 'pass it on as it is; only the target knows its value' }));
  const numeric = (tagOf(a) === 'int' && ['size', 'duration'].includes(tagOf(b))) || (tagOf(b) === 'int' && ['size', 'duration'].includes(tagOf(a)));
  return new Fault(types.create.badOperands(span, { op, left: describe(a), right: describe(b), help: numeric ? 'give the number a unit' : op === '+' && (TEXT.has(tagOf(a)) || TEXT.has(tagOf(b))) ? 'put the value into the text: `"cores: ${cores}"`' : 'both sides need the same dimension' }));
}
