/**
 * `proxmox_virtual_environment_vm`: where the provider or Proxmox does worse than "update in place", and what it means.
 * labc writes `reboot_after_update = false`, so what needs a reboot waits for one, and what needs the machine off is
 * refused while it runs. Every VM that labc emits has hotplug as Proxmox has it: disk, network and USB, no memory.
 */
import type { Rule } from './change.js';

const PROVIDER = 'bpg/proxmox 0.112.0';
const UPDATE = `${PROVIDER}, proxmoxtf/resource/vm/vm.go, vmUpdate`;
const VM_DELETE = `${PROVIDER}, proxmoxtf/resource/vm/vm.go, vmDelete`;
const DISKS = `${PROVIDER}, proxmoxtf/resource/vm/vm.go, vmPlanDiskLocationAndSizeChanges`;
const DIFF = `${PROVIDER}, proxmoxtf/resource/vm/vm.go, CustomizeDiff`;
const LIFECYCLE = `${PROVIDER}, docs/guides/vm-lifecycle.md`;
const HOTPLUG = 'Proxmox qemu-server, PVE::QemuServer::vmconfig_hotplug_pending';
const UPDATE_DISK = 'Proxmox qemu-server, PVE::QemuServer::vmconfig_update_disk';
const UPDATE_NET = 'Proxmox qemu-server, PVE::QemuServer::vmconfig_update_net';
const PROTECTION = 'Proxmox qemu-server, PVE::API2::Qemu, check_protection';
const CLOUD_INIT = 'Proxmox qemu-server, PVE::QemuServer::Cloudinit: the instance-id is a hash of user data and network data';

/** Said of whatever goes through as soon as somebody has shut the machine down. */
export const WHILE_OFF = 'only while the machine is off, and may not shut it down';

const NEW_INSTANCE = 'cloud-init takes the next boot for a new machine: it sets up network, user and host keys again';

export const VM_RULES: readonly Rule[] = [
  // The machine.
  { path: '', on: ['removed'], when: { kept: true }, impact: 'refused', note: 'Proxmox refuses to remove the owner of kept disks, which is protected; without that, the disks would go with it', source: PROTECTION },
  { path: '', on: ['removed'], impact: 'destroys_data', note: 'the machine is destroyed with the disks that it owns', source: VM_DELETE },
  { path: '', on: ['added'], impact: 'in_place', note: 'the machine is made; nothing else changes', source: UPDATE },
  { path: 'vm_id', impact: 'replace', note: 'the machine is destroyed with its root disk and made anew under the other number', source: DIFF },
  { path: 'node_name', when: { migrates: true, kept: false }, impact: 'in_place', note: 'the machine goes to the other node with its disks while it runs; with devices of the old node it is refused until it is off', source: `${PROVIDER}, proxmoxtf/resource/vm/vm.go, migrateVM` },
  { path: 'migrate', impact: 'in_place', note: 'Terraform takes the machine along to another node, or makes it anew there', source: DIFF },
  { path: 'node_name', impact: 'replace', note: 'the machine is destroyed with its root disk and made anew on the other node: Terraform does not migrate it', source: `${DIFF}: unless migrate` },
  { path: 'name', when: { kept: false }, impact: 'reboot', note: `the machine has its new name at the next boot; ${NEW_INSTANCE}`, source: CLOUD_INIT },
  { path: 'started', impact: 'reboot', note: 'the machine is shut down, or started, at once', source: `${PROVIDER}, proxmoxtf/resource/vm/vm.go, vmFinalizePowerState` },
  { path: 'provider', impact: 'replace', note: 'Terraform looks for the machine in the other cluster, finds none and makes a new one; the old one goes on, forgotten', source: 'Terraform: a resource is read through the provider that its block names' },


  // What Proxmox notes beside it.
  { path: 'description', impact: 'in_place', note: 'Proxmox shows another text', source: HOTPLUG },
  { path: 'tags', impact: 'in_place', note: 'Proxmox shows other tags', source: HOTPLUG },
  { path: 'on_boot', impact: 'in_place', note: 'counts when the node boots', source: HOTPLUG },
  { path: 'startup', impact: 'in_place', note: 'counts when the node boots', source: HOTPLUG },
  { path: 'startup.*', impact: 'in_place', note: 'counts when the node boots', source: HOTPLUG },
  { path: 'protection', impact: 'in_place', note: 'Proxmox refuses to remove the machine, or does so no more', source: HOTPLUG },
  { path: 'reboot_after_update', impact: 'in_place', note: 'counts for the next change', source: UPDATE },
  { path: 'stop_on_destroy', impact: 'in_place', note: 'counts when the machine is destroyed', source: VM_DELETE },
  { path: 'timeout_shutdown_vm', impact: 'in_place', note: 'Terraform waits longer, or less long', source: VM_DELETE },
  { path: 'purge_on_destroy', impact: 'in_place', note: 'counts when the machine is destroyed', source: VM_DELETE },
  { path: 'delete_unreferenced_disks_on_destroy', impact: 'in_place', note: 'counts when the machine is destroyed: with true, disks that are not declared go with it', source: VM_DELETE },

  // What the virtual hardware is.
  { path: 'bios', impact: 'reboot', note: 'the machine has the other firmware at its next start, and may not boot by it', source: UPDATE },
  { path: 'machine', impact: 'reboot', note: 'the machine has the other chipset at its next start; its network devices may get other names inside', source: UPDATE },
  { path: 'scsi_hardware', impact: 'reboot', note: 'the machine has the other controller at its next start', source: UPDATE },
  { path: 'boot_order', impact: 'reboot', note: 'counts from the next start on', source: UPDATE },
  { path: 'operating_system', impact: 'reboot', note: 'counts from the next start on', source: UPDATE },
  { path: 'operating_system.*', impact: 'reboot', note: 'counts from the next start on', source: UPDATE },
  { path: 'agent', impact: 'reboot', note: 'the channel of the agent is there, or gone, from the next start on', source: UPDATE },
  { path: 'agent.enabled', impact: 'reboot', note: 'the channel of the agent is there, or gone, from the next start on', source: UPDATE },
  { path: 'agent.*', impact: 'reboot', note: 'only Terraform waits differently, but the provider asks for a reboot for any change of the agent', source: UPDATE },
  { path: 'cpu', impact: 'reboot', note: 'the machine has the other processors at its next start', source: UPDATE },
  { path: 'cpu.*', impact: 'reboot', note: 'the machine has the other processors at its next start', source: UPDATE },
  { path: 'memory', impact: 'reboot', note: 'the machine has the other memory at its next start', source: UPDATE },
  { path: 'memory.dedicated', on: ['up'], impact: 'reboot', note: 'the machine has more memory at its next start: hotplug of memory is off', source: `${UPDATE}, isHotpluggable` },
  { path: 'memory.dedicated', impact: 'reboot', note: 'the machine has less memory at its next start', source: UPDATE },
  { path: 'memory.*', impact: 'reboot', note: 'counts from the next start on', source: UPDATE },
  { path: 'serial_device', impact: 'reboot', note: 'the console is there, or gone, from the next start on', source: UPDATE },
  { path: 'serial_device.*', impact: 'reboot', note: 'the console is another from the next start on', source: UPDATE },
  { path: 'hostpci', impact: 'reboot', note: 'the machine has the device, or has it no more, at its next start', source: UPDATE },
  { path: 'hostpci.*', impact: 'reboot', note: 'the device is passed through differently at the next start', source: UPDATE },
  { path: 'usb', impact: 'reboot', note: 'the provider asks for a reboot, though Proxmox plugs USB devices in and out while the machine runs', source: UPDATE },
  { path: 'usb.*', impact: 'reboot', note: 'the provider asks for a reboot, though Proxmox plugs USB devices in and out while the machine runs', source: UPDATE },

  // The store of UEFI variables.
  { path: 'efi_disk', on: ['removed'], impact: 'refused', note: 'the provider never takes it away, and every plan from then on says that it will', source: `${PROVIDER}, applied: the plan after it is not empty` },
  { path: 'efi_disk', impact: 'reboot', note: 'the machine has a new store of UEFI variables from its next start on; entries of the old one are lost', source: UPDATE },
  { path: 'efi_disk.type', impact: 'replace', note: 'the machine is destroyed with its root disk and made anew', source: DIFF },
  { path: 'efi_disk.datastore_id', when: { stopped: false }, impact: 'refused', note: `the provider moves it ${WHILE_OFF}`, source: DISKS },
  { path: 'efi_disk.*', impact: 'reboot', note: 'the machine gets a new, empty store of UEFI variables at its next start; boot entries and enrolled keys are lost', source: `${PROVIDER}, proxmoxtf/resource/vm/vm.go, vmGetEfiDisk` },

  // Disks.
  { path: 'disk', on: ['removed'], when: { kept: true }, impact: 'refused', note: 'Proxmox refuses to take a disk from a protected machine', source: PROTECTION },
  { path: 'disk', on: ['removed'], when: { attached: true }, impact: 'restart', note: 'the disk is unplugged and what it holds is gone from the machine; the data stays with its owner', source: HOTPLUG },
  { path: 'disk', on: ['removed'], impact: 'destroys_data', note: 'the disk is taken from the machine; Proxmox keeps the volume as unused, and frees it with the machine', source: `${UPDATE}; PVE::QemuServer::vmconfig_delete_or_detach_drive` },
  { path: 'disk', on: ['added'], impact: 'in_place', note: 'the disk is plugged in while the machine runs, but on IDE and SATA at its next start', source: `${HOTPLUG}; ${LIFECYCLE}` },
  { path: 'disk.interface', when: { kept: true }, impact: 'refused', note: 'Proxmox refuses to take a disk from a protected machine', source: PROTECTION },
  { path: 'disk.interface', when: { attached: true }, impact: 'restart', note: 'the disk is unplugged and plugged in at the other place; what uses it loses it', source: UPDATE_DISK },
  { path: 'disk.interface', impact: 'destroys_data', note: 'the provider takes the old disk away and makes an empty one at the other place', source: LIFECYCLE },
  { path: 'disk.datastore_id', when: { attached: true }, impact: 'refused', note: 'the provider refuses to move a disk that another machine owns', source: DISKS },
  { path: 'disk.datastore_id', when: { kept: true }, impact: 'refused', note: 'the volume would move away under the machine that uses it, and the provider refuses the rest of the change there', source: DISKS },
  { path: 'disk.datastore_id', when: { stopped: true }, impact: 'in_place', note: 'the volume is copied to the other datastore and the old one is deleted', source: DISKS },
  { path: 'disk.datastore_id', impact: 'refused', note: `the provider moves disks ${WHILE_OFF}`, source: DISKS },
  { path: 'disk.path_in_datastore', impact: 'restart', note: 'another volume is plugged in at this place; the old one stays with its owner', source: UPDATE_DISK },
  { path: 'disk.size', on: ['down'], impact: 'refused', note: 'disks cannot shrink', source: DISKS },
  { path: 'disk.size', when: { attached: true }, impact: 'in_place', note: 'the disk grows on the machine that owns it, and Terraform ignores the size here', source: 'labc writes ignore_changes for the size of attached disks' },
  { path: 'disk.size', when: { kept: true }, impact: 'in_place', note: 'the disk grows; the machine that uses it sees that after `qm disk rescan`, and the file system grows inside', source: DISKS },
  { path: 'disk.size', impact: 'in_place', note: 'the disk grows while the machine runs, unless the same apply holds something that waits for a reboot: then it is refused; the file system grows inside', source: `${UPDATE}, vmUpdateDiskSize` },
  { path: 'disk.file_format', impact: 'in_place', note: 'nothing happens to a disk that is there: its format is chosen when it is made', source: `${PROVIDER}, proxmoxtf/resource/vm/disk/disk.go, Update` },
  { path: 'disk.import_from', impact: 'in_place', note: 'nothing happens to a disk that is there: the generation rebuilds the machine', source: `${PROVIDER}, proxmoxtf/resource/vm/disk/disk.go, Update` },
  { path: 'disk.serial', impact: 'reboot', note: 'the disk has another name below /dev/disk/by-id from the next start on; what is mounted by the old one is not found', source: `${UPDATE_DISK}: written without being plugged anew` },
  { path: 'disk.discard', impact: 'reboot', note: 'counts from the next start on', source: UPDATE_DISK },
  { path: 'disk.iothread', impact: 'reboot', note: 'counts from the next start on', source: UPDATE_DISK },
  { path: 'disk.ssd', impact: 'reboot', note: 'counts from the next start on', source: UPDATE_DISK },
  { path: 'disk.backup', impact: 'in_place', note: 'Proxmox takes the disk into its backups, or leaves it out', source: UPDATE_DISK },

  // The network.
  { path: 'network_device', on: ['added'], impact: 'in_place', note: 'the device is plugged in while the machine runs; the system inside has to know it', source: HOTPLUG },
  { path: 'network_device', on: ['removed'], impact: 'restart', note: 'the device is unplugged while the machine runs, with every connection over it', source: HOTPLUG },
  { path: 'network_device.bridge', impact: 'restart', note: 'the cable is plugged into the other bridge while the machine runs; connections break', source: UPDATE_NET },
  { path: 'network_device.vlan_id', impact: 'restart', note: 'the cable is plugged into the other VLAN while the machine runs; connections break', source: UPDATE_NET },
  { path: 'network_device.firewall', impact: 'restart', note: 'the cable is unplugged and plugged in while the machine runs; connections pause', source: UPDATE_NET },
  { path: 'network_device.mac_address', impact: 'reboot', note: `the device is replaced by one that the system inside does not know before its next boot; ${NEW_INSTANCE}`, source: `${UPDATE_NET}; ${CLOUD_INIT}` },
  { path: 'network_device.model', impact: 'reboot', note: 'the device is replaced by one that the system inside may not know before its next boot', source: UPDATE_NET },
  { path: 'network_device.mtu', impact: 'restart', note: 'the device is unplugged and plugged in while the machine runs; connections break', source: UPDATE_NET },

  // cloud-init.
  { path: 'initialization', on: ['added'], when: { stopped: false }, impact: 'refused', note: `the provider makes the drive ${WHILE_OFF}`, source: UPDATE },
  { path: 'initialization.datastore_id', when: { stopped: false }, impact: 'refused', note: `the provider moves the drive ${WHILE_OFF}`, source: UPDATE },
  { path: 'initialization.interface', when: { stopped: false }, impact: 'refused', note: `the provider moves the drive ${WHILE_OFF}`, source: UPDATE },
  { path: 'initialization.ip_config', on: ['removed'], impact: 'reboot', note: 'the provider leaves the address in Proxmox, and every plan from then on says that it goes', source: `${PROVIDER}, applied: the plan after it is not empty` },
  { path: 'initialization', impact: 'reboot', note: `counts from the next boot on; ${NEW_INSTANCE}`, source: `${UPDATE}; ${CLOUD_INIT}` },
  { path: 'initialization.*', impact: 'reboot', note: `counts from the next boot on; ${NEW_INSTANCE}`, source: `${UPDATE}; ${CLOUD_INIT}` },
];
