/** The lexer finds what chevrotain's own finds with the same vocabulary, told or not told what tokens begin with. */
import { Lexer, type IToken, type TokenType } from 'chevrotain';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lex, type Aside } from '../../grammar/lexer.js';
import type { Hole } from '../../grammar/scan.js';
import { groups, HoleClose, HoleOpen, lexed, TemplateClose, TemplateOpen, TemplateText } from '../../grammar/tokens.js';

const hints = lexed.map((type) => type.START_CHARS_HINT);
const toldFirst = lexer(lexed);
const foundFirst = lexer(lexed.map(withoutHint));
for (const [i, type] of lexed.entries()) type.START_CHARS_HINT = hints[i] as string[];

const words = ['https://a/b', 'a+b://c', 'for:', 'in+', '02:00:5e:10:00:fF', '::1', 'fe80::1/64', '10.0.0.1/8', '2024-01-02', '1.2.3-rc.1', '03:30', '53/udp', '8GiB', '50%', '1.5', '7', '/srv/x', 'at', 'inner', '_a-b', '..', '+=', '\uFEFF', '"x"', "'y'", '//', '"a${b}c"', '"""\n${f("}")}"""', '"${', '#'];
const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom(' ', '\n')), { maxLength: 20 }).map((parts) => parts.join(''));

function lexer(types: readonly TokenType[]): Lexer {
  return new Lexer([...types], { ensureOptimizations: true, positionTracking: 'onlyOffset', skipValidations: true });
}

/** The same token, of whose regular expression chevrotain has to find out what it begins with. */
function withoutHint(type: TokenType): TokenType {
  if (type.PATTERN instanceof RegExp) delete type.START_CHARS_HINT;
  return type;
}

test('finds the same in every text', () => {
  for (let code = 0; code < 0x10000; code += code < 0x300 ? 1 : 97) same(String.fromCharCode(code).repeat(2));
  fc.assert(fc.property(text, same), { numRuns: 2000 });
});

test('finds the same in the library, wherever it is cut', () => {
  const paths = readdirSync('stdlib', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.lab'));
  for (const path of paths) {
    const whole = readFileSync(`stdlib/${path}`, 'utf8');
    for (const input of [whole, whole.slice(whole.length / 3), whole.slice(whole.length / 2)]) same(input);
  }
});

/** Names, places and texts of everything in a text. */
type Found = Record<'tokens' | 'comments' | 'strays' | 'glued', (readonly [string, number, string])[]>;

function same(input: string): void {
  const { tokens, comments, strays, glued } = lex(input);
  const own: Found = {
    tokens: tokens.map(({ tokenType, startOffset, image }) => [tokenType.name, startOffset, image]),
    comments: comments.map(({ doc, start, text }) => [doc ? groups.doc : groups.comment, start, text]),
    strays: strays.map(({ start, text }) => ['', start, text]), glued: glued.map(({ start, text }) => ['', start, text]),
  };
  for (const by of [toldFirst, foundFirst]) expect(own).toStrictEqual(reference(by, input));
  const lines: number[] = [];
  for (let line = 1, offset = 0; offset <= input.length; offset++) line += input[(lines[offset] = line, offset)] === '\n' ? 1 : 0;
  for (const { startOffset, image, startLine, endLine, column } of tokens) {
    expect([startLine, endLine, column]).toStrictEqual([lines[startOffset], lines[startOffset + image.length], startOffset - (input.lastIndexOf('\n', startOffset - 1) + 1)]);
  }
}

function reference(by: Lexer, input: string): Found {
  const found: Found = { tokens: [], comments: [], strays: [], glued: [] };
  collect(by, input, 0, found);
  for (const list of Object.values(found).slice(1)) list.sort(([, a], [, b]) => a - b);
  return found;
}

function collect(by: Lexer, input: string, base: number, found: Found): void {
  const { tokens, groups: asides, errors } = by.tokenize(input);
  for (const token of tokens) expand(by, token, base + token.startOffset, found);
  const add = (to: keyof Found, name: string, list: readonly IToken[] = []): void => list.forEach((token) => found[to].push([name, base + token.startOffset, token.image]));
  add('comments', groups.doc, asides[groups.doc]);
  add('comments', groups.comment, asides[groups.comment]);
  add('glued', '', asides[groups.gluedComment]);
  const runs: Pick<Aside, 'start' | 'end'>[] = [];
  for (const { offset, length } of errors) runs.push({ start: runs.at(-1)?.end === offset ? (runs.pop()?.start ?? 0) : offset, end: offset + length });
  for (const { start, end } of runs) found.strays.push(['', base + start, input.slice(start, end)]);
}

function expand(by: Lexer, { tokenType, image, payload }: IToken, start: number, found: Found): void {
  const piece = (type: TokenType, from: number, to: number): void => void (from < to && found.tokens.push([type.name, start + from, image.slice(from, to)]));
  if (payload === undefined) return piece(tokenType, 0, image.length);
  const quotes = image.startsWith('"""') ? 3 : 1;
  piece(TemplateOpen, 0, quotes);
  let from = quotes;
  for (const { open, close } of payload as readonly Hole[]) {
    piece(TemplateText, from, open);
    piece(HoleOpen, open, open + 2);
    collect(by, image.slice(open + 2, close), start + open + 2, found);
    piece(HoleClose, close, close + 1);
    from = close + 1;
  }
  piece(TemplateText, from, image.length - quotes);
  piece(TemplateClose, image.length - quotes, image.length);
}
