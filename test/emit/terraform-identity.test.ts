/**
 * Names, places and ends of machines as the real Terraform with the real provider takes them, against the simulated Proxmox:
 * a rename destroys nothing from any generation, what is kept outlives its machine, and a plan that would lose it fails.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emitTerraform } from '../../compiler/emit/terraform/index.js';
import { NO_IDENTITY, type PlanIdentity, type PlanMove, type PlanRename, type PlanRetired } from '../../compiler/plan/identity.js';
import type { PlanGuest } from '../../compiler/plan/machine.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { GiB, origin } from '../fixtures/plan-base.js';
import { promoted, terraformPlan } from '../fixtures/plan-terraform.js';
import { providerOverride, simOptionsOf, startProxmoxSim, type ProxmoxSim } from '../support/proxmox-sim.js';
import { describeWithTool } from '../support/tools.js';

const at = origin('machines.lab', 3);
const lab: Plan = { ...terraformPlan, lab: { ...terraformPlan.lab, backend: { type: 'local', settings: {} } }, machines: terraformPlan.machines.filter(({ name }) => ['carrie', 'ct1', 'patricia', 'misery'].includes(name)) };
const guestOf = (plan: Plan, name: string): PlanGuest => plan.machines.find((machine) => machine.name === name)!.guest!;
const called = (plan: Plan, from: string, to: string): Plan => ({ ...plan, machines: plan.machines.map((machine) => (machine.name === from ? { ...machine, name: to } : machine)) });
const without = (plan: Plan, name: string): Plan => ({ ...plan, machines: plan.machines.filter((machine) => machine.name !== name) });
const guestIs = (plan: Plan, name: string, values: Partial<PlanGuest>): Plan => ({ ...plan, machines: plan.machines.map((machine) => (machine.name === name ? { ...machine, guest: { ...machine.guest!, ...values } } : machine)) });
const knowing = (plan: Plan, identity: Partial<PlanIdentity>): Plan => ({ ...plan, identity: { ...NO_IDENTITY, ...identity } });
const rename = (sort: PlanRename['sort'], name: string, ...was: string[]): PlanRename => ({ sort, name, was, origin: at });
const retire = (sort: 'machine' | 'disk', name: string, data: 'keep' | 'destroy', of: string, disks: PlanRetired['disks'] = []): PlanRetired => {
  const machine = name.split('.')[0]!;
  const { cluster, node, vmid, dataVmid } = guestOf(lab, of);
  return { sort, name, data, machine, guest: { kind: of.startsWith('ct') ? 'lxc' : 'vm', cluster, node, vmid, dataVmid }, disks, states: [], origin: at };
};
const move = (sort: PlanMove['sort'], name: string, from: string, to: string): PlanMove => ({ sort, name, from, to, machine: name.split('.')[0]!, states: [], origin: at });
const dataDisk = { name: 'data', slot: 'scsi1', datastore: 'local-lvm', size: 200 * GiB, keep: true };

describeWithTool('terraform', (terraform) => {
  let sim: ProxmoxSim;
  let root = '';
  beforeEach(async () => {
    sim = await startProxmoxSim(simOptionsOf(lab));
    root = mkdtempSync(join(tmpdir(), 'labc-identity-'));
    await build(lab);
    expect((await run('init')).exitCode).toBe(0);
    expect(await plan('apply', '-auto-approve')).toContain('Apply complete!');
  }, 60_000);
  afterEach(async () => {
    expect(sim.unknown).toEqual([]);
    await sim.close();
    rmSync(root, { recursive: true });
  });

  const run = (...args: string[]) => terraform.run([...args, '-no-color'], { cwd: join(root, 'terraform'), env: { PROXMOX_VE_API_TOKEN: sim.token } });
  /** Writes what the lab is now, formatted as Terraform wants it. */
  async function build(now: Plan): Promise<void> {
    rmSync(join(root, 'terraform'), { recursive: true, force: true });
    const override = providerOverride(sim);
    for (const { path, text } of [...emitTerraform(now), { path: `terraform/${override.name}`, text: override.text.replace('backend "local" {}', `backend "local" {\n    path = "${root}/state"\n  }`) }]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    expect((await run('fmt', '-check', '-diff')).all.replace(/^sim_override[\s\S]*/m, '')).toBe('');
    expect((await run('init')).exitCode).toBe(0);
  }
  async function plan(...args: string[]): Promise<string> {
    const result = await run(...(args.length === 0 ? ['plan'] : args));
    expect(result.exitCode, result.all).toBe(0);
    return result.all;
  }
  const summary = (output: string): string | undefined => /^(?:Plan: .*|No changes\..*)$/m.exec(output)?.[0];
  const destroyed = (): string[] => sim.changes.filter((call) => call.startsWith('DELETE'));
  const kept = (): boolean => sim.volumes.all.has('local-lvm:vm-90228-disk-0');

  test('machines and images under other names, from any generation: nothing is made and nothing destroyed', async () => {
    const images = lab.images.map((image) => ({ ...image, image: image.image.replace('ubuntu_noble', 'noble'), key: image.key.replace('ubuntu_noble', 'noble') }));
    const machines = lab.machines.map((machine) => ({ ...machine, guest: { ...machine.guest!, image: machine.guest!.image?.replace('ubuntu_noble', 'noble') ?? null } }));
    const now = called(called({ ...lab, images, machines }, 'carrie', 'vault'), 'ct1', 'cell');
    await build(knowing(now, { renames: [rename('image', 'noble', 'ubuntu_noble'), rename('machine', 'cell', 'ct1'), rename('machine', 'vault', 'vaults', 'carrie')] }));
    const shown = await plan();
    for (const address of ['vm.vault_data will be updated in-place', '(moved from proxmox_virtual_environment_vm.carrie_data)', 'vm.vault will be updated in-place', 'container.cell will be updated in-place', 'terraform_data.carrie_generation has moved to terraform_data.vault_generation', 'download_file.ubuntu_noble_maturin has moved to proxmox_download_file.noble_maturin']) {
      expect(shown).toContain(address);
    }
    expect(summary(shown)).toMatch(/^Plan: 0 to add, \d to change, 0 to destroy\.$/);
    await plan('apply', '-auto-approve');
    expect(destroyed()).toEqual([]);
    expect(summary(await plan())).toMatch(/^No changes/);
    await build(now);
    expect(summary(await plan())).toMatch(/^No changes/);
  }, 120_000);

  test('the file of an image under another name replaces no machine, and its promotion does', async () => {
    const named = { ...lab, images: lab.images.map((image) => ({ ...image, fileName: `other-${image.fileName}` })) };
    await build(named);
    expect(await plan()).not.toMatch(/environment_(vm|container)\.\S+ must be replaced/);
    await build(promoted(named, 'debian_template_maturin', '12.9-1'));
    expect(await plan()).toMatch(/environment_container\.ct1 will be replaced/);
  }, 120_000);

  test('a machine retired and kept is forgotten, with what it owns', async () => {
    await build(knowing(without(without(lab, 'carrie'), 'ct1'), { retired: [retire('machine', 'carrie', 'keep', 'carrie', [dataDisk]), retire('machine', 'ct1', 'keep', 'ct1')] }));
    expect(summary(await plan())).toBe('Plan: 0 to add, 0 to change, 0 to destroy.');
    await plan('apply', '-auto-approve');
    expect(destroyed()).toEqual([]);
    expect([sim.guests.get(228)?.running, sim.guests.get(231)?.running, sim.guests.get(90228)?.config.get('protection'), kept()]).toEqual([true, true, '1', true]);
    expect(summary(await plan())).toMatch(/^No changes/);
  }, 120_000);

  test('a machine retired to be destroyed goes first, its kept disks when the lab forgets it', async () => {
    const gone = without(lab, 'carrie');
    await build(knowing(gone, { retired: [retire('machine', 'carrie', 'destroy', 'carrie', [dataDisk])] }));
    expect(summary(await plan('apply', '-auto-approve'))).toBe('Plan: 0 to add, 1 to change, 2 to destroy.');
    expect([sim.guests.has(228), sim.guests.get(90228)?.config.get('protection'), kept()]).toEqual([false, '0', true]);
    expect(sim.guests.get(90228)?.config.get('scsi1')).toContain('vm-90228-disk-0');
    expect(summary(await plan())).toMatch(/^No changes/);
    await build(gone);
    await plan('apply', '-auto-approve');
    expect([sim.guests.has(90228), kept()]).toEqual([false, false]);
  }, 120_000);

  test('forgetting it too early fails at Proxmox and loses nothing', async () => {
    await build(without(lab, 'carrie'));
    expect((await run('apply', '-auto-approve')).all).toContain('protection mode enabled');
    expect(kept()).toBe(true);
  }, 120_000);

  test('the last kept disk of a machine that stays: kept it is forgotten, destroyed it goes in two steps, renamed too', async () => {
    const bare = guestIs(lab, 'carrie', { dataVmid: null, disks: guestOf(lab, 'carrie').disks.filter(({ keep }) => !keep) });
    await build(knowing(called(bare, 'carrie', 'vault'), { renames: [rename('machine', 'vault', 'carrie')], retired: [retire('disk', 'vault.data', 'keep', 'carrie', [dataDisk])] }));
    await plan('apply', '-auto-approve');
    expect([destroyed(), kept(), sim.guests.get(228)?.config.has('scsi1'), sim.guests.get(90228)?.config.get('protection')]).toEqual([[], true, false, '1']);
    expect(summary(await plan())).toMatch(/^No changes/);
  }, 120_000);

  test('a virtual machine without kept disks migrates; one with them, and a container, go by hand, and no plan destroys them', async () => {
    await build(knowing(guestIs(lab, 'patricia', { node: 'maturin' }), { moves: [move('machine', 'patricia', 'pve/it', 'pve/maturin')] }));
    expect(summary(await plan('apply', '-auto-approve'))).toBe('Plan: 0 to add, 1 to change, 0 to destroy.');
    expect([sim.guests.get(212)?.node, destroyed()]).toEqual(['maturin', []]);

    const here = guestIs(lab, 'patricia', { node: 'maturin' });
    const away = knowing(guestIs(guestIs(here, 'carrie', { node: 'it' }), 'ct1', { node: 'it' }), { moves: [move('machine', 'carrie', 'pve/maturin', 'pve/it'), move('machine', 'ct1', 'pve/maturin', 'pve/it')] });
    await build(away);
    const refused = await run('plan');
    expect(refused.exitCode).toBe(1);
    expect(refused.all.match(/Instance cannot be destroyed/g)).toHaveLength(2);
    // By hand, as README says: detached, both machines to the new node, attached again; the container is forgotten and found again.
    const attached = sim.guests.get(228)!.config.get('scsi1')!;
    expect(() => sim.migrate(228, 'it')).toThrow('owned by other VM');
    sim.guests.get(228)!.config.delete('scsi1');
    for (const id of [90228, 228, 231]) sim.migrate(id, 'it');
    sim.set(228, 'scsi1', attached);
    await run('state', 'rm', 'proxmox_virtual_environment_container.ct1');
    const shown = await plan('apply', '-auto-approve');
    expect(summary(shown)).toMatch(/^Plan: 1 to import, 0 to add, \d to change, 0 to destroy\.$/);
    expect([sim.guests.get(228)?.config.get('scsi1')?.split(',')[0], destroyed()]).toEqual(['local-lvm:vm-90228-disk-0', []]);
    expect(summary(await plan())).toMatch(/^No changes/);
  }, 120_000);

  test('a kept disk goes to another datastore by hand only, and is attached from there', async () => {
    const disks = guestOf(lab, 'carrie').disks.map((disk) => (disk.keep ? { ...disk, datastore: 'nas', format: 'qcow2' } : disk));
    await build(knowing(guestIs(lab, 'carrie', { disks }), { moves: [move('disk', 'carrie.data', 'local-lvm', 'nas')] }));
    expect(summary(await plan())).toMatch(/^No changes/);
    const moved = sim.volumes.allocate('nas', 90228, 200 * GiB, 'qcow2');
    const owner = sim.guests.get(90228)!.config;
    owner.set('scsi1', owner.get('scsi1')!.replace('local-lvm:vm-90228-disk-0', moved.id));
    sim.set(228, 'scsi1', sim.guests.get(228)!.config.get('scsi1')!.replace('local-lvm:vm-90228-disk-0', moved.id));
    expect(summary(await plan())).toMatch(/^No changes/);
    expect([destroyed(), kept()]).toEqual([[], true]);
    await build(guestIs(lab, 'carrie', { disks }));
    expect(summary(await plan())).toMatch(/^No changes/);
  }, 120_000);
});
