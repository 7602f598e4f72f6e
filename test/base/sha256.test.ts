import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../compiler/base/sha256.js';

test('agrees with Node at every length around a block and on any text', () => {
  const real = (text: string) => createHash('sha256').update(Buffer.from(text.toWellFormed(), 'utf8')).digest('hex');
  for (let length = 0; length < 200; length++) expect(sha256('a'.repeat(length))).toBe(real('a'.repeat(length)));
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => sha256(text) === real(text)));
});
