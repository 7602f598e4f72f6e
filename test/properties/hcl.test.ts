/**
 * Whatever text goes into the HCL printer as a literal comes back out of Terraform itself, of @cdktf/hcl2json and of
 * hcl2-parser, and is interpreted by none of them. `terraform fmt` finds nothing to change in any printed file.
 */
import { parse as hcl2json } from '@cdktf/hcl2json';
import fc from 'fast-check';
import { parseToObject } from 'hcl2-parser';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { HclBlock, HclItem, HclValue } from '../../compiler/bindings/hcl-value.js';
import { hclMap, hclRef, hclTemplate } from '../../compiler/bindings/hcl-value.js';
import { printFile } from '../../compiler/emit/hcl/print.js';
import { hostileTexts } from '../fixtures/hostile.js';
import { describeWithTool } from '../support/tools.js';

const text = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('$', '%', '{', '}', '"', '\\', '\n', '~', 'a', ' ', '<', 'E', '\u0000', '\u2028', '\u0301') }),
);
const leaf = fc.oneof({ weight: 5, arbitrary: text }, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
const { value } = fc.letrec<{ value: HclValue; list: HclValue; record: HclValue }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 5 }),
  record: fc.uniqueArray(fc.tuple(text, tie('value')), { maxLength: 5, selector: ([key]) => nfc(key) }).map((entries) => hclMap(entries as [string, HclValue][])),
}));

/** HCL reads text in NFC, and a file has no lone surrogates. */
const nfc = (data: string): string => Buffer.from(data, 'utf8').toString('utf8').normalize('NFC');

const file = (data: HclValue): string => printFile(['A test.'], [{ item: 'block', type: 'output', labels: ['v'], body: [{ item: 'attribute', name: 'value', value: data }] }]);

/** What a reader should see: the plain value, texts normalised, no negative zero. */
function plain(data: HclValue): unknown {
  if (typeof data === 'string') return nfc(data);
  if (Array.isArray(data)) return data.map(plain);
  if (typeof data === 'object' && data !== null && '$' in data && data.$ === 'map') return Object.fromEntries(data.entries.map(([key, inner]) => [nfc(key), plain(inner)]));
  return data === 0 ? 0 : data;
}

/** hcl2json keeps the escapes of templates in what it gives back; with them undone it is the text. */
const unescaped = (data: string): string => data.replace(/\$\$\{/g, '${').replace(/%%\{/g, '%{');

describe('readers in this process', () => {
  test('hcl2json reads every text back', async () => {
    const texts = [...hostileTexts, ...fc.sample(text, { numRuns: 1500, seed: 7 })];
    const read = await hcl2json('x.tf', file(texts));
    const got = read.output.v[0].value as string[];
    expect(got.map((_, at) => at).filter((at) => got[at] !== nfc(texts[at]!) && unescaped(got[at]!) !== nfc(texts[at]!)).map((at) => [texts[at], got[at]])).toEqual([]);
  });

  test('hcl2-parser reads every text back', () => {
    const texts = [...hostileTexts, ...fc.sample(text, { numRuns: 300, seed: 8 })];
    const got = (parseToObject(file(texts)) as [{ output: { v: [{ value: string[] }] } }])[0].output.v[0].value;
    expect(got).toEqual(texts.map(nfc));
  });
});

describeWithTool('terraform', (terraform) => {
  /** Plans one file that uses no provider and reads the outputs that the plan knows. */
  async function outputs(source: string): Promise<Record<string, { value: unknown }>> {
    const folder = mkdtempSync(join(tmpdir(), 'labc-hcl-'));
    try {
      writeFileSync(join(folder, 'main.tf'), source);
      const fmt = await terraform.run(['fmt', '-check', '-diff'], { cwd: folder });
      expect(fmt.all).toBe('');
      expect((await terraform.run(['init', '-no-color'], { cwd: folder })).exitCode).toBe(0);
      const planned = await terraform.run(['plan', '-no-color', '-out=p'], { cwd: folder });
      expect(planned.exitCode, planned.all.slice(0, 3000)).toBe(0);
      return JSON.parse((await terraform.run(['show', '-json', 'p'], { cwd: folder })).stdout).planned_values.outputs;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('reads every text and every nested value back', async () => {
    const data = [...hostileTexts, ...hostileTexts.map((key) => hclMap([[key, key]])), ...fc.sample(text, { numRuns: 2000, seed: 1 }), ...fc.sample(value, { numRuns: 600, seed: 2 })];
    const got = (await outputs(file(data))).v!.value as unknown[];
    expect(got.length).toBe(data.length);
    const wrong = data.map((entry, at) => [plain(entry), got[at]]).filter(([want, had]) => JSON.stringify(sorted(want)) !== JSON.stringify(sorted(had)));
    expect(wrong.slice(0, 5)).toEqual([]);
  }, 120_000);

  test('joins templates exactly: literal parts keep their text beside an interpolation', async () => {
    const parts = [...hostileTexts, ...fc.sample(text, { numRuns: 500, seed: 3 })];
    const x: HclBlock = { item: 'block', type: 'locals', labels: [], body: [{ item: 'attribute', name: 'x', value: '<x>' }] };
    const templates = parts.map((part, at) => hclTemplate(part, hclRef('local', 'x'), parts[(at * 7) % parts.length]!, '{', hclRef('local', 'x')));
    const items: HclItem[] = [x, { item: 'block', type: 'output', labels: ['v'], body: [{ item: 'attribute', name: 'value', value: templates }] }];
    const got = (await outputs(printFile([], items))).v!.value as string[];
    expect(got).toEqual(parts.map((part, at) => nfc(`${nfc(part)}<x>${nfc(parts[(at * 7) % parts.length]!)}{<x>`)));
  }, 60_000);

  test('fmt changes nothing in printed bodies of any shape', async () => {
    const name = fc.stringMatching(/^[a-z][a-z_]{0,12}$/);
    const comment = fc.option(text, { nil: undefined });
    const label = (entry: HclItem): unknown => (entry.item === 'attribute' ? entry.name : entry);
    const { item } = fc.letrec<{ item: HclItem }>((tie) => ({
      item: fc.oneof(
        { weight: 3, arbitrary: fc.record({ item: fc.constant('attribute' as const), name, value }) },
        fc.record({ item: fc.constant('attribute' as const), name, value, comment: text }),
        { weight: 2, arbitrary: fc.record({ item: fc.constant('block' as const), type: name, labels: fc.array(name, { maxLength: 2 }), body: fc.uniqueArray(tie('item'), { maxLength: 4, depthIdentifier: 'hcl', selector: label }), comment }, { requiredKeys: ['item', 'type', 'labels', 'body'] }).map(({ comment: lines, ...block }) => ({ ...block, ...(lines === undefined ? {} : { comment: lines }) }) as HclItem) },
      ),
    }));
    const blocks = fc.sample(fc.uniqueArray(item, { maxLength: 6, depthIdentifier: 'hcl', selector: label }), { numRuns: 400, seed: 4 });
    const source = printFile(['Generated by a property.'], blocks.map((body, at) => ({ item: 'block', type: 'x', labels: [String(at)], body })));
    const formatted = await terraform.run(['fmt', '-'], { input: source });
    expect(formatted.exitCode, formatted.stderr.slice(0, 2000)).toBe(0);
    expect(formatted.stdout).toBe(source);
  }, 60_000);
});

/** Terraform sorts keys. */
function sorted(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(sorted);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, inner]) => [key, sorted(inner)] as const).sort(([a], [b]) => (a < b ? -1 : 1)));
}
