/** Look-ups that several rules make over a plan. */
import { isLibraryFile } from '../base/library-file.js';
import type { PlanGuest, PlanMachine } from '../plan/machine.js';
import type { Plan, PlanDatastore, PlanNode } from '../plan/plan.js';
import type { Origin } from '../plan/data.js';

export interface Guest {
  readonly machine: PlanMachine;
  readonly guest: PlanGuest;
  /** The narrower of Proxmox's two sorts of guests. */
  readonly sort: 'vm' | 'lxc';
}

/** Every machine that Proxmox runs. */
export function guestsOf(plan: Plan): readonly Guest[] {
  let known = guests.get(plan);
  if (known === undefined) guests.set(plan, (known = plan.machines.flatMap((machine) => (machine.guest === null ? [] : [{ machine, guest: machine.guest, sort: machine.kind === 'lxc' ? 'lxc' : 'vm' }]))));
  return known;
}

/** Of the plans that are being proved: a dozen rules ask. */
const guests = new WeakMap<Plan, readonly Guest[]>();

/** Whether it takes memory and devices of its node. */
export function runs(guest: PlanGuest): boolean {
  return guest.started || guest.onBoot;
}

/** Every static address of a machine. */
export function addressesOf(machine: PlanMachine): string[] {
  return [machine.address, ...machine.nics.map((nic) => nic.address)].flatMap((address) => (address === null || address === 'dhcp' ? [] : [address]));
}

export function nodeOf(plan: Plan, cluster: string, node: string): PlanNode | undefined {
  return plan.clusters.find((found) => found.name === cluster)?.nodes.find((found) => found.name === node);
}

export function datastoreOf(node: PlanNode, name: string): PlanDatastore | undefined {
  return node.datastores.find((found) => found.name === name);
}

export function placeOf(node: PlanNode, datastore: PlanDatastore): Origin {
  return datastore.origin ?? node.origin;
}

/** What lies on a datastore, by whom, and of what sort. */
export interface Placed {
  readonly cluster: string;
  readonly node: string;
  readonly datastore: string;
  readonly content: 'images' | 'rootdir' | 'import' | 'vztmpl';
  /** `disk data of carrie`. */
  readonly what: string;
  readonly size: number;
  readonly origin: Origin;
}

/** Everything that the lab puts on datastores. An image's size is not known: 0. */
export function placements(plan: Plan): Placed[] {
  const placed: Placed[] = [];
  for (const { machine, guest, sort } of guestsOf(plan)) {
    const { cluster, node } = guest;
    const content = sort === 'lxc' ? 'rootdir' : 'images';
    for (const disk of guest.disks) placed.push({ cluster, node, datastore: disk.datastore, content, what: `disk ${disk.name} of ${machine.name}`, size: disk.size, origin: disk.origin });
    for (const point of guest.mountPoints) {
      // A source that is a path is a folder of the node, not a volume.
      if (!point.source.startsWith('/')) placed.push({ cluster, node, datastore: point.source, content, what: `the volume at ${point.path} of ${machine.name}`, size: point.size ?? 0, origin: guest.origin });
    }
    // The drive stands beside a disk as a rule, and is no fault of its own then.
    if (guest.cloudInit !== null && sort === 'vm' && !guest.disks.some((disk) => disk.datastore === guest.cloudInit?.datastore)) placed.push({ cluster, node, datastore: guest.cloudInit.datastore, content, what: `the cloud-init drive of ${machine.name}`, size: 0, origin: guest.origin });
  }
  for (const image of plan.images) {
    // Of an image of the library, the machine that wants it here is the place to look.
    const user = isLibraryFile(image.origin.file) ? guestsOf(plan).find(({ guest }) => guest.image === image.key && guest.cluster === image.cluster) : undefined;
    placed.push({ cluster: image.cluster, node: image.node, datastore: image.datastore, content: image.kind === 'vm' ? 'import' : 'vztmpl', what: `image ${image.image}`, size: 0, origin: user?.guest.origin ?? image.origin });
  }
  return placed;
}
