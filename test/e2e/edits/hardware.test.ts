/** Edits of what a machine is made of: none of them may replace a machine, and a container only where the provider can do no other. */
import { proveEdits } from './prove.js';
import { add, change, line } from './source.js';

/** The provider turns nothing off by itself, since `reboot_after_update` is false. */
const wantsPowerOff = /requires the VM to be powered off/;

proveEdits('hardware', {
  'more cores': { threads: 'bpg#1467', changes: [change('vm web', 'cores = 2', 'cores = 4')], review: { web: 'reboot' }, plan: { 'vm.web': 'update cpu.cores' } },
  'fewer cores': { threads: 'bpg#2516', changes: [change('vm store', 'cores = 4', 'cores = 2')], review: { store: 'reboot' }, plan: { 'vm.store': 'update cpu.cores' } },
  'another CPU type': { threads: 'bpg#2544', changes: [line('vm web', 'cpu = host')], review: { web: 'reboot' }, plan: { 'vm.web': 'update cpu.type' } },
  'more memory': { threads: 'bpg#1467', changes: [change('vm web', 'memory = 4GiB', 'memory = 6GiB')], review: { web: 'reboot' }, plan: { 'vm.web': 'update memory.dedicated, memory.floating' } },
  'less memory': { threads: 'bpg#2544', changes: [change('vm web', 'memory = 4GiB', 'memory = 2GiB')], review: { web: 'reboot' }, plan: { 'vm.web': 'update memory.dedicated, memory.floating' } },
  'no balloon': { threads: 'proxmox.md 2', changes: [line('vm web', 'balloon = false')], review: { web: 'reboot' }, plan: { 'vm.web': 'update memory.floating' } },
  'UEFI in place of BIOS': {
    threads: 'bpg#2637', changes: [line('vm web', 'firmware = uefi')],
    review: { web: 'refused' },
    plan: { 'vm.web': 'update bios, efi_disk, initialization.interface' }, fails: wantsPowerOff,
  },
  'BIOS in place of UEFI': {
    threads: 'bpg#2637', changes: [line('appliance hub', 'firmware = bios')],
    review: { hub: 'refused' },
    plan: { 'vm.hub': 'update bios, efi_disk, machine' },
    // The provider never takes an EFI disk away.
    rest: { 'vm.hub': 'update efi_disk' },
  },
  'secure boot': { threads: 'bpg#2637', changes: [line('appliance hub', 'secure_boot = true')], review: { hub: 'reboot' }, plan: { 'vm.hub': 'update efi_disk.pre_enrolled_keys' } },
  'another chipset': { threads: 'bpg#2017', changes: [line('vm web', 'chipset = q35')], review: { web: 'refused' }, plan: { 'vm.web': 'update initialization.interface, machine' }, fails: wantsPowerOff },
  // The lock holds the slots of passed devices: none is renumbered.
  'a card more, whose name sorts before': { threads: 'bpg#495', changes: [line('vm media', 'pci audio')], review: { media: 'reboot' }, plan: { 'vm.media': 'update hostpci' } },
  'a card more, whose name sorts after': { threads: 'bpg#495', changes: [line('vm media', 'pci wifi')], review: { media: 'reboot' }, plan: { 'vm.media': 'update hostpci' } },
  'a card for a machine without one': {
    threads: 'bpg#495', changes: [line('vm web', 'pci wifi')],
    review: { web: 'refused' },
    plan: { 'vm.web': 'update hostpci, initialization.interface, machine, memory.floating' }, fails: wantsPowerOff,
  },
  'a card given back': { threads: 'bpg#495', changes: [change('vm media', '  pci gpu\n', '')], review: { media: 'reboot' }, plan: { 'vm.media': 'update hostpci, memory.floating' } },
  'a USB device given back': { threads: 'bpg#2544', changes: [change('vm media', '  usb stick\n', '')], review: { media: 'reboot' }, plan: { 'vm.media': 'update usb' } },
  'tags': { threads: 'bpg#321 bpg#742 bpg PR#1851', changes: [line('vm web', 'tags = ["Zeta", "alpha"]')], review: { web: 'in_place' }, plan: { 'vm.web': 'update tags' } },
  'a description': { threads: 'bpg#2059', changes: [line('vm web', 'description = "Pages."')], review: { web: 'in_place' }, plan: { 'vm.web': 'update description' } },
  'protection': { threads: 'bpg#2286', changes: [line('vm web', 'protection = true')], review: { web: 'in_place' }, plan: { 'vm.web': 'update protection' } },
  'not started with its node': { threads: 'bpg#1467', changes: [line('vm web', 'on_boot = false')], review: { web: 'in_place' }, plan: { 'vm.web': 'update on_boot' } },
  'stopped': { threads: 'bpg#164', changes: [line('vm web', 'started = false')], review: { web: 'reboot' }, plan: { 'vm.web': 'update started' } },
  'an agent for an appliance': {
    threads: 'bpg#449 bpg#2079', changes: [line('appliance hub', 'agent = true')],
    review: { hub: 'reboot' },
    plan: { 'vm.hub': 'update agent.enabled, agent.timeout, agent.wait_for_ip' },
  },
  // A recipe hands it over, as root; Terraform looks away from every disk of such a machine.
  'a raw disk of the node': { threads: 'bpg#495', changes: [line('vm web', 'passthrough scsi5 = "ata-X_1"')], review: { web: 'in_place' } },

  'LXC: more memory and cores': {
    threads: 'bpg#2995', changes: [change('lxc box', 'cores = 1  memory = 512MiB', 'cores = 2  memory = 1GiB  swap = 512MiB')],
    review: { box: 'reboot' },
    plan: { 'lxc.box': 'update cpu.cores, memory.dedicated, memory.swap' },
  },
  'LXC: grow the disk': { threads: 'bpg#2995', changes: [change('lxc box', 'root = 8GiB', 'root = 10GiB')], review: { box: 'in_place' }, plan: { 'lxc.box': 'update disk.size' } },
  'LXC: shrink the disk': {
    threads: 'proxmox.md 5 (4)', changes: [change('lxc box', 'root = 8GiB', 'root = 4GiB')],
    refused: 'LAB6105', permit: [add('allow box.disk.root { change = shrink }')],
    review: { box: 'refused' },
    plan: { 'lxc.box': 'update disk.size' }, fails: /has to be greater than the current disk/,
  },
  'LXC: another datastore': { threads: 'bpg#1823', changes: [change('lxc box', 'on = local-lvm', 'on = fast')], refused: 'LAB6108' },
  'LXC: a feature for root only': { threads: 'proxmox.md 3', changes: [line('lxc box', 'features = [nesting, keyctl]')], review: { box: 'in_place' } },
  'LXC: no features': { threads: 'proxmox.md 3', changes: [line('lxc box', 'features = []')], review: { box: 'reboot' }, plan: { 'lxc.box': 'update features' } },
  'LXC: privileged': { threads: 'proxmox.md 2', changes: [line('lxc box', 'unprivileged = false')], review: { box: 'replace' }, plan: { 'lxc.box': 'replace unprivileged' } },
  'LXC: a mount point more': {
    threads: 'bpg#2995 bpg#3028 bpg#2322', changes: [line('lxc box', 'disk media = 8GiB { on = local-lvm  mount = /media }')],
    refused: 'LAB6109', permit: [add('allow box { change = mounts }')],
    review: { box: 'destroys_data' },
    plan: { 'lxc.box': 'replace mount_point, mount_point.size, mount_point.volume' },
  },
  'LXC: tags, description, on boot': {
    threads: 'bpg#742', changes: [line('lxc box', 'tags = ["x"]'), line('lxc box', 'description = "A box."'), line('lxc box', 'on_boot = false')],
    review: { box: 'in_place' },
    plan: { 'lxc.box': 'update description, start_on_boot, tags' },
  },
});
