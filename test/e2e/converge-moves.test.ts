/**
 * Names and places on two booted machines: a workload with a database is renamed, and moved to the other machine with
 * connections cut amid the copy, all by the recipes of the built justfile. Whatever happens on the way, it runs at one
 * place at most, and its rows are there in the end.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootMachine, buildImages, serveRepository, type Machine, type Repository } from '../rig/index.js';
import { describeWithTool } from '../support/tools.js';
import { asRoot, containers, writeSsh } from './converge-kit.js';
import { captures, fill, ledgerImages, ledgerLab, state } from './converge-ledger.js';

const gateway = '10.213.12.1/24';

describeWithTool(['machine', 'ansible-playbook', 'just', 'sops', 'age-keygen', 'restic'], () => {
  let repository: Repository;
  let alpha: Machine;
  let beta: Machine;
  const lab = ledgerLab('10.213.12.', () => alpha, () => repository);

  beforeAll(async () => {
    repository = await serveRepository({ gateway });
    alpha = await bootMachine({ name: 'alpha', address: '10.213.12.20/24', gateway, repository, user: 'ops' });
    beta = await bootMachine({ name: 'beta', address: '10.213.12.21/24', gateway, repository, user: 'ops', keyOf: alpha });
    for (const machine of [alpha, beta]) await lab.plugDisk(machine);
    await lab.prepare();
    writeSsh(lab, alpha, '');
  }, 600_000);

  afterAll(async () => {
    await alpha?.stop();
    await beta?.stop();
    await repository?.stop();
    lab.unplugDisks();
    lab.remove();
  }, 120_000);

  async function build(onAlpha: string, onBeta: string, more = ''): Promise<void> {
    lab.say(onAlpha, onBeta, more);
    await lab.build();
  }

  const states = ['memos_db_data', 'memos_files'];

  /** What Ansible folds, on one line. */
  const flat = (text: string): string => text.replace(/\s+/g, ' ');

  test('both machines converge, and the workload fills its states', async () => {
    await build('run ledger', '');
    await lab.just('converge');
    for (const machine of [alpha, beta]) await machine.loadImages(buildImages(ledgerImages));
    await lab.just('up');
    expect([await containers(alpha), await containers(beta)]).toEqual([['ledger-db-1', 'ledger-server-1'], []]);
    await fill(alpha, 'ledger');
    expect(await state(alpha)).toBe('200 row seeded file thumb\n');
    await asRoot(alpha, 'test ! -e /var/lib/labc/converging && systemctl start labc-backup.service');
  }, 1_200_000);

  test('a rename keeps rows, files, caches and captures, and leaves nothing of the old project', async () => {
    await build('run memos = ledger { was ledger }', '');
    const files = (folder: string): Promise<string> => asRoot(alpha, `cd ${folder} && find . -type f | sort | xargs sha256sum`);
    const before = await files('/srv/ledger');
    const captured = await captures(alpha, 'ledger', ['ledger_db_data', 'ledger_files']);
    expect(captured.map((ids) => ids.length)).toEqual([1, 1]);
    await lab.just('alpha', 'converge');
    await lab.just('alpha', 'up');
    expect(await state(alpha)).toBe('200 row seeded file thumb\n');
    expect(await files('/srv/memos')).toBe(before);
    expect(await containers(alpha)).toEqual(['memos-db-1', 'memos-server-1']);
    expect(await asRoot(alpha, 'docker volume ls --quiet; docker network ls --format "{{.Name}}" | sort | tr "\\n" " "; ls /srv /etc/labc/workloads /etc/labc/secrets /etc/labc/restic/jobs')).toBe(
      'ledger_server_thumbs\nbridge host lab memos none /etc/labc/restic/jobs:\nmemos_db_data.json\nmemos_files.json\n\n/etc/labc/secrets:\nmemos\n\n/etc/labc/workloads:\nmemos\n\n/srv:\nmemos\n');
    expect((await lab.just('alpha', 'up')).changed).toBe(0);
    await asRoot(alpha, 'systemctl start labc-backup.service');
    const renewed = await captures(alpha, 'memos', states);
    expect(renewed.map((ids) => ids.length)).toEqual([1, 1]);
    expect(renewed).not.toEqual(captured);
    expect(await captures(alpha, 'ledger', ['ledger_db_data', 'ledger_files'])).toEqual([[], []]);
  }, 1_200_000);

  test('a move does not compile unsaid, and starts nothing before its data is there', async () => {
    lab.say('', 'run memos = ledger { was ledger }');
    expect((await lab.compile()).all).toContain('move memos { from = alpha }');
    await build('', 'run memos = ledger { was ledger }', 'move memos { from = alpha }\n');
    await lab.just('beta', 'converge');
    const refused = await lab.recipe(['beta', 'up']);
    expect([refused.exitCode === 0, flat(refused.all)]).toEqual([false, expect.stringContaining('is not on beta yet, it comes from alpha:/srv/memos/db/data: run `just beta memos migrate`, then this again.')]);
    expect([await containers(alpha), await containers(beta)]).toEqual([['memos-db-1', 'memos-server-1'], []]);
    expect(await state(alpha)).toBe('200 row seeded file thumb\n');
  }, 1_200_000);

  test('a migration that is cut short is run again until everything is there', async () => {
    const cut = (name: string): string => join(lab.folder, `cut-${name}`);
    writeSsh(lab, alpha, `
case "$*" in
*'tar --extract'*)
  if [ -e ${cut('copy')} ]; then
    rm ${cut('copy')}; mkfifo ${cut('pipe')}
    /usr/bin/ssh "$@" <${cut('pipe')} & pid=$!
    exec 3>${cut('pipe')}; head -c 300000 >&3; sleep 1; kill -9 $pid; exit 255
  fi ;;
*'then rmdir '*) if [ -e ${cut('place')} ]; then rm ${cut('place')}; kill -9 $PPID; exit 255; fi ;;
*'"is": "left"'*) if [ -e ${cut('mark')} ]; then rm ${cut('mark')}; kill -9 $PPID; exit 255; fi ;;
esac`);
    for (const name of ['copy', 'place', 'mark']) {
      writeFileSync(cut(name), '');
      const run = await lab.recipe(['--yes', 'beta', 'memos', 'migrate']);
      expect([run.exitCode === 0, existsSync(cut(name))], run.all).toEqual([false, false]);
      expect([await containers(alpha), await containers(beta)], name).toEqual([['memos-db-1 exited', 'memos-server-1 exited'], []]);
      expect(await asRoot(alpha, 'cat /srv/memos/db/data/rows')).toBe('row\n');
    }
    // Neither a capture nor the recipes start the old place, and the new one still waits.
    await asRoot(alpha, 'systemctl start labc-backup.service || true');
    expect(flat((await lab.recipe(['beta', 'up'])).all)).toContain('is not on beta yet');
    expect([await containers(alpha), await containers(beta)]).toEqual([['memos-db-1 exited', 'memos-server-1 exited'], []]);
    expect((await lab.just('--yes', 'beta', 'memos', 'migrate')).all).toContain('`just beta memos up` starts it');
    const again = await lab.just('--yes', 'beta', 'memos', 'migrate');
    expect(again.all).not.toContain('byte for byte');
    const [old, now] = await Promise.all([alpha, beta].map((machine) => asRoot(machine, 'cd /srv/memos && find . -type f ! -name ".*labc*" | sort | xargs sha256sum; stat --format "%n %u %g %a" db/data server/files; find . -name "*placing" -o -name "*arriving"')));
    expect(now).toBe(old);
  }, 1_200_000);

  test('it serves at the new place, and the old one is taken down last', async () => {
    await lab.just('beta', 'memos', 'up');
    await asRoot(beta, 'docker exec memos-server-1 sh -c "echo thumb > /thumbs/one"');
    expect(await state(beta)).toBe('200 row seeded file thumb\n');
    await lab.just('--yes', 'alpha', 'retire');
    expect([await containers(alpha), await containers(beta)]).toEqual([[], ['memos-db-1', 'memos-server-1']]);
    expect(await asRoot(alpha, 'cat /srv/memos/db/data/rows; ls /etc/labc/workloads')).toBe('row\n');
    const forgotten = await lab.labc('lock', '--forget', 'run.memos', 'labs/moves');
    expect(forgotten.exitCode, forgotten.all).toBe(0);
    await build('', 'run memos = ledger { was ledger }');
    await lab.just('beta', 'up');
    expect(await state(beta)).toBe('200 row seeded file thumb\n');
  }, 1_200_000);
});
