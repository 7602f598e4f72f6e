/** The standard library from the folder `stdlib/` of this package: its `.lab` files parsed, the files that they name as they are. */
import { sortedBy } from '../base/text.js';
import type { StandardLibrary } from '../library.js';
import { joinPath } from '../host/paths.js';
import { decodeUtf8 } from '../sources/decode.js';
import { parseFile } from '../syntax/parse.js';
import { nodeDisk } from './node-host.js';

export function readStandardLibrary(): StandardLibrary {
  const root = packageRoot(import.meta.dirname);
  const texts = new Map<string, string>();
  read(root, 'stdlib', texts);
  const sources = sortedBy(texts, ([path]) => path).filter(([path]) => path.endsWith('.lab'));
  return { files: sources.map(([path, text]) => parseFile({ path, text }).value), text: (path) => texts.get(path) };
}

/** The nearest folder above that holds the library: bundles lie one folder deep, sources two. */
function packageRoot(folder: string): string {
  for (let at = folder; at !== '/'; at = joinPath(at, '..')) if (nodeDisk.stat(joinPath(at, 'stdlib/prelude')) !== undefined) return at;
  throw new Error('the standard library is missing from the package');
}

function read(root: string, folder: string, texts: Map<string, string>): void {
  for (const entry of nodeDisk.list(joinPath(root, folder))) {
    const path = joinPath(folder, entry.name);
    if (entry.type === 'folder') read(root, path, texts);
    else if (!path.endsWith('.ts')) texts.set(path, decodeUtf8(nodeDisk.read(joinPath(root, path))).text);
  }
}
