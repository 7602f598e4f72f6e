/** Text helpers that every phase shares. Order is by code point, never by locale. */

/** Total order of strings by UTF-16 code unit: the only comparator for names that reach output. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A sorted copy; the key of each item is asked for once. */
export function sortedBy<T>(items: Iterable<T>, key: (item: T) => string): T[] {
  const list = [...items];
  if (list.length < 2) return list;
  return list.map((item) => ({ item, key: key(item) })).sort((a, b) => compareText(a.key, b.key)).map(({ item }) => item);
}

/** Every line of `text` that is not empty, moved right by `spaces`. */
export function indent(text: string, spaces: number): string {
  const pad = ' '.repeat(spaces);
  return text.replace(/^(?=.)/gm, pad);
}
