/**
 * What the picture shows: networks as rails, groups of machines (a Proxmox node, bare metal, devices) as boxes, and on
 * every machine its addresses, its hardware and what runs there. Sizes are known here, places are not.
 */
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import { count, sizeText } from './format.js';
import { textWidth } from './svg.js';

export const CARD_WIDTH = 248;
export const CARD_PADDING = 12;
export const LINE = 19;
export const CHIP_HEIGHT = 24;
const CHIP_GAP = 6;
const TITLE = 30;
export const CHIP_TEXT = 12;

export interface Group {
  readonly title: string;
  readonly subtitle: string;
  /** Dashed where labc manages nothing. */
  readonly known: boolean;
  readonly cards: readonly Card[];
  /** Indices of networks, in order. */
  readonly networks: readonly number[];
}

export interface Card {
  readonly name: string;
  readonly badge: string;
  readonly tip: string;
  readonly addresses: readonly { readonly network: number; readonly text: string; readonly note: string }[];
  readonly details: readonly string[];
  readonly chips: readonly Chip[];
  readonly height: number;
}

export interface Chip {
  readonly text: string;
  readonly ingress: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** What cards look up, gathered once. */
interface Index {
  readonly owners: ReadonlyMap<string, PlanMachine>;
  readonly networks: ReadonlyMap<string, number>;
  readonly instances: ReadonlyMap<string, readonly string[]>;
  readonly ingresses: ReadonlySet<string | null>;
}

function indexOf(plan: Plan): Index {
  const instances = new Map<string, string[]>();
  for (const { machine, name } of plan.instances) {
    const names = instances.get(machine) ?? [];
    names.push(name);
    instances.set(machine, names);
  }
  return {
    owners: new Map(plan.machines.flatMap((machine) => machine.nics.flatMap(({ address }) => (address === null ? [] : [[address, machine] as const])))),
    networks: new Map(plan.networks.map(({ name }, at) => [name, at])),
    instances,
    ingresses: new Set(plan.routes.map((route) => route.ingress)),
  };
}

export function topologyGroups(plan: Plan): readonly Group[] {
  const index = indexOf(plan);
  const many = plan.clusters.length > 1;
  const nodes = plan.clusters.flatMap((cluster) => cluster.nodes.map((node) => group(index, node.name,
    [node.address, ...(node.cores === null ? [] : [count(node.cores, 'core')]), ...(node.memory === null ? [] : [sizeText(node.memory)]), ...(many ? [`cluster ${cluster.name}`] : [])].join(' · '),
    plan.machines.filter((machine) => machine.guest?.cluster === cluster.name && machine.guest.node === node.name))));
  const free = plan.machines.filter((machine) => machine.guest === null);
  const metal = free.filter((machine) => machine.kind === 'metal');
  const others = free.filter((machine) => machine.kind !== 'metal');
  return [
    ...nodes,
    ...(metal.length === 0 ? [] : [group(index, 'Bare metal', 'converged, not made', metal)]),
    ...(others.length === 0 ? [] : [group(index, 'Devices', 'known, not managed', others, true)]),
  ];
}

function group(index: Index, title: string, subtitle: string, machines: readonly PlanMachine[], known = false): Group {
  const used = new Set(machines.flatMap((machine) => machine.nics.flatMap((nic) => index.networks.get(nic.network) ?? [])));
  return {
    title, subtitle, known,
    cards: machines.map((machine) => card(index, machine)),
    networks: [...used].sort((a, b) => a - b),
  };
}

function card(index: Index, machine: PlanMachine): Card {
  const addresses = machine.nics.map((nic) => {
    const gateway = nic.gateway === null ? undefined : index.owners.get(nic.gateway);
    return {
      network: index.networks.get(nic.network) ?? -1, text: nic.address ?? 'by DHCP',
      note: gateway === undefined || gateway === machine ? nic.network : `${nic.network}, via ${gateway.name}`,
    };
  });
  // A device stands in no network that the lab would know of.
  const known = machine.nics.length === 0 ? (machine.address ?? '') : '';
  const details = [known, hardware(machine), devices(machine), ...machine.exports.map((one) => `exports ${one.name} (${one.protocol})`)].filter((text) => text !== '');
  const below = CARD_PADDING + TITLE + (addresses.length + details.length) * LINE;
  const { chips, height } = placeChips(index, machine, below + 4);
  return {
    name: machine.name, badge: badge(machine), tip: machine.description, addresses, details, chips,
    height: chips.length === 0 ? below + CARD_PADDING - 6 : height + CARD_PADDING,
  };
}

function badge(machine: PlanMachine): string {
  const kind = machine.kind === 'lxc' ? 'container' : machine.kind;
  return machine.guest === null ? kind : `${kind} ${machine.guest.vmid}`;
}

function hardware({ guest, os }: PlanMachine): string {
  const system = os === null || os.id === 'appliance' ? [] : [`${os.id}${os.version === null ? '' : ` ${os.version}`}`];
  if (guest === null) return system.join('');
  return [...system, count(guest.cores, 'core'), sizeText(guest.memory)].join(' · ');
}

function devices({ guest }: PlanMachine): string {
  if (guest === null) return '';
  const disks = guest.passthrough.length === 0 ? [] : [count(guest.passthrough.length, 'raw disk')];
  return [...guest.pci.map((device) => device.mapping), ...guest.usb.map((device) => device.mapping), ...disks].join(' · ');
}

/** Instances as chips in rows. Who answers routes is filled. */
function placeChips(index: Index, machine: PlanMachine, top: number): { readonly chips: readonly Chip[]; readonly height: number } {
  const room = CARD_WIDTH - 2 * CARD_PADDING;
  let x = 0;
  let y = top;
  const chips = (index.instances.get(machine.name) ?? []).map((text) => {
    const width = Math.min(textWidth(text, CHIP_TEXT) + 18, room);
    if (x > 0 && x + width > room) {
      x = 0;
      y += CHIP_HEIGHT + CHIP_GAP;
    }
    const chip = { text, ingress: index.ingresses.has(text), x: CARD_PADDING + x, y, width };
    x += width + CHIP_GAP;
    return chip;
  });
  return { chips, height: y + CHIP_HEIGHT };
}
