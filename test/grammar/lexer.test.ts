/** What the lexer is told of the characters that tokens begin with leaves nothing out. */
import { Lexer, type TokenType } from 'chevrotain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lexed } from '../../grammar/tokens.js';

const hints = lexed.map((type) => type.START_CHARS_HINT);
const toldFirst = lexer(lexed);
const foundFirst = lexer(lexed.map(withoutHint));
for (const [i, type] of lexed.entries()) type.START_CHARS_HINT = hints[i] as string[];

const words = ['https://a/b', 'a+b://c', '02:00:5e:10:00:fF', '::1', 'fe80::1/64', '10.0.0.1/8', '2024-01-02', '1.2.3-rc.1', '03:30', '53/udp', '8GiB', '50%', '1.5', '7', '/srv/x', 'at', 'inner', '_a-b', '..', '+=', '\uFEFF', '"x"', "'y'", '//'];
const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom(' ', '\n')), { maxLength: 20 }).map((parts) => parts.join(''));

function lexer(types: readonly TokenType[]): Lexer {
  return new Lexer([...types], { ensureOptimizations: true, positionTracking: 'onlyOffset', skipValidations: true });
}

/** The same token, of whose regular expression chevrotain has to find out what it begins with. */
function withoutHint(type: TokenType): TokenType {
  if (type.PATTERN instanceof RegExp) delete type.START_CHARS_HINT;
  return type;
}

test('the first character decides which patterns are tried, as chevrotain itself finds', () => {
  for (let code = 0; code < 0x10000; code += code < 0x300 ? 1 : 97) same(String.fromCharCode(code).repeat(2));
  fc.assert(fc.property(text, same), { numRuns: 1000 });
});

function same(input: string): void {
  const read = (by: Lexer): unknown => {
    const { tokens, errors, groups } = by.tokenize(input);
    return { tokens: tokens.map(({ image, startOffset, tokenType }) => [tokenType.name, startOffset, image]), errors, groups };
  };
  expect(JSON.stringify(read(toldFirst))).toBe(JSON.stringify(read(foundFirst)));
}
