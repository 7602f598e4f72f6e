/** Edits of disks: the ones after which people's data was gone. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithTool } from '../../support/tools.js';
import { build } from '../lab-kit.js';
import { readPlan } from './plan.js';
import { base, proveEdits } from './prove.js';
import { add, change, edit, ground, line, type Change } from './source.js';
import { openWorkbench, type Workbench } from './workbench.js';

const web = (from: string, to: string): Change => change('vm web', from, to);
const store = (from: string, to: string): Change => change('vm store', from, to);
const spare = (from: string, to: string): Change => change('vm spare', from, to);

proveEdits('disks', {
  'add a disk': {
    threads: 'bpg#103 bpg#1138 danitso#83', changes: [line('vm web', 'disk media = 20GiB { on = local-lvm  mount = /media }')],
    review: { web: 'in_place' },
    plan: { 'vm.web': 'update disk' },
  },
  'add a disk whose name sorts before the others': {
    threads: 'bpg#185 bpg#2059', changes: [line('vm web', 'disk cache = 20GiB { on = local-lvm  mount = /media }')],
    review: { web: 'in_place' },
    plan: { 'vm.web': 'update disk' },
  },
  'add a kept disk to a machine without one': {
    threads: 'bpg#1763 bpg#2890', changes: [line('vm web', 'disk data = 20GiB { on = local-lvm  mount = /srv  keep = true }')],
    review: { web: 'in_place' },
    plan: { 'vm.web': 'update disk', 'vm.web_data': 'create' },
  },
  'add a second kept disk': {
    threads: 'bpg#2890', changes: [line('vm store', 'disk more = 20GiB { on = local-lvm  mount = /more  keep = true }')],
    review: { store: 'in_place' },
    plan: { 'vm.store': 'update disk', 'vm.store_data': 'update disk' },
    // The provider plans the path of a disk that its owner does not have yet as none. Its owner is grown first.
    again: /inconsistent final plan/,
  },
  'grow a disk': { threads: 'bpg#2233', changes: [web('logs    = 8GiB', 'logs = 9GiB')], review: { web: 'in_place' }, plan: { 'vm.web': 'update disk.size' } },
  'grow the root disk': { threads: 'bpg#1639', changes: [line('vm web', 'disk root = 24GiB { on = local-lvm }')], review: { web: 'in_place' }, plan: { 'vm.web': 'update disk.size' } },
  'grow a kept disk': { threads: 'bpg#2233', changes: [store('data = 32GiB', 'data = 48GiB')], review: { store: 'in_place' }, plan: { 'vm.store_data': 'update disk.size' } },
  'shrink a disk': {
    threads: 'proxmox.md 5 (4)', changes: [web('logs    = 8GiB', 'logs = 4GiB')],
    refused: 'LAB6105', permit: [add('allow web.disk.logs { change = shrink }')],
    review: { web: 'refused' },
    plan: { 'vm.web': 'update disk.size' }, fails: /Cannot shrink/,
  },
  'shrink a kept disk': {
    threads: 'proxmox.md 5 (4)', changes: [store('data = 32GiB', 'data = 16GiB')],
    refused: 'LAB6105', permit: [add('allow store.disk.data { change = shrink }')],
    review: { store: 'refused' },
    plan: { 'vm.store_data': 'update disk.size' }, fails: /Cannot shrink/,
  },
  'reorder the disks of the source': {
    threads: 'bpg#185 bpg#2172 bpg#2199',
    changes: [web('disk logs    = 8GiB { on = local-lvm  mount = /var/log/web }\n  disk scratch = 8GiB { on = local-lvm  mount = /scratch }', 'disk scratch = 8GiB { on = local-lvm  mount = /scratch }\n  disk logs = 8GiB { on = local-lvm  mount = /var/log/web }')],
  },
  'another interface': {
    threads: 'bpg docs/guides/vm-lifecycle.md', changes: [web('logs    = 8GiB {', 'logs = 8GiB { slot = "virtio1" ')],
    refused: 'LAB6106', permit: [add('allow web.disk.logs { change = slot }')],
    review: { web: 'destroys_data' },
    plan: { 'vm.web': 'update disk.interface, disk.serial, disk.ssd' },
  },
  'another slot': {
    threads: 'bpg#2199', changes: [web('logs    = 8GiB {', 'logs = 8GiB { slot = "scsi7" ')],
    refused: 'LAB6106', permit: [add('allow web.disk.logs { change = slot }')],
    review: { web: 'destroys_data' },
    plan: { 'vm.web': 'update disk.interface, disk.serial' },
  },
  'two disks change their slots': {
    threads: 'bpg#2199', changes: [web('logs    = 8GiB {', 'logs = 8GiB { slot = "scsi2" '), web('scratch = 8GiB {', 'scratch = 8GiB { slot = "scsi1" ')],
    refused: 'LAB6106', permit: [add('allow web.disk.logs { change = slot }\nallow web.disk.scratch { change = slot }')],
    // The data stays where it is, and changes its name: nothing in the plan says so.
    review: { web: 'destroys_data' },
    plan: { 'vm.web': 'update disk.serial' },
  },
  'another datastore': {
    threads: 'bpg#1823 bpg#2147', changes: [web('logs    = 8GiB { on = local-lvm', 'logs = 8GiB { on = fast')],
    refused: 'LAB6108', permit: [add('move web.disk.logs { from = local-lvm }')],
    // The move is told with its steps: the machine is off for it.
    review: { web: 'restart' },
    plan: { 'vm.web': 'update disk.datastore_id' }, fails: /requires the VM to be powered off/,
  },
  'another datastore for a kept disk': {
    threads: 'bpg#1823', changes: [store('data = 32GiB { on = local-lvm', 'data = 32GiB { on = fast')],
    refused: 'LAB6108', permit: [add('move store.disk.data { from = local-lvm }')],
    // No plan may touch it while it is on its way: README has the steps.
    review: { store: 'restart' },
  },
  'another datastore for the root disk': {
    threads: 'bpg#1039 bpg#1893', changes: [line('vm web', 'disk root = 16GiB { on = fast }')],
    refused: 'LAB6108', permit: [add('move web.disk.root { from = local-lvm }')],
    review: { web: 'refused' },
    plan: { 'vm.web': 'update disk.datastore_id, initialization.datastore_id' }, fails: /requires the VM to be powered off/,
  },
  'rename a disk': {
    threads: 'bpg#1633', changes: [web('disk logs    = 8GiB {', 'disk records = 8GiB { was logs; ')],
    review: { web: 'in_place' },
  },
  'a disk in place of another': {
    // The slot of the old one stays free in this build, or Terraform would hand its volume to the new one.
    threads: 'bpg#1633', changes: [web('disk logs ', 'disk records ')],
    review: { web: 'destroys_data' },
    plan: { 'vm.web': 'update disk.interface, disk.serial' },
  },
  'rename a kept disk without saying so': { threads: 'bpg#1763', changes: [store('disk data', 'disk vault_data')], refused: 'LAB6102' },
  'rename a kept disk': { threads: 'bpg#1763', changes: [store('disk data = 32GiB {', 'disk vault_data = 32GiB { was data; ')], review: { store: 'in_place' } },
  'remove a disk': {
    threads: 'bpg#2596', changes: [web('  disk logs    = 8GiB { on = local-lvm  mount = /var/log/web }\n', '')],
    review: { web: 'destroys_data' },
    plan: { 'vm.web': 'update disk, disk.interface, disk.serial' },
  },
  'remove a kept disk, its data is kept': {
    threads: 'bpg#1763 bpg#2890', changes: [spare('  disk data = 16GiB { on = local-lvm  mount = /srv  keep = true }\n', '')],
    refused: 'LAB6102', permit: [add('retire spare.disk.data { data = keep }')],
    review: { spare: 'restart' },
    plan: { 'vm.spare': 'update disk', 'vm.spare_data': 'forget' },
  },
  'remove a kept disk, its data is destroyed': {
    threads: 'bpg#1763 bpg#2890', changes: [spare('  disk data = 16GiB { on = local-lvm  mount = /srv  keep = true }\n', '')],
    refused: 'LAB6102', permit: [add('retire spare.disk.data { data = destroy }')],
    review: { spare: 'destroys_data' },
    plan: { 'vm.spare': 'update disk', 'vm.spare_data': 'update protection' },
  },
  'a kept disk is kept no more': { threads: 'bpg#1763', changes: [spare('  keep = true', '')], refused: 'LAB6114' },
  'a disk is kept from now on': {
    threads: 'bpg#2890', changes: [web('mount = /scratch', 'mount = /scratch  keep = true')],
    refused: 'LAB6114',
  },
  'no backup of a disk': { threads: 'bpg#2059', changes: [web('mount = /scratch', 'mount = /scratch  backup = false')], review: { web: 'in_place' }, plan: { 'vm.web': 'update disk.backup' } },
  'no SSD': { threads: 'bpg#2059', changes: [web('mount = /scratch', 'mount = /scratch  ssd = false')], review: { web: 'reboot' }, plan: { 'vm.web': 'update disk.ssd' } },
});

describeWithTool('terraform', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench(base);
  });
  afterAll(() => bench.close());

  // Terraform does not look at serials: in one slot, the new disk would be the old one's volume.
  test('a disk that left in one build, and another that came in the next, are applied at once: the new one is empty', async () => {
    const web = () => [...bench.sim.guests.values()].find(({ id }) => id === base.plan.machines.find(({ name }) => name === 'web')?.guest?.vmid)!;
    const before = web().config.get('scsi1')!.split(',')[0];
    const less = edit(ground, [change('vm web', '  disk logs    = 8GiB { on = local-lvm  mount = /var/log/web }\n', '')]);
    const lock = build({ ...less, lock: base.lock }).lock;
    const more = build({ ...edit(less, [line('vm web', 'disk fresh = 8GiB { on = local-lvm  mount = /fresh }')]), lock });
    bench.write(more);
    await bench.plan();
    expect((await bench.apply()).exitCode).toBe(0);
    const slot = more.plan.machines.find(({ name }) => name === 'web')?.guest?.disks.find(({ name }) => name === 'fresh')?.slot ?? '';
    expect(web().config.has('scsi1')).toBe(false);
    expect(web().config.get(slot)).toContain('serial=web-fresh');
    expect(web().config.get(slot)).not.toContain(before);
    expect(readPlan(await bench.plan())).toEqual({});
  }, 120_000);
});
