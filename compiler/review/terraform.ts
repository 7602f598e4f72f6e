/**
 * Differences of what Terraform is told, value by value, before anything is printed. A machine is up to three resources:
 * itself, the owner of its kept disks, and the generation that ties it to its image.
 */
import type { HclBlock, HclItem } from '../bindings/hcl-value.js';
import { dataLabelOf, generationLabelOf, labelOf } from '../emit/terraform/header.js';
import { guestsOf, type Guest } from '../emit/terraform/guests.js';
import { terraformFiles } from '../emit/terraform/index.js';
import { worse, type Impact } from '../impact/impact.js';
import { terraformImpact, type Circumstances } from '../impact/terraform.js';
import type { PlanDisk } from '../plan/machine.js';
import type { Plan, PlanImage } from '../plan/plan.js';
import { changeText, finding, type Context } from './context.js';
import { dataOfDisk, dataOfReplaced, losesData } from './data.js';
import type { Finding } from './finding.js';
import { hclText, hclValues, ignoredPaths, isIgnored, type HclLeaf, type HclValues } from './hcl-values.js';
import { UNKNOWN_TERRAFORM, worstOf } from './impacts.js';
import { same } from './renames.js';
import { short, sizeText, terraformAttribute, terraformValue, terraformWord } from './words.js';

/** Of machines that are in both plans; `renamed` findings are nothing but a new name. */
export function machineFindings(context: Context, before: Guest, after: Guest): readonly Finding[] {
  const [old, now] = [blocksOf(context.before), blocksOf(context.after)];
  const own = [old.get(address(before)), now.get(address(after))] as const;
  if (own[0]?.labels[0] !== own[1]?.labels[0]) return [remade(context, before, after)];
  const found = [...imageFindings(context, before, after), ...compare(context, before, after, own[0], own[1], {
    stopped: !before.guest.started,
    volumes: before.machine.kind === 'lxc' && (before.guest.disks.length > 1 || before.guest.mountPoints.some(({ source }) => !source.startsWith('/'))),
  })];
  const data = [old.get(`${VM}.${dataLabelOf(before.machine.name)}`), now.get(`${VM}.${dataLabelOf(after.machine.name)}`)] as const;
  found.push(...compare(context, before, after, data[0], data[1], { kept: true }));
  return found;
}

/** Kept disks that were retired to be destroyed: they go when the lab forgets them, and nothing declares their owner any more. */
export function forgottenFindings({ before, after }: Context): readonly Finding[] {
  const [old, now] = [blocksOf(before), blocksOf(after)];
  return before.identity.retired.flatMap((one): readonly Finding[] => {
    const owner = ownerAddress(one.machine);
    if (one.data !== 'destroy' || (one.sort !== 'machine' && one.sort !== 'disk') || !old.has(owner) || now.has(owner) || now.has(`removed.${owner}`)) return [];
    const table = terraformImpact(VM, '', {}, undefined) ?? UNKNOWN_TERRAFORM;
    const data = one.disks.filter(({ keep }) => keep).map((disk) => ({ name: `disk ${disk.name}`, happens: 'goes', size: disk.size, path: null, backup: null, disposable: null }) as const);
    return [finding({ layer: 'L2', machine: one.machine, kind: one.sort, name: one.name, what: 'forgotten: its data is destroyed', ...table, data, origin: one.origin })];
  });
}

/** Everything that is no machine: connections, images, the lab's own Terraform. */
export function labFindings(context: Context): readonly Finding[] {
  const owners = context.before.identity.retired.map(({ machine }) => ownerAddress(machine));
  const machines = new Set([...[context.before, context.after].flatMap((plan) => guestsOf(plan).flatMap(addresses)), ...owners]);
  const [old, now] = [otherBlocks(context.before, machines), otherBlocks(context.after, machines)];
  const found: Finding[] = [];
  for (const name of new Set([...old.keys(), ...now.keys()])) {
    const [a, b] = [old.get(name), now.get(name)];
    if (same(bare(a), bare(b)) || context.renames.explains(bare(a), bare(b))) continue;
    found.push(otherFinding(context, name, a, b));
  }
  return found;
}

const VM = 'proxmox_virtual_environment_vm';
const LXC = 'proxmox_virtual_environment_container';

function address({ machine }: Guest): string {
  return `${machine.kind === 'lxc' ? LXC : VM}.${labelOf(machine.name)}`;
}

/** The owner of a machine's kept disks. */
function ownerAddress(machine: string): string {
  return `${VM}.${dataLabelOf(machine)}`;
}

const cache = new WeakMap<Plan, ReadonlyMap<string, HclBlock>>();

/** Blocks by address; fragments of the lab's own by number. */
function blocksOf(plan: Plan): ReadonlyMap<string, HclBlock> {
  let found = cache.get(plan);
  if (found === undefined) {
    const items: readonly HclItem[] = terraformFiles(plan).flatMap((file) => file.items);
    cache.set(plan, (found = new Map(items.flatMap((item) => (item.item === 'block' ? [[addressOf(item), item] as const] : [])))));
  }
  return found;
}

function addressOf(block: HclBlock): string {
  return block.type === 'resource' ? block.labels.join('.') : [block.type, ...block.labels, ...aliasOf(block)].join('.');
}

function aliasOf(block: HclBlock): readonly string[] {
  return block.body.flatMap((item) => (item.item === 'attribute' && (item.name === 'alias' || item.name === 'from') ? [hclText(item.value)] : []));
}

/** The resources of a machine. */
function addresses(guest: Guest): readonly string[] {
  const { name } = guest.machine;
  return [address(guest), `${VM}.${dataLabelOf(name)}`, `terraform_data.${generationLabelOf(name)}`];
}

/** Outputs name what is known already; the others say to Terraform what identity says to people. */
const TOLD: ReadonlySet<string> = new Set(['output', 'moved', 'removed', 'import', 'check']);

/** Blocks that belong to no machine. */
function otherBlocks(plan: Plan, machines: ReadonlySet<string>): ReadonlyMap<string, HclBlock | string> {
  const blocks = [...blocksOf(plan)].filter(([name, block]) => !machines.has(name) && !TOLD.has(block.type));
  return new Map<string, HclBlock | string>([...blocks, ...plan.lab.terraform.map((text, i) => [`raw.${i}`, text] as const)]);
}

function bare(block: HclBlock | string | undefined): unknown {
  return typeof block === 'object' ? Object.fromEntries([...hclValues(block).leaves].map(([id, leaf]) => [id, leaf.value])) : block;
}

function otherFinding(context: Context, name: string, before: HclBlock | string | undefined, after: HclBlock | string | undefined): Finding {
  const is = after ?? before;
  if (typeof is !== 'object') {
    const word = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    return finding({ layer: 'lab', kind: 'terraform', name: 'of the lab', what: word, ...UNKNOWN_TERRAFORM, origin: context.after.lab.origin });
  }
  const type = is.type === 'resource' ? (is.labels[0] ?? '') : is.type;
  const [a, b] = [typeof before === 'object' ? hclValues(before) : undefined, typeof after === 'object' ? hclValues(after) : undefined];
  const image = [context.after, context.before].flatMap((plan) => plan.images).find((other) => `proxmox_download_file.${other.key}` === name);
  const changed = a === undefined || b === undefined ? [] : changes(context, a, b);
  const impacts = changed.length === 0
    ? [terraformImpact(type, '', before === undefined ? undefined : {}, after === undefined ? undefined : {})]
    : changed.map((change) => terraformImpact(type, change.path, change.before?.value, change.after?.value));
  const worst = worstOf(impacts.map((one) => one ?? UNKNOWN_TERRAFORM));
  const word = before === undefined ? 'added' : after === undefined ? 'removed' : [...new Set(changed.map(({ path }) => terraformWord(path)))].join(', ');
  if (image !== undefined) {
    // A download that changes is another file: the machines on it say what that does to them.
    return finding({ layer: 'lab', kind: 'image', name: image.image, what: imageText(before, after, changed, image.node), impact: 'in_place', origin: image.origin, note: worst.note, source: worst.source });
  }
  return finding({ layer: 'lab', kind: 'terraform', name, what: word, ...worst, origin: context.after.clusters[0]?.origin ?? context.after.lab.origin });
}

/** Terraform ignores where an image was fetched from: nothing is fetched again for another address. */
function imageText(before: unknown, after: unknown, changed: readonly Change[], node: string): string {
  if (after === undefined) return `file removed on ${node}`;
  return before !== undefined && changed.every(({ path }) => path === 'url') ? `has another address, its file on ${node} stays` : `downloaded on ${node}`;
}

/** The promotion of an image: the generation replaces the machine, kept disks stay. What the image is called is not part of it. */
function imageFindings(context: Context, before: Guest, after: Guest): readonly Finding[] {
  const [a, b] = [before.image, after.image];
  if (a === null || b === null || sameImage(a, b)) return [];
  const from = a.image === b.image ? a.version : `${a.image} ${a.version}`;
  const what = a.image === b.image && a.version === b.version ? `${a.version} has another checksum` : `${from} -> ${a.image === b.image ? b.version : `${b.image} ${b.version}`}`;
  const data = dataOfReplaced(context.before, before.machine);
  const table = terraformImpact('terraform_data', 'input', a.version, b.version) ?? UNKNOWN_TERRAFORM;
  const name = after.machine.name;
  const origin = (a.image === b.image ? context.where(`${name}.version`) : undefined) ?? context.where(`${name}.image`) ?? b.origin;
  return [finding({
    layer: 'L2', machine: name, kind: 'image', name: b.image, what, data, note: table.note, source: table.source, origin,
    impact: losesData(data) ? 'destroys_data' : worse(table.impact, 'replace'),
  })];
}

function sameImage(a: PlanImage, b: PlanImage): boolean {
  return a.version === b.version && same(a.checksum, b.checksum);
}

/** A virtual machine that became a container, or the reverse. */
function remade(context: Context, before: Guest, after: Guest): Finding {
  const data = dataOfReplaced(context.before, before.machine);
  return finding({
    layer: 'L2', machine: after.machine.name, kind: 'kind', name: after.machine.kind, what: `${before.machine.kind} -> ${after.machine.kind}`, data, origin: after.machine.origin,
    impact: losesData(data) ? 'destroys_data' : 'replace', note: 'the machine is destroyed and made anew as the other kind', source: 'Terraform: another type of resource',
  });
}

interface Change {
  readonly path: string;
  readonly key: string | undefined;
  readonly before: HclLeaf | undefined;
  readonly after: HclLeaf | undefined;
  /** A whole nested block appeared or went. */
  readonly block: boolean;
}

function compare(context: Context, before: Guest, after: Guest, a: HclBlock | undefined, b: HclBlock | undefined, around: Circumstances): Finding[] {
  if (a === undefined || b === undefined) return [];
  const [old, now] = [hclValues(a), hclValues(b)];
  const ignored = ignoredPaths(b);
  const found: Finding[] = [];
  for (const change of changes(context, old, now)) {
    const leaf = change.after ?? change.before;
    if (leaf !== undefined && (isIgnored(leaf, ignored) || isTold(context, before, after, change))) continue;
    found.push(machineFinding(context, before, after, b, change, around));
  }
  return found;
}

/** What an image or a `move` tells in its own words: the place of the machine, or of one of its disks. */
function isTold({ after: { identity } }: Context, wasOf: Guest, { machine, guest, image }: Guest, { path, key }: Change): boolean {
  if (path === 'migrate') return true;
  // Which download a machine is made from is told by the image.
  if (image !== null && wasOf.image !== null && !sameImage(wasOf.image, image) && /^(disk\.import_from|operating_system\.template_file_id)$/.test(path)) return true;
  const moves = identity.moves.filter((move) => move.machine === machine.name);
  if (moves.some((move) => move.sort === 'machine') && (path === 'node_name' || path === 'provider' || /(^|\.)(datastore_id|template_file_id|import_from|file_format)$/.test(path))) return true;
  const disk = guest.disks.find((one) => one.serial === key);
  return disk !== undefined && /^disk\.(datastore_id|file_format)$/.test(path) && moves.some((move) => move.sort === 'disk' && move.name.endsWith(`.${disk.name}`));
}

/** Leaves that differ, a block that is on one side only as one change, its outermost first. */
function changes(context: Context, before: HclValues, after: HclValues): readonly Change[] {
  const found: Change[] = [];
  const whole = (mine: HclValues, other: HclValues, side: 'before' | 'after'): readonly string[] => {
    const gone = [...mine.blocks.keys()].filter((id) => !other.blocks.has(context.renames.renamed(id)) && !other.blocks.has(id));
    const outer = gone.filter((id) => !gone.some((above) => id.startsWith(`${above}.`)));
    for (const id of outer) {
      const { path, key } = mine.blocks.get(id)!;
      const inner = [...mine.leaves.values()].filter((leaf) => leaf.id.startsWith(`${id}.`));
      const leaf: HclLeaf = { path, id, at: inner[0]?.at.slice(0, -1) ?? [], key, value: Object.fromEntries(inner.map((one) => [one.id.slice(id.length + 1), one.value])) };
      found.push({ path, key, before: side === 'before' ? leaf : undefined, after: side === 'after' ? leaf : undefined, block: true });
    }
    return outer;
  };
  const renamedBack = new Map([...before.blocks.keys(), ...before.leaves.keys()].map((id) => [context.renames.renamed(id), id]));
  const removed = whole(before, after, 'before');
  const added = whole(after, { leaves: before.leaves, blocks: new Map([...before.blocks].flatMap(([id, block]) => [[id, block], [context.renames.renamed(id), block]] as const)) }, 'after');
  const covered = (id: string, outer: readonly string[]): boolean => outer.some((above) => id.startsWith(`${above}.`));
  for (const leaf of after.leaves.values()) {
    if (covered(leaf.id, added)) continue;
    const old = before.leaves.get(leaf.id) ?? before.leaves.get(renamedBack.get(leaf.id) ?? '');
    if (old !== undefined && (same(old.value, leaf.value) || context.renames.explains(old.value, leaf.value))) continue;
    found.push({ path: leaf.path, key: leaf.key, before: old, after: leaf, block: false });
  }
  for (const leaf of before.leaves.values()) {
    if (covered(leaf.id, removed) || after.leaves.has(leaf.id) || after.leaves.has(context.renames.renamed(leaf.id))) continue;
    found.push({ path: leaf.path, key: leaf.key, before: leaf, after: undefined, block: false });
  }
  return found;
}

function machineFinding(context: Context, before: Guest, after: Guest, block: HclBlock, change: Change, around: Circumstances): Finding {
  const { machine, guest } = after;
  const sort = change.path.split('.')[0] ?? '';
  const disk = sort === 'disk' ? [guest, before.guest].flatMap((one) => one.disks).find((one) => one.serial === change.key) : undefined;
  const attached = around.kept !== true && disk?.keep === true;
  const value = (leaf: HclLeaf | undefined) => (leaf === undefined ? undefined : leaf.value);
  const table = terraformImpact(block.labels[0] ?? '', change.path, value(change.before), value(change.after), { ...around, attached }) ?? UNKNOWN_TERRAFORM;
  const subject = subjectOf(change, change.after === undefined ? before : after, disk?.name);
  const attribute = terraformAttribute(change.path);
  const owner = subject.path === undefined ? machine.name : `${machine.name}.${subject.path}`;
  const word = change.block && subject.kind !== 'setting' ? '' : terraformWord(change.path);
  const diskIn = (side: Guest): PlanDisk | undefined => (sort === 'disk' ? side.guest.disks.find((one) => one.serial === change.key) : undefined);
  const what = changeText(valueText(change, change.before, diskIn(before)), valueText(change, change.after, diskIn(after)));
  const lost = table.impact === 'destroys_data' && disk !== undefined ? dataOfDisk(context.before, before.machine, disk.slot, 'goes') : [];
  const data = lost.length > 0 ? lost : table.impact === 'replace' || table.impact === 'destroys_data' ? dataOfReplaced(context.before, before.machine) : [];
  const impact: Impact = table.impact === 'replace' && losesData(data) ? 'destroys_data' : table.impact;
  return finding({
    layer: 'L2', machine: machine.name, kind: subject.kind, name: subject.kind === 'setting' ? word : subject.name,
    what: subject.kind === 'setting' || word === '' ? what : `${word} ${what}`, impact, note: table.note, source: table.source, data,
    origin: (attribute === undefined ? undefined : context.where(`${owner}.${attribute}`)) ?? subjectOf(change, after, disk?.name).origin ?? guest.origin,
  });
}

function subjectOf(change: Change, { machine, guest }: Guest, disk: string | undefined) {
  const at = Number(change.key);
  // A container's cards by their names, a virtual machine's by their places in the row.
  const card = Number.isNaN(at) ? machine.nics.find(({ place }) => `eth${place}` === change.key) : machine.nics[at];
  switch (change.path.split('.')[0]) {
    case 'disk': return { kind: 'disk', name: disk ?? change.key ?? '', path: `disk.${disk ?? ''}`, origin: guest.disks.find((one) => one.name === disk)?.origin };
    case 'network_device':
    case 'network_interface': return { kind: 'nic', name: card?.network ?? change.key ?? '', path: `nic.${card?.network ?? ''}`, origin: card?.origin };
    case 'initialization': {
      const nic = change.path.startsWith('initialization.ip_config') ? (card ?? machine.nics[0]) : undefined;
      return nic === undefined ? { kind: 'setting', name: '', path: undefined, origin: undefined } : { kind: 'nic', name: nic.network, path: `nic.${nic.network}`, origin: nic.origin };
    }
    case 'hostpci': return { kind: 'pci', name: guest.pci.find((one) => one.slot === change.key)?.name ?? change.key ?? '', path: undefined, origin: guest.pci.find((one) => one.slot === change.key)?.origin };
    case 'usb': return { kind: 'usb', name: guest.usb[at]?.mapping ?? change.key ?? '', path: undefined, origin: guest.usb[at]?.origin };
    case 'mount_point': return { kind: 'mount point', name: change.key ?? '', path: undefined, origin: undefined };
    default: return { kind: 'setting', name: '', path: undefined, origin: undefined };
  }
}

/** One side of a change; what a machine says of a disk that another owns are references, which say nothing to a person. */
function valueText(change: Change, leaf: HclLeaf | undefined, disk: PlanDisk | undefined): string | undefined {
  if (leaf === undefined) return undefined;
  if (disk !== undefined && change.block) return `${sizeText(disk.size)} on ${disk.datastore}`;
  if (disk !== undefined && change.path === 'disk.datastore_id') return disk.datastore;
  return change.block ? blockText(leaf) : terraformValue(change.path, leaf.value);
}

/** A block in a few words. */
function blockText(leaf: HclLeaf): string {
  const value = leaf.value as Readonly<Record<string, unknown>>;
  const text = (name: string): string => hclText(value[name] as string | undefined);
  if (leaf.path === 'disk' || leaf.path === 'mount_point') return `${text('size')}${leaf.path === 'disk' ? ' GiB' : ''} on ${text(leaf.path === 'disk' ? 'datastore_id' : 'volume')}`;
  if (leaf.path === 'hostpci' || leaf.path === 'usb') return text('mapping');
  if (leaf.path === 'network_device' || leaf.path === 'network_interface') return `${text('bridge')}${value['vlan_id'] === undefined ? '' : `, VLAN ${text('vlan_id')}`}`;
  return short(Object.values(value).map((item) => hclText(item as string)).join(', '));
}
