/**
 * What a build has to do to the folder of a lab, decided from three accounts of it: what labc wrote last (the manifest),
 * what is there now, and what is to be there. Pure: the disk is behind a function.
 */
import { compareText } from '../base/text.js';
import type { ManifestEntry } from './manifest.js';

/** What stands at a path now; `blocked` is something that is no file. */
export type Present = { readonly is: 'file'; readonly sha256: string; readonly executable: boolean } | { readonly is: 'absent' } | { readonly is: 'blocked' };

export interface TreeDiff {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
  /** Files of labc that a person changed, and that are to be different: left alone. */
  readonly edited: readonly string[];
  /** Files of others in the place of one of labc's: left alone. */
  readonly foreign: readonly string[];
  /** Files of labc that a person changed and that are no longer built: left alone, and forgotten. */
  readonly stale: readonly string[];
}

/** Every list is sorted. With `force` nothing that stands in the way of a file is left alone. */
export function diffTree(
  before: ReadonlyMap<string, ManifestEntry>, after: ReadonlyMap<string, ManifestEntry>, present: (path: string) => Present, force: boolean,
): TreeDiff {
  const lists = { added: [] as string[], changed: [] as string[], removed: [] as string[], edited: [] as string[], foreign: [] as string[], stale: [] as string[] };
  let unchanged = 0;
  for (const [path, entry] of after) {
    const now = present(path);
    const old = before.get(path);
    if (now.is === 'blocked') continue;
    if (now.is === 'absent') lists.added.push(path);
    else if (now.sha256 === entry.sha256 && now.executable === entry.executable) unchanged++;
    else if (force || now.sha256 === entry.sha256 || (old !== undefined && now.sha256 === old.sha256)) lists.changed.push(path);
    else (old === undefined ? lists.foreign : lists.edited).push(path);
  }
  for (const [path, entry] of before) {
    if (after.has(path)) continue;
    const now = present(path);
    if (now.is === 'file') (now.sha256 === entry.sha256 ? lists.removed : lists.stale).push(path);
  }
  for (const list of Object.values(lists)) list.sort(compareText);
  return { ...lists, unchanged };
}
