/**
 * The real bindings: what an emitter may not write. `tsc` proves the lines marked as errors (npm test runs it first);
 * vitest looks at what the builders make.
 */
import { describe, expect, it } from 'vitest';
import { MODULES, task } from '../../compiler/bindings/ansible.gen.js';
import type { ComposeFile } from '../../compiler/bindings/compose.gen.js';
import { hclRef } from '../../compiler/bindings/hcl-value.js';
import { proxmoxDownloadFile, proxmoxProvider, proxmoxVirtualEnvironmentVm, proxmoxVirtualEnvironmentVmRef } from '../../compiler/bindings/terraform.gen.js';
import { terraformBlock, terraformData, terraformDataRef } from '../../compiler/bindings/terraform-blocks.js';

export const refused = [
  // @ts-expect-error node_name is required.
  () => proxmoxVirtualEnvironmentVm('a', { name: 'a' }),
  // @ts-expect-error The attribute is called node_name.
  () => proxmoxVirtualEnvironmentVm('a', { node_name: 'pve1', nodename: 'pve1' }),
  // @ts-expect-error A disk's interface is required.
  () => proxmoxVirtualEnvironmentVm('a', { node_name: 'pve1', disk: [{ size: 8 }] }),
  // @ts-expect-error A VM has one cpu block.
  () => proxmoxVirtualEnvironmentVm('a', { node_name: 'pve1', cpu: [{ cores: 2 }] }),
  // @ts-expect-error timeout_move_disk is deprecated.
  () => proxmoxVirtualEnvironmentVm('a', { node_name: 'pve1', timeout_move_disk: 5 }),
  // @ts-expect-error There is no such attribute to refer to.
  () => proxmoxVirtualEnvironmentVmRef('a', 'ipv4_address'),
  // @ts-expect-error The option is called update_cache.
  () => task('ansible.builtin.apt', { name: ['jq'], cache_update: true }),
  // @ts-expect-error state has a list of choices.
  () => task('ansible.builtin.apt', { name: ['jq'], state: 'installed' }),
  // @ts-expect-error path is required.
  () => task('ansible.builtin.file', { state: 'directory' }),
  // @ts-expect-error There is no such module.
  () => task('ansible.builtin.pacman', {}),
  // @ts-expect-error The key is called depends_on.
  (): ComposeFile => ({ services: { web: { image: 'nginx', dependson: ['db'] } } }),
  // @ts-expect-error A dependency states its condition.
  (): ComposeFile => ({ services: { web: { depends_on: { db: { restart: true } } } } }),
  // @ts-expect-error `version` is deprecated.
  (): ComposeFile => ({ version: '3', services: {} }),
];

describe('terraform builders', () => {
  it('tell blocks from attributes and put attributes first', () => {
    const vm = proxmoxVirtualEnvironmentVm(
      'web',
      { disk: [{ interface: 'scsi0' }, { interface: 'scsi1', speed: { read: 1 } }], node_name: 'pve1', name: undefined, network_device: [{ bridge: 'vmbr0' }], tags: ['lab'] },
      { comment: 'Why.', comments: { disk: 'Slots.' }, lifecycle: { preventDestroy: true, ignoreChanges: ['started', hclRef('disk', 0, 'import_from')] }, fragments: ['x = 1'] },
    );
    const brief = (items: typeof vm.body): unknown[] =>
      items.map((item) => (item.item === 'block' ? [item.type, brief(item.body)] : item.item === 'attribute' ? item.name : item.text));
    expect(vm).toMatchObject({ item: 'block', type: 'resource', labels: ['proxmox_virtual_environment_vm', 'web'], comment: 'Why.' });
    expect(brief(vm.body)).toEqual([
      'node_name', 'tags',
      ['disk', ['interface']], ['disk', ['interface', ['speed', ['read']]]], ['network_device', ['bridge']],
      ['lifecycle', ['prevent_destroy', 'ignore_changes']],
      'x = 1',
    ]);
    expect(vm.body[2]).toMatchObject({ comment: 'Slots.' });
    expect(vm.body[3]).not.toHaveProperty('comment');
  });

  it('keep a literal apart from an expression', () => {
    const url = '${file("/etc/passwd")}';
    const file = proxmoxDownloadFile('a', { node_name: 'pve1', datastore_id: 'local', content_type: 'import', url, file_name: terraformDataRef('b', 'output') });
    expect(file.body.slice(3)).toEqual([
      { item: 'attribute', name: 'url', value: url },
      { item: 'attribute', name: 'file_name', value: { $: 'ref', path: ['terraform_data', 'b', 'output'] } },
    ]);
  });

  it('make the blocks of Terraform itself', () => {
    expect(proxmoxProvider({ endpoint: 'https://pve', ssh: { node: [{ name: 'pve1', address: '10.0.0.2' }] } }, { alias: 'x' })).toMatchObject({
      type: 'provider', labels: ['proxmox'], body: [{ name: 'alias' }, { name: 'endpoint' }, { type: 'ssh', body: [{ type: 'node' }] }],
    });
    expect(terraformBlock({ requiredVersion: '>= 1.9', backend: { type: 'local', settings: { path: undefined } } }).body).toEqual([
      { item: 'attribute', name: 'required_version', value: '>= 1.9' },
      { item: 'block', type: 'backend', labels: ['local'], body: [] },
    ]);
    expect(terraformData('g', { input: 1 }, { lifecycle: { replaceTriggeredBy: [hclRef('a', 'b')] } }).body).toHaveLength(2);
  });
});

describe('the table of modules', () => {
  it('says what the checker asks', () => {
    expect(MODULES['ansible.builtin.apt']?.options['name']).toEqual({ type: 'list', elements: 'str', aliases: ['package', 'pkg'] });
    expect(MODULES['ansible.builtin.file']?.options['path']?.required).toBe(true);
    expect(MODULES['ansible.builtin.meta']?.freeForm).toBe(true);
    expect(MODULES['ansible.builtin.command']?.freeForm).toBeUndefined();
    expect(MODULES['ansible.builtin.set_fact']?.open).toBe(true);
    expect(MODULES['ansible.builtin.raw']?.supportsCheck).toBe(false);
    expect(MODULES['ansible.posix.mount']?.supportsCheck).toBe(true);
    expect(MODULES['ansible.builtin.apt_key']?.deprecated).toBe('ansible.builtin.deb822_repository');
    expect(MODULES['toString']).toBeUndefined();
  });
});
