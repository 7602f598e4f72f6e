/** Diagnostics for machines: what `--json` prints. Lines and columns count from 1, columns in UTF-16 units, ends exclude. */
import type { LineColumn, Span } from '../base/span.js';
import type { Diagnostic, Severity } from './diagnostic.js';
import { placeOf, type SourcesView } from './sources-view.js';

export interface JsonPlace {
  /** As the reader would type it; null for a fault of the command line. */
  readonly file: string | null;
  /** Null where the place is a whole file. */
  readonly start: LineColumn | null;
  readonly end: LineColumn | null;
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly slug: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place: JsonPlace;
  readonly labels: readonly { readonly place: JsonPlace; readonly text: string }[];
  readonly help: string | null;
  readonly fixes: readonly { readonly title: string; readonly edits: readonly { readonly place: JsonPlace; readonly text: string }[] }[];
}

export function toJson(diagnostic: Diagnostic, sources: SourcesView): JsonDiagnostic {
  const place = (span: Span): JsonPlace => {
    if (span.file === '') return { file: null, start: null, end: null };
    const view = sources(span.file);
    const found = placeOf(view, span);
    return { file: view.path, start: found?.start ?? null, end: found?.end ?? null };
  };
  return {
    code: diagnostic.code, slug: diagnostic.slug, severity: diagnostic.severity, message: diagnostic.message, place: place(diagnostic.span),
    labels: diagnostic.labels.map((label) => ({ place: place(label.span), text: label.text })),
    help: diagnostic.help ?? null,
    fixes: diagnostic.fixes.map((fix) => ({ title: fix.title, edits: fix.edits.map((edit) => ({ place: place(edit.span), text: edit.text })) })),
  };
}
