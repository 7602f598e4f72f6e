/**
 * S3: the shape of the lab. Statements become objects: bodies contribute attributes and children, personas and templates are
 * opened, `on` picks the nearest system, `if` and `for` are unfolded once everything they read is in place.
 * What reads the requests of a contract waits for that contract's turn. Nothing here computes values that shape does not need.
 */
import type { Span } from '../base/span.js';
import { names } from '../diagnostics/catalogue/names.js';
import { types } from '../diagnostics/catalogue/types.js';
import { Fault, NotYet } from '../eval/context.js';
import type { Evaluator } from '../eval/evaluator.js';
import { rangeItems } from '../eval/expressions.js';
import { Obj, RANK, Scope, type Contribution, type Def, type Value, type Without } from '../eval/model.js';
import { itemsOf } from '../eval/operators.js';
import { outranks } from '../eval/personas.js';
import { truth } from '../eval/records.js';
import { plainText } from '../eval/text.js';
import { describe, isObject } from '../eval/value.js';
import { labelText } from '../names/program.js';
import type { KindShape } from '../shapes/shape.js';
import type { Assign, Body, Expr, For, Head, If, Item } from '../syntax/ast.js';
import { Bodies, isLayerBlock } from './bodies.js';
import { givesValues, mayWait } from './closed.js';
import { Delays } from './delayed.js';
import { isString, labelDef } from './labels.js';
import { Queue } from './queue.js';
import { checkLabel, kindFor, needLabel, refuseBodyAsValue, refuseLabelAgain, refuseRecursion, unknownStatement } from './refusals.js';
import { nearestBlocks } from './systems.js';
import { Templates } from './templates.js';

interface Pending {
  readonly item: If | For;
  readonly obj: Obj;
  readonly from: Contribution;
}

/** A statement with a meaning of its own, in structure/statements.ts. */
export type Statement = (builder: Builder, obj: Obj, head: Head, from: Contribution) => void;

const MOST_ITEMS = 100_000;
const NOTHING: readonly Item[] = [];

export class Builder {
  readonly #conditions = new Queue<Pending>();
  readonly #loops = new Queue<Pending>();
  /** Conditions inside L3 items: they choose steps and may read anything, so they come last. */
  #steps: Pending[] = [];
  #decided = false;
  readonly templates: Templates;
  readonly bodies = new Bodies((diagnostic) => this.ev.report(diagnostic));
  readonly #delays: Delays;
  readonly #waiting = new Map<string, Pending[]>();
  readonly #queue = new Queue<() => void>();
  #unfolded = 0;

  constructor(
    readonly ev: Evaluator,
    private readonly statements: ReadonlyMap<string, Statement>,
  ) {
    this.templates = new Templates(ev);
    this.#delays = new Delays(ev, statements, (obj, head, from) => this.ev.attempt(() => this.children(obj, head, from), undefined));
  }

  /** Everything that several bodies say about one object: attributes first, then children. */
  contribute(obj: Obj, bodies: readonly Contribution[], between?: () => void): void {
    for (const from of bodies) {
      if (obj.kind.word === 'container' || obj.kind.word === 'job') (obj.facts.contributions ??= []).push(from);
      this.#assigns(obj, from.items, from);
    }
    between?.();
    for (const from of bodies) this.#heads(obj, from.items, from);
    for (const heir of obj.facts.heirs ?? []) this.contribute(heir, bodies.map((from) => this.inherited(from)));
  }

  /** A contribution as an inheriting container takes it: weaker than its own body, and without requests and ports. */
  inherited(from: Contribution): Contribution {
    return { ...from, rank: from.rank - 0.5, inherited: true };
  }

  #staysBehind(word: string): boolean {
    return word === 'port' || word === 'publish' || word === 'state' || word === 'cache' || this.ev.shapes.contract(word) !== undefined;
  }

  #assigns(obj: Obj, items: readonly Item[], from: Contribution): void {
    for (const item of this.bodies.said(items).values) {
      if (item.kind === 'assign') this.#assign(obj, item, from);
      else if (item.word.text === 'without') this.#without(obj, item, from);
      else if (item.word.text === 'let') this.statement('let', obj, item, from);
      else if (this.#takes(obj, item.word.text)) this.#assigns(obj, item.body?.items ?? NOTHING, within(from, from.scope, item.word.text));
    }
  }

  #takes(obj: Obj, layer: string): boolean { return obj.kind.takes.size === 0 || obj.kind.takes.has(layer); }

  #assign(obj: Obj, item: Assign, from: Contribution): void {
    const name = item.name.text;
    if (item.key !== undefined) {
      obj.facts.incomplete = true;
      this.ev.report(names.create.notAllowedHere(item.name.span, { what: 'the name of an attribute is plain text', help: 'write it without `${}`' }));
      return;
    }
    const layer = obj.kind.layers.get(name) ?? obj.kind.layer;
    if (from.layer !== null && layer !== null && from.layer !== layer && obj.param(name) !== undefined) {
      this.ev.report(names.create.wrongLayer(item.name.span, { word: name, layer, block: from.layer }));
      return;
    }
    if ((obj.param(name) === undefined && from.inherited === true) || refuseLabelAgain(this, obj, item)) return;
    if (obj.param(name) === undefined && !obj.kind.free) {
      this.ev.report(unknownStatement(this, obj, name, item.name.span, from).diagnostic);
      return;
    }
    this.define(obj, name, { op: item.op, expr: item.value, body: null, scope: from.scope, rank: from.rank, by: from.by, span: item.name.span });
  }

  define(obj: Obj, name: string, def: Def): void {
    const list = obj.defs.get(name);
    if (list === undefined) obj.defs.set(name, [def]);
    else list.push(def);
  }

  #without(obj: Obj, head: Head, from: Contribution): void {
    for (const entry of head.entries) {
      const [word = '', ...rest] = entry.label.kind === 'ref-label' ? entry.label.parts.map((part) => (part.kind === 'name' ? part.text : '')) : [];
      const kind = word === 'has' ? 'capability' : word;
      const label = entry.value === undefined ? rest.join('.') : this.ev.attempt(() => plainText(this.ev.evaluate(entry.value as Expr, from.scope)) ?? '', '');
      const text = entry.value === undefined ? `${word}.${label}` : `${word} = ${label}`;
      const without: Without = { rank: from.rank, by: from.by, span: entry.span, text, hit: false };
      (obj.facts.withouts ??= new Map()).set(`${kind} ${label}`, without);
      this.#withouts.push({ obj, kind, without });
      const child = obj.child(kind, label);
      if (child !== undefined && child.mentions.every((mention) => outranks(this.ev, without, mention))) this.#remove(obj, child, without);
    }
  }

  readonly #withouts: { readonly obj: Obj; readonly kind: string; readonly without: Without }[] = [];

  /** Takes away a child that a template has made before the body that says `without` was read. */
  #remove(obj: Obj, child: Obj, without: Without): void {
    without.hit = true;
    const seen = obj.observed(child.kind.word);
    if (seen !== undefined) this.ev.report(types.create.stratum(without.span, { what: `the list of \`${child.kind.word}\` of ${obj.path()}, which shrinks here`, help: 'write the statement without `if` and `for`' }, { labels: [{ span: seen, text: 'the list was read here' }] }));
    obj.drop(child);
    const drop = (gone: Obj): void => {
      gone.facts.gone = true;
      gone.unmade = null;
      this.ev.census.remove(gone);
      for (const byKey of gone.children.values()) byKey.forEach(drop);
    };
    drop(child);
  }

  /** Whether a stronger `without` takes the item away. */
  removed(obj: Obj, kind: string, key: string, from: Contribution): boolean {
    const without = obj.facts.withouts?.get(`${kind} ${key}`);
    if (without === undefined || !outranks(this.ev, without, from)) return false;
    return (without.hit = true);
  }

  /** Says which `without` took nothing away. */
  reportWithouts(): void {
    for (const { obj, kind, without } of this.#withouts) {
      if (without.hit || obj.facts.gone === true) continue;
      const known = [...(obj.children.get(kind)?.keys() ?? [])].map((label) => (label.startsWith('/') ? `\`${kind} = ${label}\`` : `\`${kind}.${label}\``));
      const field = obj.param(kind) !== undefined ? `clear a field by \`${kind} { NAME = none }\`` : undefined;
      this.ev.report(names.create.nothingRemoved(without.span, { what: without.text, help: field ?? (known.length === 0 ? 'remove the line' : `there is ${known.slice(0, 6).join(', ')}`) }));
    }
  }

  #heads(obj: Obj, items: readonly Item[], from: Contribution): void {
    const said = this.bodies.said(items);
    if (said.rest.length === 0) return;
    const blocks = nearestBlocks(this.ev, obj, said);
    const waiting = this.#delays.delay(obj, said.rest, from);
    for (const item of said.rest) {
      switch (item.kind) {
        case 'if': (isItemBody(obj, from) ? this.#steps : this.#conditions).push({ item, obj, from }); break;
        case 'for': (isItemBody(obj, from) ? this.#steps : this.#loops).push({ item, obj, from }); break;
        case 'head': if (!waiting.has(item)) this.#head(obj, item, from, blocks);
      }
    }
  }

  #head(obj: Obj, head: Head, from: Contribution, blocks: ReadonlySet<Head>): void {
    const word = head.word.text;
    if (word === 'on') {
      if (blocks.has(head)) this.nested(obj, head.body?.items ?? NOTHING, from);
      return;
    }
    if (isLayerBlock(head)) {
      if (this.#takes(obj, word)) this.#heads(obj, head.body?.items ?? NOTHING, within(from, from.scope, word));
      return;
    }
    if (head.entries.length === 0 && head.body !== undefined && (obj.param(word) !== undefined || obj.kind.free)) {
      this.define(obj, word, { op: 'merge', expr: null, body: head.body, scope: from.scope, rank: from.rank, by: from.by, span: head.word.span });
      return;
    }
    if (from.inherited === true && (this.#staysBehind(word) || (!this.statements.has(word) && this.ev.shapes.kindIn(word, obj.kind.roles) === undefined))) return;
    this.ev.attempt(() => {
      if (this.statements.has(word)) {
        needLabel(obj, head, null);
        this.statement(word, obj, head, from);
      } else this.children(obj, head, from);
    }, undefined);
  }

  statement(word: string, obj: Obj, head: Head, from: Contribution): void {
    this.ev.attempt(() => this.statements.get(word)?.(this, obj, head, from), undefined);
  }

  /** Items of an `on`, `if` or `for`: they belong to the body around them. */
  nested(obj: Obj, items: readonly Item[], from: Contribution): void {
    this.#assigns(obj, items, from);
    this.#heads(obj, items, from);
  }

  /** An item of a declared kind: one child for each entry. */
  children(obj: Obj, head: Head, from: Contribution): void {
    const kind = kindFor(this, obj, head, from);
    if (kind.layer !== null && from.layer !== null && kind.layer !== from.layer) {
      throw new Fault(names.create.wrongLayer(head.word.span, { word: kind.word, layer: kind.layer, block: from.layer }));
    }
    if (head.entries.length === 0) {
      needLabel(obj, head, kind);
      this.child(obj, kind, kind.word, null, head.word.span, head, from);
      return;
    }
    for (const entry of head.entries) {
      const key = this.label(entry.label, from.scope);
      checkLabel(kind.word, key, entry.label.span);
      this.child(obj, kind, key, entry, entry.span, head, from);
    }
  }

  /** Statements of the language that may be meant inside an object. */
  words(obj: Obj): string[] {
    return obj === this.ev.root ? [...this.statements.keys(), 'use', 'lab'] : [...this.statements.keys()];
  }

  /** The child with that key, made when it is new, with what this statement says about it. */
  child(obj: Obj, kind: KindShape, key: string, entry: Head['entries'][number] | null, span: Span, head: Head, from: Contribution): Obj | null {
    if (this.removed(obj, kind.word, key, from)) return null;
    if (from.rank === RANK.kind) refuseRecursion(obj, kind, span);
    const { child, fresh } = this.obtain(obj, kind, key, span);
    child.mentions.push({ span, rank: from.rank, by: from.by });
    if (entry !== null && fresh) {
      const def = labelDef(kind, key, entry.label, from);
      if (def !== null) this.define(child, kind.key ?? '', def);
    }
    if (entry?.value !== undefined && !refuseBodyAsValue(this, child, entry.value)) {
      if (kind.first === null) throw new Fault(names.create.notAllowedHere(entry.value.span, { what: `\`${kind.word}\` takes no value after its name`, help: `write \`${kind.word} ${key} { ... }\`` }));
      this.define(child, kind.first, { op: '=', expr: entry.value, body: null, scope: from.scope, rank: from.rank, by: from.by, span: entry.value.span });
    }
    const bodies: Contribution[] = [];
    if (!fresh && !givesValues(kind, head)) this.open(child);
    if (fresh && mayWait(this.ev.shapes, child, head)) child.facts.closed = true;
    else if (fresh) bodies.push(this.kindBody(child));
    if (head.body !== undefined) bodies.push({ items: head.body.items, scope: new Scope(from.scope, from.scope.library, child), rank: from.rank, by: from.by, layer: null });
    this.contribute(child, bodies);
    return child;
  }

  /** Lets the body of an item's kind make what it makes. */
  open(obj: Obj): void {
    if (obj.facts.closed !== true) return;
    obj.facts.closed = false;
    this.contribute(obj, [this.kindBody(obj)]);
    if (this.#decided) this.unfoldSteps();
  }

  kindBody(obj: Obj): Contribution {
    return { items: obj.kind.body, scope: obj.kindFrame as Scope, rank: 0, by: null, layer: null };
  }

  /** Finds or makes a child, without saying anything about it. */
  obtain(obj: Obj, kind: KindShape, key: string, span: Span): { readonly child: Obj; readonly fresh: boolean } {
    const known = obj.child(kind.word, key);
    if (known !== undefined) return { child: known, fresh: false };
    const seen = obj.observed(kind.word);
    if (seen !== undefined) this.ev.report(types.create.stratum(span, { what: `the list of \`${kind.word}\` of ${obj.path()}, which grows here`, help: 'write the item without `if` and `for`' }, { labels: [{ span: seen, text: 'the list was read here' }] }));
    const child = new Obj(kind, key, obj, span);
    child.kindFrame = new Scope(null, kind.library, child, kind.params);
    obj.take(child);
    const param = kind.key === null ? undefined : kind.params.get(kind.key);
    if (kind.key !== null && param !== undefined && isString(param.type)) {
      this.define(child, kind.key, { op: '=', expr: null, body: null, value: key, scope: child.kindFrame, rank: RANK.kind, by: null, span });
    }
    this.register(child);
    return { child, fresh: true };
  }

  register(obj: Obj): void {
    this.ev.census.add(obj, obj.parent === this.ev.root || obj.kind.word === 'run' || obj.kind.word === 'node');
    if (obj.kind.contract !== null && this.ev.matched?.has(obj.kind.word) === true) this.lateRequests.push(obj);
  }

  /** Requests that appeared after their contract's turn. */
  readonly lateRequests: Obj[] = [];

  /** The text of a label; interpolated ones are evaluated now. */
  label(label: Head['entries'][number]['label'], scope: Scope): string {
    if (label.kind === 'str-label') {
      const value = this.ev.evaluate(label.value, scope);
      if (typeof value === 'string') return value;
      throw new Fault(types.create.taint(label.span, { how: 'as a name', help: 'name it by plain text' }));
    }
    return labelText(label);
  }

  /** Runs what is put off until the first pass is over. */
  later(work: () => void): void {
    this.#queue.push(work);
  }

  /** Unfolds conditions, then loops, until nothing is left that can be decided now. */
  settle(): void {
    for (;;) {
      const work = this.#queue.next();
      if (work !== undefined) {
        this.ev.attempt(work, undefined);
        continue;
      }
      const next = this.#conditions.next() ?? this.#loops.next();
      if (next === undefined) return;
      this.#unfold(next);
    }
  }

  /** Takes up what waited for a contract. */
  resume(contract: string): void {
    const waiting = this.#waiting.get(contract) ?? [];
    this.#waiting.delete(contract);
    for (const pending of waiting) (pending.item.kind === 'if' ? this.#conditions : this.#loops).push(pending);
    this.settle();
  }

  /** Decides the steps of L3 items, once every contract is matched. */
  unfoldSteps(): void {
    this.#decided = true;
    while (this.#steps.length > 0) {
      const steps = this.#steps;
      this.#steps = [];
      for (const step of steps) this.#unfold(step);
      this.settle();
    }
  }

  #unfold(pending: Pending): void {
    for (let at: Obj | null = pending.obj; at !== null; at = at.parent) if (at.facts.gone === true) return;
    try {
      this.ev.attempt(() => (pending.item.kind === 'if' ? this.#decide(pending.item, pending) : this.#loop(pending.item, pending)), undefined);
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      (this.#waiting.get(error.contract) ?? this.#waiting.set(error.contract, []).get(error.contract))?.push(pending);
    }
  }

  #decide(item: If, { obj, from }: Pending): void {
    const yes = truth(this.ev, item.condition, from.scope);
    const branch: Body | If | undefined = yes ? item.then : item.else;
    if (branch === undefined) return;
    if (branch.kind === 'if') (isItemBody(obj, from) ? this.#steps : this.#conditions).push({ item: branch, obj, from });
    else this.nested(obj, branch.items, from);
  }

  #loop(item: For, { obj, from }: Pending): void {
    const source = this.ev.evaluate(item.source, from.scope);
    const list: readonly Value[] | undefined = itemsOf(source) ?? (isObject(source) && source.t === 'range' ? rangeItems(source, item.source.span) : source === null ? [] : undefined);
    if (list === undefined) throw new Fault(types.create.badOperand(item.source.span, { op: 'for', operand: describe(source), help: 'go over a list' }));
    this.#unfolded += list.length;
    if (this.#unfolded > MOST_ITEMS) this.ev.exhaust(types.create.tooMuch(item.span, { limit: '100,000', what: 'items' }));
    for (const value of list) {
      this.nested(obj, item.body.items, within(from, from.scope.with(item.variable.text, value), from.layer));
    }
  }
}

/** What a part of the body says: a block of a layer, one round of a loop. Written out, because spreading takes five times as long. */
function within({ items, rank, by, inherited }: Contribution, scope: Scope, layer: string | null): Contribution {
  return inherited === true ? { items, scope, rank, by, layer, inherited } : { items, scope, rank, by, layer };
}

/** The body of an L3 kind, as opposed to what a lab says about the item. */
function isItemBody(obj: Obj, from: Contribution): boolean {
  return obj.kind.layer === 'L3' && obj.template === null && obj.kind.contract === null && from.rank === 0;
}
