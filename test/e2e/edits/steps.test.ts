/** Edits that take several builds: each is applied where the one before it ended, with the lock that it left. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseLock, printLock } from '../../../compiler/allocation/lock.js';
import { forget } from '../../../compiler/identity/listing.js';
import { reviewPlans } from '../../../compiler/review/index.js';
import { generateLab } from '../../support/generate-lab.js';
import { describeWithTool } from '../../support/tools.js';
import { build, labOf, type BuiltLab } from '../lab-kit.js';
import { readPlan } from './plan.js';
import { add, change, drop, edit, ground, line, type Change } from './source.js';
import { openWorkbench, type Workbench } from './workbench.js';

const base = build(ground);
const after = (lock: string, ...changes: readonly Change[]): BuiltLab => build({ ...edit(ground, changes), lock });

describeWithTool('terraform', () => {
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench(base);
  });
  afterAll(() => bench.close());

  /** What the plan of this step does; it is carried out, and leaves nothing to do. */
  async function step(lab: BuiltLab): Promise<Readonly<Record<string, string>>> {
    bench.write(lab);
    const plan = readPlan(await bench.plan());
    const { exitCode, all } = await bench.apply();
    expect(exitCode, all).toBe(0);
    expect(readPlan(await bench.plan())).toEqual({});
    return plan;
  }

  test('kept data that is to be destroyed goes when the lab forgets it, and not before', async () => {
    bench.reset();
    const owner = base.plan.machines.find(({ name }) => name === 'store')?.guest?.dataVmid ?? 0;
    const retired = after(base.lock, drop('vm store'), add('retire store { data = destroy }'));
    expect(await step(retired)).toEqual({ 'data.store_generation': 'delete', 'vm.store': 'delete', 'vm.store_data': 'update protection' });
    expect([...bench.sim.volumes.all.values()].filter((volume) => volume.owner === owner)).toHaveLength(1);

    const forgotten = forget(parseLock(retired.lock, 'lab.lock').value, 'store');
    expect(forgotten).toBeDefined();
    const over = after(printLock(forgotten!), drop('vm store'));
    expect(reviewPlans(retired.plan, over.plan).findings.map(({ machine, impact, data }) => [machine, impact, data.map(({ name, happens }) => `${name} ${happens}`)])).toEqual([['store', 'destroys_data', ['disk data goes']]]);
    expect(await step(over)).toEqual({ 'vm.store_data': 'delete' });
    expect([...bench.sim.volumes.all.values()].filter((volume) => volume.owner === owner)).toEqual([]);
  }, 240_000);

  test('a version that was tried on one machine is promoted, and no download takes the other along', async () => {
    bench.reset();
    const tried = after(base.lock, line('vm web', 'version = "2"'));
    expect(await step(tried)).toMatchObject({ 'image.house_pve1_2': 'create', 'vm.web': 'replace triggered' });
    const promoted = await step(after(tried.lock, change('image house', 'stable = "1"', 'stable = "2"')));
    expect(promoted).toMatchObject({ 'image.house_pve1': 'replace checksum, file_name', 'image.house_pve1_2': 'delete', 'vm.store': 'replace triggered' });
    expect(promoted['vm.web'] ?? '').not.toContain('replace');
  }, 240_000);

  test('a second kept disk is there after two applies, and the first one has not moved', async () => {
    bench.reset();
    const volumes = (): readonly string[] => [...bench.sim.volumes.all.keys()].filter((id) => id.includes('-90'));
    const before = volumes();
    const more = after(base.lock, line('vm store', 'disk more = 20GiB { on = local-lvm  mount = /more  keep = true }'));
    bench.write(more);
    await bench.plan();
    expect((await bench.apply()).all).toMatch(/inconsistent final plan/);
    expect(await step(more)).toEqual({ 'vm.store': 'update disk' });
    expect(volumes()).toEqual(expect.arrayContaining([...before]));
  }, 240_000);
});

test.each([1, 2, 7, 23])('a review of nothing is empty, in a lab of %i machines', (size) => {
  const sources = labOf('generated', generateLab(size));
  const first = build(sources);
  const second = build({ ...sources, lock: first.lock });
  expect(reviewPlans(first.plan, second.plan)).toEqual({ findings: [], steps: [], worst: null });
}, 60_000);
