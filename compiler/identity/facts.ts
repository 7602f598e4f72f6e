/**
 * What the lock says of the last emission: one fact for each thing that holds data or whose place matters, beside what
 * allocation holds. `emittedFacts` writes them from a plan, `readEmission` reads them back; the kinds are
 * machine, disk, passed, mount, instance, state, serial, entry, volume, retired, retired_disk, retired_state, moved, moved_state.
 * What allocation holds has one that remembers, too: freed, the slot of a disk that left.
 */
import type { Fact, Lock } from '../allocation/lock.js';
import { serialOf } from '../eval/objects.js';
import { sizeText } from '../eval/text.js';
import type { PlanGuest } from '../plan/machine.js';
import type { Plan } from '../plan/plan.js';
import type { PlanState } from '../plan/state.js';
import { parseSize } from './size.js';

export interface Emitted {
  readonly fact: Fact;
}
export interface EmittedMachine extends Emitted {
  readonly kind: string;
  /** Both empty where Proxmox does not run it. */
  readonly cluster: string;
  readonly node: string;
  readonly vmid: { readonly value: string; readonly fact: Fact } | null;
}
export interface EmittedDisk extends Emitted {
  readonly machine: string;
  readonly name: string;
  readonly datastore: string;
  readonly size: number;
  readonly keep: boolean;
  readonly slot: { readonly value: string; readonly fact: Fact } | null;
}
/** A card of a machine, by its lasting place. */
export interface EmittedCard extends Emitted {
  readonly machine: string;
  readonly network: string;
  readonly place: number;
}
/** A device of the node that a machine got. */
export interface EmittedDevice extends Emitted {
  readonly machine: string;
  readonly slot: string;
  readonly device: string;
}
export interface EmittedMount extends Emitted {
  readonly machine: string;
  readonly path: string;
  readonly what: string;
}
export interface EmittedInstance extends Emitted {
  readonly machine: string;
  readonly app: string;
}
export interface EmittedState extends Emitted {
  /** Empty for a state of a machine. */
  readonly instance: string;
  readonly machine: string;
  readonly path: string;
}

/** The last emission, under present names where the lock's facts are. */
export interface Emission {
  /** False where the lock holds allocations only, as form 1 did: nothing can be refused for want of a past. */
  readonly known: boolean;
  readonly machines: ReadonlyMap<string, EmittedMachine>;
  /** By `carrie/data`. */
  readonly disks: ReadonlyMap<string, EmittedDisk>;
  /** By `carrie/nic.lan`. */
  readonly cards: ReadonlyMap<string, EmittedCard>;
  /** By `pennywise/scsi3`. */
  readonly devices: ReadonlyMap<string, EmittedDevice>;
  /** By `box:/data`. */
  readonly mounts: ReadonlyMap<string, EmittedMount>;
  readonly instances: ReadonlyMap<string, EmittedInstance>;
  /** By `vaultwarden/server/data`, or `carrie/has/vpn/identity`. */
  readonly states: ReadonlyMap<string, EmittedState>;
}

/** Whether the lock tells of an emission. */
export function recordsEmission(lock: Lock): boolean {
  for (const key of lock.facts.keys()) if (key.startsWith('machine ')) return true;
  return false;
}

export function readEmission(lock: Lock): Emission {
  const of = <T>(kind: string, read: (id: string, parts: readonly string[], fact: Fact) => T | null): Map<string, T> => {
    const out = new Map<string, T>();
    for (const [key, fact] of lock.facts) {
      if (!key.startsWith(`${kind} `)) continue;
      const made = read(key.slice(kind.length + 1), partsOf(fact.value), fact);
      if (made !== null) out.set(key.slice(kind.length + 1), made);
    }
    return out;
  };
  const valued = (key: string): { value: string; fact: Fact } | null => {
    const fact = lock.facts.get(key);
    return fact === undefined ? null : { value: fact.value, fact };
  };
  return {
    known: recordsEmission(lock),
    machines: of('machine', (id, [kind = '', cluster = '', node = ''], fact) => ({ kind, cluster, node, vmid: cluster === '' ? null : valued(`vmid ${cluster}/${id}`), fact })),
    disks: of('disk', (id, [datastore = '', size = '', keep = ''], fact) => {
      const [machine, name] = halves(id, '/');
      return { machine, name, datastore, size: parseSize(size), keep: keep === 'keep', slot: valued(`slot ${id}`), fact };
    }),
    cards: of('slot', (id, [slot = ''], fact) => {
      const [machine, card] = halves(id, '/');
      const place = placeOf(slot);
      return card.startsWith(CARD) && place !== undefined ? { machine, network: card.slice(CARD.length), place, fact } : null;
    }),
    devices: of('passed', (id, [device = ''], fact) => {
      const [machine, slot] = halves(id, '/');
      return { machine, slot, device, fact };
    }),
    mounts: of('mount', (id, parts, fact) => {
      const [machine, path] = halves(id, ':');
      return { machine, path, what: parts.join(','), fact };
    }),
    instances: of('instance', (_, [machine = '', app = ''], fact) => ({ machine, app, fact })),
    states: of('state', (id, [machine = '', path = ''], fact) => ({ instance: id.startsWith(`${machine}/has/`) ? '' : halves(id, '/')[0], machine, path, fact })),
  };
}

/** The facts of what a plan builds. */
export function emittedFacts(plan: Plan): Map<string, string> {
  const facts = new Map<string, string>();
  const put = (kind: string, id: string, ...parts: readonly string[]): void => void facts.set(`${kind} ${id}`, joined(parts));
  for (const { name, kind, guest, states } of plan.machines) {
    if (kind === 'device') continue;
    for (const state of states) if (state.disposable === null) put('state', machineStateKey(name, state), name, state.path);
    if (guest === null) put('machine', name, kind);
    else {
      put('machine', name, kind, guest.cluster, guest.node);
      for (const disk of guest.disks) {
        put('disk', `${name}/${disk.name}`, disk.datastore, sizeText(disk.size), ...(disk.keep ? ['keep'] : []));
        if (disk.serial !== serialOf(name, disk.name)) put('serial', `${name}/${disk.name}`, disk.serial);
      }
      for (const { slot, device } of devicesOf(guest)) put('passed', `${name}/${slot}`, device);
      if (kind === 'lxc') for (const [path, what] of mountsOf(guest)) put('mount', `${name}:${path}`, ...what);
    }
  }
  for (const instance of plan.instances) {
    put('instance', instance.name, instance.machine, instance.app);
    for (const state of instance.states) if (state.disposable === null) put('state', `${instance.name}/${state.container}/${state.name}`, instance.machine, state.path);
    for (const volume of instance.volumes) put('volume', `${instance.name}/${volume.name}`, volume.external);
  }
  for (const { key, from } of plan.secrets) if (from.source === 'generated' || from.source === 'derived') put('entry', key, from.entry);
  return facts;
}

/** Before the network of a card, among the slots of its machine: `slot carrie/nic.lan net0`. */
export const CARD = 'nic.';

/** The place of a card by its slot: `net1` is 1. */
export function placeOf(slot: string): number | undefined {
  const digits = /^net(\d+)$/.exec(slot)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** What a capability's state is called, in `lab.lock` and by statements: `carrie/has/vpn/identity`; `carrie/has/identity` where the machine itself has it. */
export function machineStateKey(machine: string, { container, name }: Pick<PlanState, 'container' | 'name'>): string {
  return [machine, 'has', ...(container === '' ? [] : [container]), name].join('/');
}

/** Devices of the node that a machine gets, by slot. */
export function devicesOf(guest: PlanGuest): readonly { readonly slot: string; readonly device: string }[] {
  return [
    ...guest.pci.map(({ slot, mapping }) => ({ slot, device: mapping })), ...guest.usb.map(({ slot, mapping }) => ({ slot, device: mapping })),
    ...guest.passthrough.map(({ slot, device }) => ({ slot, device })),
  ];
}

/** The volumes of a container beside its root, by path; binds are no affair of Terraform's. */
export function mountsOf(guest: PlanGuest): ReadonlyMap<string, readonly string[]> {
  const disks = guest.disks.flatMap(({ name, mount, datastore, size }): [string, string[]][] => (name === 'root' || mount === null ? [] : [[mount, [datastore, sizeText(size)]]]));
  const points = guest.mountPoints.filter(({ source }) => !source.startsWith('/')).map(({ path, source, size, readOnly }): [string, string[]] => [path, [source, ...(size === null ? [] : [sizeText(size)]), ...(readOnly ? ['read-only'] : [])]]);
  return new Map([...disks, ...points]);
}

/** Several values in one; a comma in one of them is written `%2c`. */
export function joined(parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[%,]/g, (char) => (char === ',' ? '%2c' : '%25'))).join(',');
}

export function partsOf(value: string): string[] {
  return value.split(',').map((part) => part.replaceAll('%2c', ',').replaceAll('%25', '%'));
}

/** What stands before and after the first separator. */
export function halves(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
