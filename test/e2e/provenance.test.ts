/**
 * Recipes refuse what the sources do not produce, and errors of the real tools are told by lines of the sources: a copy of
 * `labs/home` beside what it compiles to, with faults seeded where a user would make them.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../compiler/base/sha256.js';
import { writeProgram } from '../support/out-folder.js';
import { describeWithTool, repositoryRoot, requireTool, type RunResult } from '../support/tools.js';


describeWithTool('just', (just) => {
  // A bundle works below its package only.
  mkdirSync(join(repositoryRoot, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(repositoryRoot, '.cache', 'provenance-'));
  const bin = join(folder, 'bin');
  const home = join(folder, 'out/home');
  beforeAll(() => {
    expect(spawnSync(process.execPath, [join(repositoryRoot, 'scripts/bundle.mjs'), join(folder, 'dist')], { encoding: 'utf8' }).stderr).toBe('');
    writeProgram(bin, 'labc', `echo "$1" >>${folder}/calls\nexec ${process.execPath} ${folder}/dist/labc.cjs "$@"`);
    cpSync(join(repositoryRoot, 'labs/home'), join(folder, 'labs/home'), { recursive: true });
    expect(labc('build', 'labs/home').stderr).not.toContain('error');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const labc = (...args: readonly string[]) => spawnSync(process.execPath, [join(folder, 'dist/labc.cjs'), ...args], { cwd: folder, encoding: 'utf8' });
  const run = (recipe: readonly string[], env: Record<string, string> = {}): Promise<RunResult> => just.run(['--yes', ...recipe], { cwd: home, env: { PATH: `${bin}:${just.env['PATH']}`, ...env }, timeout: 180_000 });
  const python = requireTool('python');
  const explain = async (text: string): Promise<string> =>
    (await python.run(['-B', '-c', 'import sys; sys.path.insert(0, "just"); import blame; blame.explain(sys.stdin.read())'], { cwd: home, input: text, env: { PATH: `${bin}:${just.env['PATH']}` } })).stderr;

  test('a recipe asks once whether the sources produce this folder, and refuses when they do not', async () => {
    expect((await run(['_proof'])).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe('check\n');
    const source = join(folder, 'labs/home/machines.lab');
    const before = readFileSync(source, 'utf8');
    writeFileSync(source, before.replace(/memory = 12GiB/, 'memory = 13GiB'));
    const refused = await run(['_proof']);
    expect([refused.exitCode === 0, refused.stderr], refused.all).toEqual([false, expect.stringContaining('terraform/carrie.tf is out of date')]);
    // Without the compiler the manifest alone decides.
    expect((await run(['_proof'], { PATH: just.env['PATH'] ?? '' })).exitCode).toBe(0);
    writeFileSync(source, before);
  }, 120_000);

  test('lines of files become lines of sources, without the compiler the file names its source', async () => {
    const line = readFileSync(join(home, 'terraform/carrie.tf'), 'utf8').split('\n').findIndex((text) => text.includes('"proxmox_virtual_environment_vm" "carrie" {')) + 1;
    const vm = readFileSync(join(folder, 'labs/home/machines.lab'), 'utf8').split('\n').findIndex((text) => /^vm carrie\b/.test(text)) + 1;
    expect(await explain(`Error: x\n\n  on carrie.tf line ${line}, in resource\n`)).toBe(`labs/home/machines.lab:${vm}: home/terraform/carrie.tf:${line} comes from here\n`);
    expect(await explain(`failed: validating /etc/labc/workloads/vaultwarden/compose.yaml: services.server additional properties\nOrigin: /elsewhere/x.yml:3:1\n`)).toContain('labs/home/machines.lab: home/compose/carrie/vaultwarden/compose.yaml comes from here');
    expect(await explain(`[ERROR]: Task failed\nOrigin: ${home}/ansible/roles/carrie/tasks/packages.yml:14:3\n`)).toMatch(/^(labs\/home|stdlib)\/\S+:\d+: home\/ansible\/roles\/carrie\/tasks\/packages\.yml:14 comes from here$/m);
  }, 120_000);

  /** Changes a file as a fault of labc would, and the manifest with it. */
  const seed = (path: string, change: (text: string) => string): void => {
    const text = change(readFileSync(join(home, path), 'utf8'));
    writeFileSync(join(home, path), text);
    const manifest = JSON.parse(readFileSync(join(home, 'manifest.json'), 'utf8')) as { files: Record<string, { sha256: string }> };
    manifest.files[path]!.sha256 = sha256(text);
    writeFileSync(join(home, 'manifest.json'), JSON.stringify(manifest));
  };

  describeWithTool(['terraform', 'ansible-playbook'], () => {
    test('the real Terraform and the real Ansible fail, and the statement is named', async () => {
      const path = (name: 'terraform' | 'ansible-playbook'): string => dirname(requireTool(name).path);
      const PATH = `${path('terraform')}:${path('ansible-playbook')}:${just.env['PATH']}`;
      seed('terraform/carrie.tf', (text) => text.replace('  vm_id     ', '  vm_di     '));
      seed('terraform/versions.tf', (text) => text.replace(/ {2}backend [\s\S]*?\n {2}\}\n/, ''));
      const planned = await run(['_terraform-plan', ''], { ...requireTool('terraform').env, PATH, PROXMOX_VE_API_TOKEN: 'a@pve!b=c' });
      expect(planned.exitCode).not.toBe(0);
      expect(planned.stderr).toMatch(/^labs\/home\/machines\.lab: home\/terraform\/carrie\.tf:\d+ comes from here$/m);

      seed('ansible/L3.yml', (text) => text.replace(/^- name: Converge flagg\n[\s\S]*?tasks:\n/m, (play) => `${play.replace('hosts: flagg', 'hosts: localhost\n  connection: local').replace('become: true', 'become: false')}    - name: Fail\n      ansible.builtin.fail:\n        msg: seeded\n`));
      const failed = await run(['_converge', '--inventory', 'localhost,', '--limit', 'localhost'], { PATH, ANSIBLE_LOCALHOST_WARNING: 'False' });
      expect(failed.exitCode).not.toBe(0);
      expect(failed.stderr).toMatch(/^labs\/home: home\/ansible\/L3\.yml:\d+ comes from here$/m);
    }, 240_000);
  });
});
