/**
 * Diagnostics for people: a title with the code, the place with its lines, second places, help, and fixes as diffs.
 * Pure text; the caller knows the terminal's width and whether it has colours.
 */
import type { Diagnostic, Fix, Label } from './diagnostic.js';
import { fixDiff } from './fix-diff.js';
import { paintFor, type Paint } from './paint.js';
import { gutterOf, snippet, type Mark } from './snippet.js';
import { placeOf, type SourcesView } from './sources-view.js';
import { cells, printable, wrap } from './terminal-text.js';

export interface RenderOptions {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

/** All of them in the order given, an empty line between two, a line break at the end. */
export function renderAll(diagnostics: readonly Diagnostic[], sources: SourcesView, options: RenderOptions): string {
  return diagnostics.map((diagnostic) => render(diagnostic, sources, options)).join('\n');
}

/** One diagnostic, ending in a line break. */
export function render(diagnostic: Diagnostic, sources: SourcesView, options: RenderOptions): string {
  const paint = paintFor(options.colour);
  const gutter = gutterWidth(diagnostic, sources);
  const pad = ' '.repeat(gutter);
  const out = title(diagnostic, options.width, paint);
  const files = placesByFile(diagnostic);
  for (const [i, [file, marks]] of files.entries()) {
    if (file === '') continue;
    const view = sources(file);
    const primary = marks.find((mark) => mark.primary) ?? marks[0];
    const place = primary === undefined ? undefined : placeOf(view, { file, start: primary.start, end: primary.end });
    const isWhole = marks.every((mark) => mark.start === 0 && mark.end === 0);
    const where = place === undefined || isWhole ? '' : `:${place.start.line}:${place.start.column}`;
    out.push(`${pad} ${paint.frame(i === 0 ? '┌─' : '├─')} ${printable(view.path)}${where}`);
    if (view.text === undefined || isWhole) {
      // Nothing to show but the path; what a second place has to say still stands.
      for (const mark of marks) if (mark.text !== '') out.push(`${pad} ${paint.frame('│')} ${paint.frame(printable(mark.text))}`);
      continue;
    }
    out.push(`${pad} ${paint.frame('│')}`, ...snippet(view.text, marks, { paint, severity: diagnostic.severity, width: options.width, gutter }));
  }
  if (out.at(-1)?.includes('│') && (diagnostic.help !== undefined || diagnostic.fixes.length > 0)) out.push(`${pad} ${paint.frame('│')}`);
  if (diagnostic.help !== undefined) out.push(...note(pad, 'help', diagnostic.help, options.width, paint));
  for (const fix of diagnostic.fixes) out.push(...fixLines(fix, gutter, sources, options, paint));
  return `${out.join('\n')}\n`;
}

function title(diagnostic: Diagnostic, width: number, paint: Paint): string[] {
  const head = `${diagnostic.severity}[${diagnostic.code}]: `;
  // The head is as wide as it prints; the sentence goes on below its own start.
  const lines = wrap(diagnostic.message, Math.max(20, width - head.length));
  return lines.map((line, i) => (i === 0 ? paint.severity(diagnostic.severity, head.trimEnd()) + ' ' : ' '.repeat(head.length)) + paint.bold(line));
}

function note(pad: string, word: string, text: string, width: number, paint: Paint): string[] {
  const head = `${word}: `;
  const lines = wrap(text, Math.max(20, width - pad.length - 3 - head.length));
  return lines.map((line, i) => (i === 0 ? `${pad} ${paint.frame('=')} ${paint.bold(head.trimEnd())} ${line}` : `${pad}   ${' '.repeat(head.length)}${line}`));
}

function fixLines(fix: Fix, gutter: number, sources: SourcesView, options: RenderOptions, paint: Paint): string[] {
  const pad = ' '.repeat(gutter);
  const out = note(pad, 'fix', fix.title, options.width, paint);
  const diffs = fixDiff(fix, sources);
  for (const diff of diffs) {
    if (diffs.length > 1) out.push(`${pad} ${paint.frame('│')} ${printable(sources(diff.file).path)}`);
    for (const line of diff.lines) {
      const text = `${String(line.line).padStart(gutter)} ${line.sign} ${cells(line.text).map((cell) => cell.text).join('')}`.trimEnd();
      out.push(line.sign === '+' ? paint.added(text) : line.sign === '-' ? paint.removed(text) : text);
    }
  }
  return out;
}

/** The file of the diagnostic first, then those of other labels in their order. */
function placesByFile(diagnostic: Diagnostic): readonly (readonly [string, readonly Mark[]])[] {
  const { file, start, end } = diagnostic.span;
  const own = (label: Label): boolean => label.span.file === file && label.span.start === start && label.span.end === end;
  // What is said about the diagnostic's own place stands behind its mark.
  const text = diagnostic.labels.filter(own).map((label) => label.text).join('; ');
  const files = new Map<string, Mark[]>([[file, [{ start, end, text, primary: true }]]]);
  for (const label of diagnostic.labels.filter((other) => !own(other))) files.set(label.span.file, [...(files.get(label.span.file) ?? []), markOf(label)]);
  return [...files];
}

function markOf(label: Label): Mark {
  return { start: label.span.start, end: label.span.end, text: label.text, primary: false };
}

function gutterWidth(diagnostic: Diagnostic, sources: SourcesView): number {
  const spans = [diagnostic.span, ...diagnostic.labels.map((label) => label.span)];
  const diffs = diagnostic.fixes.flatMap((fix) => fixDiff(fix, sources)).flatMap((diff) => diff.lines.map((line) => String(line.line).length));
  return Math.max(2, ...diffs, ...spans.map((span) => {
    const text = span.file === '' ? undefined : sources(span.file).text;
    return text === undefined ? 1 : gutterOf(text, [span]);
  }));
}
