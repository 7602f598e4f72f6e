/**
 * Both playbooks on a booted machine with a real engine: a dry run of the bare machine, the first run, the second
 * without a change, a new secret, a new file, and stacks that leave.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emitAnsible } from '../../compiler/emit/ansible/index.js';
import { emitCompose } from '../../compiler/emit/compose/index.js';
import type { Plan } from '../../compiler/plan/plan.js';
import type { PlanInstance } from '../../compiler/plan/workload.js';
import { configFile, container, instance, item, machine, origin, planOf, planTask, text, undo } from '../fixtures/plan-ansible.js';
import { bootMachine, buildImages, httpImage, serveRepository, type Machine, type Repository } from '../rig/index.js';
import { describeWithTool, requireTool } from '../support/tools.js';

const gateway = '10.213.9.1/24';
const server = 'docker.io/library/server:1.0';

function app(page: string): PlanInstance {
  return instance('app', 'box', {
    containers: [
      container('db', { image: server, secrets: ['password'] }),
      container('server', {
        image: server, secretEnv: '/etc/labc/secrets/app/server.env', groupAdd: [{ group: 'docker' }],
        after: [{ container: 'db', condition: 'started', restart: false }, { container: 'migrate', condition: 'done', restart: false }],
        mounts: [
          { type: 'bind', source: '/etc/labc/workloads/app/files/server/pages', target: '/pages', readOnly: true, propagation: null },
          { type: 'bind', source: '/srv/app', target: '/srv', readOnly: false, propagation: null },
        ],
      }),
    ],
    jobs: [
      { name: 'index', exec: 'server', container: null, command: ['sh', '-c', 'cat /srv/migrated > /srv/indexed; echo "$1" >> /srv/indexed', 'sh', '{{ x }} $HOME'], user: null, once: true, after: [{ container: 'server', condition: 'started' }], origin },
      {
        name: 'migrate', exec: null, command: ['-c', 'echo ran >> /srv/migrated'], user: null, once: false, after: [{ container: 'db', condition: 'started' }], origin,
        container: container('migrate', { image: server, entrypoint: ['/bin/sh'], mounts: [{ type: 'bind', source: '/srv/app', target: '/srv', readOnly: false, propagation: null }] }),
      },
    ],
    secretFiles: [{ name: 'password', secret: 'app.password', path: '/etc/labc/secrets/app/password' }],
    secretEnv: [{ container: 'server', path: '/etc/labc/secrets/app/server.env', variables: [{ name: 'TOKEN', value: text('x-', { secret: 'app.token' }) }] }],
    files: [
      configFile('server', 'pages/page.txt', page, { reload: { how: 'post', url: 'http://server:80/cgi-bin/reload' } }),
      configFile('server', 'pages/sealed.txt', text('password ', { secret: 'app.password' }, ' {{ x }} <<% y %>>\n')),
      configFile('server', 'seed', 'seed\n', { write: 'seed', target: '/srv/app/seeds/seed', owner: '1000:1000', mode: '0640' }),
    ],
    folders: [{ path: '/srv/app', owner: '1000', group: '1000', mode: '0755', state: true }],
    states: [{ name: 'data', container: 'server', path: '/srv/app', quiesce: 'stop', disposable: null, repository: null, origin }],
  });
}

const hello = instance('hello', 'box', { containers: [container('server', { image: server })], after: ['app'] });

describeWithTool(['machine', 'ansible-playbook'], () => {
  let repository: Repository;
  let box: Machine;
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'labc-machine-'));
    repository = await serveRepository({ gateway });
    box = await bootMachine({ name: 'ansiblebox', address: '10.213.9.5/24', gateway, repository });
  }, 240_000);
  afterAll(async () => {
    await box?.stop();
    await repository?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  function plan(instances: readonly PlanInstance[], retired: readonly string[] = []): Plan {
    const source = `Types: deb\nURIs: ${repository.dockerUrl}\nSuites: bookworm\nComponents: stable\nSigned-By:\n${repository.key.trim().split('\n').map((line) => (line === '' ? ' .' : ` ${line}`)).join('\n')}\n`;
    const path = 'etc/apt/sources.list.d/lab-docker.sources';
    const items = [
      item('guard', 'system', 'base', 0, [
        planTask('Read what system it is', 'ansible.builtin.setup', { gather_subset: ['distribution'] }),
        planTask('Refuse another system', 'ansible.builtin.assert', { that: ["ansible_facts.distribution == 'Debian'"], quiet: true }),
      ]),
      item('package_repository', 'docker', 'docker', 1, [
        planTask('Name the source of packages', 'ansible.builtin.copy', { dest: `/${path}`, src: { $: 'asset', path }, owner: 'root', group: 'root', mode: '0644' }, { register: 'labc_repository' }),
        planTask('Read the new source', 'ansible.builtin.apt', { update_cache: true }, { when: 'labc_repository is changed and not ansible_check_mode' }),
      ], [undo('file_absent', { path: `/${path}` })]),
      item('package', 'docker', 'docker', 2, [planTask('Install the engine', 'ansible.builtin.apt', { name: ['docker-ce', 'docker-ce-cli', 'containerd.io', 'docker-compose-plugin'], state: 'present', install_recommends: false }, { check: 'lenient' })]),
      item('service', 'docker', 'docker', 7, [planTask('Run docker', 'ansible.builtin.systemd_service', { name: 'docker', enabled: true, state: 'started' }, { check: 'lenient' })]),
      item('verify', 'engine', 'docker', 11, [planTask('Verify the engine', 'ansible.builtin.command', { argv: ['docker', 'info', '--format', '{{.OSType}}'] }, { check: 'never', register: 'labc_verify', changedWhen: false, failedWhen: "labc_verify.stdout != 'linux'" })]),
    ];
    const converge = { items, handlers: [], files: [{ path, content: source, origin }], verifies: [], retired };
    const secret = (key: string, variable: string) => ({ key, from: { source: 'env', variable }, sinks: ['target'], origin }) as const;
    return planOf([machine('box', converge, { address: box.address, login: { user: box.user, port: 22, python: '/usr/bin/python3' } })], instances, [secret('app.password', 'APP_PASSWORD'), secret('app.token', 'APP_TOKEN')]);
  }

  interface Run { readonly changed: number; readonly all: string }
  async function play(layer: 'L3' | 'L4', of: Plan, options: { readonly check?: boolean; readonly password?: string; readonly retire?: boolean } = {}): Promise<Run> {
    rmSync(join(folder, 'out'), { recursive: true, force: true });
    for (const file of [...emitAnsible(of), ...emitCompose(of)]) {
      mkdirSync(dirname(join(folder, 'out', file.path)), { recursive: true });
      writeFileSync(join(folder, 'out', file.path), file.text);
    }
    const result = await requireTool('ansible-playbook').run([`${layer}.yml`, ...(options.retire === true ? ['--extra-vars', 'undo_retire=true'] : []), ...(options.check === true ? ['--check', '--diff'] : [])], {
      cwd: join(folder, 'out', 'ansible'), timeout: 400_000, env: { ...box.ansibleEnvironment, APP_PASSWORD: options.password ?? 'p4ss {{ w }}', APP_TOKEN: '$argon2id$v=19$m="x"' },
    });
    expect(result.exitCode, result.all.slice(-5000)).toBe(0);
    return { changed: Number(/changed=(\d+)/.exec(result.stdout)?.[1] ?? -1), all: result.all };
  }
  const run = async (command: string): Promise<string> => {
    const result = await box.ssh(`sudo sh -c '${command.replace(/'/g, `'\\''`)}'`);
    expect(result.exitCode, result.all).toBe(0);
    return result.stdout;
  };
  const started = (name: string): Promise<string> => run(`docker inspect --format "{{.State.StartedAt}}" ${name}`);

  test('a dry run of the bare machine passes', async () => {
    await play('L3', plan([app('one\n'), hello]), { check: true });
    await play('L4', plan([app('one\n'), hello]), { check: true });
    expect((await box.ssh('ls /var/lib/labc /etc/labc')).exitCode).not.toBe(0);
  }, 400_000);

  test('the first run brings everything up, the second changes nothing', async () => {
    await play('L3', plan([app('one\n'), hello]));
    const reload = { '/www/cgi-bin/reload': { text: '#!/bin/sh\necho told >> /srv/told\nprintf "Content-Type: text/plain\\r\\n\\r\\nfine\\n"\n', mode: 0o755 } };
    const image = httpImage(server, { ports: [80] });
    await box.loadImages(buildImages([{ ...image, files: { ...image.files, ...reload } }]));
    const first = await play('L4', plan([app('one\n'), hello]));
    expect(first.all).not.toContain('p4ss');
    expect((await run('docker ps --format "{{.Names}}" | sort')).trim().split('\n')).toEqual(['app-db-1', 'app-server-1', 'hello-server-1']);
    expect(await run('docker exec app-db-1 cat /run/secrets/password')).toBe('p4ss {{ w }}');
    expect(await run('docker exec app-server-1 cat /pages/sealed.txt')).toBe('password p4ss {{ w }} {{ x }} <<% y %>>\n');
    expect(await run(`docker exec app-server-1 sh -c 'echo "$TOKEN"'`)).toBe('x-$argon2id$v=19$m="x"\n');
    expect(await run('docker inspect --format "{{.HostConfig.GroupAdd}}" app-server-1')).toBe(`[${(await run('getent group docker | cut -d: -f3')).trim()}]\n`);
    expect(await run('cat /srv/app/indexed')).toBe('ran\n{{ x }} $HOME\n');
    expect(await run('stat -c "%a %u" /etc/labc/secrets/app /etc/labc/secrets/app/password /etc/labc/secrets/app/server.env /srv/app/seeds/seed')).toBe('700 0\n444 0\n600 0\n640 1000\n');
    expect((await play('L3', plan([app('one\n'), hello]))).changed).toBe(0);
    expect((await play('L4', plan([app('one\n'), hello]))).changed).toBe(0);
    expect((await play('L4', plan([app('one\n'), hello]), { check: true })).changed).toBe(0);
    expect(await run('cat /srv/app/migrated')).toBe('ran\n');
  }, 600_000);

  test('a new secret restarts who read the old one, a new file is told, nobody else notices', async () => {
    const before = { db: await started('app-db-1'), server: await started('app-server-1'), hello: await started('hello-server-1') };
    await play('L4', plan([app('one\n'), hello]), { password: 'new' });
    expect(await run('docker exec app-db-1 cat /run/secrets/password')).toBe('new');
    expect(await started('app-db-1')).not.toBe(before.db);
    expect(await started('app-server-1')).not.toBe(before.server);
    expect(await started('hello-server-1')).toBe(before.hello);
    const after = await started('app-server-1');
    await run('echo seeded by the app > /srv/app/seeds/seed');
    await play('L4', plan([app('two\n'), hello]), { password: 'new' });
    expect(await started('app-server-1')).toBe(after);
    expect(await run('cat /srv/app/told /srv/app/seeds/seed')).toBe('told\nseeded by the app\n');
    expect((await play('L4', plan([app('two\n'), hello]), { password: 'new' })).changed).toBe(0);
  }, 600_000);

  test('a stack without state leaves with its statement, one with state is reported until it is retired', async () => {
    await play('L4', plan([app('two\n')]), { password: 'new' });
    expect((await run('docker ps -a --format "{{.Names}}" | sort')).trim().split('\n')).toEqual(['app-db-1', 'app-server-1']);
    const reported = await play('L4', plan([]));
    expect(reported.all).toContain('stack:app left the lab, but stays on box');
    expect(await run('docker exec app-server-1 cat /pages/page.txt')).toBe('two\n');
    expect((await play('L4', plan([]))).changed).toBe(0);
    expect((await play('L4', plan([], ['stack:app']))).all.replace(/\s+/g, ' ')).toContain('the lab retires it, run `just retire`');
    expect(await run('docker exec app-server-1 cat /pages/page.txt')).toBe('two\n');
    await play('L4', plan([], ['stack:app']), { retire: true });
    expect(await run('docker ps -aq; docker network ls -q --filter label=com.docker.compose.project; ls /etc/labc/workloads /etc/labc/secrets /var/lib/labc/stamps')).toBe('/etc/labc/secrets:\n\n/etc/labc/workloads:\n\n/var/lib/labc/stamps:\n');
    expect(await run('cat /srv/app/migrated')).toBe('ran\n');
    expect((await play('L4', plan([]))).changed).toBe(0);
  }, 600_000);
});
