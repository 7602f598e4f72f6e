/**
 * A virtual machine, and an appliance that the lab creates. Every default of the provider that surprises is written
 * out: agent, CPU type, ballooning, controller, what a destroy takes along. Settings that Proxmox refuses to a token
 * (raw disks of the node) are not here; a recipe sets them, and Terraform is told to leave them alone.
 */
import type { HclBlock, HclRef } from '../../bindings/hcl-value.js';
import { proxmoxVirtualEnvironmentVm } from '../../bindings/terraform.gen.js';
import type { ProxmoxVirtualEnvironmentVm, ProxmoxVirtualEnvironmentVmInitialization } from '../../bindings/terraform.gen.js';
import type { Lifecycle } from '../../bindings/terraform-blocks.js';
import type { PlanGuest, PlanMachine } from '../../plan/machine.js';
import type { Plan, PlanImage } from '../../plan/plan.js';
import { dataMachine, ignoredSizes, machineDisks } from './disks.js';
import { generation, generationRef } from './generation.js';
import { descriptionOf, labelOf, mebibytes, placeOf, present } from './header.js';
import { migrates, movedMachine } from './identity.js';
import { dnsOf, ipConfigs, networkDevices } from './network.js';
import { providerOf } from './provider.js';

/** The generation, the owner of kept disks, and the machine. */
export function vmBlocks(plan: Plan, machine: PlanMachine, guest: PlanGuest, image: PlanImage | null): readonly HclBlock[] {
  return [
    ...(image === null ? [] : [generation(machine, image)]),
    ...(guest.dataVmid === null ? [] : [dataMachine(plan, machine, guest, guest.dataVmid)]),
    proxmoxVirtualEnvironmentVm(labelOf(machine.name), settings(plan, machine, guest, image), {
      comment: `${machine.kind} ${machine.name}, from ${placeOf(plan, machine.origin)}.`,
      comments: comments(plan, machine, guest),
      provider: providerOf(plan, guest.cluster),
      lifecycle: lifecycle(machine, guest, image),
      fragments: guest.terraform,
    }),
    ...movedMachine(plan, machine, guest, image),
  ];
}

function settings(plan: Plan, machine: PlanMachine, guest: PlanGuest, image: PlanImage | null): ProxmoxVirtualEnvironmentVm {
  const root = present(guest.disks[0] ?? null, `the root disk of ${machine.name}`);
  const uefi = guest.firmware === 'uefi';
  return {
    name: machine.name,
    description: descriptionOf(plan, machine),
    node_name: guest.node,
    migrate: migrates(plan, machine, guest) ? true : undefined,
    vm_id: guest.vmid,
    tags: guest.tags,
    bios: uefi ? 'ovmf' : 'seabios',
    machine: guest.chipset === 'q35' ? 'q35' : 'pc',
    scsi_hardware: 'virtio-scsi-single',
    // Somebody attaches an installer to an empty machine and chooses what it boots from: that is no drift.
    boot_order: image === null ? undefined : [root.slot],
    started: guest.started,
    on_boot: guest.onBoot,
    protection: guest.protection,
    reboot_after_update: false,
    stop_on_destroy: false,
    timeout_shutdown_vm: 300,
    purge_on_destroy: false,
    delete_unreferenced_disks_on_destroy: false,
    operating_system: { type: 'l26' },
    // With IP addresses declared, nothing waits for the agent: it may not be installed yet.
    agent: guest.agent ? { enabled: true, timeout: '5m', wait_for_ip: { disabled: true } } : { enabled: false },
    cpu: { cores: guest.cores, sockets: 1, type: guest.cpu },
    memory: { dedicated: mebibytes(guest.memory), floating: floating(guest) },
    efi_disk: uefi ? { datastore_id: root.datastore, file_format: root.format, type: '4m', pre_enrolled_keys: guest.secureBoot } : undefined,
    disk: machineDisks(plan, machine, guest, image),
    network_device: networkDevices(machine.nics),
    initialization: initialization(machine, guest),
    hostpci: guest.pci.map(({ slot, mapping, primary }) => ({ device: slot, mapping, pcie: guest.chipset === 'q35', rombar: true, xvga: primary })),
    usb: guest.usb.map(({ mapping }) => ({ mapping })),
    serial_device: [{ device: 'socket' }],
    startup: guest.startup === null ? undefined : { order: guest.startup.order, up_delay: Math.round(guest.startup.upDelay / 1000) },
  };
}

/** A device passed through pins all memory: a balloon would only pretend. */
function floating(guest: PlanGuest): number {
  return guest.balloon && guest.pci.length === 0 ? mebibytes(guest.memory) : 0;
}

/** Cloud-init from Proxmox's own settings: no snippet, so no SSH to the node. */
function initialization(machine: PlanMachine, guest: PlanGuest): ProxmoxVirtualEnvironmentVmInitialization | undefined {
  const cloudInit = guest.cloudInit;
  if (cloudInit === null) return undefined;
  return {
    datastore_id: cloudInit.datastore,
    interface: cloudInit.slot,
    // An upgrade at first boot would hold the package manager's lock while Ansible waits for it.
    upgrade: false,
    dns: dnsOf(cloudInit),
    ip_config: ipConfigs(machine.nics),
    user_account: { username: cloudInit.user, keys: cloudInit.keys },
  };
}

function comments(plan: Plan, machine: PlanMachine, guest: PlanGuest): { readonly [name in keyof ProxmoxVirtualEnvironmentVm]?: string } {
  return {
    ...(migrates(plan, machine, guest) ? { migrate: 'It goes to another node with its disks, instead of being made anew there.' } : {}),
    reboot_after_update: 'A change that needs a reboot says so and waits for you.',
    stop_on_destroy: `${guest.agent ? 'The agent' : 'ACPI'} shuts it down cleanly; Proxmox stops it when that takes too long.`,
    purge_on_destroy: 'Jobs of Proxmox that name this VMID outlive a rebuild, and so does every disk that is not declared here.',
  };
}

function lifecycle(machine: PlanMachine, guest: PlanGuest, image: PlanImage | null): Lifecycle<keyof ProxmoxVirtualEnvironmentVm> | undefined {
  const replaceTriggeredBy = image === null ? undefined : [generationRef(machine)];
  const ignored: readonly ('disk' | HclRef)[] = guest.passthrough.length > 0 ? ['disk'] : ignoredSizes(guest);
  if (ignored.length === 0 && replaceTriggeredBy === undefined) return undefined;
  return { comment: ignoredBecause(guest), ignoreChanges: ignored.length === 0 ? undefined : ignored, replaceTriggeredBy };
}

/**
 * On any change of `disk` the provider deletes each disk of the VM that the configuration does not hold. Only when the
 * whole argument is ignored is there no such change, whatever a recipe attaches. A replacement reads the configuration
 * afresh, without what was ignored, so the new machine is made without raw disks, as a token may.
 */
function ignoredBecause(guest: PlanGuest): string | undefined {
  if (guest.passthrough.length > 0) {
    return [
      'A recipe attaches raw disks of the node, since Proxmox lets only root@pam do it:',
      ...guest.passthrough.map(({ slot, device }) => `  ${slot} = ${device}`),
      'On any change of `disk` the provider removes every disk that is not declared here, the raw ones first of all;',
      'so it must never see one. A declared disk of this machine grows with: qm disk resize.',
    ].join('\n');
  }
  return guest.disks.some((disk) => disk.keep) ? 'Kept disks grow on the machine that owns them.' : undefined;
}
