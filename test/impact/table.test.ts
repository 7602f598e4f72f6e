/** Nothing that labc can write to Terraform is without an impact, and no rule is milder than what the real provider plans. */
import { describe, expect, test } from 'vitest';
import type { Change } from '../../compiler/impact/change.js';
import { terraformImpact, TERRAFORM_TYPES } from '../../compiler/impact/terraform.js';
import { emittedAttributes } from './emitted.js';

const emitted = emittedAttributes();
const SAMPLES: Readonly<Record<Change, readonly [unknown, unknown]>> = { added: [undefined, 'x'], removed: ['x', undefined], up: [1, 2], down: [2, 1], changed: ['a', 'b'] };

describe('every attribute that the emitter can write', () => {
  test('is found by reading the emitter', () => {
    expect([...emitted.keys()].filter((type) => !TERRAFORM_TYPES.includes(type))).toEqual([]);
    const paths = emitted.get('proxmox_virtual_environment_vm')!.map(({ path }) => path);
    for (const path of ['disk.size', 'disk.path_in_datastore', 'network_device.vlan_id', 'initialization.ip_config.ipv4.gateway', 'hostpci.xvga', 'lifecycle.ignore_changes', 'provider']) expect(paths).toContain(path);
  });

  test('has an impact, whatever happens to it', () => {
    const missing = [...emitted].flatMap(([type, attributes]) =>
      [{ path: '', block: true }, ...attributes].flatMap(({ path, block }) => {
        const changes = block ? (['added', 'removed'] as const) : (Object.keys(SAMPLES) as Change[]);
        return changes.filter((change) => terraformImpact(type, path, ...SAMPLES[change]) === undefined).map((change) => `${type} ${path} ${change}`);
      }));
    expect(missing).toEqual([]);
  });
});
