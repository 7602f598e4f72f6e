/**
 * Columns: the `=` of assignments that follow one another line by line, and the `=`, `{` and settings of declarations of one
 * kind that take one line each. A blank line, a comment or another shape ends a run; an assignment of several lines is its last.
 */
import * as t from '../../grammar/tokens.js';
import type { Item } from '../syntax/ast.js';
import { blanksBetween } from './blanks.js';
import { elements } from './breaks.js';
import type { Piece, Pieces } from './pieces.js';

/** The pieces of an element that stand in columns; elements of one shape line up. */
interface Row {
  readonly shape: string;
  readonly start: number;
  readonly stops: readonly number[];
  readonly lines: boolean;
  /** Names of the settings in its body; rows share columns up to the first that differs. */
  readonly settings: readonly string[];
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
  if (list[start + 1]?.type === t.Equals) return { shape: '=', start, stops: [start + 1], lines, settings: [] };
  const node = nodes.get(piece.start);
  const entry = node?.kind === 'head' && node.entries.length === 1 && node.types.length === 0 ? node.entries[0] : undefined;
  if (node?.kind !== 'head' || entry === undefined || entry.params !== undefined || entry.label.kind === 'str-label') return undefined;
  if (lines) return undefined;
  const at = (offset: number): number => list.findIndex((each, i) => i >= start && each.start >= offset);
  const { value } = entry;
  const { body } = node;
  const settings = body === undefined ? [] : body.items.slice(1).map((item) => at(item.span.start));
  const stops = [...(value === undefined ? [] : [at(entry.label.span.end)]), ...(body === undefined ? [] : [at(body.span.start), ...settings])];
  if (stops.length === 0) return undefined;
  return { shape: `${piece.text} ${value === undefined ? '' : '='}${body === undefined ? '' : '{'}`, start, stops, lines, settings: body?.items.map(nameOf) ?? [] };
}

/** The element at `start` stands on the line below the one before it. */
function follows(list: readonly Piece[], before: number | undefined, start: number): boolean {
  if (before === undefined || list[start]?.breaks === 2) return before === undefined;
  return !list.slice(before, start).some((piece) => piece.type === undefined && piece.breaks > 0 && piece.group === list[start]?.group);
}

function pad(pieces: Pieces, run: readonly Row[]): void {
  if (run.length < 2) return;
  const { list } = pieces;
  const [first] = run as [Row];
  const different = first.settings.findIndex((name, i) => run.some(({ settings }) => settings[i] !== name));
  const shared = different < 0 ? Math.min(...run.map(({ settings }) => settings.length)) : different;
  const columns = first.stops.length - Math.max(0, first.settings.length - 1) + Math.max(0, shared - 1);
  for (let column = 0; column < columns; column++) {
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

function nameOf(item: Item): string {
  return item.kind === 'assign' ? item.name.text : item.kind === 'head' ? item.word.text : item.kind;
}
