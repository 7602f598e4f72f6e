import { expect, test } from 'vitest';
import type { Head, Item } from '../../compiler/syntax/ast.js';
import { parseFile } from '../../compiler/syntax/parse.js';

const names = (items: readonly Item[] | undefined): string[] => (items ?? []).map((item) => {
  if (item.kind === 'assign') return item.name.text;
  const label = item.kind === 'head' ? item.entries[0]?.label : undefined;
  return label?.kind === 'ref-label' ? label.parts.map((part) => (part.kind === 'name' ? part.text : '')).join('.') : item.kind;
});
const parse = (text: string) => {
  const { value, diagnostics } = parseFile({ path: 'test.lab', text });
  return { items: value.items, names: names(value.items), codes: diagnostics.map(({ code }) => code) };
};
const inner = (item: Item | undefined): string[] => names((item as Head).body?.items);

test('faults in several declarations are each reported once', () => {
  const { names: found, codes } = parse('vm a { x = }\nvm b { y = 1 }\nvm c { z = [1 2] }\nvm d { }\nvm e { x = "open }\nvm f { }');
  expect(found).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(codes).toEqual(['LAB1012', 'LAB1022', 'LAB1001']);
});

test('a fault in a body hides neither its neighbours nor their bodies', () => {
  const { items, codes } = parse('vm a {\n  x = 1\n  run b {\n    y = ]\n    z = 2\n  }\n  w = 3\n}');
  expect(inner(items[0])).toEqual(['x', 'b', 'w']);
  expect(inner((items[0] as Head).body?.items[1])).toEqual(['y', 'z']);
  expect(codes).toEqual(['LAB1003']);
});

test('a faulty header keeps its name and its body', () => {
  const { items, names: found, codes } = parse('workload a(x Int) {\n  y = 1\n  run b { }\n}\nvm c { }');
  expect(found).toEqual(['a', 'c']);
  expect(inner(items[0])).toEqual(['y', 'b']);
  expect(codes).toEqual(['LAB1024']);
});

test('a value that is missing leaves a hole', () => {
  expect(parse('x =\ny = 1').items).toMatchObject([{ name: { text: 'x' }, value: { kind: 'missing' } }, { name: { text: 'y' } }]);
});

test('two faults in one body are two messages', () => {
  expect(parse('vm a {\n  x = f(1 2)\n  y = 1\n  z = ,\n  w = 2\n}').codes).toEqual(['LAB1022', 'LAB1012']);
});

test('bodies without indentation parse, as long as they are whole', () => {
  expect(parse('vm a {\nx = 1\nnic lan { }\n}\nvm b { }')).toMatchObject({ names: ['a', 'b'], codes: [] });
});

test('a declaration that runs into the next one is cut off', () => {
  expect(parse('fn f(a: Int): Int =\nfn g(a: Int): Int = 1')).toMatchObject({ names: ['f', 'g'], codes: ['LAB1012'] });
  expect(parse('vm a {\n  x = 1 +\nvm b { }').names).toEqual(['a', 'b']);
});

test('words in column 0 inside of strings begin nothing', () => {
  const text = 'x = """\nvm fake { }\n${f(\nvm\n)}\n"""\ny = [1 2]\nvm b { }';
  expect(parse(text)).toMatchObject({ names: ['x', 'y', 'b'], codes: ['LAB1022'] });
});
