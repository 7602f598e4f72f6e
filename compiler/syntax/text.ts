/**
 * What a string says: quotes taken off, many-line text moved to its margin, escapes read.
 * Works on the pieces between holes, in order, and reports each fault with its offset in the file.
 */
import type { Expr, Str } from './ast.js';

export type TextFault = (kind: 'escape' | 'codePoint' | 'margin', start: number, end: number) => void;

/** Literal text of a string, with its place in the file, or the expression of a hole. */
export type Piece = { readonly start: number; readonly raw: string } | { readonly hole: Expr };

/** The text of a string without holes, else `undefined`. */
export function plainText(text: Str): string | undefined {
  if (text.parts.length === 0) return '';
  const only = text.parts[0];
  return text.parts.length === 1 && typeof only === 'string' ? only : undefined;
}

/** The parts of a string of the given form; neighbours that are text are joined and empty ones left out. */
export function readParts(pieces: readonly Piece[], form: Str['form'], fault: TextFault): (string | Expr)[] {
  const many = form === 'multi' || form === 'raw-multi';
  const cut = many ? dedent(pieces, fault) : pieces;
  const parts: (string | Expr)[] = [];
  for (const piece of cut) {
    if ('hole' in piece) parts.push(piece.hole);
    else {
      const text = form === 'quoted' || form === 'multi' ? unescape(piece.raw, piece.start, fault) : piece.raw;
      const last = parts[parts.length - 1];
      if (text === '') continue;
      if (typeof last === 'string') parts[parts.length - 1] = last + text;
      else parts.push(text);
    }
  }
  return parts;
}

/**
 * Takes the margin off: the blanks before the closing quotes, when these stand on their own line. That line and the
 * line break after the opening quotes are no part of the text. Line ends become `\n`. The pieces come out line by line.
 */
function dedent(pieces: readonly Piece[], fault: TextFault): Piece[] {
  const last = pieces[pieces.length - 1];
  const tail = last !== undefined && 'raw' in last ? /\n([ \t]*)$/.exec(last.raw) : null;
  const margin = tail?.[1] ?? '';
  const out: Piece[] = [];
  pieces.forEach((piece, index) => {
    if ('hole' in piece) return void out.push(piece);
    const lines = piece.raw.split('\n');
    let start = piece.start;
    lines.forEach((line, i) => {
      const end = i < lines.length - 1;
      let text = end ? line.replace(/\r$/, '') : line;
      const isTail = tail !== null && index === pieces.length - 1 && i === lines.length - 1;
      const isOpening = index === 0 && i === 0 && end && text.trim() === '';
      const isBeforeTail = tail !== null && index === pieces.length - 1 && i === lines.length - 2;
      let from = start;
      if (i > 0 && !isTail) {
        if (text.startsWith(margin)) text = text.slice(margin.length), from += margin.length;
        else if (text.trim() === '' && end) text = '';
        else fault('margin', start, start + (/^[ \t]*/.exec(text) as RegExpExecArray)[0].length), text = text.trimStart();
      }
      if (!isTail && !isOpening) out.push({ start: from, raw: end && !isBeforeTail ? `${text}\n` : text });
      start += line.length + 1;
    });
  });
  return out;
}

const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', '"': '"', '\\': '\\', $: '$' };

function unescape(raw: string, start: number, fault: TextFault): string {
  if (!raw.includes('\\')) return raw;
  return raw.replace(/\\(?:u\{([0-9A-Fa-f]*)\}|([^])|$)/g, (whole: string, hex: string | undefined, char: string | undefined, at: number) => {
    if (hex !== undefined) {
      const code = hex === '' || hex.length > 6 ? Number.NaN : Number.parseInt(hex, 16);
      const valid = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      if (valid) return String.fromCodePoint(code);
      fault('codePoint', start + at, start + at + whole.length);
      return '';
    }
    const known = char === undefined ? undefined : simple[char];
    if (known === undefined) fault('escape', start + at, start + at + whole.length);
    return known ?? whole;
  });
}
