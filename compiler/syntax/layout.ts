/** Where tokens stand on their lines, counted in UTF-16 units from the line's start. Only recovery and the formatter ask. */
import type { IToken } from 'chevrotain';

export function columnOf(text: string, token: IToken): number {
  return token.startOffset - lineStart(text, token.startOffset);
}

/** The blanks before the first sign of the token's line. */
export function indentOf(text: string, token: IToken): number {
  const start = lineStart(text, token.startOffset);
  let end = start;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return end - start;
}

export function isFirstOnLine(text: string, token: IToken): boolean {
  return columnOf(text, token) === indentOf(text, token);
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}
