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

it.each([
  ['home.misery.vmid', 'vmid pve/misery '], ['misery.nic.lan.mac', 'mac misery/lan '], ['misery.disk.data.slot', 'slot misery/data '],
  ['misery.pci.gpu0.slot', 'slot misery/pci.gpu0 '], ['immich.server.http.host_port', 'port misery/tcp/immich.server.http '], ['trilium.server.http.host_port', 'port carrie/tcp/trilium.server.http '],
])('names the line of lab.lock behind %s', (path, fact) => {
  const lines = readFileSync('labs/home/lab.lock', 'utf8').split('\n');
  const line = lines.findIndex((one) => one.startsWith(fact)) + 1;
  const why = compile(collectLab(nodeDisk, 'labs/home').sources, standardLibrary()).why(path);
  expect(why?.value).toBe(lines[line - 1]?.split(' ')[2]);
  expect(why?.said[0]).toEqual({ rank: 'lock', value: why?.value, file: 'lab.lock', line });
});

it('leaves the lock out where the lab says the value itself', () => {
  expect(compile(collectLab(nodeDisk, 'labs/home').sources, standardLibrary()).why('overlook.nic.lan.mac')?.said[0]).toMatchObject({ rank: 'machine', file: 'machines.lab' });
});
