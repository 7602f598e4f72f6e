import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalPath } from '../../compiler/host/paths.js';

test('a normal path is what Node makes of it, without a slash at its end', () => {
  const path = fc.array(fc.constantFrom('/', '/', '.', '..', 'a', 'b.c', '.d', 'e.'), { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(fc.property(path, (text) => {
    expect(normalPath(text)).toBe(posix.normalize(text).replace(/(.)\/$/, '$1'));
  }), { numRuns: 2000 });
});
