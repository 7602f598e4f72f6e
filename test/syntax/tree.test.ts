import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { File } from '../../compiler/syntax/ast.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { packFile, unpackFile } from '../../compiler/syntax/serialize.js';
import { nodeAt, walk } from '../../compiler/syntax/walk.js';

const text = readFileSync(new URL('fixtures/sample.lab', import.meta.url), 'utf8');
const { value: file, diagnostics } = parseFile({ path: 'sample.lab', text });

function again(packed: File): File {
  const strings = new Map<string, number>();
  return unpackFile(packFile(packed, strings), [...strings.keys()]);
}

test('the sample has no faults and every kind of node', () => {
  expect(diagnostics).toEqual([]);
  const kinds = new Set<string>();
  walk(file, (node) => { kinds.add(node.kind); });
  expect([...kinds].length).toBeGreaterThan(44);
});

test('a packed file comes back the same', () => {
  expect(again(file)).toStrictEqual(file);
});

test('nodeAt finds the innermost node', () => {
  const at = (needle: string) => nodeAt(file, text.indexOf(needle) + 1);
  expect(at('maturin {')).toMatchObject({ kind: 'name', text: 'maturin' });
  expect(at('192.168.86.200')).toMatchObject({ kind: 'ip', text: '192.168.86.200' });
  expect(at('pennywise.address')).toMatchObject({ kind: 'name-expr', text: 'pennywise' });
  expect(nodeAt(file, 0).kind).toBe('file');
});

test('a walk can stay out of a node', () => {
  const seen: string[] = [];
  walk(file, (node) => { seen.push(node.kind); return node.kind === 'file'; });
  expect(new Set(seen)).toEqual(new Set(['file', 'head', 'if', 'for', 'assign']));
});
