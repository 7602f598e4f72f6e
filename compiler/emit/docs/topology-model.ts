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

export function topologyGroups(plan: Plan): readonly Group[] {
  const many = plan.clusters.length > 1;
  const nodes = plan.clusters.flatMap((cluster) => cluster.nodes.map((node) => group(plan, node.name,
    [node.address, ...(node.cores === null ? [] : [count(node.cores, 'core')]), ...(node.memory === null ? [] : [sizeText(node.memory)]), ...(many ? [`cluster ${cluster.name}`] : [])].join(' · '),
    plan.machines.filter((machine) => machine.guest?.cluster === cluster.name && machine.guest.node === node.name))));
  const free = plan.machines.filter((machine) => machine.guest === null);
  const metal = free.filter((machine) => machine.kind === 'metal');
  const others = free.filter((machine) => machine.kind !== 'metal');
  return [
    ...nodes,
    ...(metal.length === 0 ? [] : [group(plan, 'Bare metal', 'converged, not made', metal)]),
    ...(others.length === 0 ? [] : [group(plan, 'Devices', 'known, not managed', others, true)]),
  ];
}

function group(plan: Plan, title: string, subtitle: string, machines: readonly PlanMachine[], known = false): Group {
  const used = new Set(machines.flatMap((machine) => machine.nics.map((nic) => nic.network)));
  return {
    title, subtitle, known,
    cards: machines.map((machine) => card(plan, machine)),
    networks: plan.networks.flatMap((network, at) => (used.has(network.name) ? [at] : [])),
  };
}

function card(plan: Plan, machine: PlanMachine): Card {
  const addresses = machine.nics.map((nic) => {
    const gateway = plan.machines.find((other) => other !== machine && nic.gateway !== null && other.nics.some((one) => one.address === nic.gateway));
    return {
      network: plan.networks.findIndex((network) => network.name === nic.network), text: nic.address ?? 'no address',
      note: gateway === undefined ? nic.network : `${nic.network}, via ${gateway.name}`,
    };
  });
  const details = [hardware(machine), devices(machine), ...machine.exports.map((one) => `exports ${one.name} (${one.protocol})`)].filter((text) => text !== '');
  const below = CARD_PADDING + TITLE + (addresses.length + details.length) * LINE;
  const { chips, height } = placeChips(plan, machine, below + 4);
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
function placeChips(plan: Plan, machine: PlanMachine, top: number): { readonly chips: readonly Chip[]; readonly height: number } {
  const ingresses = new Set(plan.routes.map((route) => route.ingress));
  const room = CARD_WIDTH - 2 * CARD_PADDING;
  let x = 0;
  let y = top;
  const chips = plan.instances.filter((instance) => instance.machine === machine.name).map((instance) => {
    const width = Math.min(textWidth(instance.name, CHIP_TEXT) + 18, room);
    if (x > 0 && x + width > room) {
      x = 0;
      y += CHIP_HEIGHT + CHIP_GAP;
    }
    const chip = { text: instance.name, ingress: ingresses.has(instance.name), x: CARD_PADDING + x, y, width };
    x += width + CHIP_GAP;
    return chip;
  });
  return { chips, height: y + CHIP_HEIGHT };
}
