/**
 * Former names: which thing of the lab before is which of the lab after, and which differences are nothing but the new name.
 * Names are compared by their last part, since a thing may be renamed within another one that was renamed too.
 */
import type { NamedSort, PlanRename } from '../plan/identity.js';

export interface Pair<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
}

export class Renames {
  private readonly words: readonly (readonly [RegExp, string])[];

  constructor(private readonly renames: readonly PlanRename[]) {
    const words = new Map<string, string>();
    for (const { name, was } of renames) for (const old of was) if (last(old) !== last(name)) words.set(last(old), last(name));
    this.words = [...words].sort(([a], [b]) => b.length - a.length).map(([old, now]) => [new RegExp(`(?<![A-Za-z0-9])${escaped(old)}(?![A-Za-z0-9])`, 'g'), now]);
  }

  /** Things before and after by name, former names followed; in the order of `after`, then what is gone. `scope` is what they stand in. */
  pairs<T>(sort: NamedSort, scope: string, before: readonly T[], after: readonly T[], nameOf: (thing: T) => string): readonly Pair<T>[] {
    const old = new Map(before.map((thing) => [nameOf(thing), thing]));
    const pairs = after.map((thing): Pair<T> => {
      const name = [nameOf(thing), ...this.formerNames(sort, scope === '' ? nameOf(thing) : `${scope}.${nameOf(thing)}`)].find((candidate) => old.has(candidate));
      const found = name === undefined ? undefined : old.get(name);
      if (name !== undefined) old.delete(name);
      return { before: found, after: thing };
    });
    return [...pairs, ...[...old.values()].map((thing): Pair<T> => ({ before: thing, after: undefined }))];
  }

  /** By its whole name: `vault.server.data`. */
  renameOf(sort: NamedSort, name: string): PlanRename | undefined {
    return this.renames.find((rename) => rename.sort === sort && rename.name === name);
  }

  /** A text of before with every former name replaced. */
  renamed(text: string): string {
    return this.words.reduce((done, [old, now]) => done.replace(old, now), text);
  }

  /** Whether `before` becomes `after` by the new names alone. */
  explains(before: unknown, after: unknown): boolean {
    if (this.words.length === 0) return false;
    return same(before, after, (text) => this.renamed(text));
  }

  /** The last parts of its former names, the latest first. */
  formerNames(sort: NamedSort, name: string): readonly string[] {
    return this.renameOf(sort, name)?.was.map(last) ?? [];
  }
}

/** Equal as data; `origin` and fields that are undefined do not count. `text` is laid over the texts and keys of the first. */
export function same(a: unknown, b: unknown, text: (value: string) => string = (value) => value): boolean {
  if (a === b) return true;
  if (typeof a === 'string') return typeof b === 'string' && text(a) === b;
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => same(item, b[i], text));
  const left = fields(a).map(([key, value]) => [text(key), value] as const);
  const right = new Map(fields(b));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key), text));
}

function fields(value: object): [string, unknown][] {
  return Object.entries(value).filter(([key, item]) => key !== 'origin' && item !== undefined);
}

/** The last part of a name: `data` of `vault.server.data`. */
export function last(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
