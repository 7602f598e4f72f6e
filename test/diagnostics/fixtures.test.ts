/**
 * Every diagnostic has a fixture, `fixtures/<CODE>-<slug>[-more]/`, and prints what stands in its `expected.txt`.
 * Add one by adding a folder with a `main.lab`; `UPDATE_EXPECTED=1 npx vitest run test/diagnostics` writes what is printed: read it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Parts } from '../../compiler/cli/compiler.js';
import { catalogue } from '../../compiler/diagnostics/catalogue/index.js';
import { play } from '../support/fixture.js';

const folder = fileURLToPath(new URL('fixtures/', import.meta.url));
const fixtures = readdirSync(folder).sort();
const parts = async (): Promise<Parts> => (await import('../../compiler/cli/parts.js')).parts;

/**
 * Proofs that hold of every plan that labc makes today, because an earlier phase chooses the value or refuses it. They stay as
 * promises of the plan to the emitters, and are tried on plans in test/proofs. What needs a repository is tried in test/cli/fetch.test.ts.
 */
const BEHIND_OTHERS: Readonly<Record<string, string>> = {
  'LAB5111-disk-serial': 'labc makes serial numbers itself, of 20 bytes and plain letters',
  'LAB5201-datastore-missing': 'a datastore is named in the node of the machine (LAB2001), and a machine with an image has a root disk (LAB4024)',
  'LAB5204-format-impossible': 'labc chooses the format of a disk by the type of its datastore',
  'LAB5205-image-elsewhere': 'labc puts an image on a datastore of the node that wants it',
  'LAB9048-library-moved': 'a repository whose branch goes on',
};

describe('fixtures', () => {
  it.each(fixtures)('%s', async (name) => {
    const printed = await play(join(folder, name), parts);
    const expected = join(folder, name, 'expected.txt');
    if (process.env['UPDATE_EXPECTED'] !== undefined) writeFileSync(expected, printed);
    expect(existsSync(expected), 'expected.txt is missing: UPDATE_EXPECTED=1 writes it').toBe(true);
    expect(printed).toBe(readFileSync(expected, 'utf8'));
    expect(printed).toContain(`[${name.split('-')[0]}]`);
    if (/^LAB[1-6]/.test(name)) expect(printed.match(/^(?:error|warning)\[/gm), 'one fault, one message').toHaveLength(1);
  });

  it('are named for a code and its slug', () => {
    const known = catalogue().map(({ entry, slug }) => `${entry.code}-${slug}`);
    expect(fixtures.filter((name) => !known.some((start) => name === start || name.startsWith(`${start}-`)))).toEqual([]);
  });

  it('exist for every code', () => {
    const missing = catalogue().map(({ entry, slug }) => `${entry.code}-${slug}`).filter((start) => !fixtures.some((name) => name === start || name.startsWith(`${start}-`)));
    expect(missing).toEqual(Object.keys(BEHIND_OTHERS));
  });
});
