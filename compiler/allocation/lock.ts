/**
 * The model of lab.lock and its text. One fact a line, `<kind> <id> <value> ~<check>`, written sorted and read in any order, so
 * that Git may merge it by union: equal lines say a thing once, differing ones are reported with both places. The check
 * is a hash of the rest of its line: a line that a person edited is told from one that labc wrote.
 * Form 1 had no checks and is still read. Nothing here reads a file, and no text makes it throw.
 */
import { fnv1a } from '../base/fnv.js';
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
import { identity } from '../diagnostics/catalogue/identity.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';

/** Facts by key: the kind and the id, as in `vmid pve/carrie`. */
export interface Lock {
  readonly facts: ReadonlyMap<string, Fact>;
}

export interface Fact {
  readonly value: string;
  /** Its line in lab.lock; none for a fact that this build made. */
  readonly span: Span | null;
}

export const emptyLock: Lock = { facts: new Map() };

/** The form of the file that this labc writes, and the newest that it reads. */
const LOCK_FORM = 2;
const HEADER = '# What labc chose for this lab, and built. Commit it; one fact a line, in any order, each with a check at its end.';

/** Reads lab.lock. A line that cannot be read, or was edited, is reported and left out; the rest still counts. */
export function parseLock(text: string, file: string): Result<Lock> {
  const facts = new Map<string, Fact>();
  const diagnostics: Diagnostic[] = [];
  const lines = linesOf(text, file);
  const heads = lines.filter(isHead);
  // Lines of a newer form mean what nobody here knows.
  const newer = heads.find(({ words }) => !/^[0-9]+$/.test(words[1] ?? '') || Number(words[1]) > LOCK_FORM);
  if (newer !== undefined) return { value: emptyLock, diagnostics: [proofs.create.lockTooNew(newer.span, { found: newer.words[1] ?? '', known: String(LOCK_FORM) })] };
  const form = heads.length === 0 ? 1 : Math.min(...heads.map(({ words }) => Number(words[1])));
  let markers = 0;
  for (const line of lines) {
    const { words, span, number } = line;
    const [kind = '', id = '', value = '', check] = words;
    if (isHead(line)) continue;
    if (isMarker(words)) {
      // One merge is one fault, however many marks it left.
      markers++;
      if (markers === 1) diagnostics.push(lab.create.lockInvalid(span, { line: String(number), why: 'it is a conflict marker of Git', help: 'remove the lines of `<<<<<<<`, `=======` and `>>>>>>>` and keep all others, of both sides; then build' }));
      continue;
    }
    const why = unreadable(words);
    if (why !== null) {
      diagnostics.push(lab.create.lockInvalid(span, { line: String(number), why, help: 'restore the file, `git checkout lab.lock` in the folder of the lab, or remove the line to allocate anew' }));
      continue;
    }
    if (check === undefined ? form > 1 : check !== checkOf(`${kind} ${id} ${value}`)) {
      diagnostics.push(identity.create.lockEdited(span, { line: String(number), subject: `${kind} ${unescape(id)}`, value: unescape(value), help: instead(kind, unescape(id), unescape(value)) }));
      continue;
    }
    const key = `${kind} ${unescape(id)}`;
    const before = facts.get(key);
    if (before === undefined) facts.set(key, { value: unescape(value), span });
    else if (before.value !== unescape(value)) {
      const labels = before.span === null ? [] : [{ span: before.span, text: 'the other line' }];
      diagnostics.push(lab.create.lockConflict(span, { subject: key, first: before.value, second: unescape(value) }, { labels }));
    }
  }
  return { value: { facts }, diagnostics };
}

/** The text of lab.lock: a header, the form's version, then the facts in order of their lines. */
export function printLock(lock: Lock): string {
  const lines = [...lock.facts].map(([key, fact]) => {
    const blank = key.indexOf(' ');
    const line = `${key.slice(0, blank)} ${escape(key.slice(blank + 1))} ${escape(fact.value)}`;
    return `${line} ${checkOf(line)}`;
  });
  return `${[HEADER, `lock ${LOCK_FORM}`, ...lines.sort(compareText)].join('\n')}\n`;
}

interface Line {
  readonly words: readonly string[];
  readonly span: Span;
  readonly number: number;
}

/** The lines that say something. */
function linesOf(text: string, file: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line.trim() !== '' && !line.startsWith('#')) lines.push({ words: line.trim().split(/[ \t]+/), span: { file, start, end: start + line.length }, number: index + 1 });
    start += raw.length + 1;
  }
  return lines;
}

/** `lock 2`: the form that the lines are in. A union of two forms has two of them. */
function isHead({ words }: Line): boolean {
  return words[0] === 'lock' && words.length === 2;
}

function isMarker(words: readonly string[]): boolean {
  return /^(<{7}|={7}|>{7}|\|{7})/.test(words[0] ?? '');
}

function unreadable(words: readonly string[]): string | null {
  if (!/^[a-z][a-z0-9_]*$/.test(words[0] ?? '')) return 'it starts with no kind of fact';
  if (words.length !== 3 && !(words.length === 4 && /^~[a-z2-7]{4}$/.test(words[3] ?? ''))) return 'a fact is a kind, an id, a value and a check';
  if (words.some((word) => /\\(?!u[0-9a-f]{4})/.test(word))) return 'a backslash starts no `\\u` and four digits';
  return null;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567';

/** `~k3f9`: twenty bits of the line's hash. */
function checkOf(line: string): string {
  const hash = fnv1a(line);
  const bits = (hash ^ (hash >>> 20)) & 0xfffff;
  return `~${[15, 10, 5, 0].map((shift) => LETTERS[(bits >>> shift) & 31] ?? '').join('')}`;
}

/** What belongs into the sources where somebody wrote it into the lock. */
function instead(kind: string, id: string, value: string): string {
  const [first = '', second = ''] = id.split('/');
  const restore = '`git checkout lab.lock` in the folder of the lab';
  const write = (what: string): string => `write ${what}, and restore the line: ${restore}`;
  switch (kind) {
    case 'vmid': return write(`\`vmid = ${value}\` in ${second}`);
    case 'address': return write(`\`nic ${first} { address = ${value} }\` in ${second}`);
    case 'mac': return write(`\`nic ${second} { mac = ${value} }\` in ${first}`);
    case 'slot': return second.includes('.') ? `restore the line: ${restore}` : write(`\`slot = "${value}"\` in the disk ${second} of ${first}`);
    default: return `change the sources instead, and restore the line: ${restore}`;
  }
}

/** Blanks, controls, `\` and lone surrogates would break the line or not survive UTF-8; `"` is kept free for the empty text, `""`. */
function escape(text: string): string {
  if (text === '') return '""';
  if (/^[!#-[\]-~]+$/.test(text)) return text;
  return text.replace(/[\s"\\\p{C}]/gu, (found) => found.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''));
}

function unescape(text: string): string {
  if (text === '""') return '';
  if (!text.includes('\\')) return text;
  return text.replace(/\\u([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
