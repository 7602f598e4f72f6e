/**
 * L3 items whose kind's body makes nothing but steps, ways back and items inside the item. Nobody asks for these before the
 * machine is lowered, and a lab has thousands of items of which the same is said: their bodies stay closed until then.
 */
import type { Obj } from '../eval/model.js';
import type { KindShape } from '../shapes/shape.js';
import type { Shapes } from '../shapes/shapes.js';
import type { Head, Item } from '../syntax/ast.js';

/** Words of a kind's body that nobody outside of the item sees. */
const INNER: ReadonlySet<string> = new Set(['let', 'on', 'removal']);
const STEPS: ReadonlySet<string> = new Set(['task', 'undo']);

/** Whether a new item's kind body may wait. */
export function mayWait(shapes: Shapes, obj: Obj, head: Head): boolean {
  const { kind, machine, parent } = obj;
  return obj.template === null && knowsInside(machine) && (parent === machine || parent?.kind.word === 'capability') && givesValues(kind, head) && isPlainKind(shapes, kind);
}

/** Whether the system is known and the inside is labc's: otherwise a body says so. */
export function knowsInside(machine: Obj | null): boolean {
  return machine !== null && (machine.facts.os ?? null) !== null && (machine.kind.takes.size === 0 || machine.kind.takes.has('L3'));
}

/** Whether items of the kind are steps, ways back and items of that sort. */
export function isPlainKind(shapes: Shapes, kind: KindShape): boolean {
  return kind.layer === 'L3' && kind.contract === null && !kind.free && isPlain(shapes, kind, []);
}

/** Whether a statement about an item gives values to its parameters and says nothing else. */
export function givesValues(kind: KindShape, head: Head): boolean {
  return (head.body?.items ?? []).every((item) => item.kind === 'assign' || (item.kind === 'head' && item.entries.length === 0 && kind.params.has(item.word.text)));
}

const plain = new WeakMap<KindShape, boolean>();

/** Whether a kind's body makes steps, ways back and plain items only. */
function isPlain(shapes: Shapes, kind: KindShape, line: readonly KindShape[]): boolean {
  if (line.includes(kind)) return false;
  let known = plain.get(kind);
  if (known === undefined) plain.set(kind, (known = kind.body.every((item) => isPlainItem(shapes, kind, item, [...line, kind]))));
  return known;
}

function isPlainItem(shapes: Shapes, kind: KindShape, item: Item, line: readonly KindShape[]): boolean {
  const all = (items: readonly Item[] | undefined): boolean => (items ?? []).every((inner) => isPlainItem(shapes, kind, inner, line));
  switch (item.kind) {
    case 'assign': return false;
    case 'for': return all(item.body.items);
    case 'if': return all(item.then.items) && (item.else === undefined || (item.else.kind === 'if' ? isPlainItem(shapes, kind, item.else, line) : all(item.else.items)));
    case 'head': {
      const word = item.word.text;
      if (INNER.has(word)) return all(word === 'let' ? [] : item.body?.items);
      if (STEPS.has(word)) return (item.body?.items ?? []).every((inner) => inner.kind === 'assign' || (inner.kind === 'head' && inner.entries.length === 0 && inner.body !== undefined));
      const inside = shapes.kindIn(word, kind.roles);
      return inside !== undefined && inside.layer === 'L3' && inside.contract === null && isPlain(shapes, inside, line);
    }
  }
}
