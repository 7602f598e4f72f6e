/** What the just quoter writes, the real just reads as the same text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { justString } from '../../compiler/emit/just/quote.js';
import { hostileTexts } from '../fixtures/hostile.js';
import { describeWithTool } from '../support/tools.js';

describeWithTool('just', (just) => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'labc-just-')); });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  /** One assignment for each text, read back from just's own dump of its evaluation. */
  const read = async (texts: readonly string[]): Promise<string[]> => {
    const names = texts.map((_, i) => `v${String(i).padStart(5, '0')}`);
    const argument = (i: number) => `$${names[i]}`;
    const lines = texts.map((text, i) => `export ${names[i]} := ${justString(text)}`);
    const body = `print:\n    @printf '%s\\0' ${texts.map((_, i) => `"${argument(i)}"`).join(' ')}\n`;
    writeFileSync(join(folder, 'justfile'), `${lines.join('\n')}\n\n${body}`);
    const result = await just.run(['print'], { cwd: folder });
    expect(result.stderr).toBe('');
    return result.stdout.split('\0').slice(0, -1);
  };

  test('reads hostile texts back', async () => {
    expect(await read(hostileTexts)).toEqual(hostileTexts);
  });

  test('reads any text back', async () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom(...'\'"\\{}\n\r\t$`#'), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })), maxLength: 30 });
    const texts = fc.sample(text.filter((value) => !value.includes('\0')), { numRuns: 1000, seed: 11 });
    expect(await read(texts)).toEqual(texts);
  });

  test('keeps texts in attributes and arguments', async () => {
    const texts = hostileTexts.filter((text) => text.trim() !== '');
    const recipes = texts.map((text, i) => `[doc(${justString(text)})]\nr${i}: (say ${justString(text)})\n`);
    writeFileSync(join(folder, 'justfile'), `${recipes.join('\n')}\n[private]\nsay $text:\n    @printf '%s\\0' "$text"\n`);
    const dump = await just.run(['--dump', '--dump-format', 'json'], { cwd: folder });
    const parsed = JSON.parse(dump.stdout) as { recipes: Record<string, { doc: string }> };
    // just trims documentation, and nothing else.
    const trimmed = texts.map((text) => text.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, ''));
    expect(texts.map((_, i) => parsed.recipes[`r${i}`]?.doc)).toEqual(trimmed);
    const said = await just.run(texts.map((_, i) => `r${i}`), { cwd: folder });
    expect(said.stdout.split('\0').slice(0, -1)).toEqual(texts);
  });
});
