/** A sample of the committed probes, asked again of the real provider and the real Compose. */
import { expect, test } from 'vitest';
import { COMPOSE_PROBES } from '../../compiler/impact/compose-probes.gen.js';
import { PROBES } from '../../compiler/impact/terraform-probes.gen.js';
import { ask, probedPlan, probesOf, resourcesOf } from '../impact/probe-terraform.js';
import { askCompose } from '../impact/probe-compose.js';
import { describeWithTool } from '../support/tools.js';

const SAMPLE = new Set(['vm_id', 'node_name', 'disk', 'disk.size', 'efi_disk.type', 'cpu.cores', 'memory.dedicated', 'mount_point.size', 'mount_point.path', 'initialization.user_account', 'unprivileged', 'checksum', 'input', 'network_device.vlan_id']);

describeWithTool('terraform', () => {
  test('the provider plans what the probes say', async () => {
    const probes = probesOf(resourcesOf(probedPlan)).filter(({ path, type }) => SAMPLE.has(path) && PROBES.resources[type]?.[path] !== undefined);
    const answers = await ask(probedPlan, probes);
    const other = answers.filter(({ probe, seen }) => (PROBES.resources[probe.type]?.[probe.path]?.[probe.change] ?? 'refused') !== seen);
    expect(other.map(({ probe, seen, said }) => `${probe.type} ${probe.path} ${probe.change}: ${seen} ${said}`)).toEqual([]);
    expect(answers.length).toBeGreaterThan(20);
  }, 300_000);
});

describeWithTool('docker compose', () => {
  test('Compose hashes what the probes say', async () => {
    expect(Object.fromEntries((await askCompose()).map(({ path, recreated }) => [path, recreated ? 'recreated' : 'same']))).toEqual(COMPOSE_PROBES.services);
  }, 120_000);
});
