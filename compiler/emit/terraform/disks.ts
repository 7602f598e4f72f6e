/**
 * Disks. A root disk belongs to its machine and goes with it. A kept disk belongs to the data machine beside it, which
 * is never started, and is attached to the machine by path: destroying a machine frees only what it owns. Every slot
 * is one static block, in the plan's order; a path of `ignore_changes` counts on it.
 */
import type { HclBlock, HclRef } from '../../bindings/hcl-value.js';
import { hclRef } from '../../bindings/hcl-value.js';
import { proxmoxVirtualEnvironmentVm, proxmoxVirtualEnvironmentVmRef } from '../../bindings/terraform.gen.js';
import type { ProxmoxVirtualEnvironmentVm, ProxmoxVirtualEnvironmentVmDisk } from '../../bindings/terraform.gen.js';
import type { Lifecycle } from '../../bindings/terraform-blocks.js';
import { moveOf } from '../../plan/identity.js';
import type { PlanDisk, PlanGuest, PlanMachine } from '../../plan/machine.js';
import type { Plan, PlanImage } from '../../plan/plan.js';
import { dataLabelOf, gibibytes, placeOf } from './header.js';
import { imageVolume } from './images.js';
import { providerOf } from './provider.js';

/** The disks of the machine itself; the first is the one that it boots from. */
export function machineDisks(plan: Plan, machine: PlanMachine, guest: PlanGuest, image: PlanImage | null): readonly ProxmoxVirtualEnvironmentVmDisk[] {
  const kept = keptDisks(guest);
  return guest.disks.map((disk, at) => {
    if (disk.keep) return attached(plan, machine, disk, kept.indexOf(disk));
    const from = at === 0 && image !== null ? { import_from: imageVolume(image) } : {};
    return { interface: disk.slot, datastore_id: disk.datastore, ...from, file_format: disk.format, size: gibibytes(disk.size), ...options(disk), backup: disk.backup };
  });
}

/** Sizes of attached disks: they grow on the data machine, and resizing what another machine owns is an error. */
export function ignoredSizes(guest: PlanGuest): readonly HclRef[] {
  return guest.disks.flatMap((disk, at) => (disk.keep ? [hclRef('disk', at, 'size')] : []));
}

export function keptDisks(guest: PlanGuest): readonly PlanDisk[] {
  return guest.disks.filter((disk) => disk.keep);
}

/** The machine that owns the kept disks. */
export function dataMachine(plan: Plan, machine: PlanMachine, guest: PlanGuest, vmid: number): HclBlock {
  return proxmoxVirtualEnvironmentVm(
    dataLabelOf(machine.name),
    {
      name: `${machine.name}-data`,
      description: `Owns the kept disks of ${machine.name} and is never started. Managed by labc, source ${plan.lab.source}.`,
      node_name: guest.node,
      vm_id: vmid,
      tags: guest.tags,
      scsi_hardware: 'virtio-scsi-single',
      started: false,
      on_boot: false,
      protection: true,
      purge_on_destroy: false,
      delete_unreferenced_disks_on_destroy: false,
      disk: keptDisks(guest).map((disk) => ({
        interface: disk.slot,
        datastore_id: disk.datastore,
        file_format: disk.format,
        size: gibibytes(disk.size),
        ...options(disk),
        backup: false,
      })),
    },
    {
      comment: [
        `The disks of ${machine.name} that survive every rebuild, from ${placeOf(plan, guest.origin)}.`,
        'This machine only owns them. They are backed up through the machine that mounts them, never from here.',
        `After one grows: qm disk rescan --vmid ${guest.vmid}, then grow the file system inside.`,
      ].join('\n'),
      provider: providerOf(plan, guest.cluster),
      lifecycle: owned(plan, machine, guest),
    },
  );
}

/** The owner never runs, so Proxmox would copy a disk of it while the machine writes to it: disks move by hand, as README says. */
function owned(plan: Plan, machine: PlanMachine, guest: PlanGuest): Lifecycle<keyof ProxmoxVirtualEnvironmentVm> {
  const moving = keptDisks(guest).flatMap((disk, at) => (moves(plan, machine, disk) ? [hclRef('disk', at, 'datastore_id'), hclRef('disk', at, 'file_format')] : []));
  return { preventDestroy: true, ...(moving.length === 0 ? {} : { comment: 'A disk moves to another datastore by the steps in README, while the machine that mounts it is off.', ignoreChanges: moving }) };
}

function moves(plan: Plan, machine: PlanMachine, disk: PlanDisk): boolean {
  return moveOf(plan.identity, 'disk', `${machine.name}.${disk.name}`) !== undefined;
}

/** Attached by the path that Proxmox chose; everything else is written out, so that a plan shows it. */
function attached(plan: Plan, machine: PlanMachine, disk: PlanDisk, index: number): ProxmoxVirtualEnvironmentVmDisk {
  const { path } = proxmoxVirtualEnvironmentVmRef(dataLabelOf(machine.name), 'disk');
  return {
    interface: disk.slot,
    datastore_id: hclRef(...path, index, 'datastore_id'),
    path_in_datastore: hclRef(...path, index, 'path_in_datastore'),
    file_format: moves(plan, machine, disk) ? hclRef(...path, index, 'file_format') : disk.format,
    size: gibibytes(disk.size),
    ...options(disk),
    backup: disk.backup,
  };
}

/** IDE and SATA have no threads of their own, virtio has no notion of an SSD. */
function options(disk: PlanDisk) {
  const bus = disk.slot.replace(/\d+$/, '');
  return {
    serial: disk.serial,
    discard: 'on',
    iothread: bus === 'scsi' || bus === 'virtio' ? true : undefined,
    ssd: bus === 'virtio' ? undefined : disk.ssd,
  };
}
