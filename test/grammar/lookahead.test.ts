/** The table that the parser decides by is what chevrotain finds in the grammar, and leads the same way whatever the text. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AstBuilder, type Ast } from '../../compiler/syntax/build.js';
import { generateLookahead } from '../../grammar/analysis.js';
import { Refused } from '../../grammar/expressions.js';
import { lex, type LabToken } from '../../grammar/lexer.js';
import { LabParser } from '../../grammar/parser.js';

test('is fresh', () => {
  for (const { path, text } of generateLookahead()) expect(readFileSync(path, 'utf8'), 'run npm run gen -- lookahead').toBe(text);
});

const builder = new AstBuilder();
const [byTable, analysed] = [new LabParser<Ast>(builder), new LabParser<Ast>(builder, {}, 'analysed')];

/** What a parser makes of tokens, faults included. */
function read(parser: LabParser<Ast>, text: string, tokens: LabToken[]): unknown {
  builder.begin({ path: 'a.lab', text }, new Map());
  try {
    parser.parse(tokens);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refused: error.reason, at: error.token.startOffset, items: parser.items };
  }
  const errors = parser.errors.map(({ name, message, token, context }) => ({ name, message, at: token.startOffset, rules: context.ruleStack }));
  return { items: parser.items, next: parser.next, errors };
}

test('reads every text like the analysed grammar, whatever is missing or put in twice', () => {
  const folders = ['stdlib', 'labs'];
  const paths = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`));
  const texts = paths.filter((path) => path.endsWith('.lab')).map((path) => readFileSync(path, 'utf8'));
  expect(texts.length).toBeGreaterThan(20);
  const edit = fc.record({ at: fc.nat(), remove: fc.nat(3), from: fc.nat(), insert: fc.nat(2) });
  fc.assert(fc.property(fc.constantFrom(...texts), fc.array(edit, { maxLength: 4 }), (text, edits) => {
    const tokens = lex(text).tokens;
    const all = [...tokens];
    for (const { at, remove, from, insert } of edits) tokens.splice(at % tokens.length, remove, ...all.slice(from % all.length, from % all.length + insert));
    expect(JSON.stringify(read(byTable, text, tokens))).toBe(JSON.stringify(read(analysed, text, tokens)));
  }), { numRuns: 300 });
});
