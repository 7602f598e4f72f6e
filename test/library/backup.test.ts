/** `labc-backup` with a real restic, a repository in a folder and an engine that only notes what it is told. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeProgram } from '../support/out-folder.js';
import { describeWithTool, repositoryRoot, runProgram, type RunResult } from '../support/tools.js';

describeWithTool('restic', (restic) => {
  let world = '';
  beforeEach(() => {
    world = mkdtempSync(join(tmpdir(), 'labc-backup-'));
    for (const folder of ['etc/jobs', 'lock', 'cache', 'srv/app/server/data', 'srv/app/db/data', 'srv/other/data', 'bin']) mkdirSync(join(world, folder), { recursive: true });
    writeFileSync(join(world, 'etc/env'), `RESTIC_REPOSITORY=${world}/repository\nRESTIC_PASSWORD_FILE=${world}/etc/password\nRESTIC_CACHE_DIR=${world}/cache\n`);
    writeFileSync(join(world, 'etc/password'), 'secret');
    writeFileSync(join(world, 'etc/keep.json'), '{"last": 9}');
    job('app.server.data', 'app', 'srv/app/server/data', 'stop');
    job('app.db.data', 'app', 'srv/app/db/data', { variant: 'dump', how: { save: ['dump'], restore: ['load'] } });
    job('other', '', 'srv/other/data', 'pause');
    // `exec` of a dump prints the database, of a load replaces it; everything is noted.
    writeProgram(join(world, 'bin'), 'docker', [
      `echo "$@" >> ${world}/calls`,
      'case "$*" in', `*compose*stop*) ls ${world}/repository/locks >> ${world}/calls ;;`, `ps*Label*) [ -e ${world}/stopped ] || printf 'server\\ndb\\n' ;;`, 'ps*) echo 1234 ;;', `*dump) cat ${world}/srv/app/db/data/rows ;;`, `*load) [ ! -e ${world}/broken ] && cat > ${world}/srv/app/db/data/rows ;;`, 'esac',
    ].join('\n'));
    writeFileSync(
      join(world, 'labc-backup'),
      readFileSync(join(repositoryRoot, 'stdlib/capabilities/labc-backup.py'), 'utf8')
        .replaceAll('/etc/labc/restic', `${world}/etc`).replaceAll('/etc/fstab', `${world}/fstab`).replaceAll('/run/lock', `${world}/lock`).replaceAll('/var/lib/labc', `${world}/lib`).replaceAll('/var/cache/restic', `${world}/cache`),
    );
    write('app/server/data/note', 'first');
    write('app/db/data/rows', 'row 1');
    write('other/data/x', 'x');
  });
  afterEach(() => { rmSync(world, { recursive: true, force: true }); });

  const job = (id: string, group: string, path: string, quiesce: unknown): void =>
    writeFileSync(join(world, 'etc/jobs', `${id}.json`), JSON.stringify({ id, group, container: id.split('.')[1] ?? '', path: join(world, path), quiesce, exclude: [] }));
  const write = (path: string, text: string): void => writeFileSync(join(world, 'srv', path), text);
  const read = (path: string): string => readFileSync(join(world, 'srv', path), 'utf8');
  const backup = (...args: string[]): Promise<RunResult> => runProgram('/usr/bin/env', ['python3', join(world, 'labc-backup'), ...args], { env: { ...restic.env, PATH: `${world}/bin:${restic.env['PATH']}` } });
  const captures = async (state: string): Promise<number> =>
    (JSON.parse((await restic.run(['snapshots', '--json', '--tag', `labc,${state}`, '--repo', join(world, 'repository'), '--password-file', join(world, 'etc/password')])).stdout) as unknown[]).length;
  /** What a machine has whose disk was replaced: folders as a play makes them, and an app that began anew in them. */
  const rebuilt = (): void => {
    rmSync(join(world, 'srv/app'), { recursive: true });
    for (const folder of ['server', 'db']) mkdirSync(join(world, 'srv/app', folder, 'data'), { recursive: true });
    write('app/server/data/note', 'empty');
    write('app/db/data/rows', 'no row');
  };

  test('a state that nobody captured before is new by itself; what lies there may be declared the state', { timeout: 300_000 }, async () => {
    expect((await backup('capture')).exitCode).toBe(0);
    for (const state of ['app.server.data', 'app.db.data', 'other']) expect(await captures(state)).toBe(1);
    expect(JSON.parse(read('app/server/.data.labc-state'))).toEqual({ state: 'app.server.data', is: 'new' });
    expect((await backup('drill', 'app.server.data')).stdout).toContain('app.server.data: 5 bytes came back');

    rebuilt();
    expect((await backup('adopt')).exitCode).toBe(1);
    expect((await backup('adopt', 'app.server.data')).exitCode).toBe(0);
    expect(JSON.parse(read('app/server/.data.labc-state')).is).toBe('adopted');
    // What a migration left behind is not the state any more, until somebody says so.
    write('app/db/.data.labc-state', '{"is": "left", "to": "box:/srv/app/db/data"}');
    const refused = await backup('capture', 'app.db.data');
    expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('app.db.data: it moved to box:/srv/app/db/data')]);
    expect((await backup('adopt', 'app.db.data')).exitCode).toBe(0);
    expect((await backup('capture', 'app.db.data')).exitCode).toBe(0);
    expect(await captures('app.db.data')).toBe(2);
  });

  test('a rebuilt machine captures nothing of a group until all of it is restored, and everything else as ever', { timeout: 300_000 }, async () => {
    expect((await backup('capture')).exitCode).toBe(0);
    rebuilt();
    const refused = await backup('capture');
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('app.server.data: the repository holds 1 of its captures');
    expect(refused.stderr).toContain('labc-backup restore app.db.data');
    expect(refused.stderr).not.toContain('other:');
    expect([await captures('app.server.data'), await captures('app.db.data'), await captures('other')]).toEqual([1, 1, 2]);

    expect((await backup('restore', 'app.server.data')).exitCode).toBe(0);
    expect(read('app/server/data/note')).toBe('first');
    expect(read('app/server/data.before-restore/note')).toBe('empty');
    expect((await backup('capture', 'app.server.data')).exitCode).toBe(1);
    expect((await backup('restore', 'app.db.data')).exitCode).toBe(0);
    expect(read('app/db/data/rows')).toBe('row 1');
    expect((await backup('capture', 'app.db.data')).exitCode).toBe(0);
    expect(await captures('app.server.data')).toBe(2);
    expect(readFileSync(join(world, 'calls'), 'utf8')).toContain('compose --project-name app stop server\n');
  });

  test('a restore that broke off leaves a state that is not captured, and a capture of another state is refused', { timeout: 300_000 }, async () => {
    await backup('capture');
    write('../broken', '');
    expect((await backup('restore', 'app.db.data')).exitCode).toBe(1);
    expect(existsSync(join(world, 'srv/app/db/.data.labc-state'))).toBe(false);
    expect((await backup('capture', 'app.db.data')).exitCode).toBe(1);
    expect((await backup('restore', 'other', 'ffffffff')).stderr).toContain('the repository holds no capture ffffffff of other');
  });

  test('what stands still stays still, and a workload that cannot be captured keeps no other from it', { timeout: 300_000 }, async () => {
    write('../stopped', '');
    rmSync(join(world, 'srv/app/db/data'), { recursive: true });
    const run = await backup('capture');
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringContaining(`app.db.data: ${world}/srv/app/db/data is not there`)]);
    expect([await captures('app.server.data'), await captures('other')]).toEqual([0, 1]);
    mkdirSync(join(world, 'srv/app/db/data'));
    write('app/db/data/rows', 'row 1');
    expect((await backup('capture')).exitCode).toBe(0);
    expect(readFileSync(join(world, 'calls'), 'utf8')).not.toMatch(/compose .*(stop|start)/);
  });

  test('neither a repository nor a state is looked for below a disk that is not mounted', { timeout: 300_000 }, async () => {
    writeFileSync(join(world, 'fstab'), `# a comment\n/dev/sda1 / ext4 defaults 0 1\n/dev/sdb1 ${world}/srv/app ext4 defaults 0 2\nproc /proc proc defaults 0 0\n`);
    const half = await backup('capture');
    expect([half.exitCode, half.stderr]).toEqual([1, expect.stringContaining(`app.server.data: ${world}/srv/app/server/data is on ${world}/srv/app, and nothing is mounted there`)]);
    expect([await captures('app.server.data'), await captures('other')]).toEqual([0, 1]);
    rmSync(join(world, 'repository'), { recursive: true });
    writeFileSync(join(world, 'fstab'), `/dev/sdb1 ${world} ext4 nofail 0 2\n`);
    for (const words of [['capture'], ['drill'], ['check'], ['restore', 'other']]) {
      const run = await backup(...words);
      expect([run.exitCode, run.stderr]).toEqual([1, `labc-backup: the repository ${world}/repository is on ${world}, and nothing is mounted there\n`]);
    }
    expect(existsSync(join(world, 'repository'))).toBe(false);
  });

  test('a repository that does not answer is no empty repository', { timeout: 300_000 }, async () => {
    await backup('capture');
    rebuilt();
    writeFileSync(join(world, 'etc/password'), 'another');
    expect((await backup('capture')).exitCode).toBe(1);
    expect(existsSync(join(world, 'srv/app/server/.data.labc-state'))).toBe(false);
  });

  const locks = (): string[] => readdirSync(join(world, 'repository/locks')).filter((name) => /^[0-9a-f]{64}$/.test(name));
  /** A restic that runs until it holds the repository. */
  const holding = async (...args: string[]): Promise<ChildProcess> => {
    const child = spawn(restic.path, [...args, '--repo', join(world, 'repository'), '--password-file', join(world, 'etc/password')], { env: restic.env, stdio: ['pipe', 'ignore', 'ignore'] });
    await vi.waitUntil(() => locks().length > 0, { timeout: 60_000, interval: 5 });
    return child;
  };

  test('what a killed restic left locked locks nobody out', { timeout: 300_000 }, async () => {
    await backup('capture');
    const killed = await holding('backup', '--stdin');
    const ended = once(killed, 'exit');
    killed.kill('SIGKILL');
    await ended;
    expect(locks()).toHaveLength(1);
    // A capture goes past it, but what makes room does not.
    expect((await backup('capture')).exitCode).toBe(0);
    expect(locks()).toEqual([]);
  });

  test('nothing stands still while another machine holds the repository', { timeout: 300_000 }, async () => {
    await backup('capture');
    const other = await holding('check');
    other.kill('SIGSTOP');
    const [held] = locks();
    expect(held).toBeDefined();
    rmSync(join(world, 'calls'));
    const waiting = backup('capture');
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    other.kill('SIGCONT');
    expect((await waiting).exitCode).toBe(0);
    const calls = readFileSync(join(world, 'calls'), 'utf8');
    expect(calls).toContain('compose --project-name app stop server\n');
    expect(calls).not.toContain(held);
  });

  test('what a capture held still that was cut off is started by `resume`, or by the next run', { timeout: 300_000 }, async () => {
    const note = join(world, 'lib/held/app.json');
    for (const verb of ['resume', 'check']) {
      mkdirSync(join(world, 'lib/held'), { recursive: true });
      writeFileSync(note, '{"verb": "start", "services": ["server", "web"]}');
      await backup(verb);
      expect(readFileSync(join(world, 'calls'), 'utf8')).toBe('compose --project-name app start server web\n');
      expect(existsSync(note)).toBe(false);
      rmSync(join(world, 'calls'));
    }
    await backup('capture');
    expect(existsSync(note)).toBe(false);
  });

  test('a state under another name is found, captured again, ages with its old captures, and restores', { timeout: 300_000 }, async () => {
    await backup('capture');
    rmSync(join(world, 'etc/jobs/app.server.data.json'));
    writeFileSync(join(world, 'etc/jobs/vault.web.files.json'), JSON.stringify({ id: 'vault.web.files', was: ['vault.server.data', 'app.server.data'], group: 'vault', container: 'web', path: join(world, 'srv/app/server/data'), quiesce: 'stop', exclude: [] }));
    expect((await backup('drill', 'vault.web.files')).stdout).toContain('5 bytes came back');
    write('app/server/data/note', 'second');
    writeFileSync(join(world, 'etc/keep.json'), '{"last": 2}');
    for (const _ of [1, 2]) expect((await backup('capture', 'vault.web.files')).exitCode).toBe(0);
    expect([await captures('app.server.data'), await captures('vault.web.files'), await captures('vault,vault.web.files')]).toEqual([0, 2, 2]);
    write('app/server/data/note', 'lost');
    expect((await backup('restore', 'vault.web.files')).exitCode).toBe(0);
    expect(read('app/server/data/note')).toBe('second');
  });
});
