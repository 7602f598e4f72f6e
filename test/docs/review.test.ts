/** The example of docs/review.md is true: the edit that it shows, made to labs/home, prints what it shows. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { wrap } from '../../compiler/diagnostics/terminal-text.js';
import { standardLibrary } from '../../compiler/library.js';
import { reviewPlans } from '../../compiler/review/review.js';
import { reviewText } from '../../compiler/review/text.js';
import { collectLab } from '../../compiler/sources/collect.js';
import { MemoryDisk } from '../support/memory-disk.js';

const folder = new URL('../../labs/home/', import.meta.url);
const page = readFileSync(new URL('../../docs/review.md', import.meta.url), 'utf8');
const block = (kind: string): string => new RegExp(`^\`\`\`${kind}\n([^]*?)\`\`\`$`, 'm').exec(page)?.[1] ?? '';

function checked(edit: (text: string) => string) {
  const disk = new MemoryDisk();
  for (const name of readdirSync(folder)) if (/\.(lab|lock)$/.test(name)) disk.put(`labs/home/${name}`, edit(readFileSync(new URL(name, folder), 'utf8')));
  return compile(collectLab(disk, 'labs/home').sources, standardLibrary());
}

it('prints what docs/review.md shows', () => {
  const [old = '', now = ''] = ['-', '+'].map((sign) => block('diff').split('\n').filter((line) => line.startsWith(sign)).map((line) => line.slice(1)).join('\n'));
  const [before, after] = [checked((text) => text), checked((text) => text.replace(old, now))];
  const review = reviewPlans(before.plan!, after.plan!, (path) => {
    const step = after.why(path)?.said[0];
    return step === undefined || step.rank === 'default' ? undefined : step;
  });
  expect(reviewText(review, { source: 'labs/home', revision: 'HEAD', commit: '3f2c1a9' }, false, { colour: false, width: 80, wrap })).toBe(block('text'));
});
