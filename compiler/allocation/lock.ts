/**
 * The model of lab.lock and its text. One fact a line, `<kind> <id> <value>`, written sorted and read in any order, so
 * that Git may merge it by union: equal lines say a thing once, differing ones are reported with both places.
 * Nothing here reads a file, and no text makes it throw.
 */
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
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
const VERSION = 1;
const HEADER = '# What labc chose for this lab. Commit it; one fact a line, in any order.';

/** Reads lab.lock. A line that cannot be read is reported and left out; the rest still counts. */
export function parseLock(text: string, file: string): Result<Lock> {
  const facts = new Map<string, Fact>();
  const diagnostics: Diagnostic[] = [];
  let start = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const span: Span = { file, start, end: start + line.length };
    start += raw.length + 1;
    if (line.trim() === '' || line.startsWith('#')) continue;
    const words = line.trim().split(/[ \t]+/);
    const [kind = '', id = '', value = ''] = words;
    if (kind === 'lock' && words.length === 2) {
      if (!/^[0-9]+$/.test(id) || Number(id) > VERSION) diagnostics.push(proofs.create.lockTooNew(span, { found: id, known: String(VERSION) }));
      continue;
    }
    const why = unreadable(words);
    if (why !== null) {
      diagnostics.push(lab.create.lockInvalid(span, { line: String(index + 1), why }));
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
    return `${key.slice(0, blank)} ${escape(key.slice(blank + 1))} ${escape(fact.value)}`;
  });
  return `${[HEADER, `lock ${VERSION}`, ...lines.sort(compareText)].join('\n')}\n`;
}

function unreadable(words: readonly string[]): string | null {
  if (/^(<{7}|={7}|>{7}|\|{7})/.test(words[0] ?? '')) return 'it is a conflict marker of Git';
  if (!/^[a-z][a-z0-9_]*$/.test(words[0] ?? '')) return 'it starts with no kind of fact';
  if (words.length !== 3) return 'a fact is a kind, an id and a value';
  if (words.some((word) => /\\(?!u[0-9a-f]{4})/.test(word))) return 'a backslash starts no `\\u` and four digits';
  return null;
}

/** Blanks, controls, `\` and lone surrogates would break the line or not survive UTF-8; `"` is kept free for the empty text, `""`. */
function escape(text: string): string {
  if (text === '') return '""';
  return text.replace(/[\s"\\\p{C}]/gu, (found) => found.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''));
}

function unescape(text: string): string {
  if (text === '""') return '';
  return text.replace(/\\u([0-9a-f]{4})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}
