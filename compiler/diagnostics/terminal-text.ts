/**
 * Text as a terminal shows it: what would steer the terminal is made visible, widths are counted in columns.
 * Sources are not trusted: an escape sequence in a `.lab` file must not reach the reader's screen.
 */

/** One character of a line: what is printed for it, its columns, its UTF-16 units in the source. */
export interface Cell {
  readonly text: string;
  readonly width: number;
  readonly units: number;
}

const tabWidth = 2;

/** The cells of one line, control characters shown as pictures, tabs as blanks. */
export function cells(line: string): readonly Cell[] {
  const out: Cell[] = [];
  for (const char of line) {
    if (char === '\t') out.push({ text: ' '.repeat(tabWidth), width: tabWidth, units: 1 });
    else {
      const text = visible(char);
      out.push({ text, width: widthOf(text.codePointAt(0) ?? 0), units: char.length });
    }
  }
  return out;
}

/** A sentence made safe to print; line breaks become blanks. */
export function printable(text: string): string {
  let out = '';
  for (const char of text) out += char === '\n' || char === '\r' || char === '\t' ? ' ' : visible(char);
  return out;
}

/** Columns that `text` takes. */
export function columns(text: string): number {
  let sum = 0;
  for (const char of text) sum += widthOf(char.codePointAt(0) ?? 0);
  return sum;
}

/** Breaks a sentence at blanks so that no line is wider than `width`; a longer word stands alone, code in backticks that fits a line stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words(printable(text), width)) {
    if (line !== '' && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** What is never broken: words, and code in backticks with what is glued to it, where it fits a line and so can be copied. */
function words(text: string, width: number): readonly string[] {
  const pieces = text.match(/(?:`[^`]*`|[^ `]|`)+| /g) ?? [];
  return pieces.filter((piece) => piece !== ' ').flatMap((piece) => (columns(piece) <= width ? [piece] : piece.split(' ')));
}

/** Controls have pictures; what reorders text, breaks lines or has no width becomes the replacement character. */
function visible(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  const hidden = (code >= 0x80 && code < 0xa0) || (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e)
    || (code >= 0x2060 && code <= 0x206f) || (code >= 0xd800 && code <= 0xdfff) || code === 0xfeff || code === 0xad
    || (code >= 0xe0000 && code <= 0xe0fff);
  return hidden ? '\uFFFD' : char;
}

/** Ranges that terminals draw two columns wide, after Unicode's East Asian Width. */
const wide: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x2e80, 0x303e], [0x3041, 0x33ff], [0x3400, 0x4dbf], [0x4e00, 0x9fff], [0xa000, 0xa4cf], [0xa960, 0xa97f], [0xac00, 0xd7a3],
  [0xf900, 0xfaff], [0xfe30, 0xfe6f], [0xff00, 0xff60], [0xffe0, 0xffe6], [0x1f300, 0x1f64f], [0x1f680, 0x1f6ff], [0x1f900, 0x1f9ff], [0x20000, 0x3fffd],
];

function widthOf(code: number): number {
  if (code < 0x300) return 1;
  const combining = code <= 0x36f || (code >= 0x1ab0 && code <= 0x1aff) || (code >= 0x1dc0 && code <= 0x1dff)
    || (code >= 0x20d0 && code <= 0x20ff) || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xfe20 && code <= 0xfe2f);
  if (combining) return 0;
  return wide.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}
