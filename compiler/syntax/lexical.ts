/** Faults of single tokens, found without the grammar: text without its end, URLs without quotes, signs that the language lacks. */
import { endOf, type Aside, type Lexed } from '../../grammar/lexer.js';
import { BareUrl, Decimal, Equals, Int, UnclosedText } from '../../grammar/tokens.js';
import type { Span } from '../base/span.js';
import { syntax } from '../diagnostics/catalogue/syntax.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** Words that are units of size and nothing else. */
const UNIT = /^(?:[kMGT]B|[KMGT]iB)$/;

export function lexicalFaults(file: string, lexed: Lexed): Diagnostic[] {
  const faults: Diagnostic[] = [];
  const span = (start: number, end: number): Span => ({ file, start, end });
  for (const token of lexed.tokens) {
    if (token.tokenType !== UnclosedText && token.tokenType !== BareUrl) continue;
    const place = span(token.startOffset, endOf(token));
    if (token.tokenType === BareUrl) {
      const text = `"${token.image}"`;
      faults.push(syntax.create.bareUrl(place, { url: token.image }, { fixes: [{ title: 'Put quotes around the URL', edits: [{ span: place, text }] }] }));
    } else {
      const quotes = /^("""|'''|["'])/.exec(token.image)?.[0] ?? '"';
      const others = lexed.tokens.some((other) => other.startLine === token.startLine && other.startOffset < token.startOffset && /^["']/.test(other.image));
      faults.push(syntax.create.unclosedString(place, { quotes }, others ? { help: `put ${quotes} where the text ends; it may be a text further left that lacks it` } : {}));
    }
  }
  for (const [i, token] of lexed.tokens.entries()) {
    if (token.tokenType !== Int && token.tokenType !== Decimal) continue;
    const [unit, after] = [lexed.tokens[i + 1], lexed.tokens[i + 2]];
    if (unit === undefined || !UNIT.test(unit.image) || unit.startLine !== token.endLine || after?.tokenType === Equals) continue;
    const place = span(token.startOffset, endOf(unit));
    const text = `${token.image}${unit.image}`;
    faults.push(syntax.create.blankBeforeUnit(place, { text }, { fixes: [{ title: 'Take the blank away', edits: [{ span: place, text }] }] }));
  }
  for (const aside of lexed.glued) {
    const place = span(aside.start, aside.end);
    const edits = [{ span: span(aside.start, aside.start), text: ' ' }];
    faults.push(syntax.create.gluedComment(place, {}, { fixes: [{ title: 'Put a blank before the comment', edits }] }));
  }
  for (const aside of lexed.strays) faults.push(syntax.create.strayCharacter(span(aside.start, aside.end), { text: shown(aside), advice: adviceFor(aside.text) }));
  return faults;
}

function shown({ text }: Aside): string {
  const [first = ''] = text;
  return /[\s\p{C}]/u.test(first) ? `U+${(first.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')}` : text;
}

const advice: readonly (readonly [RegExp, string])[] = [
  [/^#/, 'comments begin with `//`'],
  [/^&/, 'write `and`'],
  [/^!/, 'write `not`'],
  [/^\$/, '`${...}` works inside of quotes only: "${name}"'],
  [/^[\u2018\u2019\u201C\u201D\u00AB\u00BB]/, 'use the straight quotes `"`'],
  [/^[\s\p{C}]/u, 'take this invisible character away'],
  [/^\p{L}/u, 'names have the letters a to z; put anything odder in quotes'],
];

function adviceFor(text: string): string {
  return advice.find(([pattern]) => pattern.test(text))?.[1] ?? 'take it away, or put it in quotes if it is text';
}
