/** Calls: constructors of variants and records, functions of the lab, systems, builtins, methods and closures. */
import type { Span } from '../base/span.js';
import { suggestHelp } from '../base/suggest.js';
import { names } from '../diagnostics/catalogue/names.js';
import { types } from '../diagnostics/catalogue/types.js';
import type { Decl, Program } from '../names/program.js';
import { alternatives, typeNoun, type ParamShape, type Type, type VariantsType } from '../shapes/types.js';
import type { Arg, Call } from '../syntax/ast.js';
import { constructorsHelp } from './conform.js';
import { Fault, type Ev } from './context.js';
import { builtin, builtinNames, type Builtin } from './functions.js';
import { Scope, type Value } from './model.js';
import { osValue } from './systems.js';
import { describe, isObject } from './value.js';

const active = new WeakMap<Ev, Set<Decl>>();

export function callValue(ev: Ev, expr: Call, scope: Scope, expected: Type | undefined): Value {
  const callee = expr.callee;
  if (callee.kind === 'name-expr') {
    const wanted = constructorIn(expected, callee.text);
    if (wanted !== undefined) return construct(ev, wanted.type, callee.text, wanted.fields, expr, scope);
    const local = localFunction(ev, callee.text, scope, callee.span);
    if (local !== undefined) return callFn(ev, local, expr, scope);
    const called = calledBy(ev, callee.text, scope.library);
    switch (called.sort) {
      case 'fn': return callDeclared(ev, called.decl, expr, scope);
      case 'os': return osValue(ev, callee.text, scope.library, expr.args.map((arg) => ev.evaluate(arg.value, scope)), expr.span);
      case 'builtin': return callBuiltin(ev, called.fn, callee.text, expr, scope);
      case 'constructor': return construct(ev, called.type, callee.text, called.fields, expr, scope);
      case 'record': return callRecord(ev, called.decl, expr, scope);
      case 'nothing': throw new Fault(names.create.unknownName(callee.span, { name: callee.text, help: constructorsHelp(expected) ?? suggestHelp(callee.text, [...ev.program.visible('fn', scope.library), ...builtinNames()]) }));
    }
  }
  const value = ev.evaluate(callee, scope);
  return callFn(ev, value, expr, scope);
}

/** What a name that no frame binds calls: looked for once in each library. */
type Called =
  | { readonly sort: 'fn' | 'record'; readonly decl: Decl }
  | { readonly sort: 'os' | 'nothing' }
  | { readonly sort: 'builtin'; readonly fn: Builtin }
  | { readonly sort: 'constructor'; readonly type: VariantsType; readonly fields: readonly ParamShape[] };

const known = new WeakMap<Program, Map<string, Map<string, Called>>>();

function calledBy(ev: Ev, name: string, library: string): Called {
  let libraries = known.get(ev.program);
  if (libraries === undefined) known.set(ev.program, (libraries = new Map()));
  let byName = libraries.get(library);
  if (byName === undefined) libraries.set(library, (byName = new Map()));
  let called = byName.get(name);
  if (called === undefined) byName.set(name, (called = findCalled(ev, name, library)));
  return called;
}

function findCalled(ev: Ev, name: string, library: string): Called {
  const fn = ev.program.find('fn', name, library);
  if (fn !== undefined) return { sort: 'fn', decl: fn };
  if (ev.shapes.os(name, library) !== undefined) return { sort: 'os' };
  const native = builtin(name);
  if (native !== undefined) return { sort: 'builtin', fn: native };
  const constructor = ev.shapes.constructorOf(name, library);
  if (constructor !== undefined) return { sort: 'constructor', ...constructor };
  const record = ev.program.find('type', name, library);
  return record === undefined ? { sort: 'nothing' } : { sort: 'record', decl: record };
}

function callBuiltin(ev: Ev, fn: Builtin, name: string, expr: Call, scope: Scope): Value {
  const first = expr.args[0]?.value;
  if ((name === 'file' || name === 'template') && first !== undefined && !(first.kind === 'str' && first.parts.every((part) => typeof part === 'string'))) {
    throw new Fault(types.create.badArguments(first.span, { name, why: 'wants a literal path: files are read before anything is evaluated', help: `write \`${name}("name.conf")\`` }));
  }
  return fn({ ev, scope, span: expr.span, name }, ...argumentsOf(ev, expr.args, scope));
}

function localFunction(ev: Ev, name: string, scope: Scope, span: Span): Value | undefined {
  for (let at: Scope | null = scope; at !== null; at = at.parent) {
    const binding = at.own(name);
    if (binding === undefined) continue;
    ev.readHere(at);
    const value = binding.kind === 'value' ? binding.value : ev.evaluate({ kind: 'name-expr', span, text: name }, scope);
    return isObject(value) && value.t === 'fn' ? value : undefined;
  }
  return undefined;
}

function callFn(ev: Ev, value: Value, expr: Call, scope: Scope): Value {
  if (value === null) return null;
  if (!isObject(value) || value.t !== 'fn') throw new Fault(types.create.notCallable(expr.callee.span, { what: describe(value) }));
  const unit = expr.callee.kind === 'member' && expr.callee.name.text === 'in';
  const args = expr.args.map((arg) => (unit && arg.value.kind === 'name-expr' ? arg.value.text : ev.evaluate(arg.value, scope)));
  return ev.apply(value, args, expr.span);
}

function argumentsOf(ev: Ev, args: readonly Arg[], scope: Scope): [readonly Value[], ReadonlyMap<string, Value>] {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  for (const arg of args) {
    const value = ev.evaluate(arg.value, scope);
    if (arg.name === undefined) positional.push(value);
    else named.set(arg.name.text, value);
  }
  return [positional, named];
}

/** The constructor of that name in a type that is expected. */
function constructorIn(expected: Type | undefined, name: string): { readonly type: VariantsType; readonly fields: readonly ParamShape[] } | undefined {
  for (const option of expected === undefined ? [] : alternatives(expected)) {
    if (option.k === 'variants') {
      const fields = option.constructors.get(name);
      if (fields !== undefined) return { type: option, fields };
    }
    if (option.k === 'list') {
      const inner = constructorIn(option.of, name);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** Arguments by position, then by name, checked against parameters. */
export function bindArguments(ev: Ev, what: string, params: readonly ParamShape[], args: readonly Arg[], scope: Scope, span: Span): Map<string, Value> {
  const given = new Map<string, Value>();
  args.forEach((arg, i) => {
    const param = arg.name === undefined ? params[i] : params.find((other) => other.name === arg.name?.text);
    if (param === undefined) {
      const name = arg.name?.text ?? `argument ${i + 1}`;
      throw new Fault(types.create.unknownArgument(arg.span, { what, name, help: suggestHelp(name, params.map((other) => other.name)) }));
    }
    given.set(param.name, ev.evaluateAs(arg.value, scope, param.type, () => `\`${param.name}\` of ${what}`));
  });
  const library = params[0]?.library ?? scope.library;
  const inner = new Scope(new Scope(null, library), library);
  const fields = new Map<string, Value>();
  for (const param of params) {
    let value = given.get(param.name);
    if (value === undefined && param.default !== undefined) value = ev.evaluateAs(param.default, inner, param.type, () => `\`${param.name}\` of ${what}`);
    if (value === undefined && param.optional) value = null;
    if (value === undefined) throw new Fault(types.create.missingValue(span, { what, name: param.name, type: typeNoun(param.type) }));
    fields.set(param.name, value);
    inner.bind(param.name, { kind: 'value', value });
  }
  return fields;
}

function construct(ev: Ev, type: VariantsType, name: string, params: readonly ParamShape[], expr: Call, scope: Scope): Value {
  return { t: 'variant', type, name, fields: bindArguments(ev, `${name}()`, params, expr.args, scope, expr.span) };
}

function callRecord(ev: Ev, decl: Decl, expr: Call, scope: Scope): Value {
  const type = ev.shapes.declared(decl);
  if (type.k !== 'record') throw new Fault(types.create.notCallable(expr.callee.span, { what: decl.name }));
  return { t: 'rec', type: type.name, fields: bindArguments(ev, type.name, type.fields, expr.args, scope, expr.span) };
}

function callDeclared(ev: Ev, decl: Decl, expr: Call, scope: Scope): Value {
  const busy = active.get(ev) ?? new Set<Decl>();
  active.set(ev, busy);
  if (busy.has(decl)) throw new Fault(names.create.recursion(expr.span, { name: decl.name, chain: [...busy].map((other) => other.name).concat(decl.name).join(' → ') }));
  const params = [...ev.shapes.params(decl.entry.params ?? [], decl.library).values()];
  const fields = bindArguments(ev, `${decl.name}()`, params, expr.args, scope, expr.span);
  const body = decl.head.value ?? decl.entry.value;
  if (body === undefined) throw new Fault(null);
  const inner = new Scope(new Scope(null, decl.library), decl.library, scope.self());
  for (const [name, value] of fields) inner.bind(name, { kind: 'value', value });
  const result = decl.head.types[0];
  busy.add(decl);
  try {
    return result === undefined ? ev.evaluate(body, inner) : ev.evaluateAs(body, inner, ev.shapes.resolve(result, decl.library), () => `what ${decl.name}() gives`);
  } finally {
    busy.delete(decl);
  }
}
