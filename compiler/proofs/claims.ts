/** The commonest proof: of all who claim a thing, only one may. */
import { isLibraryFile } from '../base/library-file.js';
import type { Label } from '../diagnostics/diagnostic.js';
import type { Origin } from '../plan/data.js';
import { spanOf } from './rule.js';

export interface Claim {
  /** What is claimed, with all that makes it one thing: cluster, machine, protocol. */
  readonly key: string;
  /** Who claims it, for messages: `carrie`, `nic iot of carrie`. */
  readonly who: string;
  readonly origin: Origin;
  /** The statement of the lab that brought it in, where its own place is the library's, or that of another instance too. */
  readonly within?: Origin | undefined;
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
    else {
      const [before, second] = apart(first, claim);
      found.push({ first: before, second, labels: [otherPlace(before)] });
    }
  }
  return found;
}

/** Both claims at places that a person can edit and tell apart. */
export function apart<C extends Pick<Claim, 'origin' | 'within'>>(first: C, second: C): readonly [C, C] {
  const [a, b] = [editable(first), editable(second)];
  return samePlace(a.origin, b.origin) ? [outer(a), outer(b)] : [a, b];
}

function editable<C extends Pick<Claim, 'origin' | 'within'>>(claim: C): C {
  return isLibraryFile(claim.origin.file) ? outer(claim) : claim;
}

function outer<C extends Pick<Claim, 'origin' | 'within'>>(claim: C): C {
  return claim.within === undefined ? claim : { ...claim, origin: claim.within };
}

export function samePlace(a: Origin, b: Origin): boolean {
  return a.file === b.file && a.line === b.line && a.start === b.start;
}

/** The label that shows who was there before. */
export function otherPlace(claim: Pick<Claim, 'who' | 'origin'>): Label {
  return { span: spanOf(claim.origin), text: `${claim.who} is here` };
}
