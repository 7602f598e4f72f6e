import * as prettier from 'prettier';
import { expect, test } from 'vitest';
import { formatLab } from '../../compiler/format/format.js';
import plugin from '../../compiler/format/plugin.js';

const formatted = async (text: string): Promise<string> => (await formatLab(text)).text;

/** Before and after, each with its last line break. */
const pairs: readonly (readonly [what: string, before: string, after: string])[] = [
  ['blanks', 'vm   a:b{x=1  y  =2;has c ; has d}', 'vm a: b { x = 1  y = 2;  has c;  has d }'],
  ['indentation', 'vm a {\nx = 1\n      run b {\n  y = 2\n}\n}', 'vm a {\n  x = 1\n  run b {\n    y = 2\n  }\n}'],
  ['blank lines', '\n\n// c\n\n\n\nvm a {\n\n  x = 1\n\n\n  y = 2\n\n}\n\n\n', '// c\n\nvm a {\n  x = 1\n\n  y = 2\n}'],
  ['columns of assignments', 'vm a {\n  cores = 2\n  memory = 4GiB\n  nic lan { }\n  x = 1\n}', 'vm a {\n  cores  = 2\n  memory = 4GiB\n  nic lan { }\n  x = 1\n}'],
  ['a blank line or a comment ends a column', 'a = 1\nbcd = 2\n\ne = 3\n// f\nghi = 4', 'a   = 1\nbcd = 2\n\ne = 3\n// f\nghi = 4'],
  ['an assignment of several lines ends its column', 'a = 1\nbcd = {\n  x = 1\n}\nef = 2', 'a   = 1\nbcd = {\n  x = 1\n}\nef = 2'],
  ['columns of declarations', 'disk a = 1GiB { on = x }\ndisk data = 20GiB { on = yy }', 'disk a    = 1GiB  { on = x }\ndisk data = 20GiB { on = yy }'],
  ['columns of settings', 'store a { type = dir  size = 1GiB }\nstore bc { type = thin  size = 2GiB }', 'store a  { type = dir   size = 1GiB }\nstore bc { type = thin  size = 2GiB }'],
  ['groups', 'x = f( a,b , )\ny = [ 1,2 ]\nz = { a=1,b = 2 }\nuse a.{ b ,c }', 'x = f(a, b)\ny = [1, 2]\nz = { a = 1, b = 2 }\nuse a.{b, c}'],
  ['groups of several lines', 'x = f(a,\n  b)', 'x = f(\n  a,\n  b\n)'],
  ['brackets that open together close together', 'x = f({ a = {\nb = 1\n} })', 'x = f({ a = {\n  b = 1\n} })'],
  ['operators', 'x = -a*b+(c)..- 1 ??not d', 'x = -a * b + (c) .. -1 ?? not d'],
  ['what goes on below', 'fn f(a: Int): Int =\n      a\n   + 1', 'fn f(a: Int): Int =\n  a\n  + 1'],
  ['labels that go on below', 'package a,\n     b\n', 'package a,\n  b'],
  ['else', 'if a {\n  x = 1\n}\nelse\n{\n  y = 2\n}', 'if a {\n  x = 1\n} else {\n  y = 2\n}'],
  ['signs that say nothing', 'has a;\nvm b { has c; }', 'has a\nvm b { has c }'],
  ['comments after code', 'x = 1 // a\nvm a { // b\n  y = 2\n}', `${'x = 1'.padEnd(55)}// a\n${'vm a {'.padEnd(55)}// b\n  y = 2\n}`],
  ['text of several lines', 'vm a {\nx = """\n  one\n    two\n\n  """ { y = 1 }\n}'.replace(' { y = 1 }', ''), 'vm a {\n  x = """\n    one\n      two\n\n    """\n}'],
  ['line ends', 'vm a {\r\n  x = 1\r\n}\r\n', 'vm a {\n  x = 1\n}'],
];

test.each(pairs)('%s', async (_, before, after) => {
  expect(await formatted(before)).toBe(`${after}\n`);
  expect(await formatted(`${after}\n`)).toBe(`${after}\n`);
});

test('a line that is too long is broken at its outermost group', async () => {
  const long = '"a rather long text that fills the line a good deal"';
  expect(await formatted(`with db = postgres(name = ${long}, password = ${long})`)).toBe(`with db = postgres(\n  name     = ${long},\n  password = ${long}\n)\n`);
  expect(await formatted(`vm a { x = ${long}  y = [${long}] }`)).toBe(`vm a {\n  x = ${long}\n  y = [${long}]\n}\n`);
  expect(await formatted(`x = json({ a = ${long}, b = ${long} })`)).toBe(`x = json({\n  a = ${long},\n  b = ${long}\n})\n`);
});

test('a file with faults is left as it is and reported', async () => {
  const text = 'vm a {\n x = \n}';
  expect(await formatLab(text)).toMatchObject({ text, diagnostics: [{ slug: 'missing-value' }] });
});

test('Prettier formats with the plugin and refuses faulty files', async () => {
  const run = (text: string) => prettier.format(text, { parser: 'lab', plugins: [plugin], tabWidth: 8 });
  expect(await run('vm a {\nx = """\n b\n """\n}')).toBe('vm a {\n  x = """\n    b\n    """\n}\n');
  await expect(run('x = ')).rejects.toThrow('LAB1012');
});
