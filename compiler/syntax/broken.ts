/**
 * What later phases say about text that could not be read is not believed: it follows from the fault that is reported already.
 * A fault breaks its lines and the innermost statement around it; what speaks of that statement's label, of the library or of
 * the lab as a whole waits until the text is mended. Everything else is said at once.
 */
import { isLibraryFile } from '../base/library-file.js';
import type { Span } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Body, File, Item } from './ast.js';

/** Keeps, of what later phases found, what does not follow from the faults of the text. */
export function believed(found: readonly Diagnostic[], faults: readonly Diagnostic[], files: readonly File[], textOf: (file: string) => string | undefined): Diagnostic[] {
  if (faults.length === 0) return [...found];
  // Of what lacks its whole body nobody knows what it was to declare.
  if (faults.some(({ code }) => code === 'LAB1028')) return [];
  const places: Span[] = [];
  const labels = new Set<string>();
  for (const { span } of faults) {
    const file = files.find((other) => other.span.file === span.file);
    places.push(wholeLines(span, textOf(span.file) ?? ''));
    if (file === undefined) continue;
    const around = innermost(file.items, span);
    if (around === undefined) continue;
    places.push('item' in around ? around.item.span : around.gap);
    if ('item' in around && around.item.kind === 'head') {
      for (const { label } of around.item.entries) if (label.kind === 'ref-label') for (const part of label.parts) if (part.kind === 'name') labels.add(`\`${part.text}\``);
    }
  }
  // What a broken `use` brings is not known.
  const isUse = faults.some(({ span }) => /^\s*use\b|\b(?:apps|capabilities|images|parts|personas)\./.test(lineOf(span, textOf(span.file) ?? '')));
  return found.filter(({ code, span, message }) => isOfTheLab(code, span) && !(isUse && (code === 'LAB2001' || code === 'LAB2008')) && !places.some((place) => overlaps(place, span)) && ![...labels].some((label) => message.includes(label)));
}

/**
 * Keeps what does not follow from a declaration whose kind or name is wrong, or from a `use` of what is not there: whatever it
 * was to bring is not missing, and the library does not complain of it.
 */
export function withoutSequels(found: readonly Diagnostic[], files: readonly File[]): Diagnostic[] {
  const wrong = found.filter(({ code }) => code === 'LAB2004' || code === 'LAB2009');
  const heads = wrong.flatMap(({ span }) => headsAt(files.find((file) => file.span.file === span.file)?.items ?? [], span));
  // A `use` of what no library has is told where it stands, not once more wherever the name is written.
  const unused = found.flatMap(({ code, message }) => (code === 'LAB2006' ? (/`(?:[^`]*\.)?([^`.]+)`/.exec(message)?.slice(1) ?? []) : []));
  const names = new Set([...heads.flatMap(namesIn), ...unused].map((name) => `\`${name}\``));
  if (names.size === 0) return [...found];
  const isSequel = ({ code, span, message }: Diagnostic): boolean => (heads.length > 0 && isLibraryFile(span.file)) || ((code === 'LAB2001' || code === 'LAB2008') && [...names].some((name) => message.includes(name)));
  return found.filter((diagnostic) => wrong.includes(diagnostic) || !isSequel(diagnostic));
}

function headsAt(items: readonly Item[], place: Span): Item[] {
  return items.filter(({ span }) => span.start <= place.start && place.end <= span.end).flatMap((item) => {
    const isWord = (item.kind === 'head' && item.word.span.start === place.start) || (item.kind === 'assign' && item.name.span.start === place.start);
    return isWord ? [item] : bodiesOf(item).flatMap((body) => headsAt(body.items, place));
  });
}

/** Words and labels of a declaration and of all that it holds. */
function namesIn(item: Item): string[] {
  const inside = bodiesOf(item).flatMap((body) => body.items.flatMap(namesIn));
  if (item.kind !== 'head') return inside;
  const labels = item.entries.flatMap(({ label }) => (label.kind === 'ref-label' ? label.parts.flatMap((part) => (part.kind === 'name' ? [part.text] : part.names.map((name) => name.text))) : []));
  return [item.word.text, ...labels, ...inside];
}

function lineOf(span: Span, text: string): string {
  const place = wholeLines(span, text);
  return text.slice(place.start, place.end);
}

/** Whether the diagnostic is about one place of the lab, rather than the whole of it or the library. */
function isOfTheLab(code: string, span: Span): boolean {
  return /^LAB[123]/.test(code) && !isLibraryFile(span.file);
}

type Around = { readonly item: Item } | { readonly gap: Span };

/** The innermost statement around a fault, or the room between two statements of a body. */
function innermost(items: readonly Item[], fault: Span): Around | undefined {
  const item = items.find(({ span }) => span.start <= fault.start && fault.start <= span.end);
  if (item === undefined) return undefined;
  const body = bodiesOf(item).find(({ span }) => span.start < fault.start && fault.start < span.end);
  if (body === undefined || body.items.length === 0) return { item };
  const inner = innermost(body.items, fault);
  if (inner !== undefined) return inner;
  const start = Math.max(body.span.start, ...body.items.filter(({ span }) => span.end < fault.start).map(({ span }) => span.end));
  const end = Math.min(body.span.end, ...body.items.filter(({ span }) => span.start > fault.start).map(({ span }) => span.start));
  return { gap: { file: fault.file, start, end } };
}

function bodiesOf(item: Item): readonly Body[] {
  switch (item.kind) {
    case 'head': return item.body === undefined ? [] : [item.body];
    case 'for': return [item.body];
    case 'if': return [item.then, ...(item.else === undefined ? [] : item.else.kind === 'if' ? bodiesOf(item.else) : [item.else])];
    case 'assign': return [];
  }
}

function wholeLines({ file, start, end }: Span, text: string): Span {
  const next = text.indexOf('\n', end);
  return { file, start: text.lastIndexOf('\n', start - 1) + 1, end: next < 0 ? text.length : next };
}

function overlaps(place: Span, span: Span): boolean {
  return place.file === span.file && span.start < Math.max(place.end, place.start + 1) && Math.max(span.end, span.start + 1) > place.start;
}
