/** What a label says is not said again in the body: of two answers one would be ignored. */
import { expect, test } from 'vitest';
import { box, lab } from './support.js';

test.each([
  ['a machine', `name = "foo bar"`, '`name` of the vm `box` is its label'],
  ['an item', 'package nano { name = "vim" }', '`name` of the package `nano` is its label'],
])('%s', (_what, body, message) => {
  const [fault, ...more] = lab(box(`  ${body}`)).errors;
  expect(more).toEqual([]);
  expect(fault).toContain(message);
});
