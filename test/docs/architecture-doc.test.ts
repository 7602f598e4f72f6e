/** ARCHITECTURE.md names what exists, and every folder of the compiler; README.md shows what is in out/. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commands } from '../../compiler/cli/commands.js';

const text = readFileSync('ARCHITECTURE.md', 'utf8');
const roots = /^(?:\.ci|bin|compiler|docs|grammar|just|labs|scripts|stdlib|test|tools)\//;
const named = new Set([...text.matchAll(/[.\w][\w./-]*/g)].map(([path]) => path.replace(/[/.]$/, '')).filter((path) => roots.test(`${path}/`) && path.includes('/')));

it('every path exists', () => {
  const generic = /^labs\/home\/(?:\*|lab\.lock)|\*/;
  expect([...named].filter((path) => !generic.test(path) && !existsSync(path))).toEqual([]);
});

it('every folder of the compiler is named', () => {
  const folders = readdirSync('compiler', { withFileTypes: true }).map((entry) => `compiler/${entry.name}`);
  const emitters = readdirSync('compiler/emit', { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => `compiler/emit/${entry.name}`);
  expect([...folders, ...emitters].filter((folder) => !named.has(folder))).toEqual([]);
});

it('every test that is named in parentheses exists', () => {
  for (const [, folder, names] of text.matchAll(/`(test\/\w+)` \(([^)]*\.test\.ts`[^)]*)\)/g)) {
    for (const [, name] of (names as string).matchAll(/`([\w-]+\.test\.ts)`/g)) expect(existsSync(`${folder}/${name}`), `${folder}/${name}`).toBe(true);
  }
});

const excerpts = [...readFileSync('README.md', 'utf8').matchAll(/^```\w+ (out\/\S+)\n([^]*?)^```$/gm)].map(([, path, code]) => [path as string, code as string] as const);

it.each(excerpts)('README.md shows %s as it is', (path, code) => {
  let rest = readFileSync(path, 'utf8').split('\n');
  for (const line of code.trimEnd().split('\n')) {
    const at = rest.indexOf(line);
    expect(at, line).not.toBe(-1);
    rest = rest.slice(at + 1);
  }
});

it('README.md tells of every command', () => {
  const readme = readFileSync('README.md', 'utf8');
  expect(commands.filter(({ name }) => !readme.includes(`\`labc ${name}`)).map(({ name }) => name)).toEqual([]);
});
