/** The commonest proof: of all who claim a thing, only one may. */
import type { Label } from '../diagnostics/diagnostic.js';
import type { Origin } from '../plan/data.js';
import { spanOf } from './rule.js';

export interface Claim {
  /** What is claimed, with all that makes it one thing: cluster, machine, protocol. */
  readonly key: string;
  /** Who claims it, for messages: `carrie`, `nic iot of carrie`. */
  readonly who: string;
  readonly origin: Origin;
}

export interface Clash<C extends Claim> {
  readonly first: C;
  /** The one that is reported; its place is the diagnostic's. */
  readonly second: C;
  /** The place of the first. */
  readonly labels: readonly Label[];
}

/** Every later claim beside the first one with the same key. */
export function clashes<C extends Claim>(claims: Iterable<C>): Clash<C>[] {
  const firsts = new Map<string, C>();
  const found: Clash<C>[] = [];
  for (const claim of claims) {
    const first = firsts.get(claim.key);
    if (first === undefined) firsts.set(claim.key, claim);
    else found.push({ first, second: claim, labels: [otherPlace(first)] });
  }
  return found;
}

/** The label that shows who was there before. */
export function otherPlace(claim: Pick<Claim, 'who' | 'origin'>): Label {
  return { span: spanOf(claim.origin), text: `${claim.who} is here` };
}
