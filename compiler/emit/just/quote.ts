/**
 * The one just quoter: string literals, for arguments, paths and attributes. Bodies of emitted recipes are empty, so that
 * nobody's text is ever a line of shell, and `{{` has no meaning inside a literal.
 */

/** A literal whose value is exactly `text`: raw where that shows it as it is, cooked where it must be escaped. */
export function justString(text: string): string {
  if (/^[ -&(-~]*$/.test(text) || !/['\p{C}\p{Zl}\p{Zp}]/u.test(text)) return `'${text}'`;
  const body = text.replace(/["\\\p{C}\p{Zl}\p{Zp}]/gu, (character) => ESCAPES[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return `"${body}"`;
}

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
