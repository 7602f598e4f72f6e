/** The repository on disk, overlaid with what earlier generators of the same run made. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareText } from '../base/text.js';
import type { Repository } from './generator.js';

/** `made` may grow while generators run: later reads see it. */
export function openRepository(root: string, made: ReadonlyMap<string, string> = new Map()): Repository {
  return {
    root,
    read: async (path) => made.get(path) ?? (await readFile(join(root, path), 'utf8')),
    list: async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
      const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
      return paths.map((path) => path.slice(root.length + 1).replaceAll('\\', '/')).sort(compareText);
    },
  };
}
