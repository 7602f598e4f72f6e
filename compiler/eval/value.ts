/** What every phase asks of values: tags, descriptions, equality. */
import type { EnumType } from '../shapes/types.js';
import type { Cidr, Decimal, EnumValue, Ip, Obj, OsValue, Path, Range, Rec, Value, Variant } from './model.js';

export function rec(fields: Iterable<readonly [string, Value]>, type: string | null = null): Rec {
  return { t: 'rec', type, fields: new Map(fields) };
}

export function path(text: string): Path {
  return { t: 'path', text };
}

/** A member of an enum: the same value wherever it is named. */
export function member(type: EnumType, name: string): EnumValue {
  let known = members.get(type);
  if (known === undefined) members.set(type, (known = new Map()));
  let value = known.get(name);
  if (value === undefined) known.set(name, (value = { t: 'enum', type, member: name }));
  return value;
}

const members = new WeakMap<EnumType, Map<string, EnumValue>>();

export function isObject(value: Value): value is Exclude<Value, null | boolean | number | string | readonly Value[]> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether only the target knows the value: a secret, or text with a hole in it. */
export function isTainted(value: Value): boolean {
  return isObject(value) && (value.t === 'template' || (value.t === 'obj' && value.kind.word === 'secret'));
}

/** The tag of a value, `none`, `bool`, `int`, `string` and `list` for the host's own. */
export function tagOf(value: Value): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return 'int';
  if (typeof value === 'string') return 'string';
  if (Array.isArray(value)) return 'list';
  return (value as Exclude<Value, null | boolean | number | string | readonly Value[]>).t;
}

/** A noun phrase for messages: what kind of value this is. */
export function describe(value: Value): string {
  switch (tagOf(value)) {
    case 'none': return 'none';
    case 'bool': return 'a Bool';
    case 'int': return 'an Int';
    case 'string': return 'a String';
    case 'list': return 'a list';
    case 'decimal': return 'a Decimal';
    case 'size': return 'a Size';
    case 'duration': return 'a Duration';
    case 'percent': return 'a Percent';
    case 'ip': return `an Ip${(value as Ip).version}`;
    case 'cidr': return 'a Cidr';
    case 'mac': return 'a Mac';
    case 'port': return 'a Port';
    case 'path': return 'a Path';
    case 'version': return 'a Version';
    case 'mode': return 'a Mode';
    case 'owner': return 'an Owner';
    case 'time': return 'a Time';
    case 'date': return 'a Date';
    case 'schedule': return 'a Schedule';
    case 'range': return 'a range';
    case 'enum': return `\`${(value as EnumValue).member}\``;
    case 'rec': return (value as Rec).type ?? 'a record';
    case 'variant': return `\`${(value as Variant).name}(...)\``;
    case 'fn': return 'a function';
    case 'template': return 'text with a secret in it';
    case 'asset': return 'an asset';
    case 'os': return 'a system';
    case 'obj': {
      const obj = value as Obj;
      return `the ${obj.kind.word} \`${obj.key}\``;
    }
    case 'endpoint': return 'an Endpoint';
    case 'children': return 'a list';
    case 'namespace': return 'a space of names';
    default: return `a ${tagOf(value)}`;
  }
}

/** Structural equality; objects are equal by identity. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (isObject(a) && a.t === 'children') return equal(a.items, b);
  if (isObject(b) && b.t === 'children') return equal(a, b.items);
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') {
    return textualEqual(a, b) || textualEqual(b, a);
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i] as Value));
  }
  const x = a as { t: string };
  const y = b as { t: string };
  if (x.t !== y.t) return false;
  if (x.t === 'obj' || x.t === 'endpoint' || x.t === 'fn') return false;
  if (x.t === 'decimal') return (a as Decimal).n * (b as Decimal).d === (b as Decimal).n * (a as Decimal).d;
  if (x.t === 'enum') return (a as EnumValue).member === (b as EnumValue).member;
  if (x.t === 'rec') return equalFields((a as Rec).fields, (b as Rec).fields);
  if (x.t === 'variant') return (a as Variant).name === (b as Variant).name && equalFields((a as Variant).fields, (b as Variant).fields);
  if (x.t === 'os') return (a as OsValue).id === (b as OsValue).id && equal((a as OsValue).facts.get('version') ?? null, (b as OsValue).facts.get('version') ?? null);
  if (x.t === 'range') return equal((a as Range).from, (b as Range).from) && equal((a as Range).to, (b as Range).to);
  if (x.t === 'cidr') return (a as Cidr).prefix === (b as Cidr).prefix && (a as Cidr).ip.n === (b as Cidr).ip.n;
  const keys = Object.keys(x);
  return keys.length === Object.keys(y).length && keys.every((key) => (a as unknown as Record<string, unknown>)[key] === (b as unknown as Record<string, unknown>)[key]);
}

/** Text compares equal to an enum member's wire spelling and to a path's text. */
function textualEqual(a: Value, b: Value): boolean {
  if (typeof a !== 'string' || !isObject(b)) {
    return typeof a === 'number' && isObject(b) && ((b.t === 'port' && b.port === a) || (b.t === 'decimal' && b.n === BigInt(a) * b.d));
  }
  return (b.t === 'path' && b.text === a) || (b.t === 'enum' && (b.member === a || b.type.members.get(b.member) === a));
}

function equalFields(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) {
    const other = b.get(key);
    if (other === undefined || !equal(value, other)) return false;
  }
  return true;
}
