/**
 * Which files of a repository make a library: its `.lab` files, what they name by `file` and `template`, and its licence. Folders
 * that are labs (examples) and hidden ones stay behind. What would reach outside, or is no plain text, is refused in a clause.
 */
import { vendorFolder } from '../base/library-file.js';
import type { SourceFile } from '../base/span.js';
import { compareText } from '../base/text.js';
import { normalPath, parentPath } from '../host/paths.js';
import type { Expr } from '../syntax/ast.js';
import { parseFile } from '../syntax/parse.js';

/** Something that a repository holds, by its path in it. */
export interface TreeEntry {
  readonly path: string;
  readonly type: 'file' | 'link' | 'other';
}

export interface Refused {
  readonly why: string;
}

const LICENCE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** The files to take, sorted; `textOf` reads one of them. */
export function chooseFiles(entries: readonly TreeEntry[], textOf: (path: string) => string | Refused): readonly SourceFile[] | Refused {
  const visible = entries.filter(({ path }) => !path.startsWith(`${vendorFolder}/`) && path.split('/').every((part) => !part.startsWith('.') && part !== 'node_modules'));
  const types = new Map(entries.map((entry) => [entry.path, entry.type]));
  const taken = new Map<string, string>();
  const take = (path: string): Refused | undefined => {
    if (taken.has(path)) return undefined;
    if (types.get(path) === 'link') return { why: `\`${path}\` is a link, and a library holds plain files` };
    if (/[\p{C}\\]/u.test(path)) return { why: 'a name of its files holds characters that not every disk can take' };
    const text = textOf(path);
    if (typeof text !== 'string') return text;
    taken.set(path, text);
    return undefined;
  };
  for (const { path, type } of visible) {
    const refused = (path.endsWith('.lab') && type !== 'other') || (LICENCE.test(path) && type === 'file') ? take(path) : undefined;
    if (refused !== undefined) return refused;
  }
  const trees = [...taken].filter(([path]) => path.endsWith('.lab')).map(([path, text]) => ({ path, file: parseFile({ path, text }).value }));
  const labs = trees.filter(({ file }) => file.items.some((item) => item.kind === 'head' && item.word.text === 'lab')).map(({ path }) => parentPath(path));
  if (labs.includes('.')) return { why: 'it is a lab, not a library: a library declares apps, parts and the like, and has no `lab` statement' };
  const isExample = (path: string): boolean => labs.some((folder) => path.startsWith(`${folder}/`));
  for (const path of [...taken.keys()].filter(isExample)) taken.delete(path);
  for (const { path, file } of trees) {
    if (isExample(path)) continue;
    for (const name of namedFiles(file)) {
      const named = normalPath(`${parentPath(path)}/${name}`);
      if (name.startsWith('/') || named === '..' || named.startsWith('../')) return { why: `\`${path}\` names \`${name}\`, which lies outside` };
      if (!types.has(named)) continue;
      if (named.split('/').some((part) => part.startsWith('.'))) return { why: `\`${path}\` names the hidden file \`${name}\`` };
      const refused = take(named);
      if (refused !== undefined) return refused;
    }
  }
  if (![...taken.keys()].some((path) => path.endsWith('.lab'))) return { why: 'it holds no `.lab` file' };
  return [...taken].sort(([a], [b]) => compareText(a, b)).map(([path, text]) => ({ path, text }));
}

/** The paths in `file("...")` and `template("...", ...)` anywhere in a tree. */
function namedFiles(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(namedFiles);
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(namedFiles);
  if (!('kind' in node) || node.kind !== 'call') return below;
  const { callee, args } = node as unknown as Extract<Expr, { kind: 'call' }>;
  const first = args[0]?.value;
  const isNamed = callee.kind === 'name-expr' && (callee.text === 'file' || callee.text === 'template') && first?.kind === 'str';
  return isNamed ? [...below, first.parts.join('')] : below;
}
