/**
 * Nothing that labc can write to Terraform is without an impact; the probes are of the provider that labc is pinned to and
 * hold all of it; no rule is milder than what the real provider plans.
 */
import { describe, expect, test } from 'vitest';
import { changeOf, type Change } from '../../compiler/impact/change.js';
import { IMPACTS, worse, type Impact } from '../../compiler/impact/impact.js';
import { rulesOf, terraformImpact, TERRAFORM_TYPES } from '../../compiler/impact/terraform.js';
import { PROBES, type Observed } from '../../compiler/impact/terraform-probes.gen.js';
import { PROVIDER } from '../../compiler/bindings/terraform.gen.js';
import { emittedAttributes } from './emitted.js';

const emitted = emittedAttributes();
const SAMPLES: Readonly<Record<Change, readonly [unknown, unknown]>> = { added: [undefined, 'x'], removed: ['x', undefined], up: [1, 2], down: [2, 1], changed: ['a', 'b'] };
const CHANGES = Object.keys(SAMPLES) as Change[];
/** What has no twin: of Terraform's own arguments, and of an output, nothing is asked. */
const META = /^(lifecycle|provider|depends_on|count|for_each)(\.|$)/;

describe('every attribute that the emitter can write', () => {
  test('is found by reading the emitter', () => {
    expect([...emitted.keys()].filter((type) => !TERRAFORM_TYPES.includes(type))).toEqual([]);
    const paths = emitted.get('proxmox_virtual_environment_vm')!.map(({ path }) => path);
    for (const path of ['disk.size', 'disk.path_in_datastore', 'network_device.vlan_id', 'initialization.ip_config.ipv4.gateway', 'hostpci.xvga', 'lifecycle.ignore_changes', 'provider']) expect(paths).toContain(path);
  });

  test('has an impact, whatever happens to it', () => {
    const missing = [...emitted].flatMap(([type, attributes]) =>
      [{ path: '', block: true }, ...attributes].flatMap(({ path, block }) => {
        const changes = block ? (['added', 'removed'] as const) : CHANGES;
        return changes.filter((change) => terraformImpact(type, path, ...SAMPLES[change]) === undefined).map((change) => `${type} ${path} ${change}`);
      }));
    expect(missing).toEqual([]);
  });

  test('was asked of the provider that labc is pinned to', () => {
    expect(PROBES.provider).toBe(PROVIDER.version);
    const unasked = [...emitted].flatMap(([type, attributes]) => {
      const seen = PROBES.resources[type];
      // Blocks that are no resource have nothing to plan, and `input` of a generation is asked as a whole.
      return !/^(proxmox|terraform)_/.test(type) ? [] : attributes.filter(({ path }) => !META.test(path) && !path.startsWith('input.') && seen?.[path] === undefined).map(({ path }) => `${type} ${path}`);
    });
    expect(unasked).toEqual(['proxmox_virtual_environment_vm migrate']);
  });

  test('has a rule only where the emitter can write it', () => {
    const stale = TERRAFORM_TYPES.filter((type) => /^(proxmox|terraform)_/.test(type)).flatMap((type) => {
      const paths = ['', ...emitted.get(type)!.map(({ path }) => path)];
      return rulesOf(type).filter(({ path }) => !META.test(path) && !paths.some((one) => one === path || (path.endsWith('.*') && one.startsWith(path.slice(0, -1))))).map(({ path }) => `${type} ${path}`);
    });
    expect(stale).toEqual([]);
  });
});

describe('the tables beside the plans of the real provider', () => {
  /** The mildest that labc may call what a plan says. */
  const floor: Readonly<Record<Observed, Impact>> = { 'no-op': 'in_place', update: 'in_place', replace: 'replace', refused: 'refused' };

  test('say nothing milder', () => {
    const milder = Object.entries(PROBES.resources).flatMap(([type, paths]) =>
      Object.entries(paths).flatMap(([path, seen]) =>
        Object.entries(seen).flatMap(([change, what]) => {
          const said = terraformImpact(type, path, ...SAMPLES[change as Change])?.impact ?? 'in_place';
          return worse(said, floor[what]) === said ? [] : [`${type} ${path} ${change}: a plan says ${what}, the table ${said}`];
        })));
    expect(milder).toEqual([]);
  });

  test('call replaced only what a plan replaces, or what the sources name for it', () => {
    // A literal of the data machine's own, an image that is ignored, and what no plan shows.
    const worseThanPlanned = Object.entries(PROBES.resources).flatMap(([type, paths]) =>
      Object.entries(paths).flatMap(([path, seen]) =>
        Object.entries(seen).filter(([change, what]) => what === 'update' && terraformImpact(type, path, ...SAMPLES[change as Change])?.impact === 'replace').map(([change]) => `${type} ${path} ${change}`)));
    expect(worseThanPlanned).toEqual([]);
  });
});

describe('one look-up', () => {
  const vm = (path: string, before: unknown, after: unknown, around = {}): Impact | undefined => terraformImpact('proxmox_virtual_environment_vm', path, before, after, around)?.impact;

  test('knows the direction', () => {
    expect([vm('disk.size', 32, 64), vm('disk.size', 64, 32)]).toEqual(['in_place', 'refused']);
    expect([changeOf('4G', '1T'), changeOf('1T', '4G'), changeOf(undefined, 4), changeOf('x', null), changeOf('vlan', 4)]).toEqual(['up', 'down', 'added', 'removed', 'changed']);
  });

  test('knows whose disk it is', () => {
    expect(vm('disk', {}, undefined)).toBe('destroys_data');
    expect(vm('disk', {}, undefined, { attached: true })).toBe('restart');
    expect(vm('disk', {}, undefined, { kept: true })).toBe('refused');
    expect(vm('node_name', 'a', 'b', { kept: true })).toBe('refused');
    expect(vm('node_name', 'a', 'b', { migrates: true })).toBe('in_place');
  });

  test('knows that a machine which is off has nothing to wait for', () => {
    expect([vm('cpu.cores', 2, 4), vm('cpu.cores', 2, 4, { stopped: true })]).toEqual(['reboot', 'in_place']);
    expect([vm('initialization.interface', 'ide2', 'scsi30'), vm('initialization.interface', 'ide2', 'scsi30', { stopped: true })]).toEqual(['refused', 'in_place']);
  });

  test('of a container that is made anew counts the volumes that go with it', () => {
    const lxc = (around = {}): Impact | undefined => terraformImpact('proxmox_virtual_environment_container', 'node_name', 'a', 'b', around)?.impact;
    expect([lxc(), lxc({ volumes: true })]).toEqual(['replace', 'destroys_data']);
  });

  test('does nothing to what Terraform ignores, and knows nothing of what labc does not write', () => {
    expect(vm('disk.size', 64, 32, { ignored: true })).toBe('in_place');
    expect(vm('rng.source', 'a', 'b')).toBeUndefined();
    expect(terraformImpact('aws_instance', 'ami', 'a', 'b')).toBeUndefined();
    expect(terraformImpact('constructor', 'x', 1, 2)).toBeUndefined();
  });

  test('has a note and a source for everything', () => {
    const rules = TERRAFORM_TYPES.flatMap(rulesOf);
    expect(rules.filter(({ note, source, impact }) => note === '' || source === '' || !IMPACTS.includes(impact))).toEqual([]);
  });
});
