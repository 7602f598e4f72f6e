/** All emitters together: one file for one path, by path, the same every time. */
import { expect, test } from 'vitest';
import { compareText } from '../../compiler/base/text.js';
import { emitAll } from '../../compiler/emit/index.js';
import { instance, machine } from '../fixtures/plan-base.js';
import { justPlan } from '../fixtures/plan-just.js';

test('gives every file once, by path, the same every time', () => {
  const files = emitAll(justPlan);
  const paths = files.map((file) => file.path);
  expect(paths).toEqual([...new Set(paths)].sort(compareText));
  expect(emitAll(structuredClone(justPlan))).toEqual(files);
  for (const path of ['.gitattributes', 'README.md', 'ansible/L3.yml', 'compose/carrie/vaultwarden/compose.yaml', 'just/lab.json', 'justfile', 'terraform/carrie.tf', 'topology.svg']) {
    expect(paths).toContain(path);
  }
});

test('takes two files for one path for what they are, a bug', () => {
  expect(() => emitAll({ ...justPlan, machines: [...justPlan.machines, machine('flagg')], instances: [...justPlan.instances, instance('traefik', 'flagg')] })).toThrow(/two emitters write/);
});

test('a machine more leaves the files of the others alone', () => {
  const before = new Map(emitAll(justPlan).map((file) => [file.path, file.text]));
  const after = new Map(emitAll({ ...justPlan, machines: [...justPlan.machines, machine('walter', { address: '192.168.86.99' })] }).map((file) => [file.path, file.text]));
  const changed = [...before].filter(([path, text]) => after.get(path) !== text).map(([path]) => path);
  expect(changed.filter((path) => !['README.md', 'ansible/L3.yml', 'ansible/L4.yml', 'ansible/inventory/hosts.yml', 'just/lab.json', 'justfile', 'topology.svg'].includes(path))).toEqual([]);
});
