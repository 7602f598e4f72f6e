/**
 * All objects of the lab, by kind and by what else they are asked for. Lists and indexes are made when first asked for;
 * an index is brought up to date by what came since, and made anew when an object went, which is rare.
 */
import { sortedBy } from '../base/text.js';
import type { Obj } from './model.js';

/** Objects of one kind by some property of theirs; `seen` of the kind's list are in it. */
interface Index {
  readonly groups: Map<unknown, Obj[]>;
  seen: number;
}

const NONE: readonly Obj[] = [];

export class Census {
  /** By kind, in the order of their making. */
  readonly byWord = new Map<string, Obj[]>();
  /** Global objects by label, for bare names. */
  readonly byLabel = new Map<string, Obj[]>();
  readonly #ordered = new Map<string, { readonly count: number; readonly list: readonly Obj[] }>();
  readonly #indexes = new Map<string, Index>();

  /** Objects that were ever made. */
  made = 0;

  add(obj: Obj, global: boolean): void {
    this.made++;
    push(this.byWord, obj.kind.word, obj);
    if (global) push(this.byLabel, obj.key, obj);
  }

  /** Objects by the contracts that they fulfil. */
  readonly #fulfilling = new Map<string, Set<Obj>>();

  fulfils(contract: string, obj: Obj): void {
    const known = this.#fulfilling.get(contract);
    if (known === undefined) this.#fulfilling.set(contract, new Set([obj]));
    else known.add(obj);
  }

  /** Those who fulfil a contract, in the order of their places in the lab. */
  fulfilling(contract: string): readonly Obj[] {
    return sortedBy([...(this.#fulfilling.get(contract) ?? [])].filter((obj) => obj.facts.gone !== true), (obj) => obj.sortKey);
  }

  /** An object has children that are not made yet: they are when somebody asks for all of their kind. */
  delay(obj: Obj, words: Iterable<string>): void {
    this.#delayed.push(obj);
    for (const word of words) this.#delayedWords.add(word);
  }

  readonly #delayed: Obj[] = [];
  readonly #delayedWords = new Set<string>();

  #make(word: string): void {
    if (this.#delayedWords.delete(word)) for (const { unmade } of this.#delayed) if (unmade?.makes(word) === true) unmade.make();
  }

  remove(obj: Obj): void {
    const { word } = obj.kind;
    drop(this.byWord, word, obj);
    drop(this.byLabel, obj.key, obj);
    this.#ordered.clear();
    for (const name of [...this.#indexes.keys()]) if (name.startsWith(`${word} `)) this.#indexes.delete(name);
  }

  /** Objects of these kinds in the order of their places in the lab. */
  ordered(words: readonly string[]): readonly Obj[] {
    const name = words.join(' ');
    for (const word of words) this.#make(word);
    const lists = words.map((word) => this.byWord.get(word) ?? NONE);
    const count = lists.reduce((sum, list) => sum + list.length, 0);
    const known = this.#ordered.get(name);
    if (known?.count === count) return known.list;
    const list = sortedBy(lists.flat(), (obj) => obj.sortKey);
    this.#ordered.set(name, { count, list });
    return list;
  }

  /** Objects of a kind on one machine. */
  on(machine: Obj, word: string): readonly Obj[] {
    return this.#group(word, 'machine', machine, (obj) => obj.machine);
  }

  /** Objects of a kind in one instance. */
  in(instance: Obj | null, word: string): readonly Obj[] {
    return this.#group(word, 'instance', instance, (obj) => obj.instance);
  }

  /** Objects of a kind with that label. */
  labelled(word: string, label: string): readonly Obj[] {
    return this.#group(word, 'label', label, (obj) => obj.key);
  }

  #group(word: string, by: string, of: unknown, property: (obj: Obj) => unknown): readonly Obj[] {
    const name = `${word} ${by}`;
    this.#make(word);
    let index = this.#indexes.get(name);
    if (index === undefined) this.#indexes.set(name, (index = { groups: new Map(), seen: 0 }));
    const all = this.byWord.get(word) ?? NONE;
    for (; index.seen < all.length; index.seen++) {
      const obj = all[index.seen];
      if (obj !== undefined) push(index.groups, property(obj), obj);
    }
    return index.groups.get(of) ?? NONE;
  }
}

function drop(map: Map<string, Obj[]>, key: string, obj: Obj): void {
  const list = map.get(key);
  if (list?.includes(obj) === true) map.set(key, list.filter((other) => other !== obj));
}

function push<K>(map: Map<K, Obj[]>, key: K, obj: Obj): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [obj]);
  else list.push(obj);
}
