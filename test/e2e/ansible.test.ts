/** Both labs as Ansible's own tools take them, in the strictest profile and without an exception. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeWithTool, requireTool } from '../support/tools.js';
import { build, edited, labs, readLab, withFile, writeTree } from './lab-kit.js';

describe.each(labs)('labs/%s', (name) => {
  const { files, plan } = build(readLab(`labs/${name}`));

  test('lint has the production profile, arguments checked, and nothing let through', () => {
    const { exclude_paths: excluded, ...rest } = parse(files.get('ansible/.ansible-lint')!) as { exclude_paths: string[] };
    expect(rest).toEqual({ profile: 'production', enable_list: ['args'], warn_list: [] });
    // Of a role only what is copied as it is, and the lists of what a machine holds, are no Ansible.
    expect(excluded).toEqual(['applied/', 'roles/*/files/', 'roles/*/templates/']);
    for (const [path, text] of files) if (path.endsWith('.yml')) expect(text, path).not.toMatch(/noqa|skip_ansible_lint/);
  });

  describeWithTool(['ansible-playbook', 'ansible-lint', 'ansible-inventory'], () => {
    let folder = '';
    beforeAll(() => { folder = writeTree(files); });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));
    const run = (tool: 'ansible-playbook' | 'ansible-lint' | 'ansible-inventory', ...args: string[]) => requireTool(tool).run(args, { cwd: join(folder, 'ansible'), timeout: 400_000 });

    test('ansible-playbook accepts the syntax of both layers, without a warning', async () => {
      for (const layer of ['L3.yml', 'L4.yml']) expect((await run('ansible-playbook', '--syntax-check', layer)).all).toBe(`\nplaybook: ${layer}\n`);
    }, 180_000);

    test('ansible-lint finds nothing in its production profile', async () => {
      const result = await run('ansible-lint', '--offline', '--nocolor');
      expect(result.exitCode, result.all).toBe(0);
      expect(result.all).toContain("Profile 'production' was required, and it passed.");
      expect(result.all).toContain('0 failure(s), 0 warning(s)');
    }, 420_000);

    test('a dry run ends before its first change where a secret cannot be had', async () => {
      const { stdout, exitCode } = await run('ansible-playbook', '--check', 'L3.yml', '--limit', name === 'home' ? 'carrie' : 'box', '-e', 'ansible_connection=local');
      expect(exitCode).toBe(2);
      expect(stdout.match(/^TASK \[.*?\]/gm)).toEqual([`TASK [${name === 'home' ? 'carrie' : 'box'} : Check that its secrets can be read]`]);
      expect(stdout).toMatch(/failed=1 .*ignored=0/);
    }, 120_000);

    test('ansible-inventory sees every machine at its address', async () => {
      const result = await run('ansible-inventory', '--list');
      expect(result.stderr).toBe('');
      const { _meta: meta } = JSON.parse(result.stdout) as { _meta: { hostvars: Record<string, { ansible_host: string }> } };
      expect(Object.fromEntries(Object.entries(meta.hostvars).map(([host, vars]) => [host, vars.ansible_host])))
        .toEqual(Object.fromEntries(plan.machines.map((machine) => [machine.name, machine.address])));
    }, 60_000);
  });
});

describeWithTool(['ansible-playbook'], () => {
  test('a machine that does not answer ends the run before the next one', async () => {
    const alone = edited(readLab('labs/minimal'), (text) => text.split('\n').filter((line) => !/^ {2}run |^(repository|secret (restic|vaultwarden))/.test(line)).join('\n'));
    const { files } = build(withFile({ ...alone, lock: undefined }, 'second.lab', 'vm shed : base_debian { cores = 1  memory = 1GiB  nic lan { address = 192.168.1.21 }  disk root = 8GiB { on = local-lvm } }\n'));
    const folder = writeTree(files);
    try {
      const { stdout, exitCode } = await requireTool('ansible-playbook').run(['L3.yml', '-e', 'ansible_host=127.0.0.1', '-e', 'ansible_port=9'], { cwd: join(folder, 'ansible'), timeout: 100_000 });
      expect(stdout.match(/^PLAY \[.*\]/gm)).toEqual(['PLAY [Converge box]']);
      expect(stdout).toMatch(/^box .*unreachable=1 /m);
      expect(exitCode).toBe(4);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
