/**
 * Lines of `terraform/`, by the typed blocks before they are printed: printing a body up to an item tells where that item
 * ends, whatever the printer does about blank lines and comments. So no text is looked up but the keys within one map.
 */
import type { HclBlock, HclItem } from '../bindings/hcl-value.js';
import { printFile } from '../emit/hcl/print.js';
import { guestsOf, type Guest } from '../emit/terraform/guests.js';
import { dataLabelOf, generationLabelOf, headerOf, imageLabelOf, labelOf } from '../emit/terraform/header.js';
import { terraformFiles } from '../emit/terraform/index.js';
import type { PlanMachine } from '../plan/machine.js';
import type { Plan, PlanImage } from '../plan/plan.js';
import { terraformAttribute } from '../review/words.js';
import { of, said, type Subject } from './statement.js';

/** Where a line stands: nested blocks with their place among those of their type, then the attribute. */
interface Place {
  readonly blocks: readonly { readonly block: HclBlock; readonly at: number }[];
  readonly attribute: string | null;
}

export function terraformSubject(plan: Plan, path: string, line: number, text: string): Subject | undefined {
  const file = terraformFiles(plan).find((other) => other.path === path);
  if (file === undefined) return undefined;
  const place = placeIn(file.items, line, (items) => lineCount(printFile([headerOf(plan, file.origins)], items)));
  const [top] = place.blocks;
  if (top === undefined) return of(...file.origins);
  const inner = place.attribute === null ? [] : [place.attribute];
  const names = [...place.blocks.slice(1).map(({ block }) => block.type), ...inner];
  return subjectOf(plan, top.block, { names, place, key: /^\s*"?([\w.-]+)"?\s*=/.exec(text)?.[1] ?? '' }) ?? of(...file.origins);
}

interface At {
  /** Without the resource itself: `disk`, `size`. */
  readonly names: readonly string[];
  readonly place: Place;
  /** What stands left of `=` on the line, for entries of maps. */
  readonly key: string;
}

function subjectOf(plan: Plan, top: HclBlock, at: At): Subject | undefined {
  const [type = '', label = ''] = top.labels;
  if (top.type === 'provider') {
    const alias = top.body.find((item) => item.item === 'attribute' && item.name === 'alias');
    const cluster = plan.clusters.find((one) => alias?.item === 'attribute' && alias.value === one.name) ?? plan.clusters[0];
    return said([at.names[0] === undefined ? undefined : `${cluster?.name ?? ''}.${at.names[0]}`], cluster?.origin);
  }
  if (top.type === 'output') return of(plan.machines.find((machine) => machine.name === at.key)?.origin ?? plan.lab.origin);
  if (top.type !== 'resource') return undefined;
  const image = type === 'proxmox_download_file' ? plan.images.find((one) => imageLabelOf(one.key) === label) : undefined;
  if (image !== undefined) return imageSubject(plan, image, at.names[0] ?? '');
  const guest = guestsOf(plan).find(({ machine: { name } }) => [labelOf(name), dataLabelOf(name), generationLabelOf(name)].includes(label));
  if (guest === undefined) return undefined;
  if (type === 'terraform_data') return generationSubject(guest, at.names[0] === 'input' ? at.key : '');
  return machineSubject(plan, guest, at, label === dataLabelOf(guest.machine.name));
}

function imageSubject(plan: Plan, image: PlanImage, name: string): Subject {
  const node = plan.clusters.find((cluster) => cluster.name === image.cluster)?.nodes.find((one) => one.name === image.node);
  switch (name) {
    case 'node_name': return of(node?.origin ?? image.origin);
    case 'datastore_id': return of(node?.datastores.find((store) => store.name === image.datastore)?.origin ?? node?.origin, image.origin);
    case 'url': return said([`${image.image}.version.${image.version}.url`], image.origin);
    case 'checksum':
    case 'checksum_algorithm': return said([`${image.image}.version.${image.version}.${image.checksum.algorithm}`], image.origin);
    default: return of(image.origin);
  }
}

function generationSubject({ machine, image }: Guest, key: string): Subject {
  if (image !== null && key === 'version') return said([`${machine.name}.version`, `${image.image}.stable`], image.origin);
  if (image !== null && (key === 'sha256' || key === 'sha512')) return said([`${image.image}.version.${image.version}.${key}`], image.origin);
  return of(machine.origin);
}

function machineSubject(plan: Plan, guest: Guest, { names, place }: At, isData: boolean): Subject {
  const { machine, guest: settings } = guest;
  const { name } = machine;
  const [sort = ''] = names;
  const last = names.at(-1) ?? '';
  const nested = place.blocks.at(-1);
  const attribute = terraformAttribute(names.join('.'));
  const origin = settings.origin;
  switch (sort) {
    case 'disk': {
      const serial = literal(nested?.block, 'serial');
      const disk = settings.disks.find((one) => one.serial === serial) ?? settings.disks[0];
      const path = `${name}.disk.${disk?.name ?? ''}`;
      // What is copied from the owner of kept disks is where the disk lies.
      if (last === 'import_from') return said([`${name}.image`], disk?.origin);
      return said([attribute === undefined ? undefined : `${path}.${attribute}`], disk?.origin);
    }
    case 'network_device':
    case 'network_interface': return nicSubject(machine, nested?.at ?? 0, last, attribute);
    case 'initialization': return initializationSubject(plan, guest, names, place);
    case 'hostpci': return of(settings.pci.find((one) => one.slot === literal(nested?.block, 'device'))?.origin, origin);
    case 'usb': return of(settings.usb[nested?.at ?? 0]?.origin, origin);
    case 'mount_point': {
      const disk = settings.disks.find((one) => one.mount === literal(nested?.block, 'path'));
      return said([disk !== undefined && last === 'size' ? `${name}.disk.${disk.name}.size` : undefined], disk?.origin, origin);
    }
    case 'operating_system': return said([`${name}.image`], origin);
    case 'boot_order': return of(settings.disks[0]?.origin, origin);
    case 'startup':
    case 'tags':
    case 'lifecycle': return of(sort === 'lifecycle' && last === 'ignore_changes' ? settings.disks.find((disk) => disk.keep)?.origin : null, origin);
    case 'efi_disk': return said([last === 'datastore_id' ? `${name}.disk.root.on` : `${name}.${attribute ?? 'firmware'}`], origin);
  }
  // The owner of kept disks says these of itself, and the machine may say otherwise.
  const own = isData && !['node_name', 'vm_id'].includes(sort);
  if (own) return of(settings.disks.find((disk) => disk.keep)?.origin, origin);
  return said([attribute === undefined || attribute === 'name' ? undefined : `${name}.${attribute}`], origin);
}

/** What a network says of its cards is said there. */
const OF_NETWORK: Readonly<Record<string, string>> = { bridge: 'bridge', vlan_id: 'vlan', mtu: 'mtu' };

function nicSubject(machine: PlanMachine, at: number, last: string, attribute: string | undefined): Subject {
  const nic = machine.nics[at];
  if (nic === undefined) return of(machine.origin);
  const network = OF_NETWORK[last];
  const own = `${machine.name}.nic.${nic.network}`;
  if (network !== undefined) return said([`${own}.${network}`, `${nic.network}.${network}`], nic.origin);
  return said([attribute === undefined ? undefined : `${own}.${attribute}`], nic.origin);
}

function initializationSubject(plan: Plan, { machine, guest }: Guest, names: readonly string[], place: Place): Subject {
  const last = names.at(-1) ?? '';
  const config = place.blocks.find(({ block }) => block.type === 'ip_config');
  const nic = machine.nics[config?.at ?? 0];
  if (config !== undefined && nic !== undefined) {
    const own = `${machine.name}.nic.${nic.network}`;
    if (last === 'address') return said([`${own}.address`], nic.origin);
    return last === 'gateway' ? said([`${own}.gateway`, `${nic.network}.gateway`], nic.origin) : of(nic.origin);
  }
  switch (names.slice(1).join('.')) {
    case 'hostname': return of(machine.origin);
    case 'datastore_id': return said([`${machine.name}.disk.root.on`], guest.disks[0]?.origin);
    case 'dns':
    case 'dns.servers': return said([`${machine.name}.nic.${nic?.network ?? ''}.resolvers`, `${nic?.network ?? ''}.resolvers`], nic?.origin, machine.origin);
    case 'dns.domain': return said(['domain'], plan.lab.origin);
    case 'user_account':
    case 'user_account.username': return of(plan.operators[0]?.origin);
    case 'user_account.keys': return said([`${plan.operators[0]?.name ?? ''}.keys`], plan.operators[0]?.origin);
    default: return of(machine.origin);
  }
}

function literal(block: HclBlock | undefined, name: string): string | undefined {
  const found = block?.body.find((item) => item.item === 'attribute' && item.name === name);
  return found?.item === 'attribute' && typeof found.value === 'string' ? found.value : undefined;
}

/** `count` gives the lines of a file with these items instead of its own. */
function placeIn(items: readonly HclItem[], line: number, count: (items: readonly HclItem[]) => number): Place {
  const at = items.findIndex((_, i) => line <= count(items.slice(0, i + 1)));
  const item = items[at];
  if (item === undefined || item.item === 'fragment') return { blocks: [], attribute: null };
  if (item.item === 'attribute') return { blocks: [], attribute: item.name };
  const before = items.slice(0, at);
  const own = { block: item, at: before.filter((other) => other.item === 'block' && other.type === item.type).length };
  const whole = count([...before, item]);
  // The line of a block's head, and its comment, are about the block; so is its closing brace.
  const bare = count([...before, { ...item, body: [] }]);
  if (item.body.length === 0 || line <= bare || line >= whole) return { blocks: [own], attribute: null };
  const inner = placeIn(item.body, line, (body) => (body.length === 0 ? bare : count([...before, { ...item, body }]) - 1));
  return { blocks: [own, ...inner.blocks], attribute: inner.attribute };
}

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}
