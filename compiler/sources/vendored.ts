/**
 * What `labc fetch` put beside a lab: the text of each library below `vendor/`, and the digest by which `lab.lock` knows it again.
 * The digest covers where a library comes from and every file of it, so that whoever edits one by hand, or names another
 * source, hears of it.
 */
import { sha256 } from '../base/sha256.js';
import type { SourceFile } from '../base/span.js';
import { compareText } from '../base/text.js';

/** The files of one library, paths below the lab's folder: `vendor/shared/apps/notes.lab`. */
export interface Vendored {
  readonly name: string;
  readonly files: readonly SourceFile[];
}

/** The digest of a library; paths are relative to its own folder. */
export function libraryDigest(source: string, files: readonly SourceFile[]): string {
  const sorted = [...files].sort((a, b) => compareText(a.path, b.path));
  return sha256([`labc library 1\n${source}\n`, ...sorted.map(({ path, text }) => `${path}\n${text.length}\n${text}`)].join(''));
}

/** A library of one file or more as `lab.lock` holds it: the revision that the source names, and the digest. */
export function libraryFact(rev: string, digest: string): string {
  return `${rev}/${digest}`;
}
