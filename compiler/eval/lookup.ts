/**
 * What a bare name means: an enum's member where one is expected, then locals outward, then objects of the kind that is
 * expected, then what is always there, then any object of the lab with that label.
 */
import type { Span } from '../base/span.js';
import { suggest, suggestHelp } from '../base/suggest.js';
import { names } from '../diagnostics/catalogue/names.js';
import { alternatives, printType, type EnumType, type Type } from '../shapes/types.js';
import { constructorsHelp } from './conform.js';
import { Fault, type Ev } from './context.js';
import { builtinNames } from './functions.js';
import { loginOperator } from './login.js';
import { type Binding, type Obj, Scope, type Value } from './model.js';
import { osValue } from './systems.js';
import { member } from './value.js';
import { collection, COLLECTIONS, MACHINE_KINDS, refByName, valueOf } from './objects.js';

const SCHEDULES = new Set(['hourly', 'daily', 'weekly', 'monthly']);
export function lookup(ev: Ev, name: string, scope: Scope, expected: Type | undefined, span: Span): Value {
  const enumeration = enumFor(expected, name);
  if (enumeration !== undefined) {
    for (let at: Scope | null = scope; at !== null; at = at.parent) {
      if (at.own(name) !== undefined || at.params?.has(name) === true) throw new Fault(names.create.shadowed(span, { name }, { help: `\`${name}\` is a member of ${printType(enumeration)}, which is expected here: give the local another name` }));
    }
    return member(enumeration, name);
  }
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const found = inFrame(ev, at, name, expected, span);
    if (found !== undefined) return found;
  }
  // Elsewhere a child may have that label.
  if (!AMBIENT.has(name)) ev.readHere(scope.outermost(), name);
  const wanted = byExpected(ev, name, scope, expected, span);
  if (wanted !== undefined) return wanted;
  const ambient = ambientValue(ev, name, scope, expected, span);
  if (ambient !== undefined) return ambient;
  const global = globalObject(ev, name, span);
  if (global !== undefined) return global;
  if (ev.everyOf([name]).length > 0) return collection(ev, name);
  // Where the system of a machine is not known, neither is what depends on it; that is reported already.
  if (scope.self()?.machine?.facts.incomplete === true && (name === 'os' || scope.library !== 'lab')) throw new Fault(null);
  throw new Fault(names.create.unknownName(span, { name, help: helpFor(ev, name, scope, expected) }));
}

/** The enum among the alternatives of a type that has such a member. */
export function enumFor(expected: Type | undefined, name: string): EnumType | undefined {
  if (expected === undefined) return undefined;
  for (const option of alternatives(expected)) {
    if (option.k === 'enum' && option.members.has(name)) return option;
    if (option.k === 'list') {
      const inner = enumFor(option.of, name);
      if (inner !== undefined) return inner;
    }
    if (option.k === 'refine') {
      const inner = enumFor(option.base, name);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** Names that mean the same everywhere: a child with such a label is `KIND.LABEL`. */
const AMBIENT: ReadonlySet<string> = new Set(['self', 'machine', 'os', 'lab', 'operator', 'requests']);

function inFrame(ev: Ev, frame: Scope, name: string, expected: Type | undefined, span: Span): Value | undefined {
  const binding: Binding | undefined = frame.own(name);
  if (binding !== undefined) {
    ev.readHere(frame, name);
    return binding.kind === 'value' ? binding.value : ev.letValue(binding, name, span);
  }
  const obj = frame.obj;
  if (obj === null) return undefined;
  if (frame.params?.has(name) === true || obj.facts.slots?.has(name) === true) return ev.attribute(obj, name, span);
  if (frame.params === null || obj === ev.root || AMBIENT.has(name)) return undefined;
  const child = obj.labelled(name);
  if (child === undefined || (child !== 'many' && !mayBe(child, expected))) return undefined;
  ev.readHere(frame, name);
  if (child === 'many') throw new Fault(names.create.ambiguousName(span, { name, ...choices(obj, name) }));
  return child.kind.contract === null ? valueOf(ev, child) : ev.settle(child);
}

/** Where a reference is expected, a child of another kind is not meant. */
function mayBe(child: Obj, expected: Type | undefined): boolean {
  const kinds = expected === undefined ? [] : alternatives(expected).flatMap((option) => (option.k === 'ref' ? [option.kind] : option.k === 'prim' && option.name === 'Secret' ? ['secret'] : []));
  return kinds.length === 0 || kinds.some((kind) => child.kind.word === kind || child.kind.roles.has(kind));
}

function choices(obj: Obj, name: string): { choices: string; first: string } {
  const all = [...obj.children].filter(([, byKey]) => byKey.has(name)).map(([word]) => `\`${word}.${name}\``);
  return { choices: all.join(', '), first: (all[0] ?? '').replaceAll('`', '') };
}

function byExpected(ev: Ev, name: string, scope: Scope, expected: Type | undefined, span: Span): Value | undefined {
  if (expected === undefined) return undefined;
  for (const option of alternatives(expected)) {
    const type = option.k === 'list' ? option.of : option;
    if (type.k === 'ref') {
      const found = refByName(ev, name, type.kind, type.of === null ? null : ev.evaluate(type.of, scope), scope);
      if (found !== undefined) return found;
    } else if (type.k === 'prim' && type.name === 'Secret') {
      const found = refByName(ev, name, 'secret', null, scope);
      if (found !== undefined) return found;
    } else if (type.k === 'prim' && type.name === 'Os' && ev.shapes.os(name, scope.library) !== undefined) {
      return osValue(ev, name, scope.library, [], span);
    } else if (type.k === 'prim' && type.name === 'Schedule' && SCHEDULES.has(name)) {
      return { t: 'schedule', every: name as 'daily', at: null };
    }
  }
  return undefined;
}

function ambientValue(ev: Ev, name: string, scope: Scope, expected: Type | undefined, span: Span): Value | undefined {
  const self = scope.self();
  switch (name) {
    case 'self': ev.readHere(); return self;
    case 'machine': ev.readHere(); return self?.machine ?? null;
    case 'os': return self?.machine?.facts.os ?? undefined;
    case 'lab': return ev.root;
    case 'operator': return loginOperator(ev);
    case 'requests': case 'secrets': return { t: 'namespace', name, obj: self };
    default: break;
  }
  if (Object.hasOwn(COLLECTIONS, name)) return collection(ev, name);
  if (SCHEDULES.has(name)) return { t: 'schedule', every: name as 'daily', at: null };
  if (MACHINE_KINDS.members.has(name) && expected === undefined) return member(MACHINE_KINDS, name);
  if (ev.program.find('fn', name, scope.library) !== undefined) {
    const it = { kind: 'name-expr' as const, span, text: 'it' };
    return { t: 'fn', param: it.text, scope: new Scope(null, scope.library), body: { kind: 'call', span, callee: { kind: 'name-expr', span, text: name }, args: [{ kind: 'arg', span, value: it }] } };
  }
  const constant = ev.program.find('let', name, scope.library);
  if (constant !== undefined) {
    const value = constant.head.value ?? constant.entry.value;
    if (value !== undefined) return ev.evaluate(value, scope);
  }
  return undefined;
}

function globalObject(ev: Ev, name: string, span: Span): Value | undefined {
  const found = ev.index.get(name) ?? [];
  const first = found[0];
  if (first === undefined) return undefined;
  if (found.length === 1) return valueOf(ev, first);
  const all = found.map((obj) => `\`${spaceOf(obj)}.${name}\``);
  throw new Fault(names.create.ambiguousName(span, { name, choices: all.join(', '), first: (all[0] ?? '').replaceAll('`', '') }));
}

function spaceOf(obj: Obj): string {
  return Object.entries(COLLECTIONS).find(([, words]) => words.includes(obj.kind.word))?.[0] ?? (obj.kind.word === 'secret' ? 'secrets' : obj.kind.word);
}

function helpFor(ev: Ev, name: string, scope: Scope, expected: Type | undefined): string {
  for (const sort of ['capability', 'workload', 'part', 'persona', 'object'] as const) {
    const where = ev.program.whereInLibrary(sort, name);
    if (where !== undefined) return `write \`use ${where}\``;
  }
  const constructors = constructorsHelp(expected);
  if (constructors !== undefined) return constructors;
  const wanted = wantedNames(ev, expected);
  if (expected !== undefined && alternatives(expected).some((option) => option.k === 'prim' && option.name === 'Bool')) return `write ${/^(?:no|off|none)$/i.test(name) ? '`false`' : /^(?:yes|on)$/i.test(name) ? '`true`' : '`true` or `false`'}`;
  if (wanted.length > 0) return suggestHelp(name, wanted);
  const known = new Set<string>(['self', 'machine', 'os', 'lab', 'operator', 'requests', ...Object.keys(COLLECTIONS), ...builtinNames(), ...ev.index.keys()]);
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    for (const own of at.names()) known.add(own);
    for (const param of at.params?.keys() ?? []) known.add(param);
    if (at.obj !== null && at.params !== null) for (const byKey of at.obj.children.values()) for (const key of byKey.keys()) known.add(key);
  }
  return suggest(name, known).length > 0 ? suggestHelp(name, known) : 'declare it, bring it in by `use`, or put it in quotes if it is text';
}

/** Members of the enums and labels of the objects that a type admits. */
function wantedNames(ev: Ev, expected: Type | undefined): string[] {
  return (expected === undefined ? [] : alternatives(expected)).flatMap((option) => {
    switch (option.k) {
      case 'enum': return [...option.members.keys()];
      case 'list': return wantedNames(ev, option.of);
      case 'ref': return ev.everyOf([option.kind]).map((obj) => obj.key);
      case 'prim': return option.name === 'Secret' ? ev.everyOf(['secret']).map((obj) => obj.key) : [];
      default: return [];
    }
  });
}
