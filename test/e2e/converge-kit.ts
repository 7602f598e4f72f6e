/**
 * A lab that is built and carried out on booted machines: a folder with its sources, labc's own command over them, the
 * recipes of the built justfile with the rig's key, and what the tests ask machines and ports.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Machine } from '../rig/index.js';
import { writeProgram } from '../support/out-folder.js';
import { cleanEnvironment, repositoryRoot, requireTool, runProgram, type RunResult } from '../support/tools.js';

export interface Run { readonly changed: number; readonly all: string }

export interface LabFolder {
  readonly folder: string;
  readonly source: string;
  readonly out: string;
  write(name: string, text: string): void;
  /** A sealed `secrets.yaml` with these entries. */
  seal(secrets: object): Promise<void>;
  labc(...words: readonly string[]): Promise<RunResult>;
  compile(): Promise<RunResult>;
  /** Builds, to a good end. */
  build(): Promise<void>;
  recipe(words: readonly string[]): Promise<RunResult>;
  /** Runs a recipe to its good end; `changed` is of all its plays. */
  just(...words: readonly string[]): Promise<Run>;
  remove(): void;
}

/** `variables` are what the lab's secrets come from; `keyOf` is a machine whose key opens all of them, once it has booted. */
export function labFolder(name: string, variables: Readonly<Record<string, string>>, keyOf: () => Machine): LabFolder {
  const folder = mkdtempSync(join(tmpdir(), `labc-${name}-`));
  const source = join(folder, 'labs', name);
  const out = join(folder, 'out', name);
  mkdirSync(source, { recursive: true });
  const labc: LabFolder['labc'] = (...words) =>
    runProgram(process.execPath, ['--import', import.meta.resolve('tsx'), join(repositoryRoot, 'compiler', 'cli', 'main.ts'), ...words], { cwd: folder });
  const compile: LabFolder['compile'] = () => labc('build', 'labs/');
  const recipe: LabFolder['recipe'] = (words) => requireTool('just').run(words, {
    cwd: out, timeout: 800_000,
    env: { ...keyOf().ansibleEnvironment, ...variables, SOPS_AGE_KEY_FILE: join(folder, 'age.key'), PATH: `${join(folder, 'bin')}:${cleanEnvironment()['PATH'] ?? ''}` },
  });
  return {
    folder, source, out, labc, compile, recipe,
    write: (file, text) => writeFileSync(join(source, file), text),
    seal: async (secrets) => {
      const made = await requireTool('age-keygen').run(['-o', join(folder, 'age.key')]);
      const store = join(source, 'secrets.yaml');
      writeFileSync(store, JSON.stringify(secrets));
      const sealed = await requireTool('sops').run(['encrypt', '--age', /age1\w+/.exec(made.all)?.[0] ?? '', '--in-place', store]);
      expect(sealed.exitCode, sealed.all).toBe(0);
    },
    build: async () => {
      const built = await compile();
      expect(built.exitCode, built.all).toBe(0);
    },
    just: async (...words) => {
      const result = await recipe(words);
      expect(result.exitCode, result.all.slice(-5000)).toBe(0);
      return { changed: [...result.stdout.matchAll(/changed=(\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0), all: result.all };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Recipes find an `ssh` that opens the rig's machines, as a person's configuration would; `before` may end it, or the recipe. */
export function writeSsh(lab: LabFolder, machine: Machine, before: string): void {
  const trust = '-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR';
  writeProgram(join(lab.folder, 'bin'), 'ssh', `set -- -i ${machine.keyPath} ${trust} "$@"\n${before}\nexec /usr/bin/ssh "$@"`);
}

export async function asRoot(machine: Machine, command: string): Promise<string> {
  const result = await machine.ssh(`sudo sh -c '${command.replace(/'/g, `'\\''`)}'`, { timeout: 240_000 });
  expect(result.exitCode, result.all).toBe(0);
  return result.stdout;
}

/** What a port of a machine answers to this side, as a browser would ask for a name. */
export function ask(address: string, port: number, path: string, host = address): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: address, port, path, headers: { host }, timeout: 3_000, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => resolve(`${answer.statusCode ?? 0} ${text}`));
    });
    request.on('timeout', () => request.destroy(new Error('timeout'))).on('error', reject);
  });
}

/** Containers of a machine by name, with what is not well about them. */
export async function containers(machine: Machine): Promise<string[]> {
  const text = (await asRoot(machine, 'docker ps --all --format "{{.Names}} {{.Status}}" | sort')).trim();
  return text === '' ? [] : text.split('\n').map((line) => line.replace(/ Up .*\(healthy\)$/, '').replace(/ Exited .*$/, ' exited'));
}
