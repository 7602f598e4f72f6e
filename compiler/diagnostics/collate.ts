/** The order in which diagnostics are shown, whatever order the phases found them in. */
import { compareText } from '../base/text.js';
import type { Diagnostic } from './diagnostic.js';

/** Sorted by file, position and code; equal ones once. */
export function collate(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { code, span, message } = diagnostic;
    const key = JSON.stringify([code, span.file, span.start, span.end, message]);
    if (!seen.has(key)) seen.set(key, diagnostic);
  }
  return [...seen.values()].sort((a, b) =>
    compareText(a.span.file, b.span.file) || a.span.start - b.span.start || a.span.end - b.span.end
    || compareText(a.code, b.code) || compareText(a.message, b.message));
}
