/**
 * How one scalar is spelled so that YAML 1.1 readers (PyYAML, so Ansible) and YAML 1.2 readers get the same value back.
 * Text is plain where both agree that it is text, a literal block where it has lines, double-quoted everywhere else;
 * control characters, line separators and lone surrogates are escaped, since both readers fold or refuse them raw.
 */

/** Where a scalar stands: as a key it stays on one line; `width` folds longer text at blanks, 0 never does. */
export interface ScalarPlace {
  readonly indent: number;
  readonly key: boolean;
  readonly width: number;
}

export function scalarText(text: string, place: ScalarPlace): string {
  if (text.includes(HOLE_MARK)) return `"${escape(text)}"`;
  if (isPlain(text) && (place.key || !tooLong(text, place))) return text;
  if (!place.key && isLiteral(text, place)) return literal(text, place.indent);
  if (place.key || !tooLong(text, place)) return `"${escape(text)}"`;
  return isFoldable(text) ? foldedBlock(text, place) : folded(text, place);
}

/** How codecs start a mark that becomes a hole: what fills it is escaped for double quotes, so it has to stand in them. */
export const HOLE_MARK = '%labc';

/** Both readers know decimal numbers; PyYAML takes an exponent without a dot for text. */
export function scalarNumber(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  const exponent = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (exponent === null) return text;
  const [, sign = '', first = '', rest = '', power = '0'] = exponent;
  const digits = first + rest;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}.0`;
}

/** A number with a text of its own, such as 24.10; anything that a reader could take otherwise is text. */
export function scalarDecimal(text: string): string {
  return /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(text) ? text : `"${escape(text)}"`;
}

const WORDS = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const PLAIN = /^(?:[\p{L}_/]|--?[a-z])(?:[\p{L}0-9 _./@+,=()|%$*;?!<>'"[\]-]|:(?=[^ ]))*$/u;

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !text.endsWith(' ') && !text.endsWith(':') && !WORDS.test(text);
}

/** Literal blocks hold lines of printable text; the first one must show the indentation, none may end in a blank. */
function isLiteral(text: string, place: ScalarPlace): boolean {
  return (
    /^[^\n \t]/.test(text) && /[^\n]\n[^]/.test(text) && !/\n\n$/.test(text) && !UNPRINTABLE_IN_BLOCK.test(text) &&
    !/[ \t](?:\n|$)/.test(text) && !/^\t/m.test(text) && (place.width === 0 || text.split('\n').every((line) => !tooLong(line, place)))
  );
}

function literal(text: string, indent: number): string {
  const pad = ' '.repeat(indent);
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body.split('\n').map((line) => (line === '' ? '' : pad + line));
  return `${text.endsWith('\n') ? '|' : '|-'}\n${lines.join('\n')}`;
}

/** Room for the key that may stand before the text on its first line. */
const KEY_ROOM = 40;

function tooLong(text: string, place: ScalarPlace): boolean {
  return place.width > 0 && text.length + 2 > place.width - place.indent - KEY_ROOM && text.includes(' ');
}

/** In a folded block a line end reads as one blank, so only single blanks may become one. */
function isFoldable(text: string): boolean {
  return /^[^\s](?:.*[^\s])?$/.test(text) && !/ {2}|\t/.test(text) && !UNPRINTABLE_IN_BLOCK.test(text);
}

function foldedBlock(text: string, place: ScalarPlace): string {
  const room = Math.max(place.width - place.indent, 20);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return ['>-', ...[...lines, line].map((one) => ' '.repeat(place.indent) + one)].join('\n');
}

/** An escaped line end joins the lines without a blank; the blank opens the next line, escaped too. */
function folded(text: string, place: ScalarPlace): string {
  const room = Math.max(place.width - place.indent - 4, 20);
  const lines: string[] = [];
  let line = '';
  let limit = room - KEY_ROOM;
  for (const word of text.split(/(?<=[^ ])(?= )/)) {
    const escaped = escape(word);
    if (line !== '' && line.length + escaped.length > limit) {
      lines.push(line);
      line = '';
      limit = room;
    }
    line += line === '' && lines.length > 0 ? `\\${escaped}` : escaped;
  }
  lines.push(line);
  return `"${lines.join(`\\\n${' '.repeat(place.indent)}`)}"`;
}

const UNPRINTABLE = '\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ufeff\\ufffe\\uffff';
const LONE = '[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]';
const UNPRINTABLE_IN_BLOCK = new RegExp(`[${UNPRINTABLE.replace('\\u0000-\\u001f', '\\u0000-\\u0008\\u000b-\\u001f')}]|${LONE}`);
const TO_ESCAPE = new RegExp(`["\\\\${UNPRINTABLE}]|${LONE}`, 'g');
const SHORT: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escape(text: string): string {
  return text.replace(TO_ESCAPE, (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`);
}
