/**
 * The standard library as the compiler takes it, and as it travels with the compiler: parsed trees and texts that
 * `npm run gen` packs from `stdlib/`.
 */
import { TEXTS } from './library/texts.gen.js';
import { STRINGS, TREES } from './library/trees.gen.js';
import type { File } from './syntax/ast.js';
import { unpackFile } from './syntax/serialize.js';

export interface StandardLibrary {
  readonly files: readonly File[];
  /** Text of a `.lab` file or of a file that one names, by path such as `stdlib/capabilities/docker.asc`. */
  text(path: string): string | undefined;
}

export function standardLibrary(): StandardLibrary {
  const strings = JSON.parse(STRINGS) as readonly string[];
  return {
    files: TREES.map((tree) => unpackFile(tree, strings)),
    text: (path) => (Object.hasOwn(TEXTS, path) ? TEXTS[path] : undefined),
  };
}
