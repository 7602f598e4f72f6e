/** The lock is one of the sources in a chain of `labc why`: the fact that made a value is named with its line. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nodeDisk } from '../../compiler/cli/node-host.js';
import { compile } from '../../compiler/compile.js';
import { standardLibrary } from '../../compiler/library.js';
import { collectLab } from '../../compiler/sources/collect.js';

it('names the line of lab.lock that holds an address', () => {
  const [first] = compile(collectLab(nodeDisk, 'labs/home').sources, standardLibrary()).why('misery.nic.lan.address')?.said ?? [];
  expect(first).toMatchObject({ rank: 'lock', file: 'lab.lock' });
  expect(readFileSync('labs/home/lab.lock', 'utf8').split('\n')[(first?.line ?? 0) - 1]).toMatch(/^address lan\/misery /);
});
