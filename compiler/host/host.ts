/**
 * What the compiler may ask of the machine it runs on: to read. Paths use `/` and are relative to the
 * working folder, or absolute. Every operation either answers or throws a `HostError`; nothing else is thrown.
 * The only implementation over a real disk is `compiler/cli/node-host.ts`.
 */

/** Reads files and folders. */
export interface Host {
  /** The bytes of a file; links are followed. */
  read(path: string): Uint8Array;
  /** What a folder holds, in no particular order; links are not followed. */
  list(path: string): readonly FolderEntry[];
  /** What stands at `path` itself, links not followed; undefined where nothing does. */
  stat(path: string): Stat | undefined;
  /** The absolute path with every link resolved. */
  realPath(path: string): string;
}

export type EntryType = 'file' | 'folder' | 'link' | 'other';

export interface FolderEntry {
  readonly name: string;
  readonly type: EntryType;
}

export interface Stat {
  readonly type: EntryType;
  readonly size: number;
  readonly executable: boolean;
}

/** Why an operation failed, in the words that diagnostics use. */
export type Fault =
  | 'missing' | 'denied' | 'loop' | 'not-folder' | 'is-folder' | 'exists' | 'not-empty'
  | 'full' | 'read-only' | 'cross-device' | 'name-too-long' | 'other';

export class HostError extends Error {
  constructor(readonly fault: Fault, readonly path: string, readonly detail: string) {
    super(`${path}: ${detail}`);
    this.name = 'HostError';
  }
}

/** The value of `act`, or the host's refusal; anything else that is thrown is a fault of labc and passes. */
export function attempt<T>(act: () => T): T | HostError {
  try {
    return act();
  } catch (error) {
    if (error instanceof HostError) return error;
    throw error;
  }
}

const sentences: Readonly<Record<Fault, string>> = {
  'missing': 'it does not exist',
  'denied': 'permission is denied',
  'loop': 'its links lead in a circle',
  'not-folder': 'a part of its path is not a folder',
  'is-folder': 'it is a folder',
  'exists': 'it exists already',
  'not-empty': 'the folder is not empty',
  'full': 'the disk is full',
  'read-only': 'the file system is read-only',
  'cross-device': 'it lies on another file system',
  'name-too-long': 'its name is too long',
  'other': 'the system refuses',
};

/** The reason as a clause: `permission is denied`. */
export function reason(error: HostError): string {
  return error.fault === 'other' ? `the system refuses (${error.detail})` : sentences[error.fault];
}
