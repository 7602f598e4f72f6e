/**
 * `labs/minimal` converged for real: its own file with addresses, key and mirror of the rig, and two more workloads, built
 * by labc, carried out by the recipes of the built justfile on a booted machine over SSH. Its answers are asked for from
 * outside; what leaves the lab leaves the machine, but not what holds data.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootMachine, buildImages, serveRepository, type Machine, type Repository } from '../rig/index.js';
import { describeWithTool, repositoryRoot, requireTool, runProgram, type RunResult } from '../support/tools.js';
import { labImages } from './converge-images.js';

const gateway = '10.213.11.1/24';
const address = '10.213.11.20';
const fixtures = join(repositoryRoot, 'test', 'e2e', 'fixtures', 'converge');
const password = `it's {{ secret }} $HOME <<% x %>>`;
const adminHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA';
const app = { hello: '  run hello', notes: '  run notes { host = "notes.${lab.domain}" }' };

describeWithTool(['machine', 'ansible-playbook', 'just', 'sops', 'age-keygen'], () => {
  const folder = mkdtempSync(join(tmpdir(), 'labc-converge-'));
  const source = join(folder, 'labs', 'minimal');
  const out = join(folder, 'out', 'minimal');
  let loop = '';
  let repository: Repository;
  let box: Machine;

  beforeAll(async () => {
    repository = await serveRepository({ gateway });
    box = await bootMachine({ name: 'box', address: `${address}/24`, gateway, repository, user: 'ops' });
    await asRoot('apt-get update -q && apt-get install -qy --no-install-recommends e2fsprogs && rm -rf /var/lib/apt/lists/*');
    await plugDisk();
    mkdirSync(source, { recursive: true });
    for (const name of ['hello.lab', 'notes.lab']) copyFileSync(join(fixtures, name), join(source, name));
    copyFileSync(join(repositoryRoot, 'labs', 'minimal', 'lab.lock'), join(source, 'lab.lock'));
    writeFileSync(join(source, 'mirror.asc'), repository.key);
    await sealSecrets();
  }, 600_000);

  afterAll(async () => {
    await box?.stop();
    await repository?.stop();
    if (loop !== '') execFileSync('sh', ['-c', 'losetup --detach "$1" 2>/dev/null || true', 'sh', loop]);
    rmSync(folder, { recursive: true, force: true });
  }, 90_000);

  /** The kept disk of the lab, under the name that Proxmox's disks have. The device goes with its last mount. */
  async function plugDisk(): Promise<void> {
    const disk = join(folder, 'disk.img');
    writeFileSync(disk, '');
    truncateSync(disk, 64 * 1024 * 1024);
    loop = execFileSync('losetup', ['--find', '--show', disk], { encoding: 'utf8' }).trim();
    await asRoot(`mknod ${loop} b 7 ${loop.replace('/dev/loop', '')} && mkdir -p /dev/disk/by-id && ln -s ${loop} /dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_box-data`);
  }

  async function sealSecrets(): Promise<void> {
    const made = await requireTool('age-keygen').run(['-o', join(folder, 'age.key')]);
    const store = join(source, 'secrets.yaml');
    writeFileSync(store, JSON.stringify({ vaultwarden: { admin_hash: adminHash }, notes: { db_password: password } }));
    const sealed = await requireTool('sops').run(['encrypt', '--age', /age1\w+/.exec(made.all)?.[0] ?? '', '--in-place', store]);
    expect(sealed.exitCode, sealed.all).toBe(0);
    expect(readFileSync(store, 'utf8')).not.toContain('secret }}');
  }

  async function build(apps: readonly string[], more = ''): Promise<void> {
    const built = await compile(apps, more);
    expect(built.exitCode, built.all).toBe(0);
  }

  /** Writes the lab with these workloads beside its own, and builds it with labc's own command. */
  async function compile(apps: readonly string[], more = ''): Promise<RunResult> {
    const text = readFileSync(join(repositoryRoot, 'labs', 'minimal', 'minimal.lab'), 'utf8')
      .replaceAll('192.168.1.', '10.213.11.')
      .replace(/keys = \["[^"]*"\]/, () => `keys = ["${readFileSync(`${box.keyPath}.pub`, 'utf8').trim()}"]`)
      .replace('  has docker\n', `  has docker { mirror = "${repository.dockerUrl}"  key = file("mirror.asc") }\n`)
      .replace(/\}\s*$/, `${apps.map((line) => `${line}\n`).join('')}}\n${more}`);
    writeFileSync(join(source, 'minimal.lab'), text);
    return runProgram(process.execPath, ['--import', import.meta.resolve('tsx'), join(repositoryRoot, 'compiler', 'cli', 'main.ts'), 'build', 'labs/'], { cwd: folder });
  }

  interface Run { readonly changed: number; readonly all: string }

  function recipe(words: readonly string[]): Promise<RunResult> {
    return requireTool('just').run(words, {
      cwd: out, timeout: 400_000,
      env: { ...box.ansibleEnvironment, SOPS_AGE_KEY_FILE: join(folder, 'age.key'), RESTIC_PASSWORD: 'r3stic', VAULTWARDEN_ADMIN_TOKEN: 'adm1n', PROXMOX_VE_API_TOKEN: 'labc@pve!t=0' },
    });
  }

  /** Runs a recipe of the built justfile to its good end; `changed` is of all its plays. */
  async function just(...words: readonly string[]): Promise<Run> {
    const result = await recipe(words);
    expect(result.exitCode, result.all.slice(-5000)).toBe(0);
    expect(result.all).not.toContain(password);
    expect(result.all).not.toContain(adminHash);
    return { changed: [...result.stdout.matchAll(/changed=(\d+)/g)].reduce((sum, match) => sum + Number(match[1]), 0), all: result.all };
  }

  async function asRoot(command: string): Promise<string> {
    const result = await box.ssh(`sudo sh -c '${command.replace(/'/g, `'\\''`)}'`, { timeout: 240_000 });
    expect(result.exitCode, result.all).toBe(0);
    return result.stdout;
  }

  /** What a port of the machine answers to this side, as a browser would ask for a name. */
  function ask(port: number, path: string, host = address): Promise<string> {
    return new Promise((resolve, reject) => {
      const request = get({ host: address, port, path, headers: { host }, timeout: 3_000, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part)).on('end', () => resolve(`${answer.statusCode ?? 0} ${text}`));
      });
      request.on('timeout', () => request.destroy(new Error('timeout'))).on('error', reject);
    });
  }

  const running = async (): Promise<string[]> => (await asRoot('docker ps --all --format "{{.Names}} {{.Status}}" | sort')).trim().split('\n').map((line) => line.replace(/ Up .*\(healthy\)$/, ''));
  const notesState = (): Promise<string> => ask(80, '/cgi-bin/state', 'notes.home.example.net');

  test('the runway finds all that is needed but the cluster, which is not there', async () => {
    await build([app.hello, app.notes]);
    const { stdout } = await recipe(['runway']);
    expect(stdout.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([expect.stringContaining('cluster pve')]);
    for (const key of ['notes.db_password', 'vaultwarden.admin_hash', 'restic_password']) expect(stdout).toContain(`ok    secret ${key} is there`);
    expect(stdout).not.toContain(password);
  }, 120_000);

  test('a dry run of the bare machine passes and leaves nothing', async () => {
    await just('preview');
    expect((await box.ssh('ls -d /etc/labc /var/lib/labc /etc/nftables.d /etc/docker')).stdout).toBe('');
  }, 600_000);

  test('the first run brings the lab up, and it answers from outside', async () => {
    await just('box', 'converge');
    execFileSync('losetup', ['--detach', loop]);
    await box.loadImages(buildImages(labImages));
    await just('box', 'up');
    expect(await running()).toEqual(['hello-server-1', 'notes-db-1', 'notes-server-1', 'traefik-proxy-1', 'vaultwarden-server-1']);
    expect(await ask(8081, '/cgi-bin/page')).toBe('200 hello from box\n');
    expect(await ask(443, '/', 'vault.home.example.net')).toBe('200 vault');
    const inUrl = encodeURIComponent(password).replaceAll("'", '%27');
    expect((await notesState()).replace(/born \d+/, 'born')).toBe(`200 secret ${password}\nborn\ndsn = postgres://notes:${inUrl}@db/notes`);
    expect(await asRoot('docker exec vaultwarden-server-1 cat /run/secrets/admin_hash')).toBe(adminHash);
    // Nobody asked for 8000 and 8080: they are not published. What is published and not asked for is dropped.
    await expect(ask(8080, '/')).rejects.toThrow();
    await asRoot('docker run --detach --name stray --publish 9999:8000 --entrypoint /bin/serve notes:1.0');
    await expect(ask(9999, '/')).rejects.toThrow('timeout');
    await asRoot('docker rm --force stray');
    expect(await asRoot('findmnt --noheadings --output FSTYPE /srv; stat --format "%u %a" /srv/notes /srv/notes/db /srv/notes/db/data /srv/vaultwarden/server/data')).toBe('ext4\n0 755\n0 755\n999 700\n1000 750\n');
    expect(await asRoot('stat --format "%u %a" /etc/labc/secrets/notes /etc/labc/secrets/notes/db_password')).toBe('0 700\n0 444\n');
  }, 900_000);

  test('the second run changes nothing, nor does a dry run', async () => {
    expect((await just('converge')).changed).toBe(0);
    expect((await just('up')).changed).toBe(0);
    expect((await just('box', 'notes', 'preview')).changed).toBe(0);
  }, 900_000);

  test('a workload without state leaves with its statement', async () => {
    await build([app.notes]);
    await just('box', 'converge');
    await just('up');
    expect(await running()).toEqual(['notes-db-1', 'notes-server-1', 'traefik-proxy-1', 'vaultwarden-server-1']);
    await expect(ask(8081, '/')).rejects.toThrow();
    expect(await asRoot('ls /etc/labc/workloads; docker network ls --format "{{.Name}}" | sort | tr "\\n" " "; nft list table inet lab | grep -c 8081 || true')).toBe('notes\ntraefik\nvaultwarden\nbridge host lab none notes traefik vaultwarden 0\n');
  }, 600_000);

  test('a workload with a database goes only when the lab retires it, and its data stays', async () => {
    const born = /born \d+/.exec(await notesState())?.[0];
    expect((await compile([])).all).toContain('retire run.notes { data = keep }');
    // A lock that was lost knows of no data; the machine still does.
    const lock = join(source, 'lab.lock');
    const known = readFileSync(lock);
    copyFileSync(join(repositoryRoot, 'labs', 'minimal', 'lab.lock'), lock);
    await build([]);
    const reported = await just('up');
    expect(reported.all.replace(/\s+/g, ' ')).toContain('stack:notes left the lab, but stays on box');
    expect(await running()).toContain('notes-db-1');
    expect((await just('up')).changed).toBe(0);
    writeFileSync(lock, known);
    await build([], 'retire run.notes\n');
    // Ansible folds what it prints.
    expect((await just('up')).all.replace(/\s+/g, ' ')).toContain('run `just retire`');
    expect(await running()).toContain('notes-db-1');
    await just('--yes', 'retire');
    expect(await running()).toEqual(['traefik-proxy-1', 'vaultwarden-server-1']);
    expect(`born ${await asRoot('cat /srv/notes/db/data/born; ls /etc/labc/workloads /etc/labc/secrets')}`).toBe(`${born}\n/etc/labc/secrets:\nvaultwarden\n\n/etc/labc/workloads:\ntraefik\nvaultwarden\n`);
    await build([]);
    expect((await just('up')).changed).toBe(0);
  }, 900_000);
});
