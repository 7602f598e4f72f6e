/** All diagnostics of labc by code. A table that is added to this folder is added here; a test looks. */
import { compareText } from '../../base/text.js';
import { slugOf, type Entry } from '../define.js';
import { host } from './host.js';
import { identity } from './identity.js';
import { lab } from './lab.js';
import { names } from './names.js';
import { proofs } from './proofs.js';
import { syntax } from './syntax.js';
import { types } from './types.js';

export interface Listed {
  readonly slug: string;
  readonly entry: Entry<string, string>;
}

const tables: readonly { readonly entries: Readonly<Record<string, Entry<any, any>>> }[] = [syntax, names, types, lab, proofs, identity, host];

/** Every entry, by code. */
export function catalogue(): readonly Listed[] {
  const all = tables.flatMap((table) => Object.entries(table.entries).map(([name, entry]) => ({ slug: slugOf(name), entry })));
  return all.sort((a, b) => compareText(a.entry.code, b.entry.code));
}

/** The entry of a code (`LAB9001`, in any case), or those of a slug (`too-deep`), which two tables may share. */
export function findEntries(codeOrSlug: string): readonly Listed[] {
  return catalogue().filter((listed) => listed.entry.code === codeOrSlug.toUpperCase() || listed.slug === codeOrSlug);
}
