/**
 * S4 and S5: who asks, who answers. Contracts are matched one after the other, in the order that their `derives` and what is read
 * while matching give; after a contract's turn its providers' loops over the requests are unfolded, which may ask for later ones.
 */
import { lab } from '../diagnostics/catalogue/lab.js';
import { Fault, NotYet } from '../eval/context.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Obj } from '../eval/model.js';
import { isDeclined } from '../eval/objects.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { KindShape } from '../shapes/shape.js';
import type { Builder } from '../structure/builder.js';
import { compareText } from '../base/text.js';
import { apart, writtenAt } from '../eval/places.js';
import { Providers } from './providers.js';

export interface Unmet {
  readonly request: Obj;
  readonly declined: boolean;
}

export interface Matching {
  /** Requests that nobody answers, where that is no error. */
  readonly unmet: readonly Unmet[];
  readonly order: readonly string[];
}

export function matchContracts(ev: Evaluator, builder: Builder): Matching {
  const matched = new Set<string>();
  ev.matched = matched;
  const unmet: Unmet[] = [];
  const order: string[] = [];
  let waiting = byDerives(ev.shapes.contracts());
  const waits = new Map<KindShape, string>();
  while (waiting.length > 0) {
    const later: KindShape[] = [];
    let moved = false;
    for (const contract of waiting) {
      const missing = matchOne(ev, contract, unmet);
      if (missing !== null) {
        waits.set(contract, missing);
        later.push(contract);
        continue;
      }
      moved = true;
      matched.add(contract.word);
      order.push(contract.word);
      builder.resume(contract.word);
    }
    if (!moved) break;
    waiting = later;
  }
  ev.matched = null;
  for (const request of builder.lateRequests) {
    // What a late request derives is late with it.
    if (request.parent?.kind.contract == null) ev.report(lab.create.lateRequest(request.span, { contract: request.kind.word, help: lateHelp(ev, request.kind.word, order) }));
    request.facts.providers ??= [];
  }
  for (const contract of waiting.slice(0, 1)) reportWaiting(ev, contract, waits.get(contract) ?? contract.word);
  for (const contract of waiting) for (const request of ev.byWord.get(contract.word) ?? []) request.facts.providers ??= [];
  ev.forget();
  return { unmet, order };
}

/** What to type instead: the statement elsewhere, or a word in a contract of the lab's own that has its turn after this one. */
function lateHelp(ev: Evaluator, word: string, order: readonly string[]): string {
  const own = order.slice(order.indexOf(word) + 1).filter((name) => ev.shapes.contract(name)?.library === 'lab');
  const move = `move this \`${word}\` out of the \`if\` or \`for\` that reads requests`;
  return own.length === 0 ? move : `${move}, or write \`derives = [${word}]\` in the contract that it reads (${own.map((name) => `\`${name}\``).join(', ')})`;
}

/** Contracts so that what derives stands before what is derived; ties keep the order of declaration. */
function byDerives(contracts: readonly KindShape[]): KindShape[] {
  const out: KindShape[] = [];
  const visit = (contract: KindShape, path: readonly KindShape[]): void => {
    if (out.includes(contract) || path.includes(contract)) return;
    for (const other of contracts) if (other.contract?.derives.includes(contract.word) === true) visit(other, [...path, contract]);
    out.push(contract);
  };
  const sorted = [...contracts].sort((a, b) => compareText(a.span.file, b.span.file) || a.span.start - b.span.start);
  for (const contract of sorted.filter((item) => item.word !== 'state' && item.word !== 'reach')) visit(contract, []);
  for (const word of ['reach', 'state']) for (const contract of sorted) if (contract.word === word) visit(contract, []);
  return out;
}

/** What is asked for before its turn, however long one waits, is asked for in a circle. */
function reportWaiting(ev: Evaluator, contract: KindShape, missing: string): void {
  const first = ev.everyOf([contract.word])[0];
  if (first !== undefined) ev.report(lab.create.contractCircle(writtenAt(first).span, { contract: contract.word, missing }));
}

/** The contract that has to come first, when something of it is read that is not there yet: this one waits. */
function matchOne(ev: Evaluator, contract: KindShape, unmet: Unmet[]): string | null {
  const requests = ev.everyOf([contract.word]);
  const chosen: { request: Obj; providers: Obj[] }[] = [];
  try {
    const providers = new Providers(ev, contract.word);
    for (const request of requests) chosen.push({ request, providers: ev.attempt(() => choose(ev, contract, request, providers), []) });
    ev.attempt(() => checkUnique(ev, contract, requests), undefined);
  } catch (error) {
    if (error instanceof NotYet) return error.contract;
    throw error;
  }
  const lacking: Obj[] = [];
  for (const { request, providers: answering } of chosen) {
    assign(request, answering);
    if (answering.length > 0) continue;
    const declined = isDeclined(request) || mayBeLost(ev, request);
    if (!declined && contract.contract?.unmet === 'error') lacking.push(request);
    else unmet.push({ request, declined });
  }
  // What is wrong before may be why nobody answers, so it is said alone.
  if (lacking.length > 0 && !ev.failed()) reportUnmet(ev, contract, lacking);
  return null;
}

/** State that says why losing it does no harm needs nobody to capture it. */
function mayBeLost(ev: Evaluator, request: Obj): boolean {
  return request.kind.word === 'state' && ev.attempt(() => ev.attribute(request, 'disposable', request.span), null) !== null;
}

/** One provider is missing, so one thing is said, at the first who asks. */
function reportUnmet(ev: Evaluator, contract: KindShape, requests: readonly Obj[]): void {
  const first = requests[0];
  if (first === undefined) return;
  const at = writtenAt(first);
  const others = new Set(requests.map((request) => writtenAt(request)).filter((other) => other !== at));
  const labels = [...(at === first ? [] : [{ span: first.span, text: `it asks for a \`${contract.word}\` here` }]), ...[...others].slice(0, 3).map((other) => ({ span: other.span, text: 'so does this' }))];
  ev.report(lab.create.unmet(at.span, { contract: contract.word, help: unmetHelp(ev, contract.word) }, { labels }));
}

/** Ties a request to those who answer it. */
export function assign(request: Obj, providers: readonly Obj[]): void {
  request.facts.providers = providers;
  for (const provider of providers) {
    const byContract = (provider.facts.requests ??= new Map());
    const list = byContract.get(request.kind.word);
    if (list === undefined) byContract.set(request.kind.word, [request]);
    else list.push(request);
  }
}

/** Who answers one request: `via`, then the same machine, then `accepts`, then the only one. */
export function choose(ev: Evaluator, contract: KindShape, request: Obj, providers: Providers): Obj[] {
  if (isDeclined(request)) return [];
  const able = providers.accepting(request);
  if (contract.contract?.provider === 'each') return able;
  const chosen = viaOf(ev, request);
  if (chosen !== null) {
    if (providers.all.includes(chosen)) return [chosen];
    throw new Fault(lab.create.wrongProvider(request.defs.get('via')?.[0]?.span ?? request.span, { name: chosen.key, contract: contract.word, providers: providers.all.map((provider) => `\`${provider.key}\``).join(', ') || 'nothing in the lab' }));
  }
  if (contract.word === 'state') return able.filter((provider) => provider.machine === request.machine).slice(0, 1);
  const near = able.filter((provider) => provider.machine !== null && provider.machine === request.machine);
  const best = near.length > 0 ? near : able;
  if (best.length <= 1) return best;
  const at = writtenAt(request);
  const via = `via = ${best[0]?.key ?? ''}`;
  const help = at === request ? `say which: \`${via}\`` : `say which: \`${contract.word} ${request.key} { ${via} }\` in the body of \`${at.key}\``;
  throw new Fault(lab.create.ambiguousProvider(at.span, { contract: contract.word, providers: best.map((provider) => `\`${provider.key}\``).join(', '), help }, { labels: best.map((provider) => ({ span: provider.span, text: 'this one answers' })) }));
}

function viaOf(ev: Evaluator, request: Obj): Obj | null {
  if (request.param('via') === undefined) return null;
  const via = ev.attribute(request, 'via', request.span);
  return isObject(via) && via.t === 'obj' ? via : null;
}

function checkUnique(ev: Evaluator, contract: KindShape, requests: readonly Obj[]): void {
  const fields = contract.contract?.unique ?? [];
  if (fields.length === 0) return;
  const seen = new Map<string, Obj>();
  for (const request of requests) {
    const values = ev.attempt(() => fields.map((field) => {
      const value = ev.member(request, field, request.span, request.kindFrame as never);
      return plainText(value) ?? (isObject(value) && value.t === 'endpoint' ? value.id : '');
    }), null);
    if (values === null) continue;
    const key = values.join(' ');
    const other = seen.get(key);
    if (other === undefined) seen.set(key, request);
    else {
      const [at, before] = apart(request, other);
      ev.report(lab.create.notUnique(at.span, { contract: contract.word, fields: fields.join(' and '), value: values.filter((value) => value !== '').join(' ') }, { labels: [{ span: before.span, text: 'the other one is here' }] }));
    }
  }
}

/** What to run or to say when nothing answers. */
function unmetHelp(ev: Evaluator, contract: string): string {
  const able: string[] = [];
  for (const sort of ['workload', 'capability'] as const) {
    for (const decl of ev.program.all(sort)) {
      const answers = decl.head.body?.items.some((item) => item.kind === 'head' && item.word.text === 'fulfils' && item.entries.some((entry) => entry.label.kind === 'ref-label' && entry.label.parts.some((part) => part.kind === 'name' && part.text === contract)));
      if (answers === true) able.push(sort === 'workload' ? `\`run ${decl.name}\`` : `\`has ${decl.name}\``);
    }
  }
  const options = [...new Set(able)].sort(compareText).slice(0, 3).join(' or ');
  return options === '' ? `say \`decline ${contract}\` on the machine or instance` : `add ${options} to a machine, or say \`decline ${contract}\``;
}
