import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { walk } from '../../compiler/syntax/walk.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { shapes } from '../../compiler/syntax/shape.js';
import { LabParser } from '../../grammar/parser.js';
import { AstBuilder, type Ast } from '../../compiler/syntax/build.js';

/** The section of the grammar: on its own until it is merged into the reference. */
const path = ['docs/language.md', 'docs/grammar-part.md'].find((file) => existsSync(file) && readFileSync(file, 'utf8').includes('\n## Grammar')
  || existsSync(file) && readFileSync(file, 'utf8').startsWith('## Grammar')) as string;
const text = readFileSync(path, 'utf8');
const section = text.slice(text.search(/^## Grammar/m)).split(/\n## /)[0] as string;
const examples = [...section.matchAll(/```lab\n([^]*?)```/g)].map(([, code]) => code as string);

test.each(examples.map((code) => [code.split('\n')[0], code]))('%s', (_, code) => {
  expect(parseFile({ path, text: code as string }).diagnostics).toEqual([]);
});

test('the examples show every kind of node', () => {
  const shown = new Set<string>();
  for (const code of examples) walk(parseFile({ path, text: code }).value, (node) => { shown.add(node.kind); });
  expect(Object.keys(shapes).filter((kind) => !shown.has(kind) && kind !== 'missing')).toEqual([]);
});

test('the EBNF has the rules of the parser, in its order', () => {
  const ebnf = /```ebnf\n([^]*?)```/.exec(section)?.[1] ?? '';
  const rules = [...ebnf.matchAll(/^(\w+) +=/gm)].map(([, name]) => name);
  const parser = new LabParser<Ast>(new AstBuilder(), { skipValidations: true });
  expect(new Set(rules)).toEqual(new Set(Object.keys(parser.getGAstProductions()).filter((name) => name !== 'memberName')));
});
