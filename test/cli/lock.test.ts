/** `labc lock`: groups of facts, JSON, and forgetting. */
import { expect, test } from 'vitest';
import { parseLock, printLock } from '../../compiler/allocation/lock.js';
import { labc } from '../support/fake-world.js';
import { MemoryDisk } from '../support/memory-disk.js';

const facts = {
  'vmid pve/box': '714', 'machine box': 'vm,pve,pve1', 'instance notes': 'box,notes', 'retired machine/old': 'keep,old,vm,pve,pve1,300,90300', 'retired_disk machine/old:data': 'scsi1,local-lvm,8GiB,keep',
  'moved instance/notes': 'old', 'moved_state instance/notes:notes/server/data': '/srv/notes/server/data',
};

function disk(): MemoryDisk {
  const made = new MemoryDisk();
  made.put('labs/t/main.lab', 'lab t { }\n');
  made.put('labs/t/lab.lock', printLock({ facts: new Map(Object.entries(facts).map(([key, value]) => [key, { value, span: null }])) }));
  return made;
}

const textOf = (made: MemoryDisk): string => new TextDecoder().decode(made.read('labs/t/lab.lock'));

test('shows what is held, by what it is about', async () => {
  const { out, exit } = await labc(disk(), ['lock']);
  expect(exit).toBe(0);
  expect(out).toBe([
    'labs/t: 7 facts', '  machines', '    box', '      machine  vm, pve, pve1', '      vmid     pve  714', '  instances', '    notes', '      instance box, notes',
    '  remembered', '    old', '      retired  keep, old, vm, pve, pve1, 300, 90300', '      retired_disk data  scsi1, local-lvm, 8GiB, keep', '    run.notes', '      moved    old', '      moved_state notes/server/data  /srv/notes/server/data', '',
  ].join('\n'));
  expect(JSON.parse((await labc(disk(), ['lock', '--json'])).out).labs[0].facts[0]).toEqual({ group: 'machines', subject: 'box', kind: 'machine', part: '', values: ['vm', 'pve', 'pve1'] });
});

test('forgets what was retired or moved, and nothing else', async () => {
  const made = disk();
  expect(await labc(made, ['lock', '--forget', 'old'])).toMatchObject({ exit: 0, out: 'labs/t: `old` is forgotten; remove what the sources still say of it, then build\n' });
  expect([...parseLock(textOf(made), 'lab.lock').value.facts.keys()].filter((key) => key.startsWith('retired'))).toEqual([]);
  expect(await labc(made, ['lock', '--forget', 'run.notes'])).toMatchObject({ exit: 0 });
  expect([...parseLock(textOf(made), 'lab.lock').value.facts.keys()]).toEqual(['instance notes', 'machine box', 'vmid pve/box']);
  expect(made.list('labs/t').map(({ name }) => name)).toEqual(['lab.lock', 'main.lab']);
});

test('refuses unknown names, and a lock that cannot be read whole', async () => {
  const made = disk();
  const before = textOf(made);
  expect((await labc(made, ['lock', '--forget', 'box'])).err).toContain('error[LAB6012]: lab.lock remembers nothing called `box`');
  expect(textOf(made)).toBe(before);
  made.put('labs/t/lab.lock', before.replace('714', '715'));
  expect((await labc(made, ['lock', '--forget', 'old'])).err).toContain('error[LAB6001]');
  expect(textOf(made)).toContain('715');
});
