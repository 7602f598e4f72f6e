/** Paths as text with `/`: joined, normalised and compared without asking a disk. */

/** `a/b` of `a` and `b`, normalised. */
export function joinPath(...parts: readonly string[]): string {
  return normalPath(parts.filter((part) => part !== '').join('/'));
}

/** What only a path has that is not normal. */
const UNUSUAL = /\/\/|.\/$|(?:^|\/)\.\.?(?:\/|$)/;

/** Without `.`, doubled or trailing slashes; `..` is folded where a folder stands before it. The empty path is `.`. */
export function normalPath(path: string): string {
  if (path !== '' && !UNUSUAL.test(path)) return path;
  const absolute = path.startsWith('/');
  const out: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else if (part !== '..' || !absolute) out.push(part);
  }
  const text = out.join('/');
  return absolute ? `/${text}` : text === '' ? '.' : text;
}

/** The folder that holds `path`; `.` for a bare name. */
export function parentPath(path: string): string {
  const normal = normalPath(path);
  const slash = normal.lastIndexOf('/');
  return slash > 0 ? normal.slice(0, slash) : slash === 0 ? '/' : '.';
}

/** The last part of `path`. */
export function baseName(path: string): string {
  const normal = normalPath(path);
  return normal.slice(normal.lastIndexOf('/') + 1);
}

/** How `to` is reached from the folder `from`; both are absolute, or both start at the same folder. */
export function relativePath(from: string, to: string): string {
  const a = normalPath(from).split('/').filter((part) => part !== '.' && part !== '');
  const b = normalPath(to).split('/').filter((part) => part !== '.' && part !== '');
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return normalPath([...a.slice(same).map(() => '..'), ...b.slice(same)].join('/'));
}

/** `path` is `folder` or lies below it. Both are absolute and normal. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}
