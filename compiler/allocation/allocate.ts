/**
 * S6: gives every want a value that is unique in its space. What is written down wins, what the lock holds stays, and
 * the rest is probed from a hash of its own identity, so that two branches that add machines seldom collide and adding
 * one never moves another. Pure: the order of wants and of facts does not matter.
 */
import { fnv1a } from '../base/fnv.js';
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Fact, Lock } from './lock.js';
import { printPool, sequenceOf, type Pool, type Sequence } from './pool.js';

/** One value that the lab needs. */
export interface Want {
  /** Everything in one space is unique: `vmid/pve`, `address/lan`, `port/carrie`, `mac`. */
  readonly space: string;
  /** Who wants it, unique in the space: `carrie`. */
  readonly id: string;
  /** Written down: it wins, inside the pool or not, and nobody else gets it. */
  readonly fixed?: string;
  /** Taken when free, inside the pool or not. */
  readonly preferred?: string;
  readonly pool: Pool;
  /** Holds its value against the others, and is none of the lock's business: the address of a router, of a node. */
  readonly reserved?: boolean;
  /** What else the probe starts from: the lab's name, where values should differ between labs too. */
  readonly seed?: string;
  readonly span: Span;
}

export interface Allocation {
  /** By `keyOf`; a want for which nothing was left has no entry, and a diagnostic. */
  readonly values: ReadonlyMap<string, string>;
  /** The lock to write when the build succeeds. */
  readonly lock: Lock;
  readonly diagnostics: readonly Diagnostic[];
}

/** Kinds of facts that no want asks for: they stay. */
const KEPT: readonly string[] = ['image', 'library'];

/** The key of a want's fact: `vmid/pve` and `carrie` are `vmid pve/carrie`. */
export function keyOf(want: { readonly space: string; readonly id: string }): string {
  return `${want.space}/${want.id}`.replace('/', ' ');
}

export function allocate(wants: readonly Want[], lock: Lock): Allocation {
  const state = new Allocator(lock);
  const sorted = [...new Map(wants.map((want) => [keyOf(want), want])).values()].sort((a, b) => compareText(a.space, b.space) || compareText(a.id, b.id));
  for (const want of sorted) if (want.fixed !== undefined) state.take(want, want.fixed);
  const free = sorted.filter((want) => want.fixed === undefined);
  const unlocked = free.filter((want) => !state.keep(want));
  state.reserveSlots(sorted);
  for (const want of unlocked) state.probe(want);
  return state.finish();
}

class Allocator {
  readonly #lock: Lock;
  readonly #values = new Map<string, string>();
  /** By space, then value: who has it. */
  readonly #taken = new Map<string, Map<string, Want>>();
  /** Facts of slots that disks have left. */
  readonly #freed = new Map<string, string>();
  /** Pools by their spaces that were found empty: each is reported once. */
  readonly #empty = new Set<string>();
  readonly #diagnostics: Diagnostic[] = [];

  constructor(lock: Lock) {
    this.#lock = lock;
  }

  take(want: Want, value: string): void {
    if (want.reserved !== true) this.#values.set(keyOf(want), value);
    const space = this.#space(want);
    if (!space.has(value)) space.set(value, want);
  }

  /** Keeps what the lock holds for this want, if that still fits. */
  keep(want: Want): boolean {
    const fact = this.#lock.facts.get(keyOf(want));
    if (fact === undefined) return false;
    if (fact.value !== want.preferred && sequenceOf(want.pool).indexOf(fact.value) === -1) return false;
    const holder = this.#space(want).get(fact.value);
    if (holder === undefined) {
      this.take(want, fact.value);
      return true;
    }
    if (holder.fixed !== undefined) {
      // What was built may not change its number or slot: that is refused where the whole plan is known.
      if (!this.#lock.facts.has(builtBy(want))) this.#diagnostics.push(proofs.create.allocationMoved(holder.span, { subject: keyOf(want), value: fact.value, holder: holder.id }, { labels: [{ span: want.span, text: 'gets another one' }] }));
      return false;
    }
    this.#conflict(want, fact, holder);
    return true;
  }

  /**
   * Slots that disks which are new may not have: Terraform would hand over the volume that lies there, data and all, while a
   * review says that it goes. What was a disk until this edit leaves a fact, since nobody knows when it is carried out; one
   * that is retired has its own. Only a disk of that name gets its slot back.
   */
  reserveSlots(wants: readonly Want[]): void {
    const asked = new Set(wants.map(keyOf));
    const spaces = new Map(wants.map((want) => [want.space, want]));
    for (const [key, { value }] of this.#lock.facts) {
      const [, machine = '', name = ''] = /^slot ([^/]+)\/([^.]+)$/.exec(key) ?? /^(?:freed|retired_disk) disk\/([^.]+)\.([^:]+)/.exec(key) ?? [];
      const like = spaces.get(`slot/${machine}`);
      const slot = value.split(',')[0] ?? '';
      if (like === undefined || slot === '' || asked.has(`slot ${machine}/${name}`)) continue;
      const holder = this.#space(like).get(slot);
      if (holder !== undefined && (holder.reserved !== true || holder.id !== name)) continue;
      this.take({ ...like, id: name, reserved: true }, slot);
      if (!key.startsWith('retired')) this.#freed.set(`freed disk/${machine}.${name}`, slot);
    }
  }

  /** The preferred value, or the first free one from where the hash points. */
  probe(want: Want): void {
    const space = this.#space(want);
    const freed = want.space.startsWith('slot/') ? `freed disk/${want.space.slice('slot/'.length)}.` : null;
    const own = freed === null ? undefined : this.#lock.facts.get(freed + want.id)?.value;
    if (own !== undefined && !space.has(own)) return this.take(want, own);
    if (want.preferred !== undefined && !space.has(want.preferred)) return this.take(want, want.preferred);
    const sequence = sequenceOf(want.pool);
    if (this.#empty.size > 0 && this.#empty.has(`${want.space} ${printPool(want.pool)}`)) return;
    const start = startOf(want, sequence);
    for (let step = 0; step < sequence.size; step++) {
      const value = sequence.at((start + step) % sequence.size);
      if (!space.has(value)) return this.take(want, value);
    }
    // Nothing is left but what earlier edits have freed.
    const [last] = freed === null ? [] : [...this.#freed.keys()].filter((key) => key.startsWith(freed) && this.#lock.facts.has(key)).sort(compareText);
    const again = last === undefined ? undefined : this.#freed.get(last);
    if (last !== undefined && again !== undefined && sequence.indexOf(again) >= 0) {
      this.#freed.delete(last);
      space.delete(again);
      return this.take(want, again);
    }
    const pool = printPool(want.pool);
    this.#empty.add(`${want.space} ${pool}`);
    this.#diagnostics.push(lab.create.poolEmpty(want.span, { what: nounOf(want.space), pool, help: helpFor(want.space) }));
  }

  finish(): Allocation {
    const facts = new Map<string, Fact>();
    for (const [key, fact] of this.#lock.facts) if (KEPT.includes(key.slice(0, key.indexOf(' ')))) facts.set(key, fact);
    for (const [key, value] of this.#freed) facts.set(key, { value, span: null });
    for (const [key, value] of this.#values) facts.set(key, { value, span: null });
    return { values: this.#values, lock: { facts }, diagnostics: this.#diagnostics };
  }

  /** Two lines of the lock hold one value: two branches allocated it. Neither machine moves until a person says which. */
  #conflict(want: Want, fact: Fact, holder: Want): void {
    const first = keyOf(holder);
    const second = keyOf(want);
    this.#values.set(second, fact.value);
    const other = this.#lock.facts.get(first)?.span ?? null;
    this.#diagnostics.push(lab.create.lockConflict(
      fact.span ?? want.span,
      { subject: fact.value, first, second },
      { labels: [{ span: other ?? holder.span, text: 'the other line' }] },
    ));
  }

  #space(want: Want): Map<string, Want> {
    const known = this.#taken.get(want.space);
    if (known !== undefined) return known;
    const made = new Map<string, Want>();
    this.#taken.set(want.space, made);
    return made;
  }
}

/** A second hash fills what 32 bits do not reach in a pool of MACs. */
function startOf(want: Want, sequence: Sequence): number {
  const identity = `${want.seed ?? ''} ${want.space} ${want.id}`;
  const wide = sequence.size > 2 ** 32 ? (fnv1a(`${identity} `) % 256) * 2 ** 32 : 0;
  return sequence.size === 0 ? 0 : (wide + fnv1a(identity)) % sequence.size;
}

/** The fact that says that a want's holder was built. */
function builtBy({ space, id }: Want): string {
  const [kind = '', owner = ''] = space.split('/');
  return kind === 'vmid' ? `machine ${id}` : kind === 'slot' ? `disk ${owner}/${id}` : '';
}

function nounOf(space: string): string {
  const kind = space.split('/')[0] ?? space;
  const nouns: Readonly<Record<string, string>> = { vmid: 'VMID', address: 'address', port: 'host port', slot: 'slot', mac: 'MAC address' };
  return nouns[kind] ?? kind;
}

/** What a person writes to have more of it. */
function helpFor(space: string): string {
  const [kind = '', owner = ''] = space.split('/');
  switch (kind) {
    case 'address': return `make \`allocate\` of the network ${owner} larger`;
    case 'vmid': return `make \`vmids\` of the cluster ${owner} larger`;
    case 'port': return 'make `ports` of the lab larger';
    default: return 'take one away: there are no more';
  }
}
