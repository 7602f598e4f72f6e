/**
 * The real Terraform with the real provider on what labc emits: formatted, valid, planned and applied without a warning
 * against the simulated Proxmox, stable afterwards, and replacing exactly what a promotion should replace.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emitTerraform } from '../../compiler/emit/terraform/index.js';
import type { PlanGuest } from '../../compiler/plan/machine.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { hostileTexts } from '../fixtures/hostile.js';
import { promoted, terraformPlan, twoClusters } from '../fixtures/plan-terraform.js';
import { providerOverride, simOptionsOf, startProxmoxSim, type ProxmoxSim } from '../support/proxmox-sim.js';
import { describeWithTool, type RunResult } from '../support/tools.js';

describeWithTool('terraform', (terraform) => {
  let sim: ProxmoxSim;
  const root = mkdtempSync(join(tmpdir(), 'labc-terraform-'));

  beforeAll(async () => {
    sim = await startProxmoxSim(simOptionsOf({ ...terraformPlan, clusters: twoClusters.clusters }));
  });
  afterAll(async () => {
    await sim.close();
    rmSync(root, { recursive: true });
  });

  const folder = (name: string): string => join(root, name, 'terraform');
  const write = (name: string, plan: Plan, aliases: readonly string[] = []): void => {
    rmSync(join(folder(name), 'sim_override.tf'), { force: true });
    const override = providerOverride(sim, aliases);
    for (const { path, text } of [...emitTerraform(plan), { path: `terraform/${override.name}`, text: override.text }]) {
      mkdirSync(dirname(join(root, name, path)), { recursive: true });
      writeFileSync(join(root, name, path), text);
    }
  };
  const run = (name: string, ...args: string[]): Promise<RunResult> =>
    terraform.run([...args, '-no-color'], { cwd: folder(name), env: { PROXMOX_VE_API_TOKEN: sim.token, TF_VAR_away_api_token: sim.token } });

  /** Runs Terraform, which must have nothing to warn of, and say how many changes it makes where that is known. */
  async function clean(name: string, args: readonly string[], code = 0): Promise<string> {
    const result = await run(name, ...args);
    expect(result.exitCode, result.all).toBe(code);
    expect(result.all).not.toMatch(/Warning|Deprecated|Error/);
    return result.all;
  }
  const guestIs = (plan: Plan, name: string, values: Partial<PlanGuest>): Plan => ({
    ...plan,
    machines: plan.machines.map((machine) => (machine.name === name && machine.guest !== null ? { ...machine, guest: { ...machine.guest, ...values } } : machine)),
  });
  const grown = (plan: Plan, name: string): Plan =>
    guestIs(plan, name, { disks: plan.machines.find((machine) => machine.name === name)!.guest!.disks.map((disk) => (disk.keep ? { ...disk, size: 2 * disk.size } : disk)) });
  /** The lab as it was last written: the tests from the first apply on tell one story. */
  let current = terraformPlan;
  const evolve = (change: (plan: Plan) => Plan): void => {
    current = change(current);
    write('one', current);
  };
  const summary = (output: string): string | undefined => /^(?:Plan: .*|No changes\..*)$/m.exec(output)?.[0];
  const touched = (output: string): string[] => [...output.matchAll(/^ {2}# (\S+) (?:will|must) be (\w+)/gm)].map(([, address, what]) => `${address} ${what}`);

  test('fmt -check, init, validate: both fixtures pass without a word', async () => {
    for (const [name, plan] of [['one', terraformPlan], ['two', twoClusters]] as const) {
      write(name, plan, name === 'two' ? ['away'] : []);
      expect((await run(name, 'fmt', '-check', '-diff')).all).toBe('');
      expect((await run(name, 'init')).exitCode).toBe(0);
      expect(await clean(name, ['validate'])).toContain('Success! The configuration is valid.');
    }
  }, 60_000);

  test('every backend is one that Terraform knows, with arguments that it knows', async () => {
    const settings = { s3: terraformPlan.lab.backend.settings, http: { address: 'https://state.example.net/home', lock_address: 'https://state.example.net/home/lock' }, pg: { schema_name: 'home' }, local: { path: 'home.tfstate' } } as const;
    for (const type of ['s3', 'http', 'pg', 'local'] as const) {
      const plan: Plan = { ...terraformPlan, lab: { ...terraformPlan.lab, backend: { type, settings: settings[type] }, terraform: [] }, images: [], machines: [] };
      write(`backend-${type}`, plan);
      rmSync(join(folder(`backend-${type}`), 'sim_override.tf'));
      expect((await run(`backend-${type}`, 'init', '-backend=false')).exitCode).toBe(0);
      expect(await clean(`backend-${type}`, ['validate'])).toContain('Success!');
    }
  }, 60_000);

  test('hostile text in a description reaches the plan unchanged', async () => {
    const machine = terraformPlan.machines.find(({ name }) => name === 'patricia')!;
    const machines = hostileTexts.map((description, at) => ({ ...machine, name: `m${at}`, description, guest: { ...machine.guest!, vmid: 1000 + at } }));
    write('hostile', { ...terraformPlan, machines });
    await run('hostile', 'init');
    expect((await run('hostile', 'fmt', '-check', '-diff')).all).toBe('');
    await clean('hostile', ['plan', '-out=p']);
    const shown = JSON.parse((await run('hostile', 'show', '-json', 'p')).stdout);
    const read = new Map<string, string>(shown.planned_values.root_module.resources.map((entry: { name: string; values: { description?: string } }) => [entry.name, entry.values.description ?? '']));
    // The provider itself trims, and makes line ends plain; HCL reads text in NFC.
    const trimmed = (text: string): string => text.replace(/^[\s\u0085]+|[\s\u0085]+$/g, '');
    const want = (text: string): string => trimmed(`${text}\n\nManaged by labc, source labs/home.`).replace(/\r\n/g, '\n').normalize('NFC');
    const wrong = machines.filter(({ name, description }) => trimmed(read.get(name) ?? '') !== want(description));
    expect(wrong.map(({ name, description }) => [description, read.get(name)])).toEqual([]);
  }, 60_000);

  test('the first plan and apply are clean, the second plan is empty', async () => {
    expect(summary(await clean('one', ['plan']))).toBe('Plan: 18 to add, 0 to change, 0 to destroy.');
    await clean('one', ['apply', '-auto-approve']);
    expect(summary(await clean('one', ['plan', '-detailed-exitcode']))).toMatch(/^No changes/);
    expect(sim.unknown).toEqual([]);
  }, 60_000);

  test('what root@pam sets beside Terraform stays, whatever else changes', async () => {
    sim.set(220, 'scsi3', '/dev/disk/by-id/ata-ST8000VN004-2M2101_WSD74XFX,size=7814026584K');
    sim.set(232, 'features', 'nesting=1,keyctl=1');
    sim.set(232, 'mp1', '/tank/media,mp=/mnt/media,ro=1');
    expect(summary(await clean('one', ['plan', '-detailed-exitcode']))).toMatch(/^No changes/);

    evolve((plan) => guestIs(guestIs(plan, 'pennywise', { onBoot: false }), 'ct2', { onBoot: false }));
    expect(summary(await clean('one', ['apply', '-auto-approve']))).toBe('Plan: 0 to add, 2 to change, 0 to destroy.');
    expect(sim.guests.get(220)?.config.get('scsi3')).toContain('/dev/disk/by-id/');
    expect(sim.guests.get(232)?.config.get('features')).toBe('nesting=1,keyctl=1');
    expect(sim.guests.get(232)?.config.get('mp1')).toContain('/tank/media');
  }, 60_000);

  test('new keys do not replace a container', async () => {
    const cloudInit = terraformPlan.machines.find(({ name }) => name === 'ct1')!.guest!.cloudInit!;
    evolve((plan) => guestIs(plan, 'ct1', { cloudInit: { ...cloudInit, keys: ['ssh-ed25519 AAAA new'] } }));
    expect(summary(await clean('one', ['plan', '-detailed-exitcode']))).toMatch(/^No changes/);
  }, 60_000);

  test('a kept disk grows on the machine that owns it, and only there', async () => {
    evolve((plan) => grown(plan, 'carrie'));
    expect(touched(await clean('one', ['apply', '-auto-approve']))).toEqual(['proxmox_virtual_environment_vm.carrie_data updated']);
    sim.set(228, 'scsi1', sim.guests.get(228)!.config.get('scsi1')!.replace('size=200G', 'size=400G'));
    expect(summary(await clean('one', ['plan', '-detailed-exitcode']))).toMatch(/^No changes/);
  }, 60_000);

  test('a promotion replaces exactly the machines on the image, and their kept disks survive', async () => {
    const kept = [...sim.volumes.all.values()].filter(({ owner }) => owner === 90228 || owner === 90211).map(({ id }) => id);
    expect(kept.length).toBe(3);
    sim.changes.length = 0;
    evolve((plan) => promoted(plan, 'ubuntu_noble_maturin', '20260401'));
    const output = await clean('one', ['apply', '-auto-approve']);
    expect(touched(output)).toEqual([
      'proxmox_download_file.ubuntu_noble_maturin replaced',
      'proxmox_virtual_environment_vm.carrie replaced',
      'proxmox_virtual_environment_vm.misery replaced',
      'terraform_data.carrie_generation updated',
      'terraform_data.misery_generation updated',
    ]);
    expect(sim.changes.filter((call) => call.startsWith('DELETE')).sort()).toEqual([
      'DELETE /nodes/maturin/qemu/211/', 'DELETE /nodes/maturin/qemu/228/', 'DELETE /nodes/maturin/storage/local/content/local:import/ubuntu_noble-20260207.qcow2',
    ]);
    expect(kept.filter((id) => !sim.volumes.all.has(id))).toEqual([]);
    expect(sim.guests.get(228)?.config.get('scsi1')).toMatch(/^local-lvm:vm-90228-disk-0,/);
    expect(summary(await clean('one', ['plan', '-detailed-exitcode']))).toMatch(/^No changes/);
  }, 60_000);

  test('an appliance that is replaced comes back without raw disks, as a token may', async () => {
    evolve((plan) => guestIs(plan, 'overlook', { passthrough: [{ slot: 'scsi4', device: 'ata-X' }] }));
    sim.set(229, 'scsi4', '/dev/disk/by-id/ata-X,size=1G');
    expect(summary(await clean('one', ['plan', '-detailed-exitcode']))).toMatch(/^No changes/);
    const next = 'local:import/haos-2026-12-01.qcow2';
    sim.files.set(next, 2 ** 30);
    evolve((plan) => ({ ...plan, images: promoted(plan, 'haos_maturin', '2026-12-01').images.map((image) => ({ ...image, file: image.file === null ? null : next })) }));
    expect(touched(await clean('one', ['apply', '-auto-approve']))).toEqual(['proxmox_virtual_environment_vm.overlook replaced', 'terraform_data.overlook_generation updated']);
    expect(sim.guests.get(229)?.config.has('scsi4')).toBe(false);
  }, 60_000);

  test('nothing destroys the machine that owns kept disks', async () => {
    evolve((plan) => guestIs(plan, 'carrie', { node: 'it' }));
    const result = await run('one', 'plan');
    expect(result.exitCode).toBe(1);
    expect(result.all).toContain('Instance cannot be destroyed');
  }, 60_000);

  test('two clusters plan through their own providers', async () => {
    expect(summary(await clean('two', ['plan']))).toBe('Plan: 3 to add, 0 to change, 0 to destroy.');
  }, 60_000);
});
