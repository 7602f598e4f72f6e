/** How rendering learns the text behind a span; the same for people and for machines. */
import { lineColumn, lineStarts, type LineColumn, type Span } from '../base/span.js';

/** A file to show: its path as the reader would type it; without text only the path is shown. */
export interface SourceView {
  readonly path: string;
  readonly text?: string;
}

/** Looks a span's file up. */
export type SourcesView = (file: string) => SourceView;

/** Line and column of a span's start and end; undefined where there is no text to count in. */
export function placeOf(view: SourceView, span: Span): { readonly start: LineColumn; readonly end: LineColumn } | undefined {
  if (view.text === undefined) return undefined;
  const starts = lineStarts(view.text);
  const clamp = (offset: number): number => Math.max(0, Math.min(offset, view.text?.length ?? 0));
  return { start: lineColumn(starts, clamp(span.start)), end: lineColumn(starts, clamp(Math.max(span.start, span.end))) };
}
