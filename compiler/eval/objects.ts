/** Objects by name and as values: references, collections, ids, endpoints. */
import type { EnumType } from '../shapes/types.js';
import { sortedBy } from '../base/text.js';
import type { Ev } from './context.js';
import { ChildList, Endpoint, type Obj, type Port, type Scope, type Value } from './model.js';
import { plainText } from './text.js';

export const MACHINE_KINDS: EnumType = { k: 'enum', name: 'kind of machine', members: new Map(['vm', 'lxc', 'metal', 'appliance', 'device'].map((word) => [word, word])) };


/** A port is an Endpoint, everything else is itself. */
export function valueOf(ev: Ev, obj: Obj): Value {
  return obj.kind.word === 'port' || obj.kind.word === 'publish' ? endpointOf(ev, obj) : obj;
}

/** An object of a kind by label: near the scope first, then on the machine's node, then anywhere in the lab. */
export function refByName(ev: Ev, name: string, kind: string, within: Value, scope: Scope | null): Obj | undefined {
  if (within !== null && typeof within === 'object' && 't' in within && within.t === 'obj') return within.child(kind, name);
  ev.readHere();
  for (let at: Obj | null = scope?.self() ?? null; at !== null; at = at.parent) {
    const child = at.child(kind, name);
    if (child !== undefined) return child;
  }
  const machine = scope?.self()?.machine ?? null;
  const fits = (ev.index.get(name) ?? []).filter((obj) => obj.kind.word === kind || obj.kind.roles.has(kind));
  if (fits.length > 1 && machine !== null && machine.param('node') !== undefined) {
    const node = ev.attribute(machine, 'node', machine.span);
    const near = fits.find((obj) => obj.parent === node);
    if (near !== undefined) return near;
  }
  return fits[0] ?? sortedBy(ev.census.labelled(kind, name), (obj) => obj.sortKey).find((obj) => machine === null || obj.machine === null || obj.machine === machine);
}

/** Collections of the whole lab. */
export const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  machines: ['vm', 'lxc', 'metal', 'appliance'], devices: ['device'], networks: ['network'], operators: ['operator'], clusters: ['cluster'],
  nodes: ['node'], images: ['image'], repositories: ['repository'], instances: ['run'], workloads: ['run'], routes: ['route'], exports: ['export'],
};

export function collection(ev: Ev, name: string): ChildList {
  const words = COLLECTIONS[name] ?? [name];
  const all = ev.everyOf(words);
  return new ChildList(ev.root, name, all);
}

/** `immich_web`: unique in the lab, safe in every identifier. */
export function objectId(obj: Obj): string {
  return idOf(idParts(obj).map(({ key }) => key));
}

/** The ids that it had under the former names of itself and of what it belongs to. */
export function formerIds(obj: Obj): string[] {
  const chains = idParts(obj).map((part) => [part.key, ...(part.facts.was?.keys() ?? [])]);
  const paths = chains.reduce<string[][]>((before, names) => before.flatMap((path) => names.map((name) => [...path, name])), [[]]);
  return [...new Set(paths.map(idOf))].filter((id) => id !== objectId(obj));
}

function idOf(names: readonly string[]): string {
  return names.join('_').toLowerCase().replace(/[^a-z0-9_]+/g, '_');
}

function idParts(obj: Obj): Obj[] {
  const owner = obj.instance ?? (obj.parent?.kind.word === 'capability' ? obj.parent.machine : obj.machine) ?? null;
  const between: Obj[] = [];
  for (let at = obj.parent; at !== null && at !== owner && at.parent !== null; at = at.parent) {
    if (at.kind.word === 'with') between.unshift(at);
    else if (at.kind.contract !== null) between.unshift(at);
  }
  const start = owner === null || owner === obj ? [] : [owner];
  return [...start, ...between, obj];
}

/** The Endpoint of a `port` or `publish`. */
export function endpointOf(ev: Ev, obj: Obj): Endpoint {
  if (obj.facts.endpoint !== undefined) return obj.facts.endpoint;
  const port = ev.attribute(obj, 'port', obj.span) as Port;
  const scheme = obj.param('scheme') === undefined ? null : plainText(ev.attribute(obj, 'scheme', obj.span));
  const container = obj.parent;
  const endpoint = new Endpoint(obj, obj.machine, container, port.port, port.protocol ?? 'tcp', scheme ?? (port.protocol === null ? 'http' : port.protocol), obj.key);
  obj.facts.endpoint = endpoint;
  return endpoint;
}

/** At most 20 bytes, the same over every rebuild and rename: the guest finds a disk by it. */
export function diskSerial(ev: Ev, disk: Obj): string {
  return ev.serialAtBirth(disk) ?? serialOf(disk.machine?.key ?? '', disk.key);
}

/** The serial number that a disk gets from its names. */
export function serialOf(machine: string, disk: string): string {
  const plain = `${machine}-${disk}`.replace(/[^A-Za-z0-9-]/g, '-');
  if (plain.length <= 20) return plain;
  let hash = 2166136261;
  for (const char of plain) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619) >>> 0;
  return `${plain.slice(0, 11)}-${hash.toString(16).padStart(8, '0')}`;
}

/** Whether the lab says `decline` of a request's contract, on it or around it. */
export function isDeclined(request: Obj): boolean {
  for (let at: Obj | null = request; at !== null; at = at.parent) if (at.facts.declined?.has(request.kind.word) === true) return true;
  return false;
}
