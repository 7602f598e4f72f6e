/**
 * `labs/home` on the simulated Proxmox: applied, at rest, and taken down. A destroy of everything is refused as long as
 * owners of kept disks are protected; whoever means it says so in a file of overrides, and then nothing is left.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithTool } from '../../support/tools.js';
import { build, readLab } from '../lab-kit.js';
import { readPlan } from './plan.js';
import { openWorkbench, type Workbench } from './workbench.js';

describeWithTool('terraform', () => {
  const home = build(readLab('labs/home'));
  const owners = home.plan.machines.filter(({ guest }) => guest?.dataVmid != null).map(({ name }) => `${name}_data`);
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench(home);
  });
  afterAll(() => bench.close());

  test('is at rest after its first apply', async () => {
    expect(readPlan(await bench.plan())).toEqual({});
    expect(bench.sim.unknown).toEqual([]);
  }, 120_000);

  test('is not destroyed by a slip, and ends clean where it is meant', async () => {
    const slip = await bench.run('destroy', '-auto-approve');
    expect(slip.all).toMatch(/Instance cannot be destroyed/);
    expect(bench.sim.changes).toEqual([]);

    const meant = owners.map((name) => `resource "proxmox_virtual_environment_vm" "${name}" {\n  protection = false\n  lifecycle {\n    prevent_destroy = false\n  }\n}\n`);
    writeFileSync(join(bench.folder, 'teardown_override.tf'), meant.join('\n'));
    expect(readPlan(await bench.plan())).toEqual(Object.fromEntries(owners.map((name) => [`vm.${name}`, 'update protection'])));
    const unprotected = await bench.apply();
    expect(unprotected.exitCode, unprotected.all).toBe(0);
    const destroyed = await bench.run('destroy', '-auto-approve');
    expect(destroyed.exitCode, destroyed.all).toBe(0);
    expect([...bench.sim.guests.keys()]).toEqual([]);
    expect([...bench.sim.volumes.all.keys()]).toEqual([]);
    expect(bench.sim.unknown).toEqual([]);
  }, 240_000);
});
