import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { proofs } from '../../compiler/diagnostics/catalogue/proofs.js';
import { slugOf } from '../../compiler/diagnostics/define.js';
import { prove, rules } from '../../compiler/proofs/index.js';
import { emptyPlan } from '../fixtures/plan-base.js';
import { terraformPlan, twoClusters } from '../fixtures/plan-terraform.js';
import { plan, vm } from './support.js';

const folder = new URL('../../compiler/proofs/', import.meta.url);
const sources = readdirSync(folder).map((file) => ({ file, text: readFileSync(new URL(file, folder), 'utf8') }));

describe('the registry', () => {
  test('knows every rule by the name of its file, once', () => {
    const files = sources.filter(({ text }) => text.includes('export const rule: Rule')).map(({ file }) => file.replace(/\.ts$/, ''));
    expect(rules.map((rule) => rule.name).sort()).toEqual(files.sort());
    for (const rule of rules) expect(rule.doc).toMatch(/^[A-Z].*\.$/);
  });

  test('every code is used by a rule and seen in a test', () => {
    const tests = ['network', 'guests', 'storage', 'workloads', 'start'].map((name) => readFileSync(new URL(`${name}.test.ts`, import.meta.url), 'utf8')).join('\n');
    for (const [name, entry] of Object.entries(proofs.entries)) {
      if (entry.code.startsWith('LAB59')) continue;
      expect(sources.some(({ text }) => text.includes(`proofs.create.${name}`)), slugOf(name)).toBe(true);
      expect(tests, slugOf(name)).toContain(entry.code);
    }
  });
});

describe('prove', () => {
  test('finds nothing in an empty lab and in a small one', () => {
    expect(prove({ plan: emptyPlan, edges: [] })).toEqual([]);
    expect(prove({ plan: plan({ machines: [vm('carrie', 111), vm('misery', 112)] }), edges: [] })).toEqual([]);
  });

  test('takes the plans that the emitters are tested with', () => {
    for (const subject of [terraformPlan, twoClusters]) for (const one of prove({ plan: subject, edges: [] })) expect(one.message).not.toContain('undefined');
  });

  test('a thousand machines end in the test\'s own time', () => {
    const machines = Array.from({ length: 1000 }, (_, i) => ({ ...vm(`m${i}`, 100 + i), nics: [], address: `10.0.${Math.floor(i / 250)}.${1 + (i % 250)}` }));
    const found = prove({ plan: plan({ machines }), edges: machines.slice(1).map((machine, i) => ({ from: { machine: `m${i}`, layer: 'L3' as const }, to: { machine: machine.name, layer: 'L3' as const }, because: 'x', origin: machine.origin })) });
    expect(found.map((one) => one.slug).sort()).toEqual(['datastore-overcommitted', 'memory-over']);
  });
});
