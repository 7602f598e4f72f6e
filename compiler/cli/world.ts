/** Everything outside labc, in one record, so that a command can be tried without a process. */
import type { Disk } from '../host/disk.js';
import type { Parts } from './compiler.js';
import type { Programs } from './programs.js';

export interface World {
  readonly disk: Disk;
  readonly parts: Parts;
  readonly programs: Programs;
  readonly version: string;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
}

export interface Terminal {
  write(text: string): void;
  readonly colour: boolean;
  /** Columns. */
  readonly width: number;
}

export const exitCodes = { clean: 0, diagnostics: 1, usage: 2, bug: 70 } as const;

/** Of `labc review`, by the worst that an edit does. */
export const reviewCodes = { in_place: 0, restart: 10, reboot: 11, replace: 12, destroys_data: 13, refused: 14 } as const;
