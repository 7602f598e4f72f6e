/** What a provider's `for_each` answers to one request, with the contract's own defaults for what it leaves out. */
import { types } from '../diagnostics/catalogue/types.js';
import { typeNoun, type ParamShape, type Type } from '../shapes/types.js';
import type { Expr } from '../syntax/ast.js';
import { conform } from './conform.js';
import { Fault, type Ev } from './context.js';
import type { Obj, Rec, Scope, Value } from './model.js';
import { isObject } from './value.js';

export function makeOffer(ev: Ev, request: Obj, provider: Obj): Value {
  const contract = request.kind.contract;
  const fulfilment = provider.facts.fulfils?.get(request.kind.word);
  const given = fulfilment?.forEach === null || fulfilment === undefined ? null : answerOf(ev, fulfilment.forEach, request, contract?.offer ?? new Map());
  const fields = new Map<string, Value>();
  for (const [name, param] of contract?.offer ?? []) {
    const value = given?.fields.get(name);
    if (value !== undefined) fields.set(name, conform(ev, value, param.type, fulfilment?.span ?? request.span, () => `\`${name}\` of the offer`));
    else if (param.default !== undefined && request.kindFrame !== null) fields.set(name, ev.evaluateAs(param.default, request.kindFrame, param.type, () => `\`${name}\``));
    else if (param.optional) fields.set(name, null);
    else throw new Fault(types.create.missingValue(fulfilment?.span ?? request.span, { what: `the offer of \`${request.kind.word}\``, name, type: typeNoun(param.type) }));
  }
  fields.set('from', provider);
  return { t: 'rec', type: null, fields };
}

function answerOf(ev: Ev, forEach: { readonly expr: Expr; readonly scope: Scope }, request: Obj, offer: ReadonlyMap<string, ParamShape>): Rec | null {
  const fn = ev.evaluate(forEach.expr, forEach.scope);
  if (!isObject(fn) || fn.t !== 'fn') throw new Fault(types.create.badArguments(forEach.expr.span, { name: 'for_each', why: 'wants a function', help: 'write `for_each = r => { ... }`' }));
  const type: Type = { k: 'record', name: 'offer', fields: [...offer.values()] };
  const answer = 'native' in fn ? fn.native([request]) : ev.evaluate(fn.body, fn.scope.with(fn.param, request), type);
  return isObject(answer) && answer.t === 'rec' ? answer : null;
}

