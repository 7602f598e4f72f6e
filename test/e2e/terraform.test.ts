/**
 * Both labs as the real Terraform with the real provider takes them: formatted, valid and planned without a warning against
 * the simulated Proxmox; `labs/home` applied, at rest afterwards, and one image promoted in its source.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as hcl2json } from '@cdktf/hcl2json';
import { parseToObject } from 'hcl2-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { providerOverride, simOptionsOf, startProxmoxSim, type ProxmoxSim } from '../support/proxmox-sim.js';
import { describeWithTool } from '../support/tools.js';
import { build, edited, labs, readLab, withFile, writeTree, type BuiltLab } from './lab-kit.js';

const hcl = ({ files }: BuiltLab): ReadonlyMap<string, string> => new Map([...files].filter(([path]) => path.endsWith('.tf')));

/** An image of the lab's own, of two versions, for every machine that runs Compose. */
const ownImage = (stable: string): string => `image house {
  os = ubuntu("24.04")
  version "1" { url = "https://images.example.net/house-1.img"  sha256 = "${'1'.repeat(64)}" }
  version "2" { url = "https://images.example.net/house-2.img"  sha256 = "${'2'.repeat(64)}" }
  stable = "${stable}"
}
`;
const onHouse = (stable: string): BuiltLab =>
  build(withFile(edited(readLab('labs/home'), (text, path) => (path === 'personas.lab' ? text.replace('  L2 { cores = 4', '  L1 { image = house }\n  L2 { cores = 4') : text)), 'house.lab', ownImage(stable)));

test('two readers see the same values in every file', async () => {
  for (const name of labs) {
    for (const [path, text] of hcl(build(readLab(`labs/${name}`)))) {
      const [second] = parseToObject(text) as [unknown];
      expect(second, `${name} ${path}`).toEqual(await hcl2json(path, text));
    }
  }
});

describeWithTool('terraform', (terraform) => {
  describe.each(labs)('labs/%s', (name) => {
    const first = name === 'home' ? onHouse('1') : build(readLab(`labs/${name}`));
    let sim: ProxmoxSim;
    let folder = '';
    beforeAll(async () => {
      sim = await startProxmoxSim(simOptionsOf(first.plan));
      folder = writeTree(hcl(first));
      const override = providerOverride(sim);
      writeFileSync(join(folder, 'terraform', override.name), override.text);
    });
    afterAll(async () => {
      await sim.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** Runs Terraform, which must have nothing to warn of. */
    async function clean(...args: string[]): Promise<string> {
      const result = await terraform.run([...args, '-no-color'], { cwd: join(folder, 'terraform'), env: { PROXMOX_VE_API_TOKEN: sim.token } });
      expect(result.exitCode, result.all).toBe(0);
      expect(result.all).not.toMatch(/Warning|Deprecated|Error/);
      return result.all;
    }
    const guests = first.plan.machines.filter(({ guest }) => guest !== null).map((machine) => machine.name);

    test('is formatted and valid', async () => {
      expect(await clean('fmt', '-check', '-recursive', '-diff')).toBe('');
      // Of a provider from a mirror, init says that the lock file holds one platform only.
      expect((await terraform.run(['init', '-no-color'], { cwd: join(folder, 'terraform') })).exitCode).toBe(0);
      expect(await clean('validate')).toContain('Success! The configuration is valid.');
    }, 120_000);

    test('plans every guest, then applies, then has nothing to do', async () => {
      const plan = await clean('plan');
      for (const guest of guests) expect(plan).toMatch(new RegExp(`# proxmox_virtual_environment_(vm|container)\\.${guest} will be created`));
      await clean('apply', '-auto-approve');
      expect(sim.unknown).toEqual([]);
      expect(await clean('plan', '-detailed-exitcode')).toContain('No changes.');
    }, 180_000);

    if (name === 'home') {
      test('a promotion in the source replaces the machines on the image, and none that owns data', async () => {
        for (const [path, text] of hcl(onHouse('2'))) writeFileSync(join(folder, path), text);
        const kept = [...sim.volumes.all.values()].filter(({ owner }) => owner > 90_000).map(({ id }) => id);
        expect(kept).toHaveLength(3);
        sim.changes.length = 0;
        const output = await clean('apply', '-auto-approve');
        const replaced = [...output.matchAll(/^ {2}# proxmox_virtual_environment_\w+\.(\S+) (?:will|must) be (\w+)/gm)].map(([, address, what]) => `${address} ${what}`);
        expect(replaced).toEqual(['carrie replaced', 'misery replaced', 'patricia replaced']);
        const deleted = sim.changes.filter((call) => /^DELETE .*\/qemu\//.test(call));
        expect(deleted).toHaveLength(3);
        expect(kept.filter((id) => !sim.volumes.all.has(id))).toEqual([]);
        expect(await clean('plan', '-detailed-exitcode')).toContain('No changes.');
      }, 180_000);
    }
  });
});
