import { describe, expect, test } from 'vitest';
import { rule as datastoreBudget } from '../../compiler/proofs/datastore-budget.js';
import { rule as datastoreContent } from '../../compiler/proofs/datastore-content.js';
import { rule as diskFormat } from '../../compiler/proofs/disk-format.js';
import { rule as imagePlace } from '../../compiler/proofs/image-place.js';
import { rule as nodeBudget } from '../../compiler/proofs/node-budget.js';
import { rule as placedContent } from '../../compiler/proofs/placed-content.js';
import { GiB, disk, found, image, node, onNodes, plan, store, vm } from './support.js';

const stores = (...list: ReturnType<typeof store>[]) => [node('maturin', 200, 1, { datastores: list }), node('gan', 201, 2, { datastores: list })];

describe('placed-content', () => {
  test('disks, drives and images lie where they may', () => {
    const cloudInit = { datastore: 'local-lvm', slot: 'ide2', user: 'ops', keys: [], domain: '', resolvers: [] };
    expect(found(placedContent, plan({ machines: [vm('carrie', 11, { cloudInit }), vm('derry', 12, {}, { kind: 'lxc' })], images: [image(30), image(31, { kind: 'container' })] }))).toEqual([]);
    const images = stores(store('local', 'dir', ['iso']), store('local-lvm', 'lvmthin', ['images']));
    expect(found(placedContent, onNodes(images, { machines: [vm('derry', 12, {}, { kind: 'lxc' })], images: [image(30), image(31, { kind: 'container' })] }))).toEqual([
      'LAB5202 12+1: the datastore local-lvm of maturin may not hold `rootdir`, which disk root of derry needs',
      'LAB5202 30+1: the datastore local of maturin may not hold `import`, which image debian_12 needs',
      'LAB5202 31+1: the datastore local of maturin may not hold `vztmpl`, which image debian_12 needs',
    ]);
    expect(found(placedContent, plan({ machines: [vm('carrie', 11, { disks: [disk(15, { datastore: 'tank' })] })] }))).toEqual(['LAB5201 15: node maturin has no datastore `tank`, where disk root of carrie should be']);
  });

  test('the help names a place that fits, or what to write', () => {
    const help = (subject: Parameters<typeof found>[1]) => placedContent.check({ plan: subject, edges: [] })[0]?.help;
    expect(help(plan({ machines: [vm('carrie', 11, { disks: [disk(15, { datastore: 'local' })] })] }))).toBe('put it on `local-lvm`');
    expect(help(onNodes(stores(store('local', 'dir', ['iso'])), { images: [image(30)] }))).toBe('allow it in Proxmox, and write `content = [iso, import]`');
    expect(help(onNodes(stores(store('local', 'lvmthin', ['images'])), { images: [image(30)] }))).toBe('node maturin needs a datastore that may hold `import`');
  });

  test('a bind mount of the node is no volume', () => {
    const mountPoints = [{ path: '/media', source: '/tank/media', size: null, readOnly: true }, { path: '/cache', source: 'local', size: GiB, readOnly: false }];
    expect(found(placedContent, plan({ machines: [vm('derry', 12, { mountPoints }, { kind: 'lxc' })] }))).toEqual(['LAB5202 12+1: the datastore local of maturin may not hold `rootdir`, which the volume at /cache of derry needs']);
  });
});

test('datastore-content', () => {
  expect(found(datastoreContent, onNodes(stores(store('tank', 'zfspool', ['images', 'rootdir']), store('own', 'strange', ['import']))))).toEqual([]);
  expect(found(datastoreContent, onNodes([node('maturin', 200, 1, { datastores: [store('local-lvm', 'lvmthin', ['images', 'import'])] })]))).toEqual(['LAB5203 1: a datastore of type lvmthin can never hold `import`']);
});

test('disk-format', () => {
  const one = (format: string, type: string) => onNodes(stores(store('local-lvm', type, ['images'])), { machines: [vm('carrie', 11, { disks: [disk(15, { format })] })] });
  expect(found(diskFormat, one('raw', 'lvmthin'))).toEqual([]);
  expect(found(diskFormat, one('qcow2', 'nfs'))).toEqual([]);
  expect(found(diskFormat, one('qcow2', 'zfspool'))).toEqual(['LAB5204 15: disk root of carrie has the format qcow2, which a datastore of type zfspool cannot hold']);
});

test('image-place', () => {
  const on = (name: string, datastores: ReturnType<typeof store>[]) => onNodes(stores(...datastores), { machines: [vm('carrie', 11, { image: 'debian_12_maturin', node: name })], images: [image(30)] });
  expect(found(imagePlace, on('maturin', [store('local', 'dir', ['import'])]))).toEqual([]);
  expect(found(imagePlace, on('gan', [store('local', 'nfs', ['import'], { shared: true })]))).toEqual([]);
  expect(found(imagePlace, on('gan', [store('local', 'dir', ['import'])]))).toEqual(['LAB5205 11+30: carrie stands on gan, but its image debian_12 lies on maturin']);
});

describe('node-budget', () => {
  const sized = (...sizes: number[]) => plan({ machines: sizes.map((size, index) => vm(`m${index}`, 11 + index, { memory: size * GiB })) });
  test('memory less the reserve is shared by what runs', () => {
    expect(found(nodeBudget, sized(32, 28))).toEqual([]);
    expect(found(nodeBudget, sized(32, 29))).toEqual(['LAB5207 1+11+12: the machines of node maturin have 61GiB of memory together, and it has 60GiB for them']);
    expect(found(nodeBudget, plan({ machines: [vm('a', 11, { memory: 60 * GiB }), vm('b', 12, { memory: 60 * GiB, node: 'gan' }), vm('c', 13, { memory: 60 * GiB, started: false, onBoot: false })] }))).toEqual([]);
    expect(found(nodeBudget, onNodes([node('maturin', 200, 1, { memory: null, cores: null })], { machines: [vm('a', 11, { memory: 999 * GiB, cores: 999 })] }))).toEqual([]);
  });
  test('no machine has more cores than the node', () => {
    expect(found(nodeBudget, plan({ machines: [vm('a', 11, { cores: 16 }), vm('b', 12, { cores: 16 })] }))).toEqual([]);
    expect(found(nodeBudget, plan({ machines: [vm('a', 11, { cores: 17 })] }))).toEqual(['LAB5206 11+1: a has 17 cores, and node maturin has 16']);
  });
});

describe('datastore-budget', () => {
  const disks = (type: string, ...sizes: number[]) => onNodes(stores(store('local-lvm', type, ['images'], { size: 100 * GiB })), { machines: sizes.map((size, index) => vm(`m${index}`, 11 + index, { disks: [disk(11 + index, { size: size * GiB })] })) });
  test('thin ones warn, thick ones refuse', () => {
    expect(found(datastoreBudget, disks('lvmthin', 60, 40))).toEqual([]);
    expect(found(datastoreBudget, disks('lvmthin', 60, 41))).toEqual(['LAB5209 1+11+12: the disks on local-lvm of maturin may grow to 101GiB, and it has 100GiB']);
    expect(found(datastoreBudget, disks('lvm', 60, 41))).toEqual(['LAB5208 1+11+12: the disks on local-lvm of maturin take 101GiB, and it has 100GiB']);
    expect(datastoreBudget.check({ plan: disks('lvmthin', 101), edges: [] })[0]?.severity).toBe('warning');
  });
  test('a shared one is filled from every node', () => {
    const shared = (isShared: boolean) => onNodes(stores(store('local-lvm', 'nfs', ['images'], { size: 50 * GiB, shared: isShared })), { machines: [vm('a', 11), vm('b', 12, { node: 'gan' })] });
    expect(found(datastoreBudget, shared(false))).toEqual([]);
    expect(found(datastoreBudget, shared(true))).toHaveLength(1);
  });
});
