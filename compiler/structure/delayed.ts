/**
 * A capability's statements about plain items, whose objects wait until somebody asks for one of them. Machines that have the
 * same capability and say the same about it never ask: what these statements make is lowered for one of them.
 */
import type { Evaluator } from '../eval/evaluator.js';
import type { Contribution, Obj } from '../eval/model.js';
import type { Unmade } from '../eval/unmade.js';
import { labelText } from '../names/program.js';
import type { Head, Item } from '../syntax/ast.js';
import { givesValues, isPlainKind, knowsInside } from './closed.js';

const NONE: ReadonlySet<Head> = new Set();

/** Statements of one body that may wait. */
export interface Statements {
  readonly heads: ReadonlySet<Head>;
  readonly words: ReadonlySet<string>;
  readonly labels: ReadonlySet<string>;
}

/** Statements that wait, and how they came to be said. */
interface Group {
  readonly statements: Statements;
  readonly from: Contribution;
}

export class Delayed implements Unmade {
  readonly groups: Group[] = [];
  readonly #made = new Set<Head>();

  constructor(private readonly obj: Obj, private readonly makeOne: (head: Head, from: Contribution) => void) {}

  has(label: string): boolean {
    return this.groups.some(({ statements }) => statements.labels.has(label));
  }

  makes(word: string): boolean {
    return this.groups.some(({ statements }) => statements.words.has(word));
  }

  /** Whether the same statements wait here and there. */
  sameAs(other: Delayed): boolean {
    return this.groups.length === other.groups.length && this.groups.every(({ statements }, i) => statements === other.groups[i]?.statements);
  }

  /** Makes the items of these statements; of all for good. */
  make(only?: ReadonlySet<Head>): void {
    this.obj.unmade = null;
    for (const { statements, from } of this.groups) {
      for (const head of only ?? statements.heads) {
        if (this.#made.has(head) || !statements.heads.has(head)) continue;
        this.#made.add(head);
        this.makeOne(head, from);
      }
    }
    if (only !== undefined) this.obj.unmade = this;
  }
}

/** Puts off what may wait. */
export class Delays {
  readonly #known = new Map<readonly Item[], Statements>();

  constructor(private readonly ev: Evaluator, private readonly words: ReadonlyMap<string, unknown>, private readonly make: (obj: Obj, head: Head, from: Contribution) => void) {}

  /** The statements of a capability's own body that wait from now on. */
  delay(obj: Obj, items: readonly Item[], from: Contribution): ReadonlySet<Head> {
    // What takes items away must see them.
    if (obj.kind.word !== 'capability' || from.scope !== obj.frame || obj.facts.withouts !== undefined || !knowsInside(obj.machine)) return NONE;
    let statements = this.#known.get(items);
    if (statements === undefined) this.#known.set(items, (statements = this.#statements(obj, items)));
    if (statements.heads.size === 0) return NONE;
    const delayed = obj.unmade instanceof Delayed ? obj.unmade : new Delayed(obj, (head, said) => this.make(obj, head, said));
    delayed.groups.push({ statements, from });
    obj.unmade = delayed;
    this.ev.census.delay(obj, statements.words);
    return statements.heads;
  }

  /** Those whose labels are plain and that only give values to plain items. */
  #statements(obj: Obj, items: readonly Item[]): Statements {
    const found = { heads: new Set<Head>(), words: new Set<string>(), labels: new Set<string>() };
    const { shapes } = this.ev;
    for (const item of items) {
      if (item.kind !== 'head' || item.entries.length === 0 || this.words.has(item.word.text) || obj.param(item.word.text) !== undefined) continue;
      const kind = shapes.kindIn(item.word.text, obj.kind.roles);
      if (kind === undefined || kind.body.length === 0 || !isPlainKind(shapes, kind) || !givesValues(kind, item)) continue;
      if (item.entries.some(({ label }) => label.kind === 'str-label' && label.value.parts.some((part) => typeof part !== 'string'))) continue;
      found.heads.add(item);
      found.words.add(kind.word);
      for (const { label } of item.entries) found.labels.add(labelText(label));
    }
    return found;
  }
}
