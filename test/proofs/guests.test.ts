import { expect, test } from 'vitest';
import { rule as diskLimits } from '../../compiler/proofs/disk-limits.js';
import { rule as duplicateMount } from '../../compiler/proofs/duplicate-mount.js';
import { rule as guestSize } from '../../compiler/proofs/guest-size.js';
import { rule as machineName } from '../../compiler/proofs/machine-name.js';
import { rule as nicCount } from '../../compiler/proofs/nic-count.js';
import { rule as passedDevice } from '../../compiler/proofs/passed-device.js';
import { rule as slots } from '../../compiler/proofs/slots.js';
import { rule as tags } from '../../compiler/proofs/tags.js';
import { rule as vmid } from '../../compiler/proofs/vmid.js';
import { GiB, disk, found, metal, nic, plan, vm } from './support.js';

const MiB = 2 ** 20;
const guest = (given: Parameters<typeof vm>[2], machine: Parameters<typeof vm>[3] = {}) => plan({ machines: [vm('carrie', 11, { vmid: 211, ...given }, machine)] });

test('vmid', () => {
  const two = (one: object, second: object) => plan({ machines: [vm('carrie', 11, { vmid: 211, ...one }), vm('misery', 12, { vmid: 212, ...second })] });
  expect(found(vmid, two({ dataVmid: 90211 }, { dataVmid: 90212 }))).toEqual([]);
  expect(found(vmid, two({}, { vmid: 211, cluster: 'away' }))).toEqual([]);
  expect(found(vmid, two({}, { vmid: 211 }))).toEqual(['LAB5101 12+11: carrie and misery both have the VMID 211 in pve']);
  expect(found(vmid, two({ dataVmid: 212 }, {}))).toEqual(['LAB5101 12+11: the data of carrie and misery both have the VMID 212 in pve']);
  expect(found(vmid, two({ vmid: 99 }, { vmid: 1_000_000_000 }))).toEqual(['LAB5102 11: 99 of carrie is no VMID', 'LAB5102 12: 1000000000 of misery is no VMID']);
});

test('machine-name', () => {
  const named = (...names: string[]) => plan({ machines: names.map((name, index) => metal(name, 11 + index)) });
  expect(found(machineName, named('carrie', '3d-printer', 'a'.repeat(63), 'x'))).toEqual([]);
  expect(found(machineName, named('carrie', 'Carrie'))).toEqual(['LAB5104 12+11: the machines carrie and Carrie have the same host name']);
  expect(found(machineName, named('a_b', '-a', 'a-', 'a'.repeat(64), 'a\n')).map((line) => line.slice(0, 11))).toEqual(['LAB5103 11:', 'LAB5103 12:', 'LAB5103 13:', 'LAB5103 14:', 'LAB5103 15:']);
});

test('tags', () => {
  expect(found(tags, guest({ tags: ['docker', 'lab-1', '_x', 'a+b.c'] }))).toEqual([]);
  expect(found(tags, guest({ tags: ['Docker', '-x'] }))).toEqual(['LAB5105 11: Proxmox does not take the tag `Docker` as it is', 'LAB5105 11: Proxmox does not take the tag `-x` as it is']);
});

test('guest-size', () => {
  expect(found(guestSize, guest({ memory: 64 * MiB }))).toEqual([]);
  expect(found(guestSize, guest({ memory: 16 * MiB }, { kind: 'lxc' }))).toEqual([]);
  expect(found(guestSize, guest({ memory: 32 * MiB, cores: 0 }))).toEqual(['LAB5106 11: carrie has 32MiB of memory, less than Proxmox takes', 'LAB5107 11: carrie cannot have 0 cores']);
  expect(found(guestSize, guest({ cores: 129 }, { kind: 'lxc' }))).toEqual(['LAB5107 11: carrie cannot have 129 cores']);
});

test('slots', () => {
  const cloudInit = { datastore: 'local-lvm', slot: 'scsi30', user: 'ops', keys: [], domain: '', resolvers: [] };
  const pci = [{ slot: 'hostpci0', name: 'gpu0', mapping: 'gpu', primary: false }];
  const data = (slot: string) => disk(12, { name: 'data', slot, serial: 'data' });
  expect(found(slots, guest({ disks: [disk(11), data('virtio15')], cloudInit, pci, passthrough: [{ slot: 'scsi3', device: 'ata-x' }], usb: [{ slot: 'usb0', mapping: 'zigbee' }] }))).toEqual([]);
  expect(found(slots, guest({ disks: [data('scsi31'), disk(11, { slot: 'scsi01' }), disk(13, { slot: 'hostpci0' })] }))).toEqual([
    'LAB5108 12: carrie has no slot `scsi31`', 'LAB5108 11: carrie has no slot `scsi01`', 'LAB5108 13: carrie has no slot `hostpci0`',
  ]);
  expect(found(slots, guest({ chipset: 'q35', disks: [disk(11, { slot: 'ide1' })] }))).toEqual(['LAB5108 11: carrie has no slot `ide1`']);
  expect(found(slots, guest({ pci: [{ ...pci[0]!, slot: 'hostpci16' }] }))).toEqual(['LAB5108 11: carrie has no slot `hostpci16`']);
  expect(found(slots, guest({ disks: [disk(11), data('scsi0')] }))).toEqual(['LAB5109 12+11: the slot scsi0 of carrie is taken by disk root, and disk data wants it too']);
  expect(found(slots, guest({ disks: [disk(11), data('scsi30')], cloudInit }))).toEqual(['LAB5109 11+12: the slot scsi30 of carrie is taken by disk data, and the cloud-init drive wants it too']);
});

test('disk-limits', () => {
  const many = (count: number) => guest({ disks: Array.from({ length: count }, (_, i) => disk(11, { name: `d${i}`, serial: `d${i}` })) });
  expect(found(diskLimits, many(31))).toEqual([]);
  expect(found(diskLimits, many(32))).toEqual(['LAB5110 11: carrie has 32 disks, and a virtual machine takes 31']);
  expect(found(diskLimits, guest({ disks: [disk(11, { serial: 'a'.repeat(20) })] }))).toEqual([]);
  expect(found(diskLimits, guest({ disks: [disk(11, { serial: 'a'.repeat(21) }), disk(12, { serial: 'ä' })] })).map((line) => line.slice(0, 11))).toEqual(['LAB5111 11:', 'LAB5111 12:']);
  expect(found(diskLimits, guest({ disks: [disk(11), disk(12, { name: 'data' })] }))).toEqual(['LAB5112 12+11: disk root and disk data of carrie have the same serial number `root`']);
});

test('nic-count', () => {
  const cards = (count: number, kind: 'vm' | 'lxc') => guest({}, { kind, nics: Array.from({ length: count }, (_, i) => nic(i, i)) });
  expect(found(nicCount, cards(32, 'vm'))).toEqual([]);
  expect(found(nicCount, cards(10, 'lxc'))).toEqual([]);
  expect(found(nicCount, cards(33, 'vm'))).toEqual(['LAB5113 32: carrie has 33 network cards, and a virtual machine takes 32']);
  expect(found(nicCount, cards(11, 'lxc'))).toEqual(['LAB5113 10: carrie has 11 network cards, and a container takes 10']);
});

test('passed-device', () => {
  const pci = [{ slot: 'hostpci0', name: 'gpu0', mapping: 'rtx4000', primary: false }];
  const two = (second: object) => plan({ machines: [vm('carrie', 11, { pci, passthrough: [{ slot: 'scsi3', device: 'ata-x' }] }), vm('misery', 12, second)] });
  expect(found(passedDevice, two({ pci, node: 'gan' }))).toEqual([]);
  expect(found(passedDevice, two({ pci, started: false, onBoot: false }))).toEqual([]);
  expect(found(passedDevice, two({ pci }))).toEqual(['LAB5114 12+11: PCI device rtx4000 of node maturin is given to carrie and to misery']);
  expect(found(passedDevice, two({ started: false, onBoot: false, passthrough: [{ slot: 'scsi1', device: 'ata-x' }] }))).toEqual(['LAB5114 12+11: disk ata-x of node maturin is given to carrie and to misery']);
});

test('duplicate-mount', () => {
  const data = (mount: string) => disk(12, { name: 'data', mount });
  expect(found(duplicateMount, guest({ disks: [disk(11), data('/srv'), disk(13, { name: 'more', mount: '/data' })] }))).toEqual([]);
  expect(found(duplicateMount, guest({ disks: [disk(11, { mount: '/srv' }), data('/srv')] }))).toEqual(['LAB5115 12+11: disk root and disk data of carrie are both mounted at /srv']);
  expect(found(duplicateMount, guest({ disks: [data('/srv')], mountPoints: [{ path: '/srv', source: 'local-lvm', size: GiB, readOnly: false }] }))).toHaveLength(1);
});
