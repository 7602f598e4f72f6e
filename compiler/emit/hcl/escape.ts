/**
 * The only place that escapes text for HCL. In comes any text, out comes the inside of a quoted template that reads
 * back as that text: quotes, backslashes, controls and whatever does not print are escaped, and `${` and `%{` lose
 * their meaning. Nothing here adds the quotes.
 *
 * HCL normalises text to NFC while it reads, and UTF-8 has no lone surrogates: those two are the reader's, not ours.
 */

/** Tab, newline and carriage return have names of their own; the rest is written by number. */
const named: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '"': '\\"', '\\': '\\\\' };

/**
 * Other: controls, formats (bidi marks, joiners, BOM), surrogates, private use, unassigned. Separators: every space
 * but the plain one, U+2028 and U+2029. They would hide in review, or break a line in an editor.
 */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|[^\S ]/u;

/** Most text needs nothing: printable ASCII without a character that can mean something. */
const harmless = /^[ !#&-[\]-~]*$/;
const harmlessComment = /^[ -~]*[!-~]$/;

/**
 * `followed` says that an interpolation comes right after: a `$` or `%` at the end would turn its `${` into an
 * escaped one. `ascii` writes everything beyond ASCII by number, for keys: `terraform fmt` aligns by their width.
 */
export function escapeQuoted(text: string, { followed = false, ascii = false } = {}): string {
  if (harmless.test(text)) return text;
  let out = '';
  const characters = [...text];
  characters.forEach((character, at) => {
    const next = characters[at + 1];
    const name = named[character];
    if (name !== undefined) out += name;
    else if (character === '$' || character === '%') out += sigil(character, next, characters[at - 1], followed);
    else if (unprintable.test(character) || (ascii && character > '~')) out += byNumber(character);
    else out += character;
  });
  return out;
}

/**
 * `$${` is the readable escape of `${`. After another sigil it would be ambiguous (`$$${`), and before an
 * interpolation there is no brace to see: there the sigil is written by number, which has no meaning to templates.
 */
function sigil(character: string, next: string | undefined, previous: string | undefined, followed: boolean): string {
  if (next === undefined) return followed ? byNumber(character) : character;
  if (next !== '{') return character;
  return previous === character ? byNumber(character) : character + character;
}

function byNumber(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const digits = point.toString(16);
  return point > 0xffff ? `\\U${digits.padStart(8, '0')}` : `\\u${digits.padStart(4, '0')}`;
}

/** What HCL reads as a bare name. */
export function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(text);
}

/** One line of a comment: whatever could end the line, or hide in it, becomes a blank. */
export function commentLine(text: string): string {
  if (harmlessComment.test(text)) return `# ${text}`;
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').trimEnd();
  return clean === '' ? '#' : `# ${clean}`;
}
