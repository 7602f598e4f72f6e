/** What the shell quoter writes is one word with the same value, in every shell of this machine. */
import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shellCommand, shellWord } from '../../compiler/emit/shell/quote.js';
import { runProgram } from '../support/tools.js';
import { hostileTexts } from '../fixtures/hostile.js';

describe.each(['/bin/sh', '/bin/bash', '/bin/zsh'].filter((path) => existsSync(path)))('%s', (shell) => {
  const read = async (words: string): Promise<string[]> => {
    const result = await runProgram(shell, ['-s'], { input: `printf '%s\\0' ${words}\n` });
    expect(result.stderr).toBe('');
    return result.stdout.split('\0').slice(0, -1);
  };

  test('reads hostile texts back', async () => {
    expect(await read(shellCommand(hostileTexts))).toEqual(hostileTexts);
  });

  test('reads any text back', async () => {
    const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0')), { numRuns: 2000, seed: 7 });
    expect(await read(shellCommand(texts))).toEqual(texts);
  });

  test('reads any ASCII pair back', async () => {
    const ascii = Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1));
    const texts = ascii.flatMap((a) => ["'", '\\', '=', '~', 'a'].map((b) => a + b));
    expect(await read(texts.map(shellWord).join(' '))).toEqual(texts);
  });
});

test('plain words stay bare, as a person would type them', () => {
  expect(shellCommand(['docker', 'compose', '-p', 'immich', 'up', '--wait-timeout=60'])).toBe('docker compose -p immich up --wait-timeout=60');
  expect(shellWord('')).toBe("''");
  expect(shellWord('A=1')).toBe('A=1');
});
