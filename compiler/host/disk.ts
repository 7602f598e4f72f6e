/**
 * What writing needs beside reading: single steps that a kernel makes whole or not at all, save `write`.
 * Every operation throws `HostError` and nothing else, so that a caller can undo what it did.
 */
import type { Host } from './host.js';

export interface Disk extends Host {
  /** Makes one folder; fails where anything stands already or the parent is missing. */
  createFolder(path: string): void;
  /** Makes or overwrites a file. Not whole under a kill: write beside the target, then rename. */
  write(path: string, bytes: Uint8Array, executable: boolean): void;
  /** Moves a file over whatever file stands at `to`, in one step. */
  rename(from: string, to: string): void;
  /** Removes a file or a link. */
  remove(path: string): void;
  /** Removes a folder that holds nothing. */
  removeFolder(path: string): void;
  /** Lower-case hexadecimal SHA-256. */
  sha256(bytes: Uint8Array): string;
  /** A word that stands for this process while it runs. */
  readonly process: string;
  /** Whether the process of that word still runs. */
  isRunning(process: string): boolean;
}
