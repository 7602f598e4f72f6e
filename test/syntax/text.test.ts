import { expect, test } from 'vitest';
import type { Str } from '../../compiler/syntax/ast.js';
import { plainText } from '../../compiler/syntax/text.js';
import { sketch, value } from './sketch.js';

test.each([
  [String.raw`"a\n\t\"\\\u{2603}"`, 'a\n\t"\\\u2603'],
  ['"\\${x}$"', '${x}$'],
  ["'\\d ${x} \"'", '\\d ${x} "'],
  ['""', ''],
  ['"""one line"""', 'one line'],
  ['"""\n    a\n      b\n\n    c\n    """', 'a\n  b\n\nc'],
  ['"""\n    a\r\n    b\n    """', 'a\nb'],
  ['"""\n    a\n\n    """', 'a\n'],
  ['"""\n    """', ''],
  ['"""a\n    b\n    """', 'a\nb'],
  ['"""\n    a\n  b"""', '    a\n  b'],
  ["'''\n    \\n ${x}\n    '''", '\\n ${x}'],
])('%s', (text, said) => expect(plainText(value(text) as Str)).toBe(said));

test.each([
  ['"${a}"', '"${a}"'],
  ['"a${b}c${d}"', '"a|${b}|c|${d}"'],
  ['"${ "nested ${x}" }"', JSON.stringify('${' + JSON.stringify('nested |${x}') + '}')],
  ['"${f("}", \'}\')}"', JSON.stringify('${(call callee:f args:[(arg value:"}") (arg value:"}")])}')],
  ['"${{ a = 1 }.a}"', '"${(record fields:[(field name:a value:1)]).a}"'],
  ['"""\n    a ${b}\n    c\n    """', '"a |${b}|\\nc"'],
])('%s', (text, tree) => expect(sketch(value(text))).toBe(tree));

test('what a hole holds has its own place in the file', () => {
  const text = value('"ab${ "c${d}" }"') as Str;
  expect(text.parts[1]).toMatchObject({ kind: 'str', span: { start: 10, end: 17 }, parts: ['c', { kind: 'name-expr', span: { start: 14, end: 15 } }] });
});

test('text of many lines keeps what a hole brings, whatever the margin', () => {
  expect(sketch(value('"""\n      ${a}\n        ${b} c\n      """'))).toBe('"${a}|\\n  |${b}| c"');
});
