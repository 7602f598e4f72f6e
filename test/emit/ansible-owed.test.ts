/** Handlers that a killed or failed run owes, with the real tool on this machine: roles as they are emitted, in a folder of their own. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { emitAnsible } from '../../compiler/emit/ansible/index.js';
import { item, machine, planOf, planTask } from '../fixtures/plan-ansible.js';
import { describeWithTool, requireTool } from '../support/tools.js';

// Owners are set to root, as on a real machine.
const asRoot = process.getuid?.() === 0 ? (['ansible-playbook', 'python'] as const) : (['ansible-playbook', 'machine'] as const);

describeWithTool(asRoot, (ansible) => {
  let folder = '';
  const at = (...path: readonly string[]): string => join(folder, ...path);
  beforeAll(() => { folder = mkdtempSync(join(tmpdir(), 'labc-owed-')); });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    rmSync(at('machine'), { recursive: true, force: true });
    mkdirSync(at('machine'));
  });

  /**
   * A machine whose service reads a file; certificates, which a later point applies, are another. In between and at the end stand
   * commands that end the run: `kill` the whole play, `fail` one task.
   */
  function emit(service: string, certificate: string): void {
    const write = (name: string, text: string, notify: string) => planTask(`Write ${name}`, 'ansible.builtin.copy', { dest: at('machine', name), content: text, owner: 'root', mode: '0644' }, { notify: [notify] });
    const end = (name: string) => planTask(`See whether ${name} ends the run`, 'ansible.builtin.shell', { cmd: `case "$(cat end-${name} 2>/dev/null)" in kill) rm end-${name}; kill -9 $(cat ../pid); sleep 30 ;; fail) rm end-${name}; exit 1 ;; esac`, chdir: at('machine') }, { changedWhen: false, check: 'never' });
    const handler = (name: string) => ({ id: name, name: `Apply ${name}`, action: { do: 'run', command: ['sh', '-c', `test ! -e ${at('machine', `broken-${name}`)} && echo ${name} >> ${at('machine', 'log')}`] } }) as const;
    const items = [
      item('file', 'service', 'base', 4, [write('service', service, 'service'), end('early')]),
      item('ca_certificate', 'own', 'base', 8, [write('certificate', certificate, 'certificate'), end('late')]),
      item('ensure', 'last', 'base', 9, [end('last')]),
    ];
    const plan = planOf([machine('box', { items, handlers: [handler('service'), handler('certificate')] })], []);
    for (const file of emitAnsible(plan)) {
      mkdirSync(dirname(at(file.path)), { recursive: true });
      writeFileSync(at(file.path), file.text.replaceAll('/var/lib/labc/', `${at('machine', 'state')}/`));
    }
  }

  interface Run { readonly ended: number | null; readonly changed: number; readonly applied: readonly string[]; readonly all: string }

  /** Converges; `applied` is what handlers did in this run. */
  async function converge(service: string, certificate: string, options: { readonly end?: Readonly<Record<string, string>>; readonly check?: boolean } = {}): Promise<Run> {
    emit(service, certificate);
    for (const [name, how] of Object.entries(options.end ?? {})) writeFileSync(at('machine', `end-${name}`), how);
    rmSync(at('machine', 'log'), { force: true });
    const child = spawn('sh', ['-c', 'echo $$ > "$0"; exec "$@"', at('pid'), ansible.path, 'L3.yml', '-e', `undo_folder=${at('machine', 'state')}`, '-e', 'ansible_connection=local', '-e', 'ansible_become=false', ...(options.check === true ? ['--check'] : [])], {
      cwd: at('ansible'), env: { ...ansible.env, ANSIBLE_PIPELINING: 'True', ANSIBLE_PYTHON_INTERPRETER: requireTool('python').path, LC_ALL: 'C.UTF-8' }, stdio: ['ignore', 'pipe', 'pipe'],
    });
    let all = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (all += text));
    const ended = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    const log = existsSync(at('machine', 'log')) ? readFileSync(at('machine', 'log'), 'utf8').trim().split('\n') : [];
    return { ended, changed: Number(/changed=(\d+)/.exec(all)?.[1] ?? -1), applied: log, all };
  }

  test('the next run applies what a killed one changed, and only that; a dry run says so', async () => {
    const first = await converge('1', '1');
    expect([first.ended, first.applied], first.all).toEqual([0, ['service', 'certificate']]);
    const killed = await converge('2', '1', { end: { early: 'kill' } });
    expect([killed.ended, killed.applied, readFileSync(at('machine', 'service'), 'utf8')], killed.all).toEqual([null, [], '2']);
    const dry = await converge('2', '1', { check: true });
    expect([dry.ended, dry.applied, dry.all.includes('Apply service.')], dry.all).toEqual([0, [], true]);
    const next = await converge('2', '1');
    expect([next.ended, next.applied], next.all).toEqual([0, ['service']]);
    const last = await converge('2', '1');
    expect([last.changed, last.applied, existsSync(at('machine', 'state', 'converging'))], last.all).toEqual([0, [], false]);

    // Killed twice: what the second run has paid does not hide what it still owes.
    await converge('2', '2', { end: { late: 'kill' } });
    const twice = await converge('3', '2', { end: { late: 'kill' } });
    expect([twice.ended, twice.applied], twice.all).toEqual([null, ['service']]);
    expect((await converge('3', '2')).applied).toContain('certificate');
  }, 600_000);

  test('a handler that failed is run again, one that has run is not', async () => {
    writeFileSync(at('machine', 'broken-service'), '');
    expect((await converge('1', '1')).ended).toBe(2);
    rmSync(at('machine', 'broken-service'));
    // A task that fails behind it changes nothing about that.
    const failed = await converge('1', '1', { end: { last: 'fail' } });
    expect([failed.ended, failed.applied], failed.all).toEqual([2, ['service', 'certificate']]);
    await converge('1', '1');
    expect((await converge('2', '1', { end: { last: 'fail' } })).applied).toEqual(['service']);
    expect((await converge('2', '1')).applied).toEqual([]);
  }, 600_000);
});
