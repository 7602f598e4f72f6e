/**
 * Workloads under other names and at other places: what the roles are told, the script that renames on a folder of this
 * machine, the guard and the undoing by the real Ansible, and a migration through a stand-in for SSH.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { emitAnsible } from '../../compiler/emit/ansible/index.js';
import { arrivals, renamedStack } from '../../compiler/emit/ansible/identity.js';
import { RENAMED_SCRIPT } from '../../compiler/emit/ansible/renamed.js';
import { emitJust } from '../../compiler/emit/just/index.js';
import { NO_IDENTITY, type PlanIdentity } from '../../compiler/plan/identity.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { container, instance, origin } from '../fixtures/plan-base.js';
import { justPlan } from '../fixtures/plan-just.js';
import { writeOut, writeProgram } from '../support/out-folder.js';
import { describeWithTool, requireTool } from '../support/tools.js';

const at = origin('moves.lab', 3);
const vault = instance('vault', 'flagg', {
  containers: [container('app', 'vault:1')],
  jobs: [{ name: 'seed', exec: 'app', container: null, command: ['seed'], user: null, once: true, after: [], origin: at }],
  states: [{ name: 'files', container: 'app', path: '/srv/vault/app/files', quiesce: 'stop', disposable: null, repository: null, origin: at }],
});
const knowing = (identity: Partial<PlanIdentity>): Plan => ({ ...justPlan, instances: [vault], identity: { ...NO_IDENTITY, ...identity } });
const renamed = knowing({
  renames: [
    { sort: 'instance', name: 'vault', was: ['vaultwarden', 'bitwarden'], origin: at },
    { sort: 'container', name: 'vault.app', was: ['vault.server'], origin: at },
    { sort: 'state', name: 'vault.app.files', was: ['vault.app.data'], origin: at },
  ],
});
const moved = (from: string): Plan => knowing({
  renames: [{ sort: 'instance', name: 'vault', was: ['vaultwarden'], origin: at }],
  moves: [{ sort: 'instance', name: 'vault', from: 'carrie', to: 'flagg', machine: 'flagg', states: [{ name: 'vault.app.files', from, to: '/srv/vault/app/files' }], origin: at }],
});
const file = (plan: Plan, path: string): string => [...emitAnsible(plan), ...emitJust(plan)].find((one) => one.path === path)?.text ?? `no ${path}`;
const applied = (plan: Plan, machine: string): { retired: string[]; renamed?: object; destroyed?: string[]; items: { id: string; undo: object[] }[] } => JSON.parse(file(plan, `ansible/applied/${machine}.json`)) as never;

describe('what the roles are told', () => {
  test('a rename of instance, container and state: every path that the state may still have', () => {
    const told = renamedStack(renamed, vault)!;
    expect(told.was).toEqual(['vaultwarden', 'bitwarden']);
    expect(told.states[0]!.from).toContain('/srv/bitwarden/server/data');
    expect(told.states[0]!.from).toHaveLength(11);
    expect(told.stamps).toEqual([{ to: 'job-vault-seed', from: ['job-vaultwarden-seed', 'job-bitwarden-seed'], once: true }]);
    expect(applied(renamed, 'flagg').renamed).toMatchObject({ 'stack:vaultwarden': 'stack:vault', 'job:bitwarden.seed': 'job:vault.seed' });
    expect(file(renamed, 'ansible/L4.yml')).toContain('stack_renamed:');
  });

  test('without a rename and without a move nothing is said', () => {
    const plain = knowing({});
    expect([renamedStack(plain, vault), arrivals(plain, vault)]).toEqual([null, []]);
    expect(file(plain, 'ansible/L4.yml')).not.toMatch(/stack_renamed|stack_arrivals/);
    expect(Object.keys(applied(plain, 'flagg'))).toEqual(['version', 'items', 'retired']);
  });

  test('a move: the new place waits, the old one gives up when it is told to, the recipe is there', () => {
    const plan = moved('/srv/vaultwarden/server/data');
    const [, play] = parse(file(plan, 'ansible/L4.yml')).filter((one: { hosts: string }) => ['carrie', 'flagg'].includes(one.hosts)).sort((a: { hosts: string }, b: { hosts: string }) => (a.hosts < b.hosts ? -1 : 1));
    expect(play.tasks[1].vars).toMatchObject({ stack_migrate: 'just flagg vault migrate', stack_arrivals: [{ state: 'vault.app.files', from: 'carrie:/srv/vaultwarden/server/data', mark: '/srv/vault/app/.labc-arrived-files', place: 'labs/home/moves.lab:3' }] });
    expect(applied(plan, 'carrie').retired).toEqual(['stack:vault', 'stack:vaultwarden']);
    expect(file(plan, 'just/machine/flagg/vault.just')).toContain('migrate: _proof (_migrate "flagg" "vault")'.replaceAll('"', "'"));
    expect(file(plan, 'just/machine/carrie.just')).toContain('retire: ');
  });

  test('data is destroyed where the lab says so, and never what a workload uses', () => {
    const gone = (path: string): PlanIdentity['retired'][number] => ({ sort: 'instance', name: 'notes', data: 'destroy', machine: 'flagg', guest: null, disks: [], states: [{ name: 'notes.server.data', path }], origin: at });
    expect(applied(knowing({ retired: [gone('/srv/notes/server/data')] }), 'flagg')).toMatchObject({ retired: ['stack:notes'], destroyed: ['/srv/notes/server/data'] });
    for (const path of ['/srv/vault/app', '/srv/vault/app/files', '/srv/vault/app/files/x']) expect(applied(knowing({ retired: [gone(path)] }), 'flagg').destroyed, path).toBeUndefined();
    expect(applied(knowing({ retired: [{ ...gone('/srv/notes/server/data'), data: 'keep' }] }), 'flagg').destroyed).toBeUndefined();
    expect(file(knowing({ retired: [gone('/srv/notes/server/data')] }), 'just/machine/flagg.just')).toContain('destroys the data in flagg:/srv/notes/server/data');
  });
});

describe('on a machine', () => {
  let root = '';
  const here = (...path: readonly string[]): string => join(root, ...path);
  const make = (path: string, text = 'x\n'): void => {
    mkdirSync(dirname(here(path)), { recursive: true });
    writeFileSync(here(path), text);
  };
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'labc-names-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  describeWithTool('python', (python) => {
    const told = renamedStack(renamed, vault)!;
    const below = (path: string): string => here(path.slice(1));
    const wanted = (): object => ({ ...told, states: told.states.map((state) => ({ to: below(state.to), from: state.from.map(below) })) });
    const run = (mode: 'look' | 'rename', running = 'project=none') => {
      writeProgram(here('bin'), 'docker', `echo "$*" >>${here('docker.log')}\ncase "$*" in *"${running}"*) case "$1" in ps) echo abc;; esac;; esac`);
      return python.run(['-c', RENAMED_SCRIPT, mode, JSON.stringify(wanted())], { env: { PATH: `${here('bin')}:${process.env['PATH'] ?? ''}`, LABC_STAMPS: here('stamps'), LABC_FOLDERS: here('etc') } });
    };

    test('from the oldest name: the project goes down without its volumes, the folder gets its name, a second run does nothing', async () => {
      make('srv/bitwarden/server/data/db');
      make('srv/vault/app/.keep');
      make('stamps/job-bitwarden-seed', 'abc\n');
      make('etc/workloads/bitwarden/compose.yaml');
      make('etc/secrets/vaultwarden/password');
      const dry = await run('look', 'project=bitwarden');
      expect(dry.stdout).toContain('LABC-CHANGED');
      expect(existsSync(here('srv/bitwarden/server/data/db'))).toBe(true);
      const first = await run('rename', 'project=bitwarden');
      expect([first.exitCode, first.stdout], first.all).toEqual([0, expect.stringContaining('LABC-CHANGED')]);
      expect(readFileSync(here('docker.log'), 'utf8').split('\n').filter((line) => line.includes(' down'))).toEqual(['compose --project-name bitwarden down --remove-orphans']);
      expect([existsSync(here('srv/vault/app/files/db')), existsSync(here('srv/bitwarden')), existsSync(here('etc/workloads/bitwarden')), existsSync(here('etc/secrets/vaultwarden'))]).toEqual([true, false, false, false]);
      expect(readFileSync(here('stamps/job-vault-seed'), 'utf8')).toBe('renamed\n');
      expect((await run('rename')).stdout).toBe('');
    });

    test('notes beside a state follow it, whatever it is called, also when an earlier run broke off between them', async () => {
      make('srv/vaultwarden/app/state/db');
      make('srv/vaultwarden/app/.state.labc-state');
      make('srv/vault/app/.labc-arrived-files');
      const moves = { project: 'vault', was: [], stamps: [], states: [{ to: here('srv/vault/app/files'), from: [here('srv/vaultwarden/app/state')] }] };
      const done = await python.run(['-c', RENAMED_SCRIPT, 'rename', JSON.stringify(moves)], { env: { PATH: '/nowhere' } });
      expect(done.exitCode, done.all).toBe(0);
      expect(readdirSync(here('srv/vault/app')).sort()).toEqual(['.files.labc-state', '.labc-arrived-files', 'files']);
    });

    test('refuses when both hold data, and touches nothing', async () => {
      make('srv/vaultwarden/app/data/db');
      make('srv/vault/app/files/db', 'newer\n');
      const refused = await run('rename', 'project=vaultwarden');
      expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('but both hold data: look into them and leave one')]);
      expect(existsSync(here('docker.log'))).toBe(false);
      expect(readFileSync(here('srv/vault/app/files/db'), 'utf8')).toBe('newer\n');
    });
  });

  describeWithTool('ansible-playbook', (ansible) => {
    const play = async (vars: object, from: string, role: string, ...args: readonly string[]) => {
      for (const one of emitAnsible(renamed)) if (/roles\/(stack|undo)\//.test(one.path)) make(one.path, one.text);
      make('ansible/play.yml', JSON.stringify([{ hosts: 'localhost', connection: 'local', gather_facts: false, tasks: [{ name: 'Go', 'ansible.builtin.import_role': { name: role, tasks_from: from }, vars }] }]));
      return ansible.run(['-i', 'localhost,', ...args, 'play.yml'], { cwd: here('ansible'), env: { ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_ROLES_PATH: here('ansible/roles'), ANSIBLE_PYTHON_INTERPRETER: requireTool('python').path, LC_ALL: 'C.UTF-8' } });
    };

    test('nothing starts before its data arrived; a dry run only says so', async () => {
      const vars = { stack_migrate: 'just flagg vault migrate', stack_arrivals: [{ state: 'vault.app.files', from: 'carrie:/srv/x', mark: here('mark'), place: 'labs/home/moves.lab:3' }] };
      const refused = await play(vars, 'arrivals', 'stack');
      expect([refused.exitCode === 0, refused.all]).toEqual([false, expect.stringContaining('vault.app.files is not on localhost yet, it comes from carrie:/srv/x: run `just flagg vault migrate`, then this again. (labs/home/moves.lab:3)')]);
      expect((await play(vars, 'arrivals', 'stack', '--check')).exitCode).toBe(0);
      make('mark', 'carrie:/srv/x\n');
      expect((await play(vars, 'arrivals', 'stack')).exitCode).toBe(0);
      make('mark', 'misery:/srv/x\n');
      expect((await play(vars, 'arrivals', 'stack')).exitCode).not.toBe(0);
    }, 120_000);

    test('what was renamed neither leaves nor is reported; what is to be destroyed goes only when it is told to', async () => {
      make('state/applied.json', JSON.stringify({ version: 1, items: [{ id: 'stack:old', layer: 'L4', phase: 10, digest: 'x', undo: [{ do: { stack_down: { project: 'old' } }, only: 'retired' }, { do: { file_absent: { path: here('kept') } }, only: 'always' }] }] }));
      make('kept');
      make('srv/notes/data/db');
      make('wanted.json', JSON.stringify({ version: 1, items: [], retired: [], renamed: { 'stack:old': 'stack:new' }, destroyed: [here('srv/notes/data')] }));
      const vars = { undo_layer: 'L4', undo_folder: here('state'), undo_wanted_file: here('wanted.json') };
      const first = await play(vars, 'main', 'undo');
      expect([first.exitCode, first.all.includes('left the lab, but'), existsSync(here('kept')), existsSync(here('srv/notes/data/db'))], first.all).toEqual([0, false, true, true]);
      const second = await play({ ...vars, undo_retire: true }, 'main', 'undo');
      expect([second.exitCode, existsSync(here('srv/notes/data'))], second.all).toEqual([0, false]);
    }, 120_000);
  });

  describeWithTool('python', (python) => {
    test('a migration copies, compares, marks, and does nothing the second time', async () => {
      const plan = moved('/srv/vaultwarden/server/data');
      writeProgram(here('bin'), 'docker', 'exit 0');
      // One folder of this machine stands for each host: the stand-in puts its name before the paths.
      writeProgram(here('bin'), 'ssh', `for word; do case "$word" in ops@*) host=\${word#ops@};; esac; command=$word; done\nprintf '%s\\n' "$host $command" >>${here('ssh.log')}\ncase "$command" in *"\${CUT:-nothing}"*) exit 255;; esac\nexec bash -c "$(printf %s "$command" | sed "s#^sudo -n ##; s#/srv/#${root}/$host/srv/#g; s#/var/lib/#${root}/$host/var/lib/#g; s#> ${root}#>${root}#g; s#flagg:${root}/[^/]*/srv/#flagg:/srv/#g; s#carrie:${root}/[^/]*/srv/#carrie:/srv/#g")"`);
      const out = here('out/home');
      writeOut(out, emitJust(plan));
      make('192.168.86.228/srv/vaultwarden/server/data/db', 'rows\n');
      mkdirSync(here('192.168.86.228/srv/vaultwarden/server/data/attachments'));
      chmodSync(here('192.168.86.228/srv/vaultwarden/server/data/db'), 0o640);
      utimesSync(here('192.168.86.228/srv/vaultwarden/server/data/db'), 1_700_000_000.5, 1_700_000_000.5);
      mkdirSync(here('192.168.86.205/srv/vault/app/files'), { recursive: true });
      // The job ran there under the former name.
      make('192.168.86.228/var/lib/labc/stamps/job-vaultwarden-seed', 'of other folders\n');
      const run = (cut = 'nothing') => python.run(['-B', 'just/migrate.py', 'flagg', 'vault'], { cwd: out, env: { CUT: cut, PATH: `${here('bin')}:${process.env['PATH'] ?? ''}` } });
      // Cut between the copy's way to its place and the mark: the next run knows its own work.
      const cut = await run('.labc-arrived-files && sync');
      expect([cut.exitCode, cut.stderr]).toEqual([1, expect.stringContaining('failed on flagg with code 255')]);
      expect(existsSync(here('192.168.86.205/srv/vault/app/files/db'))).toBe(true);
      const first = await run();
      expect(first.exitCode, first.all).toBe(0);
      expect(first.stdout).toContain('`just flagg vault up` starts it');
      expect(first.stdout).toContain('`just carrie retire` takes it down on carrie');
      const copied = statSync(here('192.168.86.205/srv/vault/app/files/db'));
      expect([copied.mode & 0o777, copied.mtimeMs]).toEqual([0o640, 1_700_000_000_500]);
      expect(readFileSync(here('192.168.86.205/srv/vault/app/.labc-arrived-files'), 'utf8')).toBe('carrie:/srv/vaultwarden/server/data\n');
      expect(readFileSync(here('ssh.log'), 'utf8')).toContain('com.docker.compose.project=vaultwarden');
      expect(readFileSync(here('192.168.86.205/var/lib/labc/stamps/job-vault-seed'), 'utf8')).toBe('renamed\n');
      rmSync(here('ssh.log'));
      expect((await run()).exitCode).toBe(0);
      expect(readFileSync(here('ssh.log'), 'utf8')).not.toContain('tar --create');

      rmSync(here('192.168.86.205/srv/vault/app/.labc-arrived-files'));
      const refused = await run();
      expect([refused.exitCode, refused.stderr]).toEqual([1, expect.stringContaining('is what stayed behind when vault.app.files went to flagg:/srv/vault/app/files, and older than that: restore it')]);
      rmSync(here('192.168.86.228/srv/vaultwarden/server/.data.labc-state'));
      expect((await run()).stderr).toContain('flagg:/srv/vault/app/files holds something already');
    }, 60_000);
  });
});
