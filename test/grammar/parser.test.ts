import { expect, test } from 'vitest';
import { LabParser } from '../../grammar/parser.js';
import { reservedWords } from '../../grammar/tokens.js';
import { AstBuilder, type Ast } from '../../compiler/syntax/build.js';

test('chevrotain finds no ambiguity and no left recursion in the grammar', () => {
  expect(() => new LabParser<Ast>(new AstBuilder(), { skipValidations: false })).not.toThrow();
});

test('there are twelve reserved words', () => {
  expect(reservedWords.map((word) => word.name).join(' ')).toBe('true false none and or not in for where if then else');
});
