/**
 * Places in source text. A span is half open and counts UTF-16 units from the start of the file;
 * lines and columns are computed at the edge, never stored.
 */

/** A source file as the compiler sees it: `path` is relative to the lab's or library's root, with `/`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** `file` is the path of a SourceFile; `end` is exclusive. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/** 1-based line and column (UTF-16 units) of an offset. */
export interface LineColumn {
  readonly line: number;
  readonly column: number;
}

/** Offsets at which each line of `text` starts; CRLF counts as one line end. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i !== -1; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

/** Line and column of `offset` by binary search over `starts`. */
export function lineColumn(starts: readonly number[], offset: number): LineColumn {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

/** The smallest span that covers both; both lie in the same file. */
export function cover(a: Span, b: Span): Span {
  return { file: a.file, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
