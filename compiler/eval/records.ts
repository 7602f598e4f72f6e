/** Bodies that are values: `env { A = b  if x { C = d }  for y in z { "K_${y}" = y } }` as a record. */
import { names } from '../diagnostics/catalogue/names.js';
import { types } from '../diagnostics/catalogue/types.js';
import type { Type } from '../shapes/types.js';
import type { Body, Item, Str } from '../syntax/ast.js';
import { Fault, type Ev } from './context.js';
import type { Rec, Scope, Value } from './model.js';
import { itemsOf } from './operators.js';
import { describe, isTainted } from './value.js';

export function evaluateBody(ev: Ev, body: Body, scope: Scope, typeOf: (name: string) => Type | undefined): Rec {
  const fields = new Map<string, Value>();
  fill(ev, body.items, scope, typeOf, fields);
  return { t: 'rec', type: null, fields };
}

function fill(ev: Ev, items: readonly Item[], scope: Scope, typeOf: (name: string) => Type | undefined, fields: Map<string, Value>): void {
  for (const item of items) {
    switch (item.kind) {
      case 'assign': {
        const name = item.key === undefined ? item.name.text : keyText(ev, item.key, scope);
        const type = typeOf(name);
        fields.set(name, ev.evaluate(item.value, scope, type));
        break;
      }
      case 'if': {
        let branch: Body | typeof item | undefined = truth(ev, item.condition, scope) ? item.then : item.else;
        while (branch?.kind === 'if') branch = truth(ev, branch.condition, scope) ? branch.then : branch.else;
        if (branch !== undefined) fill(ev, branch.items, scope, typeOf, fields);
        break;
      }
      case 'for': {
        const source = ev.evaluate(item.source, scope);
        const list = itemsOf(source);
        if (list === undefined) throw new Fault(types.create.badOperand(item.source.span, { op: 'for', operand: describe(source), help: 'go over a list' }));
        for (const value of list) fill(ev, item.body.items, scope.with(item.variable.text, value), typeOf, fields);
        break;
      }
      case 'head': {
        if (item.entries.length > 0 || item.body === undefined) throw new Fault(names.create.unknownWord(item.word.span, { parent: 'this record', word: item.word.text, help: `write \`${item.word.text} = ...\`` }));
        const type = typeOf(item.word.text);
        const inner = type === undefined ? () => undefined : innerTypes(type);
        fields.set(item.word.text, evaluateBody(ev, item.body, scope, inner));
      }
    }
  }
}

function innerTypes(type: Type): (name: string) => Type | undefined {
  return (name) => (type.k === 'map' ? type.of : type.k === 'record' ? type.fields.find((field) => field.name === name)?.type : type.k === 'opt' ? innerTypes(type.of)(name) : undefined);
}

/** A condition's value; anything but true and false is a fault. */
export function truth(ev: Ev, condition: import('../syntax/ast.js').Expr, scope: Scope, op = 'if'): boolean {
  const value = ev.evaluate(condition, scope);
  if (typeof value === 'boolean') return value;
  if (isTainted(value)) throw new Fault(types.create.taint(condition.span, { how: 'in a condition', help: 'only `== none` may be asked of a secret' }));
  throw new Fault(types.create.badOperand(condition.span, { op, operand: describe(value), help: 'it wants true or false: compare the value with something' }));
}

/** The text of a quoted name with holes; a secret is no key. */
export function keyText(ev: Ev, key: Str, scope: Scope): string {
  const value = ev.evaluate(key, scope);
  if (typeof value === 'string') return value;
  throw new Fault(types.create.taint(key.span, { how: 'as a key', help: 'name the field by plain text' }));
}
