/**
 * What `was` says, as maps from former to present names. Each part of a name maps on its own, so that a disk that was
 * renamed within a machine that was renamed is found; facts of the lock are carried over before anything is allocated.
 * Nothing of it is remembered: the sources alone say what was what.
 */
import type { Fact, Lock } from '../allocation/lock.js';
import type { Span } from '../base/span.js';
import { compareText, sortedBy } from '../base/text.js';
import { identity } from '../diagnostics/catalogue/identity.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { serviceName } from '../eval/endpoints.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Obj } from '../eval/model.js';
import { serialOf } from '../eval/objects.js';
import { capabilityOf } from '../eval/states.js';
import type { NamedSort } from '../plan/identity.js';
import { CARD, halves, joined, machineStateKey, partsOf, recordsEmission } from './facts.js';

/** Former to present names. */
type Names = ReadonlyMap<string, string>;

export interface Renames {
  readonly clusters: Names;
  readonly machines: Names;
  readonly networks: Names;
  readonly instances: Names;
  /** `carrie/data`, the machine by its present name, as in all that follow. */
  readonly disks: Names;
  /** `carrie/iot`: a card that stands in another network now, or in one of another name. */
  readonly nics: Names;
  /** `vault/server`, by service. */
  readonly services: Names;
  /** `vault.db.server`, as ports are called. */
  readonly containers: Names;
  /** `vault/server/data`. */
  readonly states: Names;
  /** `vault/server_cache`. */
  readonly volumes: Names;
  /** Keys of secrets, as they were: `immich.db_password`. */
  readonly secrets: Names;
  /** One for each `was`, the latest former name first. */
  readonly said: readonly Renamed[];
}

export interface Renamed {
  readonly sort: NamedSort;
  readonly name: string;
  readonly was: readonly string[];
  readonly obj: Obj;
}

export const MACHINES = ['vm', 'lxc', 'metal', 'appliance'];

/** Kinds whose objects may have former names, by what shares one scope of names. */
const NAMED: readonly (readonly string[])[] = [MACHINES, ['disk'], ['nic'], ['run'], ['container', 'job', 'with'], ['state'], ['cache'], ['image'], ['network'], ['secret'], ['cluster']];

const NONE: Names = new Map();
const NOTHING_RENAMED: Renames = { clusters: NONE, machines: NONE, networks: NONE, instances: NONE, disks: NONE, nics: NONE, services: NONE, containers: NONE, states: NONE, volumes: NONE, secrets: NONE, said: [] };

/** The former names of an object, the latest first. */
export function former(obj: Obj): string[] {
  return [...(obj.facts.was?.keys() ?? [])];
}

/** Reads every `was` of the lab; those that cannot hold are reported and count for nothing. */
export function readRenames(ev: Evaluator): { readonly renames: Renames; readonly diagnostics: readonly Diagnostic[] } {
  const all = (words: readonly string[]): Obj[] => words.flatMap((word) => ev.byWord.get(word) ?? []);
  // Most labs say nothing of former names.
  if (!NAMED.some((words) => words.some((word) => ev.byWord.get(word)?.some((obj) => obj.facts.was !== undefined) === true))) return { renames: NOTHING_RENAMED, diagnostics: [] };
  const diagnostics: Diagnostic[] = [];
  for (const words of NAMED) diagnostics.push(...impossible(words, all(words), words === MACHINES ? all(['device']) : []));
  const said: Renamed[] = [];
  const note = (sort: NamedSort, obj: Obj, name: (key: string) => string): void => {
    const was = former(obj);
    if (was.length > 0) said.push({ sort, name: name(obj.key), was: was.map(name), obj });
  };
  const maps = { clusters: new Map<string, string>(), machines: new Map<string, string>(), networks: new Map<string, string>(), instances: new Map<string, string>(), disks: new Map<string, string>(), nics: new Map<string, string>(), services: new Map<string, string>(), containers: new Map<string, string>(), states: new Map<string, string>(), volumes: new Map<string, string>(), secrets: new Map<string, string>() };
  const add = (map: Map<string, string>, olds: readonly string[], now: string): void => olds.forEach((old) => old !== now && map.set(old, now));
  for (const cluster of all(['cluster'])) add(maps.clusters, former(cluster), cluster.key);
  for (const machine of all(MACHINES)) {
    note('machine', machine, (key) => key);
    add(maps.machines, former(machine), machine.key);
  }
  for (const disk of all(['disk'])) {
    const name = (key: string): string => `${disk.machine?.key ?? ''}/${key}`;
    note('disk', disk, (key) => `${disk.machine?.key ?? ''}.${key}`);
    add(maps.disks, former(disk).map(name), name(disk.key));
  }
  // Which card it is says nothing of its network: `said` is for things that are the same under another name.
  for (const nic of all(['nic'])) {
    const name = (key: string): string => `${nic.machine?.key ?? ''}/${key}`;
    add(maps.nics, former(nic).map(name), name(nic.key));
  }
  for (const network of all(['network'])) {
    note('network', network, (key) => key);
    add(maps.networks, former(network), network.key);
  }
  for (const image of all(['image'])) note('image', image, (key) => key);
  for (const run of all(['run'])) {
    note('instance', run, (key) => key);
    add(maps.instances, former(run), run.key);
  }
  for (const container of all(['container'])) {
    const run = container.instance?.key ?? '';
    const services = formerServices(container);
    note('container', container, (key) => `${run}.${serviceOf(container, key)}`);
    add(maps.services, services.map((service) => `${run}/${service}`), `${run}/${serviceName(container)}`);
    add(maps.containers, formerPaths(container).map((path) => [run, ...path].join('.')), [run, ...pathOf(container)].join('.'));
    for (const child of [...container.childrenOf('state'), ...container.childrenOf('cache')]) {
      const state = child.kind.word === 'state';
      const map = state ? maps.states : maps.volumes;
      const name = (service: string, key: string): string => (state ? `${run}/${service}/${key}` : `${run}/${service}_${key}`);
      if (state) note('state', child, (key) => `${run}.${serviceName(container)}.${key}`);
      add(map, [serviceName(container), ...services].flatMap((service) => [child.key, ...former(child)].map((key) => name(service, key))), name(serviceName(container), child.key));
    }
  }
  for (const state of all(['state'])) {
    if (state.instance !== null || state.machine === null) continue;
    const [owner, capability] = [state.machine.key, capabilityOf(state)];
    const name = (key: string): string => machineStateKey(owner, { container: capability, name: key });
    note('state', state, (key) => name(key).replaceAll('/', '.'));
    add(maps.states, former(state).map(name), name(state.key));
  }
  for (const part of all(['with'])) {
    if (former(part).length === 0) continue;
    for (const container of containersBelow(part)) {
      const run = container.instance?.key ?? '';
      const was = formerServices(container).map((service) => `${run}.${service}`);
      if (former(container).length === 0) said.push({ sort: 'container', name: `${run}.${serviceName(container)}`, was, obj: part });
    }
  }
  for (const secret of all(['secret'])) {
    const owners = ownersOf(secret);
    note('secret', secret, (key) => [...owners.map((owner) => owner.key), key].join('.'));
    const chain = [...owners, secret].map((obj) => [obj.key, ...former(obj)]);
    add(maps.secrets, products(chain).map((path) => path.join('.')), [...owners, secret].map((obj) => obj.key).join('.'));
  }
  return { renames: { ...maps, said: sortedBy(said, ({ sort, name }) => `${sort} ${name}`) }, diagnostics };
}

function containersBelow(part: Obj): Obj[] {
  return [...part.childrenOf('container'), ...part.childrenOf('with').flatMap(containersBelow)];
}

/** The machine or instance that a secret belongs to, and what stands between; as its key is made. */
function ownersOf(secret: Obj): Obj[] {
  const owners: Obj[] = [];
  for (let at = secret.parent; at !== null && at.parent !== null; at = at.parent) {
    owners.unshift(at);
    if (at.kind.word === 'run' || at.machine === at) break;
  }
  return owners;
}

/** The objects from an instance down to a container. */
function pathObjs(container: Obj): Obj[] {
  const path: Obj[] = [];
  for (let at: Obj | null = container; at !== null && at.kind.word !== 'run'; at = at.parent) path.unshift(at);
  return path;
}

function pathOf(container: Obj): string[] {
  return pathObjs(container).map((obj) => obj.key);
}

/** The former paths of a container below its instance: each part under each of its names. */
function formerPaths(container: Obj): string[][] {
  return products(pathObjs(container).map((obj) => [obj.key, ...former(obj)])).slice(1);
}

function serviceOf(container: Obj, key: string, around: readonly string[] = pathOf(container).slice(0, -1)): string {
  const alone = container.parent?.kind.word === 'with' && container.parent.childrenOf('container').length === 1;
  return [...around, ...(alone ? [] : [key])].join('-');
}

function formerServices(container: Obj): string[] {
  const now = serviceName(container);
  return [...new Set(formerPaths(container).map((path) => serviceOf(container, path.at(-1) ?? '', path.slice(0, -1))))].filter((service) => service !== now);
}

/** Every way to take one of each list; the first of each comes first. */
function products(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((paths, names) => paths.flatMap((path) => names.map((name) => [...path, name])), [[]]);
}

/** Reports former names that are still in use, or claimed twice, among objects of one scope; they are forgotten. */
function impossible(words: readonly string[], objs: readonly Obj[], others: readonly Obj[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const scope = (obj: Obj): string => (words.includes('run') || words === MACHINES || obj.parent === null ? '' : obj.parent.path());
  const declared = new Map<string, Obj>();
  for (const obj of [...others, ...objs]) declared.set(`${scope(obj)} ${obj.key}`, obj);
  const claimed = new Map<string, { obj: Obj; span: Span }>();
  for (const obj of sortedBy(objs, (item) => item.sortKey)) {
    for (const [name, span] of obj.facts.was ?? []) {
      const key = `${scope(obj)} ${name}`;
      const now = declared.get(key);
      const rival = claimed.get(key);
      if (now === undefined && rival === undefined) {
        claimed.set(key, { obj, span });
        continue;
      }
      obj.facts.was?.delete(name);
      if (now === obj) found.push(identity.create.wasDeclared(span, { name: obj.key, former: name, why: 'that is what it is called', help: 'name what it was called before, or remove the `was`' }));
      else if (now !== undefined) {
        // Two that name each other are one fault.
        now.facts.was?.delete(obj.key);
        found.push(identity.create.wasDeclared(span, { name: obj.key, former: name, why: `the lab still has a ${now.kind.word} of that name`, help: `rename or remove that one, or remove \`was ${name}\`` }, { labels: [{ span: now.span, text: `this is \`${name}\` now` }] }));
      } else if (rival !== undefined) found.push(identity.create.wasTwice(span, { first: rival.obj.key, second: obj.key, former: name }, { labels: [{ span: rival.span, text: 'the other one is here' }] }));
    }
  }
  return found;
}

/** The lock under present names. What the lock knows under both is a fault, and stays as it is. */
export function renameLock(lock: Lock, renames: Renames): { readonly lock: Lock; readonly diagnostics: readonly Diagnostic[] } {
  if (renames.said.length === 0 && renames.clusters.size === 0 && renames.nics.size === 0) return { lock, diagnostics: [] };
  const facts = new Map<string, Fact>();
  const diagnostics: Diagnostic[] = [];
  for (const [key, fact] of [...lock.facts].sort(([a], [b]) => compareText(a, b))) {
    const [kind, id] = halves(key, ' ');
    const now = `${kind} ${renameId(kind, id, renames)}`;
    if (now === key || !lock.facts.has(now)) {
      facts.set(now, { value: renameValue(kind, id, fact.value, renames), span: fact.span });
      const natural = kind === 'slot' && now !== key ? birthSerial(lock, id, now.slice('slot '.length)) : undefined;
      if (natural !== undefined && !lock.facts.has(`serial ${id}`)) facts.set(`serial ${now.slice('slot '.length)}`, { value: natural, span: null });
    } else if (kind === 'machine' || kind === 'disk' || kind === 'instance') {
      const said = renames.said.find(({ sort, was }) => sort === kind && was.includes(id.replace('/', '.')));
      const other = lock.facts.get(now)?.span ?? null;
      if (said !== undefined) diagnostics.push(identity.create.wasBoth(said.obj.span, { name: said.name, former: id.replace('/', '.') }, { labels: [fact.span, other].flatMap((span) => (span === null ? [] : [{ span, text: 'the lock knows this' }])) }));
    }
  }
  // Form 1 said nothing of secrets: one that has another name now is in the store under a former one.
  if (lock.facts.size > 0 && !recordsEmission(lock)) for (const [old, now] of renames.secrets) if (!facts.has(`entry ${now}`)) facts.set(`entry ${now}`, { value: old.replaceAll('.', '/'), span: null });
  return { lock: { facts }, diagnostics };
}

/** Whether a state's folder was another one only because of its former names. */
export function renamedState(renames: Renames, key: string, before: string, after: string): boolean {
  if (!after.endsWith(`/${key}`)) return false;
  const root = after.slice(0, after.length - key.length);
  return before.startsWith(root) && renameId('state', before.slice(root.length), renames) === key;
}

function birthSerial(lock: Lock, before: string, now: string): string | undefined {
  if (/\/(passthrough|pci|usb|nic)\./.test(now) || lock.facts.has(`serial ${now}`)) return undefined;
  const [machine, disk] = halves(before, '/');
  const natural = serialOf(machine, disk);
  return natural === serialOf(...halves(now, '/')) ? undefined : natural;
}

function renameId(kind: string, id: string, renames: Renames): string {
  const machine = (name: string): string => renames.machines.get(name) ?? name;
  const [first, rest] = halves(id, '/');
  switch (kind) {
    case 'vmid': return `${renames.clusters.get(first) ?? first}/${machine(rest)}`;
    case 'address': return `${renames.networks.get(first) ?? first}/${machine(rest)}`;
    case 'mac': return nicKey(renames, machine(first), rest);
    case 'slot': case 'disk': case 'serial': case 'passed': {
      if (rest.startsWith(CARD)) return nicKey(renames, machine(first), rest.slice(CARD.length)).replace('/', `/${CARD}`);
      const now = `${machine(first)}/${rest}`;
      return renames.disks.get(now) ?? now;
    }
    case 'mount': {
      const [owner, path] = halves(id, ':');
      return `${machine(owner)}:${path}`;
    }
    case 'machine': return machine(id);
    case 'instance': return renames.instances.get(id) ?? id;
    case 'port': {
      const [protocol, endpoint] = halves(rest, '/');
      const [run, inner] = halves(endpoint, '.');
      const path = `${renames.instances.get(run) ?? run}.${inner}`;
      const at = path.lastIndexOf('.');
      return `${machine(first)}/${protocol}/${renames.containers.get(path.slice(0, at)) ?? path.slice(0, at)}${path.slice(at)}`;
    }
    case 'state': case 'volume': {
      const now = `${(kind === 'state' && rest.startsWith('has/') ? renames.machines : renames.instances).get(first) ?? first}/${rest}`;
      return (kind === 'state' ? renames.states : renames.volumes).get(now) ?? now;
    }
    case 'entry': return renames.secrets.get(id) ?? id;
    case 'moved': case 'moved_state': case 'freed': return renamePast(id, renames);
    default: return id;
  }
}

/** `carrie/iot`, by what the card or its network is called now. */
function nicKey(renames: Renames, machine: string, network: string): string {
  return renames.nics.get(`${machine}/${network}`) ?? `${machine}/${renames.networks.get(network) ?? network}`;
}

/** `instance/vault`, `disk/carrie.data`, `state/vault.server.data`, and states behind a colon: `instance/vault:vault/server/data`. */
function renamePast(id: string, renames: Renames): string {
  const [subject, state] = halves(id, ':');
  const [sort, name] = halves(subject, '/');
  const inner = (kind: string, text: string): string => renameId(kind, text.replaceAll('.', '/'), renames).replaceAll('/', '.');
  const now = sort === 'machine' || sort === 'instance' ? renameId(sort, name, renames) : inner(sort, name);
  return `${sort}/${now}${state === '' ? '' : `:${renameId('state', state, renames)}`}`;
}

/** Machines and clusters inside of values, by their place in them. */
const INSIDE: Readonly<Record<string, { readonly machine?: number; readonly cluster?: number }>> = {
  instance: { machine: 0 }, state: { machine: 0 }, moved: { machine: 0 }, machine: { cluster: 1 }, retired: { machine: 1, cluster: 3 },
};

function renameValue(kind: string, id: string, value: string, renames: Renames): string {
  if (kind === 'moved' && id.startsWith('machine/')) {
    const [cluster, node] = halves(value, '/');
    return `${renames.clusters.get(cluster) ?? cluster}/${node}`;
  }
  if (kind === 'moved' && !id.startsWith('instance/')) return value;
  const inside = INSIDE[kind];
  if (inside === undefined) return value;
  return joined(partsOf(value).map((part, i) => (i === inside.machine ? (renames.machines.get(part) ?? part) : i === inside.cluster ? (renames.clusters.get(part) ?? part) : part)));
}

/** The serial number that a disk was built with, by all the names that it and its machine had. */
export function serialFrom(lock: Lock): (disk: Obj) => string | undefined {
  return (disk) => {
    const machine = disk.machine;
    if (machine === null) return undefined;
    for (const [owner = '', name = ''] of products([[machine.key, ...former(machine)], [disk.key, ...former(disk)]])) {
      const known = lock.facts.get(`serial ${owner}/${name}`)?.value;
      if (known !== undefined) return known;
      if (lock.facts.has(`slot ${owner}/${name}`)) return serialOf(owner, name);
    }
    return undefined;
  };
}
