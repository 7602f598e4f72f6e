/**
 * Those who fulfil one contract, so that who may answer a request is found without asking each of them: most accept what
 * concerns their own machine (`accepts = r => r.to.machine == machine`), and those are looked up by it.
 */
import type { Evaluator } from '../eval/evaluator.js';
import type { Fulfilment, Obj } from '../eval/model.js';
import { isObject } from '../eval/value.js';
import type { Expr } from '../syntax/ast.js';

/** Providers with the same condition, `asked == own`, where `asked` is a member of the request and `own` of the provider's machine. */
interface Group {
  readonly param: string;
  readonly asked: Expr;
  readonly fulfilment: Fulfilment;
  readonly byOwn: Map<Obj, Obj[]>;
}

export class Providers {
  readonly all: readonly Obj[];
  readonly #places: ReadonlyMap<Obj, number>;
  readonly #onMachine = new Map<Obj | null, Obj[]>();
  readonly #groups = new Map<Expr, Group>();
  /** Whoever has another condition, or none. */
  readonly #others: Obj[] = [];

  constructor(private readonly ev: Evaluator, private readonly contract: string) {
    this.all = ev.census.fulfilling(contract);
    this.#places = new Map(this.all.map((provider, place) => [provider, place]));
    for (const provider of this.all) {
      push(this.#onMachine, provider.machine, provider);
      if (!this.#group(provider)) this.#others.push(provider);
    }
  }

  on(machine: Obj | null): readonly Obj[] {
    return this.#onMachine.get(machine) ?? [];
  }

  /** Who accepts the request, in the order of their places in the lab. */
  accepting(request: Obj): Obj[] {
    const found = this.#others.filter((provider) => this.#accepts(provider, request));
    for (const group of this.#groups.values()) {
      const asked = this.ev.evaluate(group.asked, (group.fulfilment.accepts?.scope as NonNullable<Fulfilment['accepts']>['scope']).with(group.param, request));
      // An object is equal to itself only: whoever is found by it accepts.
      if (isObject(asked) && asked.t === 'obj') found.push(...(group.byOwn.get(asked) ?? []));
      else if (asked !== null) for (const same of group.byOwn.values()) found.push(...same.filter((provider) => this.#accepts(provider, request)));
    }
    if (found.length < 2 || this.#groups.size === 0) return found;
    const place = (provider: Obj): number => this.#places.get(provider) ?? 0;
    return found.sort((a, b) => place(a) - place(b));
  }

  #accepts(provider: Obj, request: Obj): boolean {
    const fulfilment = provider.facts.fulfils?.get(this.contract);
    if (fulfilment === undefined) return false;
    if (fulfilment.accepts === null) return true;
    const fn = this.ev.evaluate(fulfilment.accepts.expr, fulfilment.accepts.scope);
    return isObject(fn) && fn.t === 'fn' ? this.ev.apply(fn, [request], fulfilment.span) === true : fn === true;
  }

  /** Puts a provider with a condition of that form into its group. */
  #group(provider: Obj): boolean {
    const fulfilment = provider.facts.fulfils?.get(this.contract);
    const expr = fulfilment?.accepts?.expr;
    if (fulfilment?.accepts == null || expr?.kind !== 'lambda' || expr.body.kind !== 'binary' || expr.body.op !== '==') return false;
    const { left, right } = expr.body;
    const param = expr.param.text;
    const [asked, own] = isMemberOf(left, param) ? [left, right] : [right, left];
    if (!isMemberOf(asked, param) || !isMemberOf(own, 'machine')) return false;
    const { scope } = fulfilment.accepts;
    const value = this.ev.attempt(() => this.ev.evaluate(own, scope), null);
    if (!isObject(value) || value.t !== 'obj') return false;
    let group = this.#groups.get(expr);
    if (group === undefined) this.#groups.set(expr, (group = { param, asked, fulfilment, byOwn: new Map() }));
    push(group.byOwn, value, provider);
    return true;
  }
}

/** `r.to.machine` of `r`. */
function isMemberOf(expr: Expr, name: string): boolean {
  return expr.kind === 'member' ? isMemberOf(expr.object, name) : expr.kind === 'name-expr' && expr.text === name;
}

function push<K>(map: Map<K, Obj[]>, key: K, obj: Obj): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [obj]);
  else list.push(obj);
}
