/**
 * No input makes the compiler throw or hang: whatever stands in the sources, `compile` ends with a plan or with a diagnostic.
 * And what is wrong with one declaration hides neither what is wrong with another nor what the other declares.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { standardLibrary } from '../../compiler/library.js';
import { compile, type CheckResult } from '../../compiler/compile.js';
import { endOf, lex } from '../../grammar/lexer.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (folder: string): string[] => readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.lab')).sort().map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8'));
const library = standardLibrary();
const base = readFileSync(`${root}test/diagnostics/base.lab`, 'utf8');
const minimal = read('labs/minimal');
const home = read('labs/home');
/** Apps and capabilities of the library, as if the lab had written them itself. */
const borrowed = [...read('stdlib/apps'), ...read('stdlib/parts'), ...read('stdlib/capabilities')];

function compiled(...texts: readonly string[]): CheckResult {
  const files = texts.map((text, i) => ({ path: `f${i}.lab`, text }));
  return compile({ name: 'any', root: 'labs/any', files, assets: { find: () => ({ found: false, fault: 'missing', detail: 'it does not exist' }) }, lock: undefined }, library);
}

/** Every diagnostic stands in a file, has a sentence and a help; where there is no plan, there is an error. */
function ends(result: CheckResult): void {
  for (const { message, help, span } of result.diagnostics) {
    expect(message).not.toMatch(/undefined|\[object|NaN/);
    expect(help).not.toBe('');
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
  }
  expect(result.diagnostics.some(({ severity }) => severity === 'error')).toBe(result.plan === undefined);
}

interface Edit {
  readonly at: number;
  readonly how: 'delete' | 'double' | 'swap' | 'insert' | 'replace';
  readonly from: number;
}

const vocabulary = [
  'vm', 'run', 'has', 'persona', 'workload', 'kind', 'contract', 'capability', 'part', 'type', 'fn', 'let', 'for', 'if', 'else', 'in', 'not', 'none', 'on', 'with', 'use', 'check',
  'requests', 'self', 'machine', 'lab', 'without', 'retire', 'decline', 'fulfils', 'offer', 'route', 'state', '=', '+=', ':', ',', '.', '{', '}', '(', ')', '[', ']', '=>', '..', '??', '+', '/', '|', '?',
  '"', '"x"', '"${x}"', '"""', '1', '8GiB', '1.5', '10.0.0.1', '10.0.0.0/8', '/srv', '03:30', '02:00:00:00:00:01', '\n', '//', '#', 'ä', '💥', '$', 'L2', 'L3', 'env', 'task', 'via', 'where', 'then',
];

const tokensOf = new Map<string, readonly { readonly start: number; readonly end: number }[]>();
function tokens(text: string): readonly { readonly start: number; readonly end: number }[] {
  let known = tokensOf.get(text);
  if (known === undefined) tokensOf.set(text, (known = lex(text).tokens.map((token) => ({ start: token.startOffset, end: endOf(token) }))));
  return known;
}

function edited(text: string, edits: readonly Edit[]): string {
  const places = tokens(text);
  const put = (n: number): string => (n % 3 === 0 ? (vocabulary[n % vocabulary.length] as string) : slice(places[n % places.length]));
  const slice = (place: { readonly start: number; readonly end: number } | undefined): string => (place === undefined ? '' : text.slice(place.start, place.end));
  const out = places.map((place, i) => text.slice(i === 0 ? 0 : places[i - 1]!.end, place.start) + slice(place));
  for (const { at, how, from } of edits) {
    const i = at % out.length;
    const was = out[i] as string;
    if (how === 'delete') out[i] = '';
    else if (how === 'double') out[i] = `${was} ${was}`;
    else if (how === 'insert') out[i] = `${was} ${put(from)} `;
    else if (how === 'replace') out[i] = ` ${put(from)}`;
    else [out[i], out[from % out.length]] = [out[from % out.length] as string, was];
  }
  return out.join('');
}

const edits = fc.array(fc.record<Edit>({ at: fc.nat(), how: fc.constantFrom('delete', 'double', 'swap', 'insert', 'replace'), from: fc.nat() }), { minLength: 1, maxLength: 6 });

describe('compile ends', () => {
  test('with any soup of tokens', () => {
    const soup = fc.array(fc.constantFrom(...vocabulary), { maxLength: 60 }).map((words) => words.join(' '));
    fc.assert(fc.property(soup, fc.boolean(), (text, alone) => ends(alone ? compiled(text) : compiled(base, text))), { numRuns: 60 });
  });

  test('with any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => ends(compiled(text))), { numRuns: 30 });
  });

  test.each([['labs/minimal', minimal, 60], ['labs/home', home, 25]] as const)('with %s, some tokens of it lost, doubled, swapped or foreign', (_name, files, numRuns) => {
    fc.assert(fc.property(fc.nat(files.length - 1), edits, (which, changes) => {
      ends(compiled(...files.map((text, i) => (i === which ? edited(text, changes) : text))));
    }), { numRuns });
  });

  test('with apps and capabilities that are nearly the library\'s', () => {
    fc.assert(fc.property(fc.constantFrom(...borrowed), edits, (text, changes) => {
      const names = [...text.matchAll(/^workload ([a-z_]+)/gm)].map((match) => match[1] as string);
      const machine = `vm carrie : docker_host { nic lan { address = 192.168.1.20 } ${names.map((name) => `run ${name}`).join(' ')} }`;
      ends(compiled(base.replace(', apps.{traefik, vaultwarden}', ''), edited(text, changes), machine));
    }), { numRuns: 60 });
  });
});

describe('one broken declaration', () => {
  const neighbour = 'vm misery : docker_host {\n  cores = "two"\n  nic lan { address = 192.168.1.21 }\n}\n';
  const persona = 'persona roomy {\n  L2 { memory = 16GiB }\n}\n';
  const broken = 'vm carrie : docker_host, roomy {\n  nic lan { address = 192.168.1.20 }\n  cores = max(2, 4)\n  package git, curl\n  run traefik { tls = internal() }\n  if machine.cores > 2 { tags = ["large"] }\n}\n';

  test('hides nothing of what is wrong beside it, whatever token it lacks', () => {
    const places = tokens(broken);
    fc.assert(fc.property(fc.constantFrom(...places), (place) => {
      const text = broken.slice(0, place.start) + broken.slice(place.end);
      const { diagnostics } = compiled(base, `${persona}${text}${neighbour}`);
      const said = diagnostics.map(({ code, message }) => `${code} ${message}`);
      expect(said.filter((line) => line.startsWith('LAB3001') && line.includes('the vm `misery`'))).toHaveLength(1);
      expect(said.filter((line) => /nothing|no persona/.test(line) && /misery|`roomy`/.test(line))).toEqual([]);
    }), { numRuns: places.length });
  });

  test('says at most two things when one token is lost', () => {
    const often = tokens(broken).filter((place) => compiled(base, `${persona}${broken.slice(0, place.start)}${broken.slice(place.end)}`).diagnostics.length > 2);
    expect(often.map((place) => broken.slice(place.start, place.end))).toEqual([]);
  });
});
