/**
 * The sources of a lab as they were at a revision, asked of `git` itself. Nothing is checked out and nothing written: a tree
 * is listed, blobs are read.
 */
import { host as faults } from '../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { HostError, type EntryType, type FolderEntry, type Host, type Stat } from '../host/host.js';
import { joinPath, normalPath, parentPath } from '../host/paths.js';
import { LINK, listedTree } from './git.js';
import type { Programs, Ran } from './programs.js';

export interface Commit {
  /** Forty or more hexadecimal digits. */
  readonly id: string;
}

const nowhere = { file: '', start: 0, end: 0 };

/** Git asks nobody, takes no locks, fetches nothing. */
const variables = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };

/** The commit of a revision in the repository that holds `root`, or what is in the way. */
export function resolveRevision(programs: Programs, root: string, revision: string): Commit | Diagnostic {
  if (revision.startsWith('-')) return faults.create.revisionOption(nowhere, { revision });
  const inside = git(programs, root, ['rev-parse', '--is-inside-work-tree']);
  if (inside === undefined) return faults.create.gitMissing(nowhere, {});
  if (inside.code !== 0 || inside.out.trim() !== 'true') {
    return /not a git repository/i.test(inside.err) || inside.code === 0 ? faults.create.notInRepository(nowhere, { lab: root }) : failed(root, inside);
  }
  const found = git(programs, root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  const id = found?.out.trim() ?? '';
  return /^[0-9a-f]{40,64}$/.test(id) ? { id } : faults.create.unknownRevision(nowhere, { revision, lab: root });
}

/** The lab's folder at the commit as a disk to read from; undefined where it holds nothing there. */
export function folderAt(programs: Programs, root: string, commit: Commit): Host | Diagnostic | undefined {
  const listed = git(programs, root, ['ls-tree', '-r', '-z', '--long', commit.id]);
  if (listed === undefined || listed.code !== 0) return failed(root, listed);
  const blobs = new Map(listedTree(listed.out).flatMap(({ type, path, mode, id, size }): [string, Blob][] =>
    (type !== 'blob' || path.startsWith('..') ? [] : [[joinPath(root, path), { mode, id, size }]])));
  return blobs.size === 0 ? undefined : new Tree(programs, root, blobs);
}

/** Files of labs below `root` that the commit has and the working tree has not. */
export function deletedSources(programs: Programs, root: string, commit: Commit): readonly string[] {
  const listed = git(programs, root, ['diff', '--name-only', '-z', '--no-renames', '--diff-filter=D', '--relative', commit.id, '--', '*.lab']);
  return listed === undefined || listed.code !== 0 ? [] : listed.out.split('\0').filter((path) => path !== '').map((path) => joinPath(root, path));
}

interface Blob {
  /** `100644`, `100755`, or `LINK`. */
  readonly mode: string;
  readonly id: string;
  readonly size: number;
}

class Tree implements Host {
  private readonly folders = new Map<string, Map<string, EntryType>>();
  private readonly contents = new Map<string, Uint8Array>();

  constructor(private readonly programs: Programs, private readonly root: string, private readonly blobs: ReadonlyMap<string, Blob>) {
    for (const [path, blob] of blobs) {
      let type: EntryType = blob.mode === LINK ? 'link' : 'file';
      for (let at = path; at !== normalPath(root); at = parentPath(at)) {
        const folder = this.folders.get(parentPath(at)) ?? new Map<string, EntryType>();
        folder.set(at.slice(at.lastIndexOf('/') + 1), type);
        this.folders.set(parentPath(at), folder);
        type = 'folder';
      }
    }
    // Sources are read in one go; files that they name are read when they are asked for.
    this.load([...blobs].filter(([path, blob]) => blob.mode !== LINK && /\.(lab|lock)$/.test(path)).map(([, blob]) => blob.id));
  }

  read(path: string): Uint8Array {
    const real = this.realPath(path);
    const blob = this.blobs.get(real);
    if (blob === undefined) throw new HostError(this.folders.has(real) ? 'is-folder' : 'missing', path, 'git');
    if (!this.contents.has(blob.id)) this.load([blob.id]);
    const found = this.contents.get(blob.id);
    if (found === undefined) throw new HostError('other', path, 'git has no such object');
    return found;
  }

  list(path: string): readonly FolderEntry[] {
    const real = this.realPath(path);
    const folder = this.folders.get(real);
    if (folder === undefined) throw new HostError(this.blobs.has(real) ? 'not-folder' : 'missing', path, 'git');
    return [...folder].map(([name, type]) => ({ name, type }));
  }

  stat(path: string): Stat | undefined {
    const at = this.resolved(path, false);
    const blob = this.blobs.get(at);
    if (blob !== undefined) return { type: blob.mode === LINK ? 'link' : 'file', size: blob.size, executable: blob.mode === '100755' };
    return this.folders.has(at) ? { type: 'folder', size: 0, executable: false } : undefined;
  }

  realPath(path: string): string {
    const real = this.resolved(path, true);
    if (!this.blobs.has(real) && !this.folders.has(real)) throw new HostError('missing', path, 'git');
    return real;
  }

  /** Follows links in every folder on the way, and the last one where `last` says so. */
  private resolved(path: string, last: boolean): string {
    let at = normalPath(path);
    for (let turns = 0; turns < 40; turns++) {
      const link = this.linkIn(at, last);
      if (link === undefined) return at;
      const target = new TextDecoder().decode(this.content(link));
      at = normalPath(target.startsWith('/') ? `${target}${at.slice(link.length)}` : `${joinPath(parentPath(link), target)}${at.slice(link.length)}`);
    }
    throw new HostError('loop', path, 'git');
  }

  private linkIn(path: string, last: boolean): string | undefined {
    for (let end = this.root.length + 1; end <= path.length; end++) {
      if (end < path.length && path[end] !== '/') continue;
      if ((last || end < path.length) && this.blobs.get(path.slice(0, end))?.mode === LINK) return path.slice(0, end);
    }
    return undefined;
  }

  private content(path: string): Uint8Array {
    const id = this.blobs.get(path)?.id ?? '';
    if (!this.contents.has(id)) this.load([id]);
    return this.contents.get(id) ?? new Uint8Array();
  }

  /** `<id> blob <size>`, a line break, the bytes, a line break; once for each object. */
  private load(ids: readonly string[]): void {
    if (ids.length === 0) return;
    const ran = git(this.programs, this.root, ['cat-file', '--batch'], `${ids.join('\n')}\n`);
    const bytes = Uint8Array.from(ran?.out ?? '', (char) => char.charCodeAt(0));
    for (let at = 0; at < bytes.length; ) {
      const end = bytes.indexOf(0x0a, at);
      if (end < 0) return;
      const [id = '', type, size = '0'] = new TextDecoder().decode(bytes.subarray(at, end)).split(' ');
      if (type !== 'blob') at = end + 1;
      else {
        this.contents.set(id, bytes.subarray(end + 1, end + 1 + Number(size)));
        at = end + 2 + Number(size);
      }
    }
  }
}

/** One byte of the answer is one character. */
function git(programs: Programs, folder: string, args: readonly string[], input?: string): Ran | undefined {
  return programs.run('git', args, { folder, variables, bytes: true, ...(input === undefined ? {} : { input }) });
}

function failed(root: string, ran: Ran | undefined): Diagnostic {
  const reason = (ran?.err ?? '').split('\n').map((line) => line.trim()).find((line) => line !== '') ?? `git ends with ${ran?.code ?? 1}`;
  return faults.create.gitFailed(nowhere, { lab: root, reason });
}
