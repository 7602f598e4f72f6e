/** Every example of the documents is what it says: it parses, compiles without an error, or has the value beside it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { builtinNames } from '../../compiler/eval/functions.js';
import { methodNames } from '../../compiler/eval/methods.js';
import { format } from '../../compiler/format/format.js';
import { PRIMITIVES } from '../../compiler/shapes/types.js';
import { STATEMENTS } from '../../compiler/structure/statements.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { blocksOf, evaluatorOf, faultsIn, faultsOf, valueOf } from './blocks.js';

describe.each(['docs/language.md', 'docs/writing-a-library.md', 'README.md'])('%s', (path) => {
  const blocks = blocksOf(path);
  const ground = (path === 'docs/language.md' ? blocks : blocksOf('docs/language.md')).find(({ use }) => use === 'whole')?.code ?? '';

  it.each(blocks.filter(({ use }) => use !== 'eval'))('line $line parses', ({ code }) => {
    expect(parseFile({ path, text: code }).diagnostics.map(({ message }) => message)).toEqual([]);
  });

  it.each(blocks.filter(({ use }) => use !== 'eval' && use !== ''))('line $line is as labc fmt writes it', ({ code }) => {
    expect(format(code, path).text).toBe(code);
  });

  it.each(blocks.filter(({ use }) => use === 'whole'))('line $line is a whole lab', ({ code }) => {
    expect(faultsOf({ 'lab.lab': code })).toBe('');
  });

  it.each(blocks.filter(({ use }) => use === 'more' || use === 'then'))('line $line compiles in the ground', ({ code }) => {
    expect(faultsIn(ground, code)).toBe('');
  });

  it.each(blocks.filter(({ use }) => use.startsWith('LAB')))('line $line is refused with $use', ({ use, code }) => {
    expect(faultsIn(ground, code)).toContain(`error[${use}]`);
  });

  it.each(blocks.filter(({ use }) => use === 'eval'))('line $line has these values', ({ code }) => {
    const ev = evaluatorOf(ground);
    const lines = code.split('\n').filter((line) => line.includes('// '));
    const actual = lines.map((line) => `${line.slice(0, line.indexOf('// '))}// ${valueOf(ev, line.slice(0, line.indexOf('// ')).trim())}`);
    expect(actual).toEqual(lines);
  });
});

describe('the reference', () => {
  const text = readFileSync('docs/language.md', 'utf8');
  const words = new Set(text.match(/[A-Za-z_][A-Za-z0-9_]*/g));

  it('shows every function', () => expect(builtinNames().filter((name) => !text.includes(`${name}(`) && !words.has(name))).toEqual([]));
  it('shows every method of text, lists and records', () => {
    const names = ['', [], 1, { t: 'rec', type: null, fields: new Map() }, { t: 'schedule', every: 'daily', at: null }, { t: 'size', bytes: 1 }] as const;
    expect(names.flatMap((value) => methodNames(value as never)).filter((name) => !text.includes(`.${name}(`))).toEqual([]);
  });
  it('names every primitive type', () => expect([...PRIMITIVES].filter((name) => !text.includes(`\`${name}\``))).toEqual([]));
  it('tells of every statement', () => expect([...STATEMENTS.keys()].filter((name) => !new RegExp(`\`${name}\\b`).test(text))).toEqual([]));
});
