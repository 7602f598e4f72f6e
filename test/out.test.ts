/**
 * The committed `out/home` as a reviewer reads it: what one file says must be what another needs. Each test is a fault that
 * was once there; `.ci/run` proves that the folder is what the sources give.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from './support/tools.js';

const home = join(repositoryRoot, 'out', 'home');
const read = (path: string): string => readFileSync(join(home, path), 'utf8');
const files = Object.keys((JSON.parse(read('manifest.json')) as { files: Record<string, unknown> }).files);
const role = (machine: string, path: string): string => read(`ansible/roles/${machine}/${path}`);

test('the resolver knows every name that the README lists', () => {
  const { services } = parse(read('compose/flagg/pihole/compose.yaml')) as { services: { ftl: { environment: Record<string, string> } } };
  const hosts = services.ftl.environment['FTLCONF_dns_hosts']!.split(';').sort();
  const listed = [...read('README.md').matchAll(/^\| ([a-z.]+\.home\.example\.net) \| A \| ([\d.]+) \|/gm)].map(([, name, value]) => `${value} ${name}`);
  expect(hosts).toEqual([...new Set(listed)].sort());
  expect(listed.length).toBeGreaterThan(20);
});

test('the monitor asks each address once, by the way that people come, and has a resolver that knows it', () => {
  const { endpoints } = parse(read('compose/flagg/gatus/files/server/config/lab.yaml')) as { endpoints: { url: string }[] };
  const urls = endpoints.map((endpoint) => endpoint.url);
  expect(new Set(urls).size).toBe(urls.length);
  expect(urls).toContain('https://vault.home.example.net/alive');
  expect(urls.filter((url) => url.includes('/admin'))).toEqual([]);
  expect(parse(read('compose/flagg/gatus/compose.yaml'))).toMatchObject({ services: { server: { dns: ['192.168.86.205'] } } });
});

test('packages come after what is in their way, and are held after they came', () => {
  const names = (parse(role('carrie', 'tasks/packages.yml')) as { name: string }[]).map((step) => step.name).filter((name) => name.startsWith('Docker'));
  expect(names.map((name) => name.split(' ')[2])).toEqual(['Remove', 'Install', 'Hold', 'Hold', 'Hold', 'Hold', 'Hold']);
});

test('users are made before they get groups, keys and rights', () => {
  const names = (parse(role('carrie', 'tasks/accounts.yml')) as { name: string }[]).map((step) => step.name);
  expect(names.indexOf('Users | Have user ops')).toBeLessThan(names.indexOf('Users | Set the keys of ops'));
  expect(names.indexOf('Users | Have user ops')).toBeLessThan(names.indexOf('Docker | Have ops in group docker'));
});

test('no step is called after its place in a list, and every text file ends its last line', () => {
  for (const path of files.filter((file) => file.endsWith('.yml'))) expect(read(path), path).not.toMatch(/name: .*, step \d/);
  for (const path of files.filter((file) => !file.includes('/secrets/') && !file.includes('/templates/'))) expect(/(^|\n)$/.test(read(path)), path).toBe(true);
});

test('a container is entered as root once, other machines never', () => {
  const plays = (parse(read('ansible/L3.yml')) as { name: string; hosts: string }[]).filter((play) => play.name.startsWith('Let operators'));
  expect(plays.map((play) => play.hosts)).toEqual(['derry']);
});

test('a lab that starts from nothing has its resolver first', () => {
  expect(read('justfile')).toMatch(/^converge: _proof \(_converge '--limit' 'flagg'\) \(_up '--limit' 'flagg'\) \(_converge '--limit' /m);
});

test('the firewall lets operators in from where they sit, and names from every network that asks for them', () => {
  for (const machine of ['blaine', 'carrie', 'derry', 'flagg', 'misery', 'patricia']) {
    const rules = role(machine, 'files/etc/nftables.d/lab.nft');
    expect(rules).toContain('ip saddr { 192.168.86.0/24 } tcp dport 22 accept');
    expect(rules.includes('docker0')).toBe(!['blaine', 'derry'].includes(machine));
  }
  const flagg = role('flagg', 'files/etc/nftables.d/lab.nft');
  for (const network of ['192.168.86.0/24', '192.168.30.0/24']) for (const protocol of ['tcp', 'udp']) {
    expect(flagg).toContain(`ip saddr { ${network} } ct status dnat meta l4proto ${protocol} ct original proto-dst 53 accept`);
  }
});

test('nothing names a place on the machine that built it, or where a source line stands', () => {
  for (const path of files) {
    const text = read(path);
    expect(text.includes(repositoryRoot), path).toBe(false);
    expect(/"(origin|span)":/.test(text), path).toBe(false);
  }
});

test('what captures state is a program that Python reads', () => {
  execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input: role('carrie', 'files/usr/local/sbin/labc-backup') });
});
