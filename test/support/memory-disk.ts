/**
 * A disk in memory with links, rights and a bound, whose steps can be made to fail or to be the last one.
 * Paths are absolute or relative to `/work`. Rights are as for a person, not for root.
 */
import { createHash } from 'node:crypto';
import type { Disk } from '../../compiler/host/disk.js';
import { HostError, type Fault, type FolderEntry, type Stat } from '../../compiler/host/host.js';
import { normalPath, parentPath } from '../../compiler/host/paths.js';

type Entry =
  | { readonly type: 'file'; bytes: Uint8Array; executable: boolean; readable: boolean }
  | { readonly type: 'folder'; writable: boolean }
  | { readonly type: 'link'; readonly target: string };

/** Thrown at a step that the process did not survive. */
export class Killed extends Error {}

export class MemoryDisk implements Disk {
  readonly entries = new Map<string, Entry>([['/', { type: 'folder', writable: true }], ['/work', { type: 'folder', writable: true }]]);
  process = '100';
  /** Processes that run. */
  running = new Set(['100']);
  /** Steps of writing so far. */
  steps = 0;
  /** Called before each step of writing; throws to have it fail. */
  before: (step: number, operation: string, path: string) => void = () => {};
  /** Called after each step. */
  after: (step: number) => void = () => {};
  /** Bytes that all files may take together. */
  capacity = Infinity;

  /** Files by path; a value `{ link }` makes a link, bytes a file that is no text. */
  static of(files: Readonly<Record<string, string | Uint8Array | { readonly link: string }>>): MemoryDisk {
    const disk = new MemoryDisk();
    for (const [path, value] of Object.entries(files)) disk.put(path, value);
    return disk;
  }

  put(path: string, value: string | Uint8Array | { readonly link: string }, executable = false): void {
    const full = absolute(path);
    const above: string[] = [];
    for (let folder = parentPath(full); !this.entries.has(folder); folder = parentPath(folder)) above.push(folder);
    for (const folder of above) this.entries.set(folder, { type: 'folder', writable: true });
    if (typeof value === 'object' && 'link' in value) this.entries.set(full, { type: 'link', target: value.link });
    else this.entries.set(full, { type: 'file', bytes: typeof value === 'string' ? new TextEncoder().encode(value) : value, executable, readable: true });
  }

  /** Takes the right to read a file or to write into a folder. */
  deny(path: string): void {
    const entry = this.entries.get(absolute(path));
    if (entry?.type === 'file') entry.readable = false;
    if (entry?.type === 'folder') entry.writable = false;
  }

  /** Every file and link below `path`, with what it holds: for comparing. */
  tree(path: string): Record<string, string> {
    const base = absolute(path);
    const out: Record<string, string> = {};
    for (const [full, entry] of [...this.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!full.startsWith(`${base}/`)) continue;
      const name = full.slice(base.length + 1);
      if (entry.type === 'file') out[name] = new TextDecoder().decode(entry.bytes) + (entry.executable ? ' (executable)' : '');
      if (entry.type === 'link') out[name] = `-> ${entry.target}`;
      if (entry.type === 'folder') out[`${name}/`] = '';
    }
    return out;
  }

  read(path: string): Uint8Array {
    const entry = this.at(this.resolve(path), path);
    if (entry.type === 'folder') throw fault('is-folder', path);
    if (entry.type !== 'file' || !entry.readable) throw fault('denied', path);
    return entry.bytes;
  }

  list(path: string): readonly FolderEntry[] {
    const full = this.resolve(path);
    if (this.at(full, path).type !== 'folder') throw fault('not-folder', path);
    const prefix = full === '/' ? '/' : `${full}/`;
    const names = [...this.entries].filter(([other]) => other !== '/' && other.startsWith(prefix) && !other.slice(prefix.length).includes('/'));
    return names.map(([other, entry]) => ({ name: other.slice(prefix.length), type: entry.type })).reverse();
  }

  stat(path: string): Stat | undefined {
    const full = this.place(path);
    const entry = full === undefined ? undefined : this.entries.get(full);
    if (entry === undefined) return undefined;
    return { type: entry.type, size: entry.type === 'file' ? entry.bytes.length : 0, executable: entry.type === 'file' && entry.executable };
  }

  realPath(path: string): string {
    const full = this.resolve(path);
    this.at(full, path);
    return full;
  }

  createFolder(path: string): void {
    this.step('createFolder', path, () => {
      const full = this.target(path);
      if (this.entries.has(full)) throw fault('exists', path);
      this.entries.set(full, { type: 'folder', writable: true });
    });
  }

  write(path: string, bytes: Uint8Array, executable: boolean): void {
    this.step('write', path, () => {
      const full = this.target(path);
      if (this.entries.get(full)?.type === 'folder') throw fault('is-folder', path);
      const used = [...this.entries].reduce((sum, [, entry]) => sum + (entry.type === 'file' ? entry.bytes.length : 0), 0);
      const room = Math.max(0, this.capacity - used);
      this.entries.set(full, { type: 'file', bytes: bytes.slice(0, room), executable, readable: true });
      if (bytes.length > room) throw fault('full', path);
    });
  }

  rename(from: string, to: string): void {
    this.step('rename', to, () => {
      const source = this.target(from);
      const full = this.target(to);
      const entry = this.at(source, from);
      if (entry.type === 'folder') throw fault('is-folder', from);
      if (this.entries.get(full)?.type === 'folder') throw fault('is-folder', to);
      this.entries.delete(source);
      this.entries.set(full, entry);
    });
  }

  remove(path: string): void {
    this.step('remove', path, () => {
      const full = this.target(path);
      if (this.at(full, path).type === 'folder') throw fault('is-folder', path);
      this.entries.delete(full);
    });
  }

  removeFolder(path: string): void {
    this.step('removeFolder', path, () => {
      const full = this.target(path);
      if (this.at(full, path).type !== 'folder') throw fault('not-folder', path);
      if ([...this.entries.keys()].some((other) => other.startsWith(`${full}/`))) throw fault('not-empty', path);
      this.entries.delete(full);
    });
  }

  sha256(bytes: Uint8Array): string {
    return createHash('sha256').update(bytes).digest('hex');
  }

  isRunning(word: string): boolean {
    return this.running.has(word);
  }

  /** A copy as another process finds it after this one is gone. */
  restarted(): MemoryDisk {
    const disk = new MemoryDisk();
    disk.entries.clear();
    for (const [path, entry] of this.entries) disk.entries.set(path, { ...entry });
    disk.process = '200';
    disk.running = new Set(['200']);
    return disk;
  }

  private step(operation: string, path: string, act: () => void): void {
    const step = this.steps++;
    this.before(step, operation, path);
    act();
    this.after(step);
  }

  /** Where a step writes: the parent must be a folder that may be written. */
  private target(path: string): string {
    const full = this.place(path);
    const parent = full === undefined ? undefined : this.entries.get(parentPath(full));
    if (full === undefined || parent === undefined) throw fault('missing', path);
    if (parent.type !== 'folder') throw fault('not-folder', path);
    if (!parent.writable) throw fault('denied', path);
    return full;
  }

  /** The path with the links of its folder resolved, its last part as it is. */
  private place(path: string): string | undefined {
    const full = absolute(path);
    if (full === '/') return full;
    try {
      const parent = this.resolve(parentPath(full));
      const entry = this.entries.get(parent);
      if (entry !== undefined && entry.type !== 'folder') throw fault('not-folder', path);
      return `${parent === '/' ? '' : parent}/${full.slice(full.lastIndexOf('/') + 1)}`;
    } catch (error) {
      if (error instanceof HostError && error.fault === 'missing') return undefined;
      throw error;
    }
  }

  private resolve(path: string, depth = 0): string {
    if (depth > 20) throw fault('loop', path);
    let at = '';
    const parts = absolute(path).split('/').filter((part) => part !== '');
    for (const [i, part] of parts.entries()) {
      at = `${at}/${part}`;
      const entry = this.entries.get(at);
      if (entry === undefined) throw fault('missing', path);
      if (entry.type === 'link') return this.resolve([absolute(entry.target, parentPath(at)), ...parts.slice(i + 1)].join('/'), depth + 1);
      if (entry.type === 'file' && i < parts.length - 1) throw fault('not-folder', path);
    }
    return at === '' ? '/' : at;
  }

  private at(full: string, path: string): Entry {
    const entry = this.entries.get(full);
    if (entry === undefined) throw fault('missing', path);
    return entry;
  }
}

/** A refusal of the disk. */
export function fault(kind: Fault, path: string): HostError {
  return new HostError(kind, path, kind.toUpperCase());
}

function absolute(path: string, from = '/work'): string {
  return normalPath(path.startsWith('/') ? path : `${from}/${path}`);
}
