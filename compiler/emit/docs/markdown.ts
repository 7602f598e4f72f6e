/**
 * Markdown from texts that may hold anything: nothing that comes in means anything, no cell ends early, no line breaks.
 * Code spans are used where the text allows one; everything else is escaped.
 */

/** Text as it is. Underscores inside words are safe, so names stay readable in the source. */
export function plain(text: string): string {
  if (/^[A-Za-z0-9 .,:/()-]*$/.test(text)) return text;
  return visible(text)
    .replace(/[\\`*[\]<>|~&$]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_');
}

/** A code span, or plain text where one would need a fence of its own. */
export function code(text: string): string {
  return /^[^`|\\\s\p{C}](?:[^`|\\\p{C}\p{Zl}\p{Zp}]*[^`|\\\s\p{C}])?$/u.test(text) ? `\`${text}\`` : plain(text);
}

/** A link that shows its address. */
export function link(url: string): string {
  return /^https?:\/\/[A-Za-z0-9._~:/?#@!&()*+,;=%-]+$/.test(url) ? `<${url}>` : plain(url);
}

/** Several values of a cell, one under the other; a dash for none. */
export function lines(cells: readonly string[]): string {
  return cells.length === 0 ? '–' : cells.join('<br>');
}

/** Cells are Markdown already. A table without rows is nothing; a column that is empty in every row is left out. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const kept = head.map((_, column) => rows.some((row) => row[column] !== '' && row[column] !== '–'));
  const line = (cells: readonly string[]): string => `| ${cells.filter((_, column) => kept[column]).map((cell) => (cell === '' ? '–' : cell)).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Controls, separators of lines and marks that turn the direction of text round become visible or blank. */
function visible(text: string): string {
  return text.replace(/\r\n|[\n\r\t\u0085\u2028\u2029]/g, ' ').replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
