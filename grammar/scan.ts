/**
 * Scanners for what a regular expression cannot find: the end of a string whose holes hold strings again, and comments,
 * which begin only at a line's start or after a blank. They look at text and offsets only and always move forward.
 */

/** Offsets of `${` and `}`, counted from the start of the string's token. */
export interface Hole {
  readonly open: number;
  readonly close: number;
}

/** Where a string ends; an unclosed one ends where the reader may go on. */
export interface Scan {
  readonly end: number;
  readonly closed: boolean;
  readonly holes?: readonly Hole[];
}

/** Strings in holes in strings: deeper ones count as unclosed. */
const deepestString = 16;

/** Scans `"..."` or `"""..."""` at `start`. */
export function scanText(text: string, start: number): Scan {
  const holes: Hole[] = [];
  const end = endOfText(text, start, true, 0, holes);
  if (end < 0) return unclosed(text, start, '"""');
  return holes.length === 0 ? { end, closed: true } : { end, closed: true, holes };
}

/** Scans `'...'` or `'''...'''` at `start`. */
export function scanRaw(text: string, start: number): Scan {
  const end = endOfRaw(text, start, true);
  return end < 0 ? unclosed(text, start, "'''") : { end, closed: true };
}

/** A comment at `offset`: of documentation (three slashes), plain, or glued to what stands before it. */
export function scanComment(text: string, offset: number, form: 'doc' | 'plain' | 'glued'): [string] | null {
  if (text[offset + 1] !== '/') return null;
  const free = offset === 0 || /\s/.test(text[offset - 1] as string);
  if (free !== (form !== 'glued')) return null;
  if (form === 'doc' && (text[offset + 2] !== '/' || text[offset + 3] === '/')) return null;
  return [text.slice(offset, endOfLine(text, offset))];
}

/** The offset after the closing quotes, or -1. */
function endOfText(text: string, start: number, lines: boolean, depth: number, holes?: Hole[]): number {
  if (depth > deepestString) return -1;
  const many = text.startsWith('"""', start);
  const newlines = many && lines;
  let i = start + (many ? 3 : 1);
  while (i < text.length) {
    const c = text[i];
    if (c === '\\') i += text[i + 1] === '\n' || text[i + 1] === '\r' ? 1 : 2;
    else if (c === '\n' && !newlines) return -1;
    else if (many ? text.startsWith('"""', i) : c === '"') return i + (many ? 3 : 1);
    else if (c === '$' && text[i + 1] === '{') {
      const close = endOfHole(text, i + 2, newlines, depth);
      if (close < 0) return -1;
      holes?.push({ open: i - start, close: close - start });
      i = close + 1;
    } else i++;
  }
  return -1;
}

/** The offset of the brace that closes a hole whose inside begins at `start`, or -1. */
function endOfHole(text: string, start: number, lines: boolean, depth: number): number {
  let open = 1;
  let i = start;
  while (i < text.length) {
    const c = text[i];
    if (c === '\n' && !lines) return -1;
    if (c === '{') open++;
    if (c === '}' && --open === 0) return i;
    if (c === '"' || c === "'") {
      i = c === '"' ? endOfText(text, i, lines, depth + 1) : endOfRaw(text, i, lines);
      if (i < 0) return -1;
    } else i++;
  }
  return -1;
}

function endOfRaw(text: string, start: number, lines: boolean): number {
  const many = text.startsWith("'''", start);
  const quotes = many ? "'''" : "'";
  const end = text.indexOf(quotes, start + quotes.length);
  if (end < 0) return -1;
  const newline = text.indexOf('\n', start);
  return newline >= 0 && newline < end && !(many && lines) ? -1 : end + quotes.length;
}

/** One line ends with the line; many lines end before the next word in column 0. */
function unclosed(text: string, start: number, many: string): Scan {
  let end = endOfLine(text, start);
  if (text.startsWith(many, start)) {
    while (end < text.length && !/[A-Za-z_]/.test(text[text.indexOf('\n', end) + 1] ?? 'a')) end = endOfLine(text, text.indexOf('\n', end) + 1);
  }
  return { end, closed: false };
}

function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' && newline - 1 > offset ? newline - 1 : newline;
}
