/** Which folders are labs: those that hold a `.lab` file themselves, searched from the paths of the command line. */
import { compareText } from '../base/text.js';
import { host as faults } from '../diagnostics/catalogue/host.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { attempt, HostError, reason, type Host } from '../host/host.js';
import { isWithin, joinPath, normalPath, parentPath } from '../host/paths.js';

/** Folders of labs at or below `paths`, sorted, each once; a link and its target count as one. */
export function findLabs(host: Host, paths: readonly string[]): Result<readonly string[]> {
  const found = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const path of paths.map(normalPath)) {
    const before = found.size + diagnostics.length;
    const seen = [...found.keys()];
    search(host, path, [], true, found, diagnostics);
    const known = seen.some((real) => attempt(() => isWithin(host.realPath(path), real)) === true);
    if (found.size + diagnostics.length === before && !known) diagnostics.push(faults.create.noLab(place(path), { path, ...firstFile(path) }));
  }
  return { value: [...found.values()].sort(compareText), diagnostics };
}

/** Where a first file goes: a folder of labs, `labs` by convention, gets a lab in it; any other is taken for the lab itself. */
function firstFile(path: string): { file: string; name: string } {
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (last === 'labs' || !/^[a-z][a-z0-9_]*$/.test(last)) return { file: joinPath(path, last === 'labs' ? 'home/site.lab' : 'site.lab'), name: 'home' };
  return { file: joinPath(path, 'site.lab'), name: last };
}

/** Names that no search enters. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** A place that is a whole file or folder. */
export function place(path: string): { file: string; start: number; end: number } {
  return { file: path, start: 0, end: 0 };
}

/** `above` holds the real paths of the folders that lead here. */
function search(host: Host, path: string, above: readonly string[], named: boolean, found: Map<string, string>, out: Diagnostic[]): void {
  const real = attempt(() => host.realPath(path));
  if (real instanceof HostError) return void out.push(refused(real, path, named));
  if (above.includes(real)) return void out.push(faults.create.linkLoop(place(path), { path }));
  const entries = attempt(() => host.list(path));
  if (entries instanceof HostError) {
    if (entries.fault !== 'not-folder') return void out.push(faults.create.unreadable(place(path), { path, reason: reason(entries) }));
    if (named) out.push(faults.create.pathIsFile(place(path), { path, folder: parentPath(path) }, path.endsWith('.lab') ? {} : { help: 'name the folder of a lab, or a folder of labs: `labs/`' }));
    return;
  }
  if (entries.some((entry) => entry.type !== 'folder' && entry.name.endsWith('.lab') && !isHidden(entry.name))) {
    if (!found.has(real)) found.set(real, path);
    return;
  }
  for (const entry of [...entries].sort((a, b) => compareText(a.name, b.name))) {
    if (isHidden(entry.name) || (entry.type !== 'folder' && entry.type !== 'link')) continue;
    search(host, joinPath(path, entry.name), [...above, real], false, found, out);
  }
}

function refused(error: HostError, path: string, named: boolean): Diagnostic {
  if (error.fault === 'loop') return faults.create.linkLoop(place(path), { path });
  if (error.fault === 'missing') return named ? faults.create.pathMissing(place(path), { path }) : faults.create.linkBroken(place(path), { path });
  return faults.create.unreadable(place(path), { path, reason: reason(error) });
}
