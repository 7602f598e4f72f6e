/** The formatter: the same file with its blanks and line breaks in order. A file with faults comes back as it is, with them. */
import { lex } from '../../grammar/lexer.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { parseLexed } from '../syntax/parse.js';
import { piecesOf } from './pieces.js';
import { print } from './print.js';

export interface Formatted {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

export async function formatLab(text: string, path = 'file.lab'): Promise<Formatted> {
  return format(text, path);
}

/** The same at once, for callers that cannot wait. */
export function format(text: string, path: string): Formatted {
  const lexed = lex(text);
  const { value: file, diagnostics } = parseLexed({ path, text }, lexed);
  if (diagnostics.length > 0) return { text, diagnostics };
  return { text: print(piecesOf(text, lexed, file)), diagnostics };
}
