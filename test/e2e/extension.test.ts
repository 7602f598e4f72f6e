/** A primitive, an operating system and a contract of a lab's own reach every target, without a line of TypeScript. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { describeWithTool, requireTool } from '../support/tools.js';
import { build, readLab, writeTree } from './lab-kit.js';

const { files } = build(readLab('test/e2e/fixtures/extension'));
const text = (path: string): string => files.get(path) ?? `no ${path}`;
const read = (path: string): unknown => parse(text(path));

test('the primitive is tasks, files and undoing', () => {
  const tasks = (read('ansible/roles/back/tasks/system.yml') as { name: string }[]).filter(({ name }) => name.includes('Greet with extra'));
  expect(tasks).toEqual([
    { 'name': 'Back | Greet with extra', 'ansible.builtin.file': { path: '/etc/update-motd.d', state: 'directory', owner: 'root', group: 'root', mode: '0755' } },
    { 'name': 'Back | Greet with extra, step 2', 'ansible.builtin.copy': { src: 'etc/update-motd.d/90-extra', dest: '/etc/update-motd.d/90-extra', owner: 'root', group: 'root', mode: '0755' }, 'ignore_errors': '{{ ansible_check_mode }}' },
    { 'name': 'Back | Greet with extra, step 3', 'ansible.builtin.copy': { src: 'etc/update-motd.d/90-extra.txt', dest: '/etc/update-motd.d/90-extra.txt', owner: 'root', group: 'root', mode: '0644' }, 'ignore_errors': '{{ ansible_check_mode }}' },
  ]);
  expect(text('ansible/roles/back/files/etc/update-motd.d/90-lab.txt')).toBe('This is back, run by extension.\n');
  const { items } = JSON.parse(text('ansible/applied/back.json')) as { items: { id: string; undo: unknown[] }[] };
  expect(items.find(({ id }) => id === 'motd:extra')?.undo).toHaveLength(2);
});

test('the system is what machines are checked for, and its image what they are made of', () => {
  const assertion = (read('ansible/roles/front/tasks/bootstrap.yml') as Record<string, { that: string[] }>[]).find((task) => 'ansible.builtin.assert' in task);
  expect(assertion?.['ansible.builtin.assert']?.that).toEqual(["ansible_facts.distribution == 'Devuan'", "ansible_facts.distribution_release == 'daedalus'"]);
  expect(text('terraform/images.tf')).toContain('resource "proxmox_download_file" "devuan_5_pve1"');
  expect(text('terraform/front.tf')).toMatch(/import_from +=  ?proxmox_download_file\.devuan_5_pve1\.id/);
  // It derives from Debian: what the library does there, it does here.
  expect(text('ansible/roles/front/files/etc/apt/sources.list.d/lab-docker.sources')).toContain('Suites: daedalus');
});

test('the contract carries the request to its provider, the offer back, and a way through the firewall', () => {
  expect(read('compose/front/reader/files/server/etc/reader/feeds.yaml')).toEqual({ feeds: [{ title: 'House News', url: 'http://192.168.1.21:80/feed.xml', minutes: 30 }] });
  const { services } = read('compose/back/blog/compose.yaml') as { services: { server: { environment: unknown; ports: unknown } } };
  expect(services.server.environment).toEqual({ SUBSCRIBE_AT: 'https://news.lab.example.net/house-news' });
  expect(services.server.ports).toEqual([{ target: 80, published: '80', host_ip: '192.168.1.21', protocol: 'tcp', mode: 'host' }]);
  expect(text('ansible/roles/back/files/etc/nftables.d/lab.nft')).toMatch(/ip saddr \{ 192\.168\.1\.20 \} .*80.*reader/);
});

test('the README tells of all of them', () => {
  expect(text('README.md')).toContain('blog');
  expect(text('README.md')).toContain('devuan_5');
});

describeWithTool(['ansible-playbook', 'ansible-lint', 'docker compose'], () => {
  let folder = '';
  beforeAll(() => { folder = writeTree(files); });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('the tools take it', async () => {
    const ansible = join(folder, 'ansible');
    for (const layer of ['L3.yml', 'L4.yml']) expect((await requireTool('ansible-playbook').run(['--syntax-check', layer], { cwd: ansible })).all).toBe(`\nplaybook: ${layer}\n`);
    const lint = await requireTool('ansible-lint').run(['--offline', '--nocolor'], { cwd: ansible, timeout: 400_000 });
    expect(lint.all).toContain("Profile 'production' was required, and it passed.");
    const compose = await requireTool('docker compose').run(['config', '--quiet'], { cwd: join(folder, 'compose/back/blog') });
    expect(compose.all).toBe('');
  }, 420_000);
});
