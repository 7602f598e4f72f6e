/** The real disk: the only code of labc that touches the file system. System errors become `HostError`. */
import {
  chmodSync, closeSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, realpathSync, renameSync, rmdirSync, unlinkSync, writeSync,
  type Dirent, type Stats,
} from 'node:fs';
import type { Disk } from '../host/disk.js';
import { HostError, type EntryType, type Fault } from '../host/host.js';

let crypto: typeof import('node:crypto') | undefined;

/** The disk below the working folder. */
export const nodeDisk: Disk = {
  read: (path) => guarded(path, () => readFileSync(path)),
  list: (path) => guarded(path, () => readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, type: typeOf(entry) }))),
  stat: (path) => guarded(path, () => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats === undefined ? undefined : { type: typeOf(stats), size: stats.size, executable: (stats.mode & 0o100) !== 0 };
  }),
  realPath: (path) => guarded(path, () => realpathSync.native(path)),
  createFolder: (path) => guarded(path, () => mkdirSync(path)),
  write: (path, bytes, executable) => guarded(path, () => writeWhole(path, bytes, executable)),
  rename: (from, to) => guarded(to, () => renameSync(from, to)),
  remove: (path) => guarded(path, () => unlinkSync(path)),
  removeFolder: (path) => guarded(path, () => rmdirSync(path)),
  // Loading it takes a tenth of a start, and only builds hash.
  sha256: (bytes) => (crypto ??= process.getBuiltinModule('node:crypto')).hash('sha256', bytes, 'hex'),
  process: String(process.pid),
  isRunning(word) {
    const id = Number(word);
    if (!Number.isSafeInteger(id) || id <= 0) return false;
    try {
      process.kill(id, 0);
      return true;
    } catch (error) {
      return codeOf(error) === 'EPERM';
    }
  },
};

function writeWhole(path: string, bytes: Uint8Array, executable: boolean): void {
  const mode = executable ? 0o755 : 0o644;
  const file = openSync(path, 'w', mode);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
  } finally {
    closeSync(file);
  }
  // The mode given to open is cut by the umask and ignored for a file that exists.
  if (executable) chmodSync(path, mode);
}

function typeOf(entry: Dirent | Stats): EntryType {
  return entry.isSymbolicLink() ? 'link' : entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : 'other';
}

const faults: Readonly<Record<string, Fault>> = {
  ENOENT: 'missing', EACCES: 'denied', EPERM: 'denied', ELOOP: 'loop', ENOTDIR: 'not-folder', EISDIR: 'is-folder', EEXIST: 'exists',
  ENOTEMPTY: 'not-empty', ENOSPC: 'full', EDQUOT: 'full', EROFS: 'read-only', EXDEV: 'cross-device', ENAMETOOLONG: 'name-too-long',
};

function guarded<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new HostError(faults[code] ?? 'other', path, code);
  }
}

/** The system's code, such as ENOENT; undefined for errors of another make. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^E[A-Z0-9]+$/.test(error.code) || error.code === 'ERR_INVALID_ARG_VALUE' || error.code === 'ERR_FS_FILE_TOO_LARGE' ? error.code : undefined;
}
