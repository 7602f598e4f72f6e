/**
 * Columns: the `=` of assignments that follow one another line by line, and the `=` and `{` of declarations of one kind.
 * A blank line, a comment or another shape ends a run, and so does an element of several lines, which still takes part.
 */
import * as t from '../../grammar/tokens.js';
import { blanksBetween } from './blanks.js';
import { elements } from './breaks.js';
import type { Piece, Pieces } from './pieces.js';

/** The pieces of an element that stand in columns; elements of one shape line up. */
interface Row {
  readonly shape: string;
  readonly start: number;
  readonly stops: readonly number[];
  readonly lines: boolean;
}

export function alignColumns(pieces: Pieces): void {
  const { list } = pieces;
  const groups = [-1, ...list.flatMap((piece, i) => (piece.partner > i ? [i] : []))];
  for (const group of groups) {
    const starts = group < 0 ? list.flatMap((piece, i) => (piece.begins && piece.group < 0 ? [i] : [])) : elements(list, group);
    const end = group < 0 ? list.length : (list[group] as Piece).partner;
    let run: Row[] = [];
    const finish = (): void => { pad(pieces, run); run = []; };
    starts.forEach((start, i) => {
      const row = rowAt(pieces, start, starts[i + 1] ?? end);
      if (row === undefined || (run[0] !== undefined && run[0].shape !== row.shape) || !follows(list, starts[i - 1], start)) finish();
      if (row === undefined) return;
      run.push(row);
      if (row.lines) finish();
    });
    finish();
  }
}

/** The element at `start`, which ends before `end`, when it stands alone on its lines and has columns. */
function rowAt(pieces: Pieces, start: number, end: number): Row | undefined {
  const { list, nodes } = pieces;
  const piece = list[start] as Piece;
  const alone = (piece.breaks > 0 || start === 0) && (list[end] === undefined || (list[end] as Piece).breaks > 0);
  if (!alone) return undefined;
  const inside = list.slice(start, end);
  const lines = inside.some(({ breaks, text, type }, i) => type !== undefined && ((i > 0 && breaks > 0) || text.includes('\n')));
  if (list[start + 1]?.type === t.Equals) return { shape: '=', start, stops: [start + 1], lines };
  const node = nodes.get(piece.start);
  const entry = node?.kind === 'head' && node.entries.length === 1 && node.types.length === 0 ? node.entries[0] : undefined;
  if (node?.kind !== 'head' || entry === undefined || entry.params !== undefined) return undefined;
  const at = (offset: number): number => list.findIndex((each, i) => i >= start && each.start >= offset);
  const { value } = entry;
  const stops = [...(value === undefined ? [] : [at(entry.label.span.end)]), ...(node.body === undefined ? [] : [at(node.body.span.start)])];
  const first = list.findIndex((each, i) => i > start && i < end && each.breaks > 0);
  const text = inside.slice(0, (stops[stops.length - 1] ?? start) - start).some((each) => each.text.includes('\n'));
  if (stops.length === 0 || text || (first >= 0 && first <= (stops[stops.length - 1] as number))) return undefined;
  return { shape: `${piece.text} ${value === undefined ? '' : '='}${node.body === undefined ? '' : '{'}`, start, stops, lines };
}

/** The element at `start` stands on the line below the one before it. */
function follows(list: readonly Piece[], before: number | undefined, start: number): boolean {
  if (before === undefined || list[start]?.breaks === 2) return before === undefined;
  return !list.slice(before, start).some((piece) => piece.type === undefined && piece.breaks > 0 && piece.group === list[start]?.group);
}

function pad(pieces: Pieces, run: readonly Row[]): void {
  if (run.length < 2) return;
  const { list } = pieces;
  for (let column = 0; column < (run[0] as Row).stops.length; column++) {
    const widths = run.map(({ start, stops }) => {
      const from = column === 0 ? start : (stops[column - 1] as number);
      let sum = 0;
      for (let i = from; i < (stops[column] as number); i++) sum += (i === from ? 0 : blanksBetween(pieces, i)) + (list[i] as Piece).text.length;
      return sum;
    });
    const longest = Math.max(...widths);
    run.forEach(({ stops }, i) => ((list[stops[column] as number] as Piece).pad = longest - (widths[i] as number)));
  }
}
