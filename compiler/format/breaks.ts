/**
 * Where lines break. What stood on one line stays there as long as it fits; a group with a break between its elements
 * gets one after its opening bracket and before its closing one; a line that is too long is broken at its outermost group.
 */
import * as t from '../../grammar/tokens.js';
import { blanksBetween } from './blanks.js';
import type { Piece, Pieces } from './pieces.js';

export const width = 120;
/** Shorter groups stay whole, however long their line: breaking them would not help the reader. */
const worthBreaking = 40;

/** Drops signs that mean nothing where they stand and settles the breaks that the source gives. */
export function settleBreaks(pieces: Pieces): void {
  const { list, groupOf } = pieces;
  list.forEach((piece, i) => {
    const before = list[i - 1];
    if (piece.breaks === 0 || before === undefined || before.type === undefined) return;
    const joins = (piece.type === t.LeftBrace && groupOf(i) === 'body') || piece.type === t.Semicolon
      || (piece.type === t.Else && before.type === t.RightBrace && groupOf(before.partner) === 'body');
    const next = list[i + 1];
    if (piece.type === t.Comma && next !== undefined && next.breaks === 0) next.breaks = 1;
    if (joins || piece.type === t.Comma) piece.breaks = 0;
  });
  list.forEach((piece, i) => {
    if (piece.partner <= i) return;
    const own = elements(list, i);
    const close = list[piece.partner] as Piece;
    const inner = list.slice(i + 1, piece.partner);
    const breaks = close.breaks > 0 || own.some((index) => (list[index] as Piece).breaks > 0) || inner.some((each) => each.group === i && each.type === undefined);
    if (breaks) breakGroup(list, i, false);
    const first = list[i + 1] as Piece;
    if (first.breaks === 2) first.breaks = 1;
    if (close.breaks === 2) close.breaks = 1;
  });
  dropSigns(pieces, t.Comma);
}

/** Indices of the pieces that begin an element of the group that `open` opens. */
export function elements(list: readonly Piece[], open: number): number[] {
  const found: number[] = [];
  for (let i = open + 1; i < (list[open] as Piece).partner; i++) if (list[i]?.begins === true && list[i]?.group === open) found.push(i);
  return found;
}

/** A break after the opening bracket and before the closing one; with `all`, before every element. */
function breakGroup(list: readonly Piece[], open: number, all: boolean): void {
  const piece = list[open] as Piece;
  const first = list[open + 1] as Piece;
  if (first.type !== undefined || first.breaks > 0) first.breaks ||= 1;
  (list[piece.partner] as Piece).breaks ||= 1;
  if (all) for (const index of elements(list, open)) (list[index] as Piece).breaks ||= 1;
}

/** Breaks the line of the pieces from `from` to `to` once more; `false` when nothing on it can be broken. */
export function breakLine(pieces: Pieces, from: number, to: number): boolean {
  const { list, groupOf } = pieces;
  const siblings = range(from + 1, to).filter((i) => list[i]?.begins === true && list[i]?.group === list[from]?.group);
  if (list[from]?.begins === true && siblings.length > 0) {
    for (const i of siblings) (list[i] as Piece).breaks = 1;
    return true;
  }
  const size = (i: number): number => measure(pieces, i, (list[i] as Piece).partner + 1, 0);
  const open = range(from, to).filter((i) => {
    const { partner } = list[i] as Piece;
    return partner > i + 1 && partner < to && groupOf(i) !== 'names' && (groupOf(i) === 'body' || size(i) >= worthBreaking);
  });
  const outer = open.filter((i) => !open.some((other) => other < i && (list[other] as Piece).partner > i));
  const best = outer.find((i) => groupOf(i) === 'body') ?? outer.sort((a, b) => size(b) - size(a))[0];
  if (best === undefined) return false;
  breakGroup(list, innermost(list, best, groupOf), true);
  return true;
}

/** `f({ ... })` breaks inside its braces only. */
function innermost(list: readonly Piece[], open: number, groupOf: Pieces['groupOf']): number {
  const close = (list[open] as Piece).partner;
  const inner = list[close - 1] as Piece;
  const hugs = groupOf(open) !== 'body' && inner.partner > open && inner.partner < close - 2 && elements(list, open).length === 1;
  return hugs ? innermost(list, inner.partner, groupOf) : open;
}

/** Columns that the line takes where it is longest, comments apart. */
export function measure(pieces: Pieces, from: number, to: number, indent: number): number {
  let longest = 0;
  let column = indent;
  for (let i = from; i < to; i++) {
    const { text, type } = pieces.list[i] as Piece;
    if (type === undefined) continue;
    const lines = text.split('\n');
    column += (i === from ? 0 : blanksBetween(pieces, i)) + (lines[0] as string).length;
    longest = Math.max(longest, column);
    if (lines.length > 1) column = indent + 2 + (lines[lines.length - 1] as string).trimStart().length;
  }
  return Math.max(longest, column);
}

/** A comma before a closing bracket of its line goes, and with it a `;` at the end of a line or body once lines are settled. */
export function dropSigns({ list }: Pieces, sign: typeof t.Comma | typeof t.Semicolon): void {
  list.forEach((piece, i) => {
    let next = i + 1;
    while (list[next]?.type === undefined && next < list.length) next++;
    const after = list[next];
    const closes = after === undefined || after.partner >= 0 && after.partner < next;
    const idle = sign === t.Semicolon ? closes || after.breaks > 0 : closes && after?.breaks === 0;
    if (piece.type === sign && idle) piece.text = '';
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
