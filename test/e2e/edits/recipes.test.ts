/** Edits that a plan alone does not end: with the commands that `labc review` names, they come to rest. */
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reviewPlans } from '../../../compiler/review/index.js';
import { describeWithTool, requireTool } from '../../support/tools.js';
import { build, writeTree, type BuiltLab } from '../lab-kit.js';
import { readPlan } from './plan.js';
import { change, edit, ground, line, rename, type Change } from './source.js';
import { openWorkbench, type Workbench } from './workbench.js';

const base = build(ground);
const after = (...changes: readonly Change[]): BuiltLab => build({ ...edit(ground, changes), lock: base.lock });
const steps = (lab: BuiltLab): readonly string[] => reviewPlans(base.plan, lab.plan).steps.map(({ run }) => run);
const vmid = (name: string): number => base.plan.machines.find((machine) => machine.name === name)?.guest?.vmid ?? 0;

describeWithTool('terraform', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench(base);
  });
  afterAll(() => bench.close());

  async function applied(lab: BuiltLab): Promise<void> {
    bench.write(lab);
    await bench.plan();
    const { exitCode, all } = await bench.apply();
    expect(exitCode, all).toBe(0);
  }

  test('a card less: its address is taken out of Proxmox', async () => {
    bench.reset();
    const lab = after(change('vm web', '  nic iot\n', ''));
    expect(steps(lab)).toContain(`ssh root@10.0.0.2 qm set ${vmid('web')} --delete ipconfig1`);
    await applied(lab);
    bench.sim.guests.get(vmid('web'))?.config.delete('ipconfig1');
    expect(readPlan(await bench.plan())).toEqual({});
  }, 120_000);

  test.each([['UEFI', 'firmware = uefi'], ['another chipset', 'chipset = q35']])('%s: the machine is off meanwhile, and runs afterwards', async (_, text) => {
    bench.reset();
    const lab = after(line('vm web', text));
    expect(steps(lab)).toContain(`ssh root@10.0.0.2 qm shutdown ${vmid('web')}`);
    const guest = bench.sim.guests.get(vmid('web'));
    if (guest !== undefined) guest.running = false;
    await applied(lab);
    expect(bench.sim.guests.get(vmid('web'))?.running).toBe(true);
    expect(readPlan(await bench.plan())).toEqual({});
  }, 120_000);

  /** A recipe of the built lab, in a folder with the state of the bench. */
  async function recipe(lab: BuiltLab, ...args: readonly string[]): Promise<{ readonly exitCode: number; readonly all: string }> {
    const folder = writeTree(new Map([...lab.files, ['manifest.json', '{}']]));
    for (const name of readdirSync(bench.folder)) if (/^zz|override|\.tfstate$/.test(name)) copyFileSync(join(bench.folder, name), join(folder, 'terraform', name));
    const result = await requireTool('python').run(['-B', 'just/terraform.py', ...args], { cwd: folder, env: { PROXMOX_VE_API_TOKEN: bench.sim.token, CHECKPOINT_DISABLE: '1' } });
    copyFileSync(join(folder, 'terraform', 'terraform.tfstate'), join(bench.folder, 'terraform.tfstate'));
    return result;
  }

  test('a second kept disk: one run of the recipe, the owner first', async () => {
    bench.reset();
    const lab = after(line('vm store', 'disk more = 20GiB { on = local-lvm  mount = /more  keep = true }'));
    const { exitCode, all } = await recipe(lab, 'apply', 'store');
    expect(exitCode, all).toBe(0);
    expect(all).toContain('First proxmox_virtual_environment_vm.store_data');
    bench.write(lab);
    expect(readPlan(await bench.plan())).toEqual({});
  }, 240_000);

  test('one machine is applied while the new name of another waits', async () => {
    bench.reset();
    const lab = after(rename('media', 'screen'), line('vm screen', 'was media'), line('vm web', 'description = "Pages."'));
    const { exitCode, all } = await recipe(lab, 'apply', 'web');
    expect(exitCode, all).toBe(0);
    bench.write(lab);
    expect(Object.keys(readPlan(await bench.plan())).filter((name) => name === 'vm.web')).toEqual([]);
  }, 240_000);
});
