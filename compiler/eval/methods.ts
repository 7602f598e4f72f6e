/** Methods of values: `list.map(f)`, `text.upper()`, `size.in(MiB)`. Each is a function of the receiver and its arguments. */
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
import { types } from '../diagnostics/catalogue/types.js';
import { Fault, type Ev } from './context.js';
import { durationUnit, inCidr, ipOf, lastOf, networkOf, sizeUnit } from './literals.js';
import type { Cidr, Decimal, Duration, Fn, Hole, Ip, Path, Rec, Schedule, Size, Template, Value } from './model.js';
import { add, compare, contains, itemsOf, rational } from './operators.js';
import { calendarText, cronText, interpolate, joinParts, partsOf } from './text.js';
import { describe, equal, isObject, tagOf } from './value.js';

type Method = (ev: Ev, self: Value, args: readonly Value[], span: Span) => Value;

const callback = (ev: Ev, args: readonly Value[], span: Span, name: string): ((item: Value) => Value) => {
  const fn = args[0];
  if (fn !== undefined && fn !== null && isObject(fn) && fn.t === 'fn') return (item) => ev.apply(fn as Fn, [item], span);
  throw new Fault(types.create.badArguments(span, { name, why: 'wants a function', help: `write \`.${name}(x => ...)\`` }));
};
const decide = (ev: Ev, args: readonly Value[], span: Span, name: string): ((item: Value) => boolean) => {
  const call = callback(ev, args, span, name);
  return (item) => {
    const answer = call(item);
    if (typeof answer === 'boolean') return answer;
    throw new Fault(types.create.badOperand(span, { op: name, operand: describe(answer), help: 'the function must give true or false' }));
  };
};
const list = (self: Value): readonly Value[] => itemsOf(self) ?? [];
const textArg = (args: readonly Value[], at: number, span: Span, name: string): string => {
  const value = args[at];
  if (typeof value === 'string') return value;
  throw new Fault(types.create.badArguments(span, { name, why: 'wants text', help: `write \`.${name}("...")\`` }));
};

const LIST: Readonly<Record<string, Method>> = {
  map: (ev, self, args, span) => list(self).map(callback(ev, args, span, 'map')),
  flat_map: (ev, self, args, span) => list(self).flatMap((item) => {
    const out = callback(ev, args, span, 'flat_map')(item);
    return [...(itemsOf(out) ?? [out])];
  }),
  where: (ev, self, args, span) => list(self).filter(decide(ev, args, span, 'where')),
  any: (ev, self, args, span) => list(self).some(decide(ev, args, span, 'any')),
  all: (ev, self, args, span) => list(self).every(decide(ev, args, span, 'all')),
  first: (_ev, self) => list(self)[0] ?? null,
  last: (_ev, self) => list(self)[list(self).length - 1] ?? null,
  join: (_ev, self, args, span) => {
    const parts: (string | Hole)[] = [];
    let first = true;
    for (const item of list(self)) {
      if (item === null) continue;
      if (!first) parts.push(textArg(args, 0, span, 'join'));
      first = false;
      if (typeof item === 'string') parts.push(item);
      else parts.push(...interpolate(item, span));
    }
    return joinParts(parts);
  },
  sum: (_ev, self, _args, span) => list(self).reduce<Value>((total, item, i) => (i === 0 ? item : add(total, item, span)), 0),
  min: (_ev, self, _args, span) => list(self).reduce<Value>((best, item, i) => (i === 0 || compare(item, best, '<', span) < 0 ? item : best), null),
  max: (_ev, self, _args, span) => list(self).reduce<Value>((best, item, i) => (i === 0 || compare(item, best, '>', span) > 0 ? item : best), null),
  length: (_ev, self) => list(self).length,
  sort: (_ev, self, _args, span) => [...list(self)].sort((a, b) => compare(a, b, 'sort', span)),
  sort_by: (ev, self, args, span) => {
    const keyed = list(self).map((item) => ({ item, key: callback(ev, args, span, 'sort_by')(item) }));
    return keyed.sort((a, b) => compare(a.key, b.key, 'sort_by', span)).map((pair) => pair.item);
  },
  group_by: (ev, self, args, span) => {
    const groups: { key: Value; items: Value[] }[] = [];
    for (const item of list(self)) {
      const key = callback(ev, args, span, 'group_by')(item);
      const group = groups.find((other) => equal(other.key, key));
      if (group === undefined) groups.push({ key, items: [item] });
      else group.items.push(item);
    }
    return groups.sort((a, b) => compare(a.key, b.key, 'group_by', span)).map((group): Value => ({ t: 'rec', type: null, fields: new Map<string, Value>([['key', group.key], ['items', group.items]]) }));
  },
  unique: (_ev, self) => list(self).filter((item, i, all) => all.findIndex((other) => equal(item, other)) === i),
  contains: (_ev, self, args, span) => contains(args[0] ?? null, list(self), span),
  reverse: (_ev, self) => [...list(self)].reverse(),
};

const text = (self: Value): string => self as string;
const STRING: Readonly<Record<string, Method>> = {
  upper: (_ev, self) => text(self).toUpperCase(),
  lower: (_ev, self) => text(self).toLowerCase(),
  slug: (_ev, self) => text(self).toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, ''),
  lines: (_ev, self) => text(self).replace(/\n$/, '').split('\n'),
  trim: (_ev, self) => text(self).trim(),
  split: (_ev, self, args, span) => text(self).split(textArg(args, 0, span, 'split')),
  replace: (_ev, self, args, span) => text(self).split(textArg(args, 0, span, 'replace')).join(textArg(args, 1, span, 'replace')),
  starts_with: (_ev, self, args, span) => text(self).startsWith(textArg(args, 0, span, 'starts_with')),
  ends_with: (_ev, self, args, span) => text(self).endsWith(textArg(args, 0, span, 'ends_with')),
  contains: (_ev, self, args, span) => text(self).includes(textArg(args, 0, span, 'contains')),
  made_of: (_ev, self, args, span) => {
    const allowed = new Set(textArg(args, 0, span, 'made_of'));
    return text(self) !== '' && [...text(self)].every((character) => allowed.has(character));
  },
  length: (_ev, self) => [...text(self)].length,
  repeat: (_ev, self, args, span) => {
    const times = args[0];
    if (typeof times !== 'number' || times < 0 || times * text(self).length > 1_000_000) throw new Fault(types.create.badArguments(span, { name: 'repeat', why: 'wants a small number', help: 'write `.repeat(3)`' }));
    return text(self).repeat(times);
  },
};

const TEMPLATE: Readonly<Record<string, Method>> = {
  trim: (_ev, self) => joinParts(partsOf(self as Template).map((part, i, all) => (typeof part !== 'string' ? part : i === 0 ? part.trimStart() : i === all.length - 1 ? part.trimEnd() : part))),
};

const REC: Readonly<Record<string, Method>> = {
  keys: (_ev, self) => [...(self as Rec).fields.keys()],
  values: (_ev, self) => [...(self as Rec).fields.values()],
  length: (_ev, self) => (self as Rec).fields.size,
};

const round = (value: Value, how: 'floor' | 'ceil' | 'round'): Value => {
  if (typeof value === 'number') return value;
  const { n, d } = value as Decimal;
  const down = n < 0n && n % d !== 0n ? n / d - 1n : n / d;
  if (how === 'floor') return Number(down);
  if (how === 'ceil') return Number(n % d === 0n ? down : down + 1n);
  return round(rational(2n * n + d, 2n * d), 'floor');
};
const NUMBER: Readonly<Record<string, Method>> = {
  floor: (_ev, self) => round(self, 'floor'),
  ceil: (_ev, self) => round(self, 'ceil'),
  round: (_ev, self) => round(self, 'round'),
};

const QUANTITY: Readonly<Record<string, Method>> = {
  in: (_ev, self, args, span) => {
    const unit = args[0];
    if (typeof unit !== 'string') throw new Fault(types.create.badArguments(span, { name: 'in', why: 'wants a unit', help: 'write `.in(MiB)` or `.in(s)`' }));
    const size = tagOf(self) === 'size' ? sizeUnit(unit) : durationUnit(unit);
    if (size === undefined) throw new Fault(types.create.badUnit(span, { text: unit, help: tagOf(self) === 'size' ? 'write `.in(MiB)`' : 'write `.in(s)`' }));
    return rational(BigInt(tagOf(self) === 'size' ? (self as Size).bytes : (self as Duration).ms), BigInt(size));
  },
};

const PATH: Readonly<Record<string, Method>> = {
  child: (_ev, self, args, span) => {
    const below = textArg(args, 0, span, 'child');
    if (below.split('/').some((step) => step === '' || step === '.' || step === '..')) throw new Fault(types.create.badArguments(span, { name: 'child', why: 'wants what lies below', help: 'write names, as in `.child("data/app.conf")`' }));
    return { t: 'path', text: `${(self as Path).text.replace(/\/$/, '')}/${below}` };
  },
  starts_with: (_ev, self, args, span) => `${(self as Path).text}/`.startsWith(`${typeof args[0] === 'string' ? args[0] : isObject(args[0] ?? null) ? (args[0] as Path).text : textArg(args, 0, span, 'starts_with')}/`),
};

const CIDR: Readonly<Record<string, Method>> = {
  host: (_ev, self, args, span) => {
    const cidr = self as Cidr;
    const at = args[0];
    const ip = typeof at === 'number' ? ipOf(cidr.ip.version, networkOf(cidr).n + BigInt(at)) : null;
    if (ip === null || !inCidr(ip, cidr)) throw new Fault(types.create.badArguments(span, { name: 'host', why: 'leads out of the network', help: `the last is \`.host(${String(lastOf(cidr) - networkOf(cidr).n)})\`` }));
    return ip;
  },
};

const SCHEDULE: Readonly<Record<string, Method>> = {
  calendar: (_ev, self) => calendarText(self as Schedule),
  cron: (_ev, self) => cronText(self as Schedule),
};

const BY_TAG: Readonly<Record<string, Readonly<Record<string, Method>>>> = {
  list: LIST, children: LIST, string: STRING, template: TEMPLATE, rec: REC, int: NUMBER, decimal: NUMBER, size: QUANTITY, duration: QUANTITY,
  path: PATH, cidr: CIDR, schedule: SCHEDULE,
};

/** The method bound to its receiver, or undefined. */
export function methodOf(ev: Ev, self: Value, name: string, span: Span): Fn | undefined {
  const tag = tagOf(self);
  const table = Object.hasOwn(BY_TAG, tag) ? BY_TAG[tag] : undefined;
  const method = table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
  return method === undefined ? undefined : { t: 'fn', name, native: (args) => method(ev, self, args, span) };
}

/** Names of the methods of a value, for suggestions. */
export function methodNames(self: Value): string[] {
  const tag = tagOf(self);
  return Object.hasOwn(BY_TAG, tag) ? Object.keys(BY_TAG[tag] ?? {}).sort(compareText) : [];
}

/** Plain fields of values that are no objects: `cidr.prefix`, `owner.uid`, `path.name`. */
export function fieldOf(self: Value, name: string): Value | undefined {
  if (!isObject(self)) return undefined;
  switch (self.t) {
    case 'owner': return name === 'uid' ? self.uid : name === 'gid' ? self.gid : undefined;
    case 'cidr': return cidrField(self, name);
    case 'path': return name === 'name' ? self.text.slice(self.text.lastIndexOf('/') + 1) : name === 'parent' ? { t: 'path', text: self.text.slice(0, self.text.lastIndexOf('/')) || '/' } : undefined;
    case 'port': return name === 'port' ? self.port : name === 'protocol' ? self.protocol : undefined;
    case 'time': return name === 'hour' ? self.hour : name === 'minute' ? self.minute : undefined;
    case 'range': return name === 'from' ? self.from : name === 'to' ? self.to : undefined;
    case 'rec': return self.fields.get(name);
    case 'variant': return name === 'variant' ? { t: 'enum', type: { k: 'enum', name: self.type.name, members: new Map([...self.type.constructors.keys()].map((key) => [key, key])) }, member: self.name } : (self.fields.get(name) ?? (hasField(self, name) ? null : undefined));
    case 'os': return name === 'id' ? self.id : self.facts.get(name);
    default: return undefined;
  }
}

function hasField(variant: Extract<Value, { t: 'variant' }>, name: string): boolean {
  return [...variant.type.constructors.values()].some((fields) => fields.some((field) => field.name === name));
}

function cidrField(cidr: Cidr, name: string): Value | undefined {
  switch (name) {
    case 'prefix': return cidr.prefix;
    case 'network': return networkOf(cidr);
    case 'last': return ipOf(cidr.ip.version, lastOf(cidr));
    case 'address': return cidr.ip;
    case 'mask': {
      const bits = BigInt(32 - cidr.prefix);
      return cidr.ip.version === 4 ? ({ ...ipOf(4, ((1n << 32n) - 1n) ^ ((1n << bits) - 1n)) } as Ip) : undefined;
    }
    default: return undefined;
  }
}
