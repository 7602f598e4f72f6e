/** The labs of this repository build to what is committed, byte for byte, and building them twice changes nothing. */
import { describe, expect, test } from 'vitest';
import { build, firstDifference, labs, readLab, readCommitted } from './lab-kit.js';

describe.each(labs)('labs/%s', (name) => {
  const sources = readLab(`labs/${name}`);
  const built = build(sources);

  test('builds to the committed out/, and the lock stays', () => {
    expect(firstDifference(readCommitted(name), built.files)).toBeUndefined();
    expect(built.lock).toBe(sources.lock);
  });

  test('building twice is a fixpoint', () => {
    const fresh = build({ ...sources, lock: undefined });
    const again = build({ ...sources, lock: fresh.lock });
    expect(again.lock).toBe(fresh.lock);
    expect(firstDifference(fresh.files, again.files)).toBeUndefined();
    expect(firstDifference(built.files, build(sources).files)).toBeUndefined();
  });

  test('names no place of this machine', () => {
    for (const [path, text] of built.files) {
      expect(text.includes(process.cwd()), path).toBe(false);
    }
  });
});
