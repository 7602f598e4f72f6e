/**
 * The lines of one file that a diagnostic speaks of, with a mark below each place:
 *
 *     12 │   nic lan { address = 10.0.0.5 }
 *        │                       ^^^^^^^^
 *        ·
 *     20 │   nic lan { address = 10.0.0.5 }
 *        │                       ~~~~~~~~ taken here first
 *
 * A place over several lines shows its first and its last line. Lines wider than the terminal are cut around the mark.
 */
import { lineColumn, lineStarts } from '../base/span.js';
import type { Severity } from './diagnostic.js';
import type { Paint } from './paint.js';
import { cells, wrap, type Cell } from './terminal-text.js';

export interface Mark {
  readonly start: number;
  readonly end: number;
  /** What stands behind the mark. */
  readonly text: string;
  /** The diagnostic's own place, as against a second one. */
  readonly primary: boolean;
}

export interface SnippetStyle {
  readonly paint: Paint;
  readonly severity: Severity;
  /** Columns of the terminal. */
  readonly width: number;
  /** Columns of the line numbers. */
  readonly gutter: number;
}

/** The lines, numbers and frame included. */
export function snippet(text: string, marks: readonly Mark[], style: SnippetStyle): readonly string[] {
  const starts = lineStarts(text);
  const rows = new Map<number, Row[]>();
  for (const mark of marks) for (const [line, row] of rowsOf(text, starts, mark)) rows.set(line, [...(rows.get(line) ?? []), row]);
  const out: string[] = [];
  let last: number | undefined;
  for (const [line, marked] of [...rows].sort(([a], [b]) => a - b)) {
    if (last !== undefined && line === last + 2) out.push(...sourceLine(last + 1, lineText(text, starts, last + 1), [], style));
    else if (last !== undefined && line > last + 1) out.push(`${' '.repeat(style.gutter)} ${style.paint.frame('·')}`);
    out.push(...sourceLine(line, lineText(text, starts, line), marked, style));
    last = line;
  }
  return out;
}

/** Columns that the numbers of the marked lines take. */
export function gutterOf(text: string, marks: readonly { readonly start: number; readonly end: number }[]): number {
  const starts = lineStarts(text);
  return Math.max(1, ...marks.map((mark) => String(lineColumn(starts, Math.min(Math.max(mark.start, mark.end), text.length)).line).length));
}

/** A mark on one line: UTF-16 columns from 0. */
interface Row {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly primary: boolean;
}

function rowsOf(text: string, starts: readonly number[], mark: Mark): readonly (readonly [number, Row])[] {
  const start = Math.min(mark.start, text.length);
  const end = Math.min(Math.max(mark.end, start), text.length);
  const first = lineColumn(starts, start);
  const final = lineColumn(starts, Math.max(start, end - 1));
  if (first.line === final.line) {
    return [[first.line, { from: first.column - 1, to: first.column - 1 + Math.max(1, end - start), text: mark.text, primary: mark.primary }]];
  }
  const firstLine = lineText(text, starts, first.line);
  const finalLine = lineText(text, starts, final.line);
  return [
    [first.line, { from: first.column - 1, to: Math.max(first.column, firstLine.length), text: '', primary: mark.primary }],
    [final.line, { from: Math.min(finalLine.length - finalLine.trimStart().length, final.column - 1), to: final.column, text: mark.text, primary: mark.primary }],
  ];
}

function lineText(text: string, starts: readonly number[], line: number): string {
  return text.slice(starts[line - 1] ?? text.length, starts[line] ?? text.length).replace(/\r?\n$/, '');
}

function sourceLine(line: number, text: string, rows: readonly Row[], style: SnippetStyle): readonly string[] {
  const { paint, gutter } = style;
  const room = Math.max(20, style.width - gutter - 3);
  const all = cells(text);
  const placed = rows.map((row) => ({ ...row, from: columnAt(all, row.from), to: Math.max(columnAt(all, row.from) + 1, columnAt(all, row.to)) }));
  const view = windowOf(all, placed, room);
  const number = paint.frame(`${String(line).padStart(gutter)} │`);
  const blank = paint.frame(`${' '.repeat(gutter)} │`);
  const out = [`${number} ${view.text}`.trimEnd()];
  for (const row of placed.sort((a, b) => a.from - b.from || a.to - b.to)) {
    const from = clamp(row.from - view.shift, 0, room - 1);
    const to = clamp(row.to - view.shift, from + 1, room);
    const colour = (mark: string): string => (row.primary ? paint.severity(style.severity, mark) : paint.frame(mark));
    const underline = `${' '.repeat(from)}${colour((row.primary ? '^' : '~').repeat(to - from))}`;
    if (row.text === '') out.push(`${blank} ${underline}`);
    else if (to + 1 + row.text.length <= room) out.push(`${blank} ${underline} ${colour(wrap(row.text, Infinity).join(' '))}`);
    else {
      // Behind the mark is no room: the text goes below it, moved left as far as it needs.
      const lines = wrap(row.text, room);
      const widest = Math.max(...lines.map((part) => part.length));
      const at = Math.max(0, Math.min(from, room - widest));
      out.push(`${blank} ${underline}`, ...lines.map((part) => `${blank} ${' '.repeat(at)}${colour(part)}`));
    }
  }
  return out;
}

/** The column in which the UTF-16 unit `unit` of the line stands. */
function columnAt(line: readonly Cell[], unit: number): number {
  let units = 0;
  let column = 0;
  for (const cell of line) {
    if (units >= unit) return column;
    units += cell.units;
    column += cell.width;
  }
  return column + Math.max(0, unit - units);
}

/** What is shown of a line: whole if it fits, else from a bit before the first mark, with `…` at the cuts. */
function windowOf(line: readonly Cell[], rows: readonly { readonly from: number; readonly to: number }[], room: number): { readonly text: string; readonly shift: number } {
  const total = line.reduce((sum, cell) => sum + cell.width, 0);
  if (total <= room) return { text: line.map((cell) => cell.text).join(''), shift: 0 };
  const first = Math.min(total, ...rows.map((row) => row.from));
  const shift = rows.length === 0 || first < room - 10 ? 0 : Math.min(first - Math.floor(room / 3), total - room + 1);
  let column = 0;
  let text = '';
  let used = 0;
  for (const cell of line) {
    const inside = column >= shift + (shift > 0 ? 1 : 0) && column + cell.width <= shift + room - 1;
    if (inside) {
      if (text === '' && shift > 0) text = '…'.padEnd(column - shift, ' ');
      text += cell.text;
      used = column + cell.width;
    }
    column += cell.width;
  }
  return { text: used < total ? `${text}…` : text, shift };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
