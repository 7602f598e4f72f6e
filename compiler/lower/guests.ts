/** Lowers machines to what Terraform makes of them: guest settings, NICs, disks, cards. */
import { loginOperator } from '../eval/login.js';
import { diskSerial } from '../eval/objects.js';
import type { Cidr, Obj } from '../eval/model.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { PlanDisk, PlanGuest, PlanNic } from '../plan/machine.js';
import { sortedBy } from '../base/text.js';
import type { Lowering } from './context.js';
import { placeImage } from './ground.js';

/** Owners of kept disks have numbers of their own, far from those of machines. */
export const DATA_VMIDS = 90_000;
/** Datastores of files that can be qcow2; every other holds raw volumes. */
const FILE_STORES = new Set(['dir', 'nfs', 'cifs']);

export function lowerNics(low: Lowering, machine: Obj): PlanNic[] {
  const all = machine.childrenOf('nic');
  const own = new Set(all.map((nic) => addressOf(low, nic)));
  return all.map((nic, i) => {
    const network = low.ref(nic, 'network');
    const cidr = network === null ? null : low.get(network, 'cidr');
    const address = addressOf(low, nic);
    const gateway = i === 0 || nic.defs.has('gateway') ? gatewayOf(low, nic) : null;
    const resolvers = network === null ? [] : low.texts(network, 'resolvers');
    const asked = resolvers.some((resolver) => own.has(resolver)) ? [] : resolvers;
    return {
      network: nic.key, place: nic.facts.place?.at ?? i, bridge: network === null ? null : (low.ref(network, 'bridge')?.key ?? null), vlan: network === null ? null : low.int(network, 'vlan'),
      mac: low.text(nic, 'mac') ?? low.values.get(`mac ${machine.key}/${nic.key}`) ?? null, address,
      prefix: address !== 'dhcp' && isObject(cidr) && cidr.t === 'cidr' ? (cidr as Cidr).prefix : null, gateway: address === 'dhcp' ? null : gateway,
      resolvers: asked.length > 0 || network === null ? asked : low.texts(network, 'fallback'), mtu: network === null ? null : low.int(network, 'mtu'), firewall: false, origin: low.origin(nic),
    };
  });
}

export function addressOf(low: Lowering, nic: Obj): string | null {
  const text = low.text(nic, 'address');
  return text === 'auto' ? null : text;
}

function gatewayOf(low: Lowering, nic: Obj): string | null {
  const gateway = low.get(nic, 'gateway');
  if (isObject(gateway) && gateway.t === 'obj') {
    const first = gateway.childrenOf('nic').find((other) => other.key === nic.key) ?? gateway.childrenOf('nic')[0];
    return first === undefined ? null : addressOf(low, first);
  }
  return gateway === null ? null : (plainText(gateway) ?? null);
}

export function lowerDisks(low: Lowering, machine: Obj): PlanDisk[] {
  const disks = machine.childrenOf('disk');
  const ordered = [...disks.filter((disk) => disk.key === 'root'), ...sortedBy(disks.filter((disk) => disk.key !== 'root'), (disk) => slotOf(low, disk).padStart(8, ' '))];
  return ordered.map((disk) => {
    const store = low.ref(disk, 'on');
    const mount = low.text(disk, 'mount');
    return {
      name: disk.key, slot: slotOf(low, disk), datastore: store?.key ?? '', format: store !== null && FILE_STORES.has(low.text(store, 'type') ?? '') ? 'qcow2' : 'raw',
      size: low.bytes(disk, 'size') ?? 0, keep: low.bool(disk, 'keep'), mount, serial: diskSerial(low.ev, disk), ssd: low.bool(disk, 'ssd'), backup: low.bool(disk, 'backup'), origin: low.origin(disk),
    };
  });
}

export function slotOf(low: Lowering, disk: Obj): string {
  return low.values.get(`slot ${disk.machine?.key ?? ''}/${disk.key}`) ?? low.text(disk, 'slot') ?? 'scsi0';
}

/** Devices of the node that a machine gets, by slot. Slots are allocated: one more device never moves another. */
function passed(low: Lowering, machine: Obj, word: 'pci' | 'usb', bus: string): { readonly obj: Obj; readonly slot: string }[] {
  const given = sortedBy(machine.childrenOf(word), (item) => item.key).map((obj, i) => ({ obj, slot: low.values.get(`slot ${machine.key}/${word}.${obj.key}`) ?? `${bus}${i}` }));
  return given.sort((a, b) => Number(a.slot.slice(bus.length)) - Number(b.slot.slice(bus.length)));
}

export function lowerGuest(low: Lowering, machine: Obj, nics: readonly PlanNic[]): PlanGuest | null {
  if (!machine.kind.roles.has('guest')) return null;
  const node = low.ref(machine, 'node');
  const disks = lowerDisks(low, machine);
  const firmware = low.text(machine, 'firmware') === 'uefi' ? 'uefi' : 'bios';
  const chipset = low.text(machine, 'chipset') === 'q35' ? 'q35' : 'i440fx';
  const vmid = Number(low.values.get(`vmid ${node?.parent?.key ?? ''}/${machine.key}`) ?? low.int(machine, 'vmid') ?? 0);
  const agent = machine.kind.word === 'vm' ? machine.facts.provides?.has('guest_agent') === true : low.bool(machine, 'agent');
  const managed = machine.kind.word === 'vm' || machine.kind.word === 'lxc';
  const operator = loginOperator(low.ev);
  return {
    cluster: node?.parent?.key ?? '', node: node?.key ?? '', vmid, cores: low.int(machine, 'cores') ?? 1, memory: low.bytes(machine, 'memory') ?? 0,
    swap: low.bytes(machine, 'swap') ?? 0, cpu: low.text(machine, 'cpu') ?? 'x86-64-v2-AES', firmware, chipset, secureBoot: low.bool(machine, 'secure_boot'), agent,
    balloon: low.bool(machine, 'balloon'), onBoot: low.bool(machine, 'on_boot'), started: low.bool(machine, 'started'), startup: null, protection: low.bool(machine, 'protection'),
    tags: sortedBy(new Set(['labc', ...[...(machine.facts.named ?? []), ...low.texts(machine, 'tags')].map((tag) => tag.toLowerCase())]), (tag) => tag), image: placeImage(low, machine)?.key ?? null, disks,
    dataVmid: disks.some((disk) => disk.keep) ? DATA_VMIDS + vmid : null,
    cloudInit: managed && operator !== null ? {
      datastore: disks[0]?.datastore ?? '', slot: chipset === 'q35' || firmware === 'uefi' ? 'scsi30' : 'ide2', user: operator.key, keys: low.texts(operator, 'keys'),
      domain: low.text(low.ev.root, 'domain') ?? '', resolvers: [...new Set(nics.flatMap((nic) => nic.resolvers))],
    } : null,
    pci: passed(low, machine, 'pci', 'hostpci').map(({ obj, slot }) => {
      const card = low.ref(obj, 'card');
      return { slot, name: obj.key, mapping: card === null ? '' : (low.text(card, 'mapping') ?? ''), primary: low.bool(obj, 'primary'), origin: low.origin(obj) };
    }),
    usb: passed(low, machine, 'usb', 'usb').map(({ obj, slot }) => {
      const device = low.ref(obj, 'device');
      return { slot, mapping: device === null ? '' : (low.text(device, 'mapping') ?? ''), origin: low.origin(obj) };
    }),
    passthrough: sortedBy(machine.childrenOf('passthrough'), (item) => item.key).map((item) => ({ slot: item.key, device: low.text(item, 'disk') ?? '', origin: low.origin(item) })),
    features: low.texts(machine, 'features'), unprivileged: low.bool(machine, 'unprivileged'), mountPoints: [],
    terraform: machine.childrenOf('terraform').map((item) => item.key), origin: low.origin(machine),
  };
}
