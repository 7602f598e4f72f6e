/**
 * Pieces to text: indentation by two, one blank line at most, comments after code in one column,
 * and the margin of a string of several lines two deeper than the line it begins on.
 */
import * as t from '../../grammar/tokens.js';
import { blanksBetween } from './blanks.js';
import { breakLine, dropSigns, measure, settleBreaks, width } from './breaks.js';
import { alignColumns } from './columns.js';
import type { Piece, Pieces } from './pieces.js';

/** Comments after code begin here, or four blanks after longer code. */
const commentColumn = 55;

export function print(pieces: Pieces): string {
  settleBreaks(pieces);
  const lines = layOut(pieces);
  dropSigns(pieces, t.Semicolon);
  alignColumns(pieces);
  return lines.map(({ from, to, indent }) => printLine(pieces, from, to, indent)).join('');
}

interface Line {
  readonly from: number;
  readonly to: number;
  readonly indent: number;
}

/** Cuts the row into lines and breaks those that are too long. */
function layOut(pieces: Pieces): Line[] {
  const { list } = pieces;
  const lines: Line[] = [];
  const indents: number[] = [];
  for (let from = 0; from < list.length; ) {
    const indent = indentOf(list, from, indents);
    let to = from + 1;
    while (to < list.length && (list[to] as Piece).breaks === 0) to++;
    if (measure(pieces, from, to, indent) > width && breakLine(pieces, from, to)) continue;
    for (let i = from; i < to; i++) indents[i] = indent;
    lines.push({ from, to, indent });
    from = to;
  }
  return lines;
}

/** The indentation of a line that begins with the piece at `index`; `indents` holds those of the pieces before it. */
function indentOf(list: readonly Piece[], index: number, indents: readonly number[]): number {
  const piece = list[index] as Piece;
  if (piece.partner >= 0 && piece.partner < index) {
    let last = index;
    for (let next = list[last + 1]; next !== undefined && next.breaks === 0 && next.partner >= 0 && next.partner <= last; next = list[last + 1]) last++;
    return indents[(list[last] as Piece).partner] as number;
  }
  if (piece.begins || piece.type === undefined) return piece.group < 0 ? 0 : (indents[piece.group] as number) + 2;
  let before = index - 1;
  while (before > 0 && list[before]?.type === undefined) before--;
  const sign = list[before]?.type === t.Equals || list[before]?.type === t.PlusEquals;
  let start = before;
  if (!sign) while (start > 0 && !((list[start] as Piece).begins && (list[start] as Piece).group === piece.group)) start--;
  return (indents[start] ?? 0) + 2;
}

function printLine(pieces: Pieces, from: number, to: number, indent: number): string {
  const { list } = pieces;
  const first = list[from] as Piece;
  let text = ' '.repeat(indent);
  for (let i = from; i < to; i++) {
    const piece = list[i] as Piece;
    if (piece.type === undefined && i > from) text = `${text.padEnd(columnOf(text) + 2 <= commentColumn ? text.length + commentColumn - columnOf(text) : text.length + 4)}${piece.text}`;
    else text += ' '.repeat((i === from ? 0 : blanksBetween(pieces, i)) + piece.pad) + withMargin(piece, indent + 2);
  }
  const end = (list[to] === undefined ? 0 : (list[to] as Piece).breaks) === 2 ? '\n\n' : '\n';
  return first.text === '' && to === from + 1 ? '' : `${text.trimEnd()}${end}`;
}

function columnOf(text: string): number {
  return text.length - (text.lastIndexOf('\n') + 1);
}

/** A string whose closing quotes stand alone moves its lines to the margin; any other stays as it is. */
function withMargin({ text, type }: Piece, margin: number): string {
  const many = (type === t.Text || type === t.RawText) && /^("""|''')/.test(text);
  const old = many ? /\n([ \t]*)(?:"""|''')$/.exec(text)?.[1] : undefined;
  if (old === undefined || (type === t.Text && holdsLines(text))) return text;
  const pad = ' '.repeat(margin);
  return text.split('\n').map((line, i, all) => {
    if (i === 0) return line;
    if (i < all.length - 1 && line.trim() === '' && line.length <= old.length) return '';
    return line.startsWith(old) ? pad + line.slice(old.length) : line;
  }).join('\n');
}

/** A hole spans lines: moving them could move text that it holds. */
function holdsLines(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text.startsWith('${', i) && depth === 0) depth = 1, i++;
    else if (depth > 0 && text[i] === '{') depth++;
    else if (depth > 0 && text[i] === '}') depth--;
    else if (depth > 0 && text[i] === '\n') return true;
  }
  return false;
}
