/** Recipes: what they run and in which order, what just itself says of the files, and that nothing runs from a broken folder. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { justModules } from '../../compiler/bindgen/just-modules.js';
import { openRepository } from '../../compiler/bindgen/repository.js';
import { systemBatches } from '../../compiler/emit/just/batches.js';
import { emitJust } from '../../compiler/emit/just/index.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { emptyPlan, instance, machine } from '../fixtures/plan-base.js';
import { hostileTexts } from '../fixtures/hostile.js';
import { justPlan } from '../fixtures/plan-just.js';
import { writeOut, writeProgram } from '../support/out-folder.js';
import { describeWithTool, repositoryRoot, requireTool, type RunResult } from '../support/tools.js';

const emitted = new Map(emitJust(justPlan).map((file) => [file.path, file.text]));
const recipesOf = (path: string): string[] => [...emitted.get(path)!.matchAll(/^([a-z-]+):/gm)].map(([, name]) => name!);

describe('recipes', () => {
  test('exist only where they mean something', () => {
    expect(recipesOf('just/machine/carrie.just')).toEqual(['list', 'runway', 'plan', 'apply', 'replace', 'reboot', 'preview', 'converge', 'up', 'status']);
    expect(recipesOf('just/machine/pennywise.just')).toEqual(['list', 'runway', 'plan', 'apply', 'replace', 'reboot', 'root-plan', 'root-apply', 'status']);
    expect(recipesOf('just/machine/flagg.just')).toEqual(['list', 'preview', 'converge', 'up', 'status']);
    expect(emitted.has('just/machine/printer.just')).toBe(false);
    expect(emitJust(emptyPlan).find((file) => file.path === 'justfile')!.text.match(/^[a-z-]+:/gm)).toEqual(['list:', 'runway:', 'status:']);
  });

  test('take turns between layers where a system waits for a workload', () => {
    expect(systemBatches(justPlan)).toEqual([
      { layer: 'L3', machines: ['blaine', 'flagg', 'plan', '2nd'] }, { layer: 'L4', machines: ['flagg'] }, { layer: 'L3', machines: ['carrie'] },
    ]);
    expect(systemBatches({ ...justPlan, order: justPlan.order.filter((stage) => stage.layer !== 'L4').map((stage) => ({ ...stage, after: [] })) })).toHaveLength(1);
  });

  test('ask before they destroy or interrupt, and prove the folder before they run', () => {
    for (const [path, text] of emitted) {
      for (const [, attributes, name, calls] of text.matchAll(/((?:^\[.*\]\n)+)^([a-z-]+):(.*)$/gm)) {
        if (path.startsWith('just/') && !path.startsWith('just/machine/')) continue;
        expect(attributes!.includes('confirm('), `${path} ${name}`).toBe(['replace', 'reboot', 'root-apply'].includes(name!));
        if (name !== 'list') expect(calls, `${path} ${name}`).toMatch(/^ _proof /);
      }
    }
  });

  test('undo what the lab retires, after asking', () => {
    const retiring: Plan = { ...justPlan, machines: justPlan.machines.map((one) => (one.name === 'flagg' ? { ...one, converge: { ...one.converge!, retired: ['user:bob', "stack:'x'"] } } : one)) };
    const justfile = emitJust(retiring).find((file) => file.path === 'justfile')!.text;
    expect(justfile).toContain(`[confirm("This takes away user:bob of flagg, stack:'x' of flagg. Go on? [y/N]")]`);
    expect(justfile).toContain("retire: _proof (_up '--limit' 'flagg' '--extra-vars' 'undo_retire=true') (_converge '--limit' 'flagg' '--extra-vars' 'undo_retire=true')\n");
  });

  test('no secret is more than a name', () => {
    expect(JSON.parse(emitted.get('just/lab.json')!).secrets.restic_password).toEqual({ source: 'sops', file: 'secrets.yaml', key: 'generated/restic_password' });
  });
});

test('the bundled modules are those of just/', async () => {
  const [generated] = await justModules.run(openRepository(repositoryRoot));
  expect(readFileSync(join(repositoryRoot, generated!.path), 'utf8')).toBe(generated!.text);
});

describeWithTool('just', (just) => {
  let folder = '';
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'labc-justfile-')); });
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeOut(join(folder, 'home'), emitJust(justPlan));
  });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunResult> => just.run(args, { cwd: join(folder, 'home'), env });

  test('every file is formatted', async () => {
    for (const path of emitted.keys()) {
      if (path !== 'justfile' && !path.endsWith('.just')) continue;
      const result = await run(['--justfile', join(folder, 'home', path), '--fmt', '--check']);
      expect(result.all, path).toBe('');
    }
  });

  test('lists modules in start order, with hostile descriptions as they are', async () => {
    const { stdout } = await run([]);
    expect([...stdout.matchAll(/^ {4}(\S+) \.\.\./gm)].map(([, name]) => name)).toEqual(['blaine', 'carrie', 'pennywise', 'flagg', 'machine-plan', 'machine-2nd']);
    expect(stdout).toContain('Says "hi" | <b>bold</b> & {{more}}');
    expect((await run(['carrie'])).stdout).toContain('Passwords "and" \'quotes\' `here` $HOME {{x}}');
  });

  test('every recipe has a dry run', async () => {
    const names = (await run(['--summary'])).stdout.trim().split(/\s+/);
    expect(names).toContain('carrie::vaultwarden::up');
    for (const name of names) {
      const result = await run(['--yes', '-n', name]);
      expect({ name, code: result.exitCode }).toEqual({ name, code: 0 });
    }
  }, 60_000);

  test('a lab of hostile texts and names that are recipes is read the same', async () => {
    const names = ['up', 'machine-up', 'set', 'import', 'mod', 'if', '9', 'list'];
    const hostile: Plan = {
      ...emptyPlan,
      machines: names.map((name, i) => machine(name, { description: hostileTexts.slice(i * 15, i * 15 + 15).join(' ') })),
      instances: names.map((name, i) => instance(name, 'set', { description: hostileTexts[i]! })),
    };
    writeOut(join(folder, 'home'), emitJust(hostile));
    const { stdout } = await run(['--summary']);
    expect(stdout.trim().split(/\s+/)).toEqual(expect.arrayContaining(['set::converge', 'machine-machine-up::converge', 'machine-up::converge', 'machine-9::status', 'set::workload-list::up', 'if::preview']));
  });

  test('passes machines and workloads to the plays, in order', async () => {
    writeProgram(join(folder, 'bin'), 'ansible-playbook', 'echo "$(basename "$PWD")" "$@"');
    mkdirSync(join(folder, 'home', 'ansible'));
    const env = { PATH: `${join(folder, 'bin')}:${just.env['PATH']}` };
    expect((await run(['converge'], env)).stdout).toBe('ansible L3.yml --limit blaine,flagg,plan,2nd\nansible L4.yml --limit flagg\nansible L3.yml --limit carrie\n');
    expect((await run(['carrie', 'vaultwarden', 'up'], env)).stdout).toBe('ansible L4.yml --limit carrie --tags vaultwarden\n');
    expect((await run(['machine-plan', 'preview'], env)).stdout).toBe('ansible L3.yml --limit plan --check --diff\n');
  });

  test('refuses a folder that is half written, edited or without a manifest', async () => {
    const refused = async (why: RegExp): Promise<void> => {
      const result = await run(['status']);
      expect(result.exitCode).not.toBe(0);
      expect(result.stderr).toMatch(why);
    };
    const stage = join(folder, '.labc-stage-home');
    mkdirSync(stage);
    writeFileSync(join(stage, 'journal.json'), '{}');
    await refused(/a build was interrupted/);
    rmSync(stage, { recursive: true });
    appendFileSync(join(folder, 'home', 'justfile'), '\n# mine\n');
    await refused(/justfile was changed/);
    writeOut(join(folder, 'home'), emitJust(justPlan));
    rmSync(join(folder, 'home', 'just', 'lab.json'));
    await refused(/just\/lab\.json is missing/);
    rmSync(join(folder, 'home', 'manifest.json'));
    await refused(/manifest\.json is missing/);
  });
});

describeWithTool(['shellcheck', 'just'], (shellcheck) => {
  test('finds nothing in the recipes', async () => {
    const just = requireTool('just');
    const folder = mkdtempSync(join(tmpdir(), 'labc-shellcheck-'));
    for (const [path, text] of emitted) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const dump = JSON.parse((await just.run(['--dump', '--dump-format', 'json'], { cwd: folder })).stdout) as { recipes: Record<string, { body: (string | unknown[])[][] }> };
    const scripts = Object.entries(dump.recipes).flatMap(([name, recipe]) =>
      recipe.body.map((line) => `# ${name}\n${line.map((part) => (typeof part === 'string' ? part : "'value'")).join('').replace(/^@/, '')}\n`));
    expect(scripts.length).toBeGreaterThan(8);
    // Parameters are exported by just, which shellcheck cannot know.
    const result = await shellcheck.run(['-s', 'sh', '-e', 'SC2154', '-'], { input: `set -e\n${scripts.map((script) => `(\n${script})\n`).join('')}` });
    expect(result.all).toBe('');
    rmSync(folder, { recursive: true });
  });
});
