/** Every example of the documents is what it says: it parses, compiles without an error, or has the value beside it. */
import { describe, expect, it } from 'vitest';
import { parseFile } from '../../compiler/syntax/parse.js';
import { blocksOf, evaluatorOf, faultsOf, valueOf } from './blocks.js';

describe.each(['docs/language.md', 'docs/writing-a-library.md', 'README.md'])('%s', (path) => {
  const blocks = blocksOf(path);
  const ground = (path === 'docs/language.md' ? blocks : blocksOf('docs/language.md')).find(({ use }) => use === 'whole')?.code ?? '';

  it.each(blocks.filter(({ use }) => use !== 'eval'))('line $line parses', ({ code }) => {
    expect(parseFile({ path, text: code }).diagnostics.map(({ message }) => message)).toEqual([]);
  });

  it.each(blocks.filter(({ use }) => use === 'whole'))('line $line is a whole lab', ({ code }) => {
    expect(faultsOf({ 'lab.lab': code })).toBe('');
  });

  it.each(blocks.filter(({ use }) => use === 'more'))('line $line compiles in the ground', ({ code }) => {
    expect(faultsOf({ 'ground.lab': ground, 'more.lab': code })).toBe('');
  });

  it.each(blocks.filter(({ use }) => use === 'eval'))('line $line has these values', ({ code }) => {
    const ev = evaluatorOf(ground);
    const lines = code.split('\n').filter((line) => line.includes('// '));
    const actual = lines.map((line) => `${line.slice(0, line.indexOf('// '))}// ${valueOf(ev, line.slice(0, line.indexOf('// ')).trim())}`);
    expect(actual).toEqual(lines);
  });
});
