/**
 * Stratum S0: everything that a lab is made of, as text. What the later phases know of the disk is this.
 * Which folder is a lab is found by `find-labs.ts`, its files are read by `collect.ts`.
 */
import type { SourceFile } from '../base/span.js';
import type { Vendored } from './vendored.js';

export interface LabSources {
  /** The folder's own name. The lab's name is what its `lab NAME { }` says. */
  readonly name: string;
  /** The lab's folder relative to the working folder, with `/`: `labs/home`. */
  readonly root: string;
  /** Every `.lab` file below the folder, by path; paths are relative to `root`. */
  readonly files: readonly SourceFile[];
  /** Libraries that lie beside the lab; absent where none does. */
  readonly vendored?: readonly Vendored[];
  /** The files that `file("x")` and `template("x", ...)` name. */
  readonly assets: Assets;
  /** The text of `lab.lock`; undefined before the first build. */
  readonly lock: string | undefined;
}

/** Looks up a named file by its path relative to the root of the lab or library that names it. */
export interface Assets {
  find(path: string): Asset;
}

export type Asset =
  | { readonly found: true; readonly text: string }
  | { readonly found: false; readonly fault: AssetFault; readonly detail: string };

/**
 * Why a named file has no text. `outside`: the path or a link leaves the folder; `absolute`: it starts with `/`;
 * `encoding`: it is not UTF-8, `detail` says where.
 */
export type AssetFault = 'missing' | 'absolute' | 'outside' | 'folder' | 'loop' | 'too-large' | 'encoding' | 'unreadable';

/** Where allocations are held, beside the sources. */
export const lockFileName = 'lab.lock';

/** No file of a lab is larger than this: 16 MiB of text is a mistake, and reading it would only hide that. */
export const maximumFileSize = 16 * 1024 * 1024;
