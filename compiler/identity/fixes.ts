/**
 * Edits that mend a removal: `retire` with its data kept, at the end of the file that declares the lab; or `was` in the body of
 * the one thing that is new. Where the text leaves a doubt, nothing is offered.
 */
import { isLibraryFile } from '../base/library-file.js';
import type { Fix } from '../diagnostics/diagnostic.js';
import type { Origin } from '../plan/data.js';

/** The text of a source by its file. */
export type TextOf = (file: string) => string | undefined;

export function retireFix(name: string, lab: Origin, textOf: TextOf): readonly Fix[] {
  const text = textOf(lab.file);
  if (text === undefined) return [];
  const span = { file: lab.file, start: text.length, end: text.length };
  return [{ title: 'Retire it and leave its data where it is', edits: [{ span, text: `${text.endsWith('\n') ? '' : '\n'}retire ${name} { data = keep }\n` }] }];
}

/** `within` is what the new thing has to be written in; a persona, which is shared, cannot say `was`. */
export function wasFix(old: string, now: Origin, textOf: TextOf, within: Origin | null = null): readonly Fix[] {
  const text = textOf(now.file);
  if (text === undefined || now.end === undefined || isLibraryFile(now.file)) return [];
  if (within !== null && (within.file !== now.file || within.end === undefined || within.end > now.end || /\n[^\s/]/.test(text.slice(within.end, now.end)))) return [];
  const rest = text.slice(now.end);
  const head = /^[ \t]*(?:[:=][ \t]*[\w.\/-]+[ \t]*)?/.exec(rest)?.[0] ?? '';
  const after = rest.slice(head.length);
  const insert = (offset: number, words: string): readonly Fix[] => {
    const at = (now.end ?? 0) + offset;
    return [{ title: `Say that it was \`${old}\``, edits: [{ span: { file: now.file, start: at, end: at }, text: words }] }];
  };
  if (after === '' || /^(?:\r?\n|\/\/)/.test(after)) return insert(head.trimEnd().length, ` { was ${old} }`);
  if (!after.startsWith('{')) return [];
  if (/^\{[ \t]*\}/.test(after)) return insert(head.length + 1, ` was ${old} `);
  // `was` ends with its line; what followed on this one goes on below it.
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', now.end - 1) + 1))?.[0] ?? '';
  return insert(head.length + 1, `\n${indent}  was ${old}${/^\{[ \t]*\r?\n/.test(after) ? '' : `\n${indent} `}`);
}
