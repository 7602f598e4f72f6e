/** The role `undo`, run for real on this machine in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { undoRole } from '../../compiler/emit/ansible/undo-role.js';
import { writeYaml } from '../../compiler/emit/yaml/write.js';
import { box, lab } from '../language/support.js';
import { describeWithTool, requireTool } from '../support/tools.js';

type Undo = readonly [verb: string, args: object, only?: string];
const item = (id: string, phase: number, undo: readonly Undo[], layer = 'L3'): object => ({
  id, layer, phase, digest: id, undo: undo.map(([verb, args, only]) => ({ do: { [verb]: args }, only: only ?? 'always' })),
});

// Owners are set to root, as on a real machine.
const asRoot = process.getuid?.() === 0 ? (['ansible-playbook', 'python'] as const) : (['ansible-playbook', 'machine'] as const);

describeWithTool(asRoot, (ansible) => {
  let folder = '';
  const at = (...path: readonly string[]): string => join(folder, ...path);
  const list = (): { id: string }[] => (JSON.parse(readFileSync(at('state', 'applied.json'), 'utf8')) as { items: { id: string }[] }).items;
  const ids = (): string[] => list().map((one) => one.id);
  const make = (path: string, content = 'x\n'): void => {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content);
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'labc-undo-'));
    for (const file of undoRole((data) => writeYaml(data))) make(file.path.replace(/^ansible\//, ''), file.text);
    const role = (from: string): object => ({ name: from, 'ansible.builtin.import_role': { name: 'undo', tasks_from: from }, vars: { undo_layer: '{{ layer }}' } });
    make('play.yml', writeYaml([{ name: 'Undo', hosts: 'localhost', connection: 'local', gather_facts: false, vars: { undo_folder: at('state'), undo_wanted_file: at('wanted.json') }, tasks: [role('begin'), role('finish')] }]));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Converges to a list of items; returns the number of changes and everything that was said. */
  async function converge(items: readonly object[], options: { readonly retired?: readonly string[]; readonly check?: boolean; readonly layer?: string; readonly only?: string } = {}): Promise<{ changed: number; all: string }> {
    writeFileSync(at('wanted.json'), JSON.stringify({ version: 1, items, retired: options.retired ?? [] }));
    const result = await ansible.run(['-i', 'localhost,', '-e', `layer=${options.layer ?? 'L3'}`, '-e', `undo_retire=${String(options.retired !== undefined)}`, ...(options.check === true ? ['--check'] : []), 'play.yml'], {
      cwd: folder, env: { ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_PIPELINING: 'True', ANSIBLE_ROLES_PATH: at('roles'), ANSIBLE_PYTHON_INTERPRETER: requireTool('python').path, LC_ALL: 'C.UTF-8' },
    });
    expect(result.exitCode, result.all.slice(-4000)).toBe(0);
    return { changed: Number(/changed=(\d+)/.exec(result.stdout)?.[1] ?? -1), all: result.all };
  }

  test('a dry run of a bare machine passes and writes nothing', async () => {
    await converge([item('file:a', 4, [['file_absent', { path: at('a') }]])], { check: true });
    expect(existsSync(at('state'))).toBe(false);
  }, 120_000);

  test('what left goes in reverse order, the second run changes nothing', async () => {
    // Modules expand variables in paths by themselves: a dollar has no place there.
    const hostile = `x {{ y }} "'#~`;
    make('data/file');
    make(`data/${hostile}`);
    make('block', '# BEGIN lab:b\nx\n# END lab:b\nkept\n');
    make('state/stamps/ensure-s');
    const stays = item('file:stays', 4, [['file_absent', { path: at('stays') }]]);
    const nano = item('package:nano', 2, [['file_absent', { path: at('kept') }, 'retired']]);
    make('kept');
    const items = [
      item('directory:data', 4, [['rmdir', { path: at('data') }]]),
      item('file:data', 4, [['file_absent', { path: at('data/file') }]]),
      item('link:own', 4, [['file_absent', { path: at('own'), target: at('block') }]]),
      item('link:turned', 4, [['file_absent', { path: at('turned'), target: at('nowhere') }]]),
      item('file:hostile', 4, [['file_absent', { path: at('data', hostile) }]]),
      item('block:b', 4, [['block_absent', { path: at('block'), name: 'b' }], ['block_absent', { path: at('nowhere'), name: 'b' }]]),
      item('ensure:s', 9, [['stamp_absent', { name: 'ensure-s' }], ['ensure_undo', { command: ['touch', at('undone $HOME')] }]]),
      item('service:none', 7, [['unit_off', { name: 'labc-none.service' }]]),
      item('table:none', 8, [['nft_table_absent', { name: 'labc_none' }]]),
      item('network:none', 8, [['network_absent', { name: 'labc_none' }]]),
      item('group:none', 3, [['group_absent', { name: 'labc_none' }, 'unclaimed']]),
      item('group:root', 3, [['group_absent', { name: 'root' }, 'unclaimed']]),
      item('mount:none', 6, [['mount_off', { path: '/labc none' }]]),
      nano,
      stays,
      item('stack:other', 10, [['file_absent', { path: at('block') }]], 'L4'),
    ];
    make('stays');
    for (const name of ['own', 'turned']) symlinkSync(at('block'), at(name));
    expect((await converge(items)).changed).toBeGreaterThan(0);
    expect(ids()).not.toContain('stack:other');
    const before = readFileSync(at('state/applied.json'), 'utf8');
    expect((await converge(items)).changed).toBe(0);
    expect(readFileSync(at('state/applied.json'), 'utf8')).toBe(before);
    await converge(items, { layer: 'L4' });
    expect(ids()).toContain('stack:other');

    const dry = await converge([stays], { check: true });
    expect(dry.changed).toBeGreaterThan(0);
    expect(existsSync(at('data/file'))).toBe(true);

    const gone = await converge([stays]);
    expect(existsSync(at('data'))).toBe(false);
    expect([existsSync(at('own')), existsSync(at('turned'))]).toEqual([false, true]);
    expect(readFileSync(at('block'), 'utf8')).toBe('kept\n');
    expect(existsSync(at('state/stamps/ensure-s'))).toBe(false);
    expect(existsSync(at('undone $HOME'))).toBe(true);
    expect(existsSync(at('stays'))).toBe(true);
    // What owns files or holds state stays in the list and is reported; the other layer's item was none of our business.
    expect(gone.all).toContain('group:root left the lab, but stays');
    expect(gone.all).toContain('package:nano left the lab, but stays on localhost (file_absent)');
    expect(existsSync(at('kept'))).toBe(true);
    expect(ids()).toEqual(['file:stays', 'group:root', 'package:nano', 'stack:other']);
    expect((await converge([stays])).changed).toBe(0);
    await converge([stays], { retired: ['package:nano'] });
    expect(existsSync(at('kept'))).toBe(false);
    expect(ids()).toEqual(['file:stays', 'group:root', 'stack:other']);
  }, 400_000);

  test('an item that stays loses what it no longer has, and a stack with state keeps its files when it leaves', async () => {
    const stack = (paths: readonly string[]): object => item('stack:db', 10, [
      ['file_absent', { path: at('project') }, 'retired'], ...paths.map((path): Undo => ['file_absent', { path: at('project', path) }, 'while_wanted']),
    ], 'L4');
    make('project/a');
    make('project/b');
    await converge([stack(['a', 'b'])], { layer: 'L4' });
    await converge([stack(['a'])], { layer: 'L4' });
    expect([existsSync(at('project/a')), existsSync(at('project/b'))]).toEqual([true, false]);
    expect((await converge([], { layer: 'L4' })).all).toContain('stack:db left the lab');
    expect(existsSync(at('project/a'))).toBe(true);
    await converge([], { layer: 'L4', retired: ['stack:db'] });
    expect(existsSync(at('project'))).toBe(false);
  }, 240_000);

  /** What the standard library's own items leave in a machine's list. */
  function fromLab(body: string, kinds: readonly string[]): object[] {
    const items = lab(box(body)).machine('box').converge?.items.filter(({ kind }) => kinds.includes(kind)) ?? [];
    return items.map(({ id, phase, undo }) => item(id, phase, undo.map(({ verb, args, only }): Undo => [verb, args, only])));
  }

  test('a machine that missed builds undoes what it has, not what the builds that it never saw had', async () => {
    const generation = (name: string): object => item(`file:${name}`, 4, [['file_absent', { path: at(name) }]]);
    for (const name of ['first', 'middle', 'last']) make(name);
    await converge([generation('first')]);
    // The second list, with `middle`, never ran here: what lies there by that name is none of the lab's.
    await converge([generation('last')]);
    expect(['first', 'middle', 'last'].map((name) => existsSync(at(name)))).toEqual([false, true, true]);
    expect(ids().filter((id) => id.startsWith('file:') && id !== 'file:stays')).toEqual(['file:last']);
    // Offline for several builds, and then back at what it had: nothing is undone.
    expect((await converge([generation('last')])).changed).toBe(0);
    expect(existsSync(at('last'))).toBe(true);
  }, 240_000);

  test('lines and archives of the library leave what is not theirs', async () => {
    make('bag/bin/tool');
    make('bag/note');
    expect(spawnSync('tar', ['-cf', at('packed'), '-C', at('bag'), '.']).status).toBe(0);
    make('bag/own');
    make('conf', 'a\nnew\nother\n\n');
    const sum = 'a'.repeat(64);
    const line = (text: string): object[] => fromLab(`  line known { path = ${at('conf')}  text = "new"  before = "old" }\n  line unknown { path = ${at('conf')}  text = "${text}" }`, ['line']);
    const archive = fromLab(`  download bag { url = "https://example.net/bag.tar"  sha256 = "${sum}"  to = ${at('bag')}  unpack = tar }`, ['download']);
    const here = JSON.parse(JSON.stringify(archive).replaceAll(`/var/cache/labc/bag-${sum}`, at('packed'))) as object[];
    const loud = item('ensure:loud', 9, [['ensure_undo', { command: ['echo', 'LABC-REPORT something stays'] }]]);
    await converge([...line('other'), ...here, loud]);
    // The text of a line that stays is replaced at once.
    await converge([...line('another'), ...here, loud]);
    expect(readFileSync(at('conf'), 'utf8')).toBe('a\nnew\n\n');
    make('conf', 'a\nnew\nanother\n\n');
    const gone = await converge([]);
    expect(readFileSync(at('conf'), 'utf8')).toBe('a\nold\nanother\n\n');
    expect([existsSync(at('bag/bin')), existsSync(at('bag/note')), existsSync(at('bag/own')), existsSync(at('packed'))]).toEqual([false, false, true, false]);
    expect(gone.all).toContain('localhost: something stays');
    expect(gone.all.match(/unknown left the lab, but stays on localhost \(ensure_undo\)/g)).toHaveLength(1);
    await converge([], { retired: ids().filter((id) => id.startsWith('line:')) });
    expect(readFileSync(at('conf'), 'utf8')).toBe('a\nold\n\n');
    expect(ids().filter((id) => id.startsWith('line:'))).toEqual([]);
  }, 300_000);
});
