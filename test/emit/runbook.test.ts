/** README tells what a plan cannot do: ordered steps for what was renamed, moves or is retired, in recipes that are there. */
import { expect, test } from 'vitest';
import { emitAll } from '../../compiler/emit/index.js';
import { NO_IDENTITY, type PlanIdentity, type PlanMove, type PlanRetired } from '../../compiler/plan/identity.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { GiB, origin } from '../fixtures/plan-base.js';
import { justPlan } from '../fixtures/plan-just.js';

const at = origin('moves.lab', 3);
const withIdentity = (identity: Partial<PlanIdentity>): Plan => ({ ...justPlan, identity: { ...NO_IDENTITY, ...identity } });
const section = (identity: Partial<PlanIdentity>): string => {
  const files = emitAll(withIdentity(identity));
  const text = files.find(({ path }) => path === 'README.md')!.text;
  const found = /## Under way\n\n([\s\S]*?)\n\n## /.exec(text)?.[1] ?? '';
  // What README tells people to type is there to be typed.
  for (const [, words = ''] of found.matchAll(/`just ([^`]+)`/g)) {
    const parts = words.split(' ');
    const recipe = parts.pop()!;
    const path = parts.length === 0 ? 'justfile' : `just/machine/${parts.join('/')}.just`;
    expect(files.find((file) => file.path === path)?.text, words).toMatch(new RegExp(`^${recipe}: `, 'm'));
  }
  return found;
};
const move = (sort: PlanMove['sort'], name: string, from: string, to: string, machine: string, states: PlanMove['states'] = []): PlanMove => ({ sort, name, from, to, machine, states, origin: at });
const retire = (sort: PlanRetired['sort'], name: string, data: 'keep' | 'destroy', machine: string, more: Partial<PlanRetired> = {}): PlanRetired => ({ sort, name, data, machine, guest: null, disks: [], states: [], origin: at, ...more });
const steps = (text: string): string[] => [...text.matchAll(/^\d+\. (.*)$/gm)].map(([, step]) => step!);

test('nothing is under way where nothing was said', () => expect(section({})).toBe(''));

test('an instance that moves: bring, start, take down, in this order', () => {
  const text = section({ moves: [move('instance', 'vaultwarden', 'flagg', 'carrie', 'carrie', [{ name: 'vaultwarden.server.data', from: '/srv/old', to: '/srv/vaultwarden/server/data' }])] });
  expect(steps(text).map((step) => /`([^`]+)`/.exec(step)?.[1])).toEqual(['just carrie converge', 'just carrie vaultwarden migrate', 'just carrie vaultwarden up', 'just flagg retire', '/srv/old', 'move']);
  expect(text).toContain('`labc lock --forget run.vaultwarden labs/home`');
});

test('a machine with kept disks is taken along by hand, and never while it runs', () => {
  const text = section({ moves: [move('machine', 'carrie', 'pve/gan', 'pve/maturin', 'carrie')] });
  const found = steps(text);
  expect(found[0]).toContain('qm shutdown 228');
  expect(found[2]).toContain('`qm migrate 90228 maturin --with-local-disks`, `qm migrate 228 maturin --with-local-disks`');
  expect(section({ moves: [move('machine', 'blaine', 'pve/gan', 'pve/maturin', 'blaine')] })).toContain('terraform -chdir=terraform state rm proxmox_virtual_environment_container.blaine');
});

test('a kept disk moves while its machine is off, an own one by Terraform', () => {
  expect(section({ moves: [move('disk', 'carrie.data', 'nvme', 'local-lvm', 'carrie')] })).toMatch(/qm shutdown 228[\s\S]*`qm disk move 90228 scsi1 local-lvm`[\s\S]*qm set 228 --scsi1[\s\S]*qm disk unlink 90228/);
  expect(steps(section({ moves: [move('disk', 'carrie.root', 'nvme', 'local-lvm', 'carrie')] }))[1]).toContain('`just carrie apply` moves it');
});

test('what is destroyed takes two yeses, what is kept none', () => {
  const guest = { kind: 'vm', cluster: 'pve', node: 'maturin', vmid: 300, dataVmid: 90300 } as const;
  const disks = [{ name: 'data', slot: 'scsi1', datastore: 'local-lvm', size: GiB, keep: true }];
  const gone = section({ retired: [retire('machine', 'derry', 'destroy', 'derry', { guest, disks })] });
  expect(gone.match(/`just replace`/g)).toHaveLength(2);
  expect(steps(gone)[1]).toContain('`labc lock --forget derry labs/home`');
  expect(section({ retired: [retire('machine', 'derry', 'keep', 'derry', { guest, disks })] })).not.toContain('replace');
  const stack = section({ retired: [retire('instance', 'notes', 'destroy', 'flagg', { states: [{ name: 'notes.server.data', path: '/srv/notes/server/data' }] })] });
  expect(steps(stack)[0]).toBe('`just flagg retire` takes it down and destroys `/srv/notes/server/data`, after asking.');
});
