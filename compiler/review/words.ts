/** What generated values are called in the language: for people who read a review, and for finding the statement behind a line. */
import type { HclValue } from '../bindings/hcl-value.js';
import { hclText } from './hcl-values.js';

interface Word {
  /** The attribute of the machine, disk, nic or container, as `labc why` takes it; null where no single one says it. */
  readonly attribute: string | null;
  /** Where the attribute's name says too little. */
  readonly word?: string;
  readonly unit?: 'MiB' | 'GiB';
}

/** By attribute path of a machine's resource. Of `disk`, `network_device` and the like the thing's own attribute. */
const TERRAFORM: Readonly<Record<string, Word>> = {
  'name': { attribute: 'name' },
  'description': { attribute: 'description' },
  'node_name': { attribute: 'node' },
  'vm_id': { attribute: 'vmid' },
  'tags': { attribute: 'tags' },
  'bios': { attribute: 'firmware' },
  'machine': { attribute: 'chipset' },
  'started': { attribute: 'started' },
  'on_boot': { attribute: 'on_boot' },
  'start_on_boot': { attribute: 'on_boot' },
  'protection': { attribute: 'protection' },
  'unprivileged': { attribute: 'unprivileged' },
  'boot_order': { attribute: null, word: 'boot order' },
  'cpu.cores': { attribute: 'cores' },
  'cpu.type': { attribute: 'cpu' },
  'memory.dedicated': { attribute: 'memory', unit: 'MiB' },
  'memory.floating': { attribute: 'balloon', unit: 'MiB' },
  'memory.swap': { attribute: 'swap', unit: 'MiB' },
  'features.nesting': { attribute: 'features', word: 'nesting' },
  'features': { attribute: 'features' },
  'efi_disk.pre_enrolled_keys': { attribute: 'secure_boot', word: 'secure boot' },
  'efi_disk': { attribute: 'firmware', word: 'UEFI variables' },
  'operating_system.template_file_id': { attribute: 'image' },
  'operating_system.type': { attribute: 'image', word: 'system' },
  'input.image': { attribute: 'image' },
  'input.version': { attribute: 'version' },
  'startup.order': { attribute: null, word: 'start order' },
  'startup.up_delay': { attribute: null, word: 'delay after start' },
  'startup': { attribute: null, word: 'start order' },
  'disk': { attribute: null },
  'disk.size': { attribute: 'size', unit: 'GiB' },
  'disk.datastore_id': { attribute: 'on', word: 'datastore' },
  'disk.interface': { attribute: 'slot' },
  'disk.backup': { attribute: 'backup' },
  'disk.ssd': { attribute: 'ssd' },
  'disk.serial': { attribute: null, word: 'serial' },
  'disk.import_from': { attribute: null, word: 'image' },
  'disk.file_format': { attribute: 'on', word: 'format' },
  'network_device.bridge': { attribute: null, word: 'bridge' },
  'network_interface.bridge': { attribute: null, word: 'bridge' },
  'network_device.vlan_id': { attribute: null, word: 'VLAN' },
  'network_interface.vlan_id': { attribute: null, word: 'VLAN' },
  'network_device.mac_address': { attribute: 'mac', word: 'MAC' },
  'network_interface.mac_address': { attribute: 'mac', word: 'MAC' },
  'network_device.mtu': { attribute: null, word: 'MTU' },
  'network_interface.mtu': { attribute: null, word: 'MTU' },
  'network_device.firewall': { attribute: null, word: 'firewall' },
  'network_interface.firewall': { attribute: null, word: 'firewall' },
  'initialization.ip_config': { attribute: 'address' },
  'initialization.ip_config.ipv4.address': { attribute: 'address' },
  'initialization.ip_config.ipv4.gateway': { attribute: 'gateway' },
  'initialization.dns.servers': { attribute: null, word: 'resolvers' },
  'initialization.dns.domain': { attribute: null, word: 'domain' },
  'initialization.user_account.keys': { attribute: null, word: 'keys of operators' },
  'initialization.user_account.username': { attribute: null, word: 'login' },
  'initialization.hostname': { attribute: 'name', word: 'host name' },
  'initialization.interface': { attribute: null, word: 'slot of cloud-init' },
  'initialization.datastore_id': { attribute: null, word: 'datastore of cloud-init' },
  'mount_point.size': { attribute: null, word: 'size' },
};

/** What a changed path is called: `memory`, `size`. */
export function terraformWord(path: string): string {
  const found = TERRAFORM[path];
  return found?.word ?? found?.attribute ?? path.slice(path.lastIndexOf('.') + 1).replace(/_/g, ' ');
}

/** The attribute that `labc why` explains; undefined where no single one says the value. */
export function terraformAttribute(path: string): string | undefined {
  return TERRAFORM[path]?.attribute ?? undefined;
}

export function terraformValue(path: string, value: HclValue | undefined): string {
  const unit = TERRAFORM[path]?.unit;
  if (typeof value === 'number' && unit !== undefined) return sizeText(value * (unit === 'MiB' ? 2 ** 20 : 2 ** 30));
  return short(hclText(value));
}

export function sizeText(bytes: number): string {
  const units = [['TiB', 2 ** 40], ['GiB', 2 ** 30], ['MiB', 2 ** 20], ['KiB', 2 ** 10]] as const;
  const [unit, factor] = units.find(([, size]) => bytes >= size && bytes % size === 0) ?? units.find(([, size]) => bytes >= 10 * size) ?? (['B', 1] as const);
  return `${Math.round(bytes / factor)} ${unit}`;
}

/** Long values are cut: a review is read, not parsed. */
export function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
