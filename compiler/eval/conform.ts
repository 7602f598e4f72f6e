/** Checks a value against a type. Widening that loses nothing is allowed (Int to Port, Path to String, one value to a list of it); dimensions never change. */
import type { Span } from '../base/span.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { types } from '../diagnostics/catalogue/types.js';
import { alternatives, elementType, printType, typeNoun, type ParamShape, type PrimitiveName, type Type } from '../shapes/types.js';
import { suggestHelp } from '../base/suggest.js';
import type { Expr } from '../syntax/ast.js';
import { isLiteral } from './constants.js';
import { Fault, type Ev, type What } from './context.js';
import { hostnameFault, readDecimal, urlFault } from './literals.js';
import { Scope, type EnumValue, type Ip, type Obj, type Path, type Port, type Rec, type Value, type Variant } from './model.js';
import { plainText, shown } from './text.js';
import { describe, isObject, member, tagOf } from './value.js';

/** The value as the type takes it; a Fault otherwise. */
export function conform(ev: Ev, value: Value, type: Type, span: Span, what: What, declared?: Span): Value {
  const result = tryConform(ev, value, type, span, what);
  if (result !== undefined) return result;
  throw new Fault(types.create.typeMismatch(span, { what: said(what), expected: printType(type.k === 'opt' ? type.of : type), actual: noun(value), help: helpFor(ev, value, type) }, { labels: declared === undefined ? [] : [{ span: declared, text: 'it is declared here' }] }));
}

function said(what: What): string {
  return typeof what === 'string' ? what : what();
}

/** `the Int `8``, `a record`: what a value is, and what it says where that is short. */
function noun(value: Value): string {
  const text = shown(value);
  return isObject(value) && value.t === 'enum' || !text.startsWith('`') ? describe(value) : `${describe(value).replace(/^an? /, 'the ')} ${text}`;
}

/** Undefined when the value is not of the type. */
function tryConform(ev: Ev, value: Value, type: Type, span: Span, what: What): Value | undefined {
  switch (type.k) {
    case 'opt': return value === null ? null : tryConform(ev, value, type.of, span, what);
    case 'union': {
      for (const member of type.members) {
        const result = tryConform(ev, value, member, span, what);
        if (result !== undefined) return result;
      }
      return undefined;
    }
    case 'prim': return conformPrimitive(value, type.name, span, what);
    case 'list': {
      const items = listOf(value);
      if (items !== undefined) return conformItems(ev, items, type.of, span, () => `an element of ${said(what)}`);
      if (value === null) return undefined;
      const one = tryConform(ev, value, type.of, span, what);
      return one === undefined ? undefined : [one];
    }
    case 'map': {
      if (tagOf(value) !== 'rec') return undefined;
      const fields = new Map<string, Value>();
      for (const [key, item] of (value as Rec).fields) if (item !== null) fields.set(key, conform(ev, item, type.of, span, () => `\`${key}\` of ${said(what)}`));
      return { t: 'rec', type: null, fields };
    }
    case 'enum': {
      if (isObject(value) && value.t === 'enum') return value.type === type ? value : type.members.has(value.member) ? member(type, value.member) : undefined;
      if (typeof value !== 'string') return undefined;
      if (type.members.has(value)) return member(type, value);
      for (const [name, wire] of type.members) if (wire === value) return member(type, name);
      return undefined;
    }
    case 'record': return conformRecord(ev, value, type, span, what);
    case 'variants': return isObject(value) && value.t === 'variant' && type.constructors.has((value as Variant).name) ? value : undefined;
    case 'ref': return conformRef(value, type.kind);
    case 'lit': return value === type.text ? value : undefined;
    case 'refine': {
      const base = tryConform(ev, value, type.base, span, what);
      if (base === undefined) return undefined;
      const rule = ev.evaluate(type.predicate, new Scope(null, type.library));
      if (isObject(rule) && rule.t === 'fn' && ev.apply(rule, [base], span) === true) return base;
      throw new Fault(types.create.refused(span, { value: shown(base), type: printType(type), help: type.doc ?? 'give a value for which the rule of the type holds' }, { labels: [{ span: type.predicate.span, text: 'this rule must hold' }] }));
    }
  }
}

/** The items as the type takes them; the list itself where it has them so already. */
function conformItems(ev: Ev, items: readonly Value[], type: Type, span: Span, what: What): readonly Value[] {
  let changed: Value[] | null = null;
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as Value;
    const taken = item === null ? null : conform(ev, item, type, span, what);
    if (changed === null && (item === null || taken !== item)) changed = items.slice(0, i);
    if (changed !== null && item !== null) changed.push(taken);
  }
  return changed ?? items;
}

function conformRef(value: Value, kind: string): Value | undefined {
  if (tagOf(value) !== 'obj') return undefined;
  const obj = value as Obj;
  return obj.kind.word === kind || obj.kind.roles.has(kind) ? obj : undefined;
}

function conformRecord(ev: Ev, value: Value, type: Extract<Type, { k: 'record' }>, span: Span, what: What): Value | undefined {
  if (tagOf(value) !== 'rec') return undefined;
  const given = (value as Rec).fields;
  if ((value as Rec).type === type.name) return value;
  const fields = new Map<string, Value>();
  for (const name of given.keys()) {
    if (!type.fields.some((field) => field.name === name)) {
      throw new Fault(types.create.unknownArgument(span, { what: type.name, name, help: suggestHelp(name, type.fields.map((field) => field.name)) }));
    }
  }
  const scope = new Scope(null, type.fields[0]?.library ?? 'std');
  for (const field of type.fields) {
    const item = given.get(field.name);
    if (item !== undefined && (item !== null || field.default === undefined)) fields.set(field.name, conform(ev, item, field.type, span, () => `\`${field.name}\` of ${said(what)}`));
    else if (field.default !== undefined) fields.set(field.name, fieldDefault(ev, field, field.default, scope));
    else if (field.optional) fields.set(field.name, null);
    else throw new Fault(types.create.missingValue(span, { what: type.name, name: field.name, type: typeNoun(field.type) }));
  }
  return { t: 'rec', type: type.name, fields };
}

/** A field's default; a literal or a member of an enum is the same for every record. */
function fieldDefault(ev: Ev, field: ParamShape, expr: Expr, scope: Scope): Value {
  const known = ev.constants.fields.get(field);
  if (known !== undefined) return known;
  const value = ev.evaluateAs(expr, scope, field.type, () => `\`${field.name}\``);
  if (isLiteral(expr) || (isObject(value) && value.t === 'enum' && expr.kind === 'name-expr')) ev.constants.fields.set(field, value);
  return value;
}

function listOf(value: Value): readonly Value[] | undefined {
  if (Array.isArray(value)) return value as readonly Value[];
  return tagOf(value) === 'children' ? (value as { items: readonly Obj[] }).items : undefined;
}

function conformPrimitive(value: Value, name: PrimitiveName, span: Span, what: What): Value | undefined {
  const tag = tagOf(value);
  switch (name) {
    case 'Data': return value;
    case 'Bool': return tag === 'bool' ? value : undefined;
    case 'Int': return tag === 'int' ? value : undefined;
    case 'Decimal': return tag === 'decimal' ? value : tag === 'int' ? readDecimal(String(value)) : undefined;
    case 'String': return tag === 'string' ? value : tag === 'path' || tag === 'enum' || tag === 'version' ? plainText(value) : refuseSecret(value, span, what);
    case 'Template': return tag === 'string' || tag === 'template' || tag === 'asset' ? value : tag === 'obj' && (value as Obj).kind.word === 'secret' ? { t: 'template', parts: [{ secret: value as Obj, gid: null, escape: 'none' }] } : undefined;
    case 'Hostname': {
      if (tag !== 'string') return undefined;
      const why = hostnameFault(value as string);
      if (why !== null) throw new Fault(types.create.badLiteral(span, { text: value as string, type: 'Hostname', why, help: 'write a name such as `photos.home.example.net`' }));
      return value;
    }
    case 'Url': {
      if (tag !== 'string') return refuseSecret(value, span, what);
      const why = urlFault(value as string);
      if (why !== null) throw new Fault(types.create.badLiteral(span, { text: value as string, type: 'Url', why, help: 'write `https://host/path`' }));
      return value;
    }
    case 'Path': {
      if (tag !== 'path') return undefined;
      const [odd] = /[$\p{C}\u2028\u2029]/u.exec((value as Path).text) ?? [];
      if (odd !== undefined) throw new Fault(types.create.badLiteral(span, { text: (value as Path).text, type: 'Path', why: odd === '$' ? 'what follows a `$` would be filled in where it lands' : 'it has a character that nobody sees', help: `take ${odd === '$' ? 'the `$`' : 'that character'} out of it` }));
      return value;
    }
    case 'Ip4': return tag === 'ip' && (value as Ip).version === 4 ? value : undefined;
    case 'Ip6': return tag === 'ip' && (value as Ip).version === 6 ? value : undefined;
    case 'Port': {
      if (tag === 'port') return value;
      if (tag !== 'int') return undefined;
      const port = value as number;
      if (port < 1 || port > 65535) throw new Fault(types.create.badLiteral(span, { text: String(port), type: 'Port', why: 'ports lie between 1 and 65535', help: 'write a port between 1 and 65535' }));
      return { t: 'port', port, protocol: null } satisfies Port;
    }
    case 'Version': return tag === 'version' ? value : tag === 'decimal' || tag === 'int' || tag === 'string' ? { t: 'version', text: plainText(value) ?? '' } : undefined;
    case 'Secret': return tag === 'obj' && (value as Obj).kind.word === 'secret' ? value : undefined;
    case 'Endpoint': return tag === 'endpoint' ? value : undefined;
    case 'Record': return tag === 'rec' ? value : undefined;
    case 'Function': return tag === 'fn' ? value : undefined;
    case 'Cidr': case 'Mac': case 'Size': case 'Duration': case 'Percent': case 'Mode': case 'Owner': case 'Time': case 'Date': case 'Schedule': case 'Range': case 'Os':
      return tag === name.toLowerCase() ? value : undefined;
  }
}

/** Plain text is read by labc, Terraform's state and everybody on the machine: none of them may hold a secret. */
function refuseSecret(value: Value, span: Span, what: What): undefined {
  const secret = isObject(value) && value.t === 'template' ? value.parts.find((part) => typeof part !== 'string' && part.secret !== null) : undefined;
  if (secret !== undefined) throw new Fault(lab.create.insecureSink(span, { sink: said(what), help: 'give it as a file, `path(NAME)`, in the `env` of a container, or in a `file`' }));
  return undefined;
}

/** What to type instead, for the commonest confusions. */
function helpFor(ev: Ev, value: Value, type: Type): string {
  const wants = (name: string): boolean => alternatives(type).some((option) => printType(unrefined(option)) === name);
  const tag = tagOf(value);
  if (tag === 'int' && wants('Size')) return `say the unit: \`${String(value)}${(value as number) < 512 ? 'GiB' : 'MiB'}\``;
  if (tag === 'int' && wants('Duration')) return `say the unit: \`${String(value)}s\``;
  if (tag === 'size' && wants('Int')) return 'write a plain number';
  if (tag === 'int' && wants('Mode')) return `write \`0${String(value)}\``;
  if (tag === 'int' && wants('String')) return `put it in quotes: \`"${String(value)}"\``;
  if (tag === 'string' && wants('Path')) return `write the path without quotes: \`${String(value).startsWith('/') ? String(value) : '/srv/data'}\``;
  if (tag === 'string' && wants('Secret')) return 'declare a `secret NAME { from = env("VARIABLE") }` and name it here';
  if (tag === 'string' && (wants('Ip4') || wants('Cidr'))) return `write the address without quotes: \`${/^[0-9a-fA-F.:/]+$/.test(value as string) ? (value as string) : '192.168.1.10'}\``;
  if (tag === 'string' && (wants('Int') || wants('Port')) && /^[0-9]+$/.test(value as string)) return `write the number without quotes: \`${value as string}\``;
  if (tag === 'cidr' && wants('Ip4')) return `write the address without its prefix length: \`${(plainText(value) ?? '').replace(/\/.*/, '')}\``;
  if (tag === 'ip' && wants('Cidr')) return 'add the prefix length: `/24`';
  if (tag === 'none') return 'give it a value';
  const kind = refKind(type);
  if (kind !== undefined && typeof value === 'string' && ev.everyOf([kind]).some((obj) => obj.key === value)) return `write the name without quotes: \`${value}\``;
  if (kind !== undefined) return suggestHelp('', ev.everyOf([kind]).map((obj) => obj.key)).replace(/^there is/, `name a \`${kind}\`: there is`);
  const options = enumMembers(type);
  if (options.length > 0) return typeof value === 'string' ? suggestHelp(value, options) : isObject(value) && value.t === 'enum' ? suggestHelp((value as EnumValue).member, options) : `write one of ${options.map((name) => `\`${name}\``).join(', ')}`;
  const example = exampleOf(type);
  return example === undefined ? `give it a value of type ${printType(type)}` : `write ${example}`;
}

/** `Size` of `Memory`. */
function unrefined(type: Type): Type {
  return type.k === 'refine' ? unrefined(type.base) : type;
}

/** What a value of each type looks like in a source. */
const EXAMPLES: Partial<Readonly<Record<PrimitiveName, string>>> = {
  Bool: '`true` or `false`', Int: 'a number, such as `4`', Decimal: 'a number, such as `0.5`', String: 'text in quotes', Template: 'text in quotes', Hostname: 'a name in quotes, such as `"photos.example.net"`',
  Url: 'a URL in quotes, such as `"https://example.net"`', Path: 'a path, such as `/srv/data`', Ip4: 'an address, such as `192.168.1.10`', Ip6: 'an address, such as `fd00::1`', Cidr: 'a network, such as `192.168.1.0/24`',
  Mac: 'an address, such as `02:42:ac:11:00:02`', Port: 'a port, such as `8080`', Size: 'a size, such as `8GiB`', Duration: 'a duration, such as `30s`', Percent: 'a share, such as `50%`', Version: 'a version, such as `1.2.3`',
  Mode: 'a mode, such as `0644`', Owner: 'an owner, such as `1000:1000`', Time: 'a time, such as `04:00`', Date: 'a date, such as `2026-02-07`', Schedule: 'a schedule, such as `daily at 03:30`', Range: 'a range, such as `1 .. 10`',
  Secret: 'the name of a `secret`', Endpoint: 'a port of a container, or `http(8080)`',
};

function exampleOf(type: Type): string | undefined {
  switch (type.k) {
    case 'prim': return EXAMPLES[type.name];
    case 'opt': return exampleOf(type.of);
    case 'refine': return exampleOf(type.base);
    case 'variants': return [...type.constructors].map(([name, fields]) => `\`${constructorText(name, fields)}\``).join(' or ');
    case 'record': return `a record, such as \`{ ${type.fields.filter((field, i) => !field.optional || i === 0).map((field) => `${field.name} = ...`).join('  ')} }\``;
    case 'union': return type.members.map(exampleOf).find((example) => example !== undefined);
    case 'list': {
      const of = exampleOf(type.of);
      return of === undefined ? undefined : `a list in brackets, each ${of}`;
    }
    default: return undefined;
  }
}

/** `letsencrypt(dns = ...)`: a constructor with what it must be given. */
function constructorText(name: string, fields: readonly ParamShape[]): string {
  const needed = fields.filter((field) => !field.optional);
  return `${name}(${needed.length === 1 ? '...' : needed.map((field) => `${field.name} = ...`).join(', ')})`;
}

/** What a value of the type looks like, where a name that means nothing stands: one of its constructors. */
export function constructorsHelp(type: Type | undefined): string | undefined {
  const option = type === undefined ? undefined : alternatives(elementType(type) ?? type).find((other) => other.k === 'variants');
  return option === undefined ? undefined : `write ${exampleOf(option) ?? ''}`;
}

function refKind(type: Type): string | undefined {
  const option = alternatives(type).find((other) => other.k === 'ref');
  return option?.k === 'ref' ? option.kind : undefined;
}

function enumMembers(type: Type): string[] {
  switch (type.k) {
    case 'enum': return [...type.members.keys()];
    case 'opt': return enumMembers(type.of);
    case 'union': return type.members.flatMap(enumMembers);
    default: return [];
  }
}
