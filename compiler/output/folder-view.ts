/** What a folder of the output holds, listed once a folder, so that comparing a whole tree asks little of the disk. */
import type { Disk } from '../host/disk.js';
import type { EntryType } from '../host/host.js';
import { joinPath } from '../host/paths.js';
import type { Present } from './tree-diff.js';

/** Something that is in the way of a file or of a folder. */
export interface Obstacle {
  /** Relative to the folder viewed; empty for the folder itself. */
  readonly path: string;
  readonly found: EntryType;
  readonly needed: 'file' | 'folder';
}

export class FolderView {
  private readonly lists = new Map<string, ReadonlyMap<string, EntryType>>();
  /** By folder: itself and those above it, as far as they are missing. */
  private readonly missing = new Map<string, readonly string[]>();

  constructor(private readonly disk: Disk, private readonly root: string) {}

  /** Hash and mode of the file at `path`. `executable` is only asked of the disk where it may matter. */
  present(path: string, mayExecute: boolean): Present {
    if (this.obstacle(path) !== undefined) return { is: 'blocked' };
    if (this.typeOf(path) === undefined) return { is: 'absent' };
    const full = joinPath(this.root, path);
    const executable = mayExecute && this.disk.stat(full)?.executable === true;
    return { is: 'file', sha256: this.disk.sha256(this.disk.read(full)), executable };
  }

  /** What keeps a file from standing at `path`: something else there, or no folder above it. */
  obstacle(path: string): Obstacle | undefined {
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const folder = parts.slice(0, i).join('/');
      const type = this.typeOf(folder);
      if (type === undefined) return undefined;
      if (type !== 'folder') return { path: folder, found: type, needed: 'folder' };
    }
    const type = this.typeOf(path);
    return type === undefined || type === 'file' ? undefined : { path, found: type, needed: 'file' };
  }

  /** Folders that must be made before a file can stand at `path`, the outermost first. */
  missingFolders(path: string): readonly string[] {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return [];
    const folder = path.slice(0, slash);
    let missing = this.missing.get(folder);
    if (missing === undefined) this.missing.set(folder, (missing = this.typeOf(folder) === undefined ? [...this.missingFolders(folder), folder] : []));
    return missing;
  }

  private typeOf(path: string): EntryType | undefined {
    const slash = path.lastIndexOf('/');
    const folder = slash < 0 ? '' : path.slice(0, slash);
    return this.listing(folder).get(path.slice(slash + 1));
  }

  private listing(folder: string): ReadonlyMap<string, EntryType> {
    const known = this.lists.get(folder);
    if (known !== undefined) return known;
    // A folder that does not exist holds nothing, and a file holds nothing either.
    const exists = folder === '' ? this.disk.stat(this.root)?.type === 'folder' : this.typeOf(folder) === 'folder';
    const list = new Map<string, EntryType>();
    if (exists) for (const entry of this.disk.list(joinPath(this.root, folder))) list.set(entry.name, entry.type);
    this.lists.set(folder, list);
    return list;
  }
}

/** What stands at `path` if it is there and no folder. */
export function folderObstacle(disk: Disk, path: string): Obstacle | undefined {
  const type = disk.stat(path)?.type;
  return type === undefined || type === 'folder' ? undefined : { path, found: type, needed: 'folder' };
}
