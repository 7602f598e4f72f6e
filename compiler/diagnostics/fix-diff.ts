/** A fix as a small diff: the lines that change, without those that stay. */
import { lineColumn, lineStarts } from '../base/span.js';
import { compareText } from '../base/text.js';
import type { Edit, Fix } from './diagnostic.js';
import type { SourcesView } from './sources-view.js';

export interface DiffLine {
  readonly sign: '-' | '+' | ' ';
  /** The number of the line before the fix (`-`, ` `) or after it (`+`). */
  readonly line: number;
  readonly text: string;
}

export interface FileDiff {
  readonly file: string;
  readonly lines: readonly DiffLine[];
}

/** One diff for each file that the fix changes, by path; files without text are left out. */
export function fixDiff(fix: Fix, sources: SourcesView): readonly FileDiff[] {
  const files = new Map<string, Edit[]>();
  for (const edit of fix.edits) files.set(edit.span.file, [...(files.get(edit.span.file) ?? []), edit]);
  return [...files].sort(([a], [b]) => compareText(a, b)).flatMap(([file, edits]) => {
    const text = sources(file).text;
    return text === undefined ? [] : [{ file, lines: diff(text, edits) }];
  });
}

/** `text` after `edits`; of two edits that overlap the later one is dropped. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const edit of inOrder(edits)) {
    if (edit.span.start < at) continue;
    out += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
  }
  return out + text.slice(at);
}

function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
}

function diff(text: string, edits: readonly Edit[]): readonly DiffLine[] {
  const starts = lineStarts(text);
  const out: DiffLine[] = [];
  let moved = 0;
  for (const group of groups(starts, inOrder(edits))) {
    const from = starts[group.first - 1] ?? 0;
    const to = starts[group.last] ?? text.length;
    const shifted = group.edits.map((edit) => ({ text: edit.text, span: { ...edit.span, start: edit.span.start - from, end: edit.span.end - from } }));
    const before = linesOf(text.slice(from, to));
    const after = linesOf(applyEdits(text.slice(from, to), shifted));
    let head = 0;
    while (head < before.length && head < after.length && before[head] === after[head]) head++;
    let tail = 0;
    while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
    const first = group.first + head;
    const removed = before.slice(head, before.length - tail);
    const added = after.slice(head, after.length - tail);
    // Lines that are only put in need a neighbour to be found by.
    const above = head > 0 ? before[head - 1] : before.length === 0 ? linesOf(text.slice(starts[group.first - 2] ?? 0, from))[0] : undefined;
    if (removed.length === 0 && above !== undefined) out.push({ sign: ' ', line: first - 1, text: above });
    removed.forEach((line, i) => out.push({ sign: '-', line: first + i, text: line }));
    added.forEach((line, i) => out.push({ sign: '+', line: first + moved + i, text: line }));
    if (removed.length === 0 && head === 0 && tail > 0) out.push({ sign: ' ', line: first, text: before[0] ?? '' });
    moved += added.length - removed.length;
  }
  return out;
}

/** Edits whose lines touch, taken together. */
function groups(starts: readonly number[], edits: readonly Edit[]): readonly { readonly first: number; readonly last: number; readonly edits: readonly Edit[] }[] {
  const out: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of edits) {
    const first = lineColumn(starts, edit.span.start).line;
    const last = lineColumn(starts, edit.span.end).line;
    const group = out.at(-1);
    if (group !== undefined && first <= group.last) {
      group.last = Math.max(group.last, last);
      group.edits.push(edit);
    } else out.push({ first, last, edits: [edit] });
  }
  return out;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
}
