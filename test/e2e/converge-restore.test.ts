/**
 * Backups on a booted machine: a capture writes nothing below a disk that is not mounted, and a machine that lost everything
 * never overwrites a good capture with its empty folders; what is restored, before or after the first start, serves again.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootMachine, buildImages, serveRepository, type Machine, type Repository } from '../rig/index.js';
import { describeWithTool } from '../support/tools.js';
import { asRoot, containers, writeSsh } from './converge-kit.js';
import { captures, fill, ledgerImages, ledgerLab, state } from './converge-ledger.js';

const gateway = '10.213.13.1/24';
const states = ['ledger_db_data', 'ledger_files'];

describeWithTool(['machine', 'ansible-playbook', 'just', 'sops', 'age-keygen', 'restic'], () => {
  let repository: Repository;
  let box: Machine;
  const lab = ledgerLab('10.213.13.', () => box, () => repository);

  beforeAll(async () => {
    repository = await serveRepository({ gateway });
    box = await bootMachine({ name: 'beta', address: '10.213.13.21/24', gateway, repository, user: 'ops' });
    await lab.plugDisk(box);
    await lab.prepare();
    writeSsh(lab, box, '');
    lab.say('', 'run ledger');
    await lab.build();
    await lab.just('beta', 'converge');
    await box.loadImages(buildImages(ledgerImages));
    await lab.just('beta', 'up');
    await fill(box, 'ledger');
    expect(await state(box)).toBe('200 row seeded file thumb\n');
  }, 1_200_000);

  afterAll(async () => {
    await box?.stop();
    await repository?.stop();
    lab.unplugDisks();
    lab.remove();
  }, 120_000);

  const backup = (words: string): Promise<{ exitCode: number; all: string }> => box.ssh(`sudo labc-backup ${words}`, { timeout: 120_000 });

  test('a capture does not write below a disk that is not mounted', async () => {
    await asRoot(box, 'umount /mnt/safe');
    expect(await backup('capture')).toMatchObject({ exitCode: 1, all: 'labc-backup: the repository /mnt/safe/restic is on /mnt/safe, and nothing is mounted there\n' });
    expect(await asRoot(box, 'ls -A /mnt/safe; mount /mnt/safe')).toBe('');
    await asRoot(box, 'systemctl start labc-backup.service');
    await expect.poll(() => containers(box), { timeout: 60_000 }).toEqual(['ledger-db-1', 'ledger-server-1']);
    expect((await captures(box, 'ledger', states)).map((ids) => ids.length)).toEqual([1, 1]);
  }, 300_000);

  test('a machine that lost everything captures nothing until its states are restored, before or after its first start', async () => {
    const good = await captures(box, 'ledger', states);
    await asRoot(box, 'docker ps --all --quiet | xargs docker rm --force --volumes; docker volume prune --force; umount /mnt/safe; rm -rf /srv/* /var/lib/labc /etc/labc /usr/local/sbin/labc-backup');
    await lab.just('beta', 'converge');
    expect((await backup('capture')).exitCode).toBe(1);
    const first = await backup('restore ledger_files');
    expect(first, first.all).toMatchObject({ exitCode: 0 });
    await lab.just('beta', 'up');
    expect(await asRoot(box, 'test -e /srv/ledger/db/data/rows && echo rows || echo none')).toBe('none\n');
    const refused = await backup('capture');
    expect([refused.exitCode, refused.all]).toEqual([1, expect.stringContaining('labc-backup restore ledger_db_data')]);
    expect(await captures(box, 'ledger', states)).toEqual(good);
    const second = await backup('restore ledger_db_data');
    expect(second, second.all).toMatchObject({ exitCode: 0 });
    await asRoot(box, 'docker exec ledger-server-1 sh -c "echo thumb > /thumbs/one"');
    // Nothing told the emptied machine that the job had run for these files.
    await expect.poll(() => state(box).catch(String), { timeout: 60_000 }).toMatch(/^200 row seeded file (seeded )?thumb\n$/);
    expect(await asRoot(box, 'stat --format "%u %g %a" /srv/ledger/server/files')).toBe('1000 1000 750\n');
    await asRoot(box, 'systemctl start labc-backup.service');
    expect((await captures(box, 'ledger', states)).flat().some((id) => good.flat().includes(id))).toBe(false);
  }, 1_200_000);
});
