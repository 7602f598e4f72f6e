/** Where a person looks for an object: the statement of the lab that brought it in, and what tells two of one declaration apart. */
import { isLibraryFile } from '../base/library-file.js';
import type { Obj } from './model.js';

/** The statement of the lab that brought an object of the library in. */
export function writtenAt(obj: Obj): Obj {
  for (let at: Obj | null = obj; at !== null; at = at.parent) if (!isLibraryFile(at.span.file)) return at;
  return obj;
}

/** Places of two objects that differ: of two instances of one app, the instances. */
export function apart(one: Obj, two: Obj): readonly [Obj, Obj] {
  let [a, b] = [writtenAt(one), writtenAt(two)];
  while (same(a, b) && a.parent !== null && b.parent !== null && a.parent !== b.parent) [a, b] = [writtenAt(a.parent), writtenAt(b.parent)];
  return [a, b];
}

function same(a: Obj, b: Obj): boolean {
  return a.span.file === b.span.file && a.span.start === b.span.start;
}
