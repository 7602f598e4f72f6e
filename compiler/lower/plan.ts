/** S7: forces every value and writes the plan. What is read on the way (endpoints, secrets) is noted in the evaluator's books. */
import { isLibraryFile } from '../base/library-file.js';
import type { Unmet } from '../contracts/match.js';
import { loginOperator } from '../eval/login.js';
import { writtenAt } from '../eval/places.js';
import type { Obj } from '../eval/model.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import { objectId } from '../eval/objects.js';
import type { MachineKind, PlanCapture, PlanMachine } from '../plan/machine.js';
import { NO_IDENTITY } from '../plan/identity.js';
import type { Plan, PlanEscape, PlanName, PlanNote, PlanProbe, PlanRoute } from '../plan/plan.js';
import type { StartEdge } from '../proofs/rule.js';
import { compareText, sortedBy } from '../base/text.js';
import type { Lowering } from './context.js';
import { lowerClusters, lowerImages, lowerLab, lowerNetworks, lowerOperators, lowerRepositories, lowerSecrets, placeImage } from './ground.js';
import { lowerDisks, lowerGuest, lowerNics } from './guests.js';
import { lowerInstance } from './instances.js';
import { lowerConverge, lowerItems } from './items.js';
import { machineStates } from './mounts.js';
import { namesFirst, startEdges, stagesInOrder } from './order.js';
import { publishDeclined } from './reach.js';
import { osOf } from './systems.js';

const KINDS = ['vm', 'lxc', 'metal', 'appliance', 'device'];

export interface Lowered {
  readonly plan: Plan;
  readonly edges: readonly StartEdge[];
}

/** Reads all that a plan is made of: only then is it known who reaches what. What of it is made of nothing late stands for the plan. */
export function readPlan(low: Lowering): void {
  const machines = machinesOf(low);
  startEdges(low, machines);
  for (const machine of machines) {
    lowerGround(low, machine);
    if (isConverged(machine)) lowerItems(low, machine);
    machineStates(low, machine);
  }
  lowerParts(low, machines);
}

export function lowerPlan(low: Lowering, unmet: readonly Unmet[]): Lowered {
  const machines = machinesOf(low);
  const edges = startEdges(low, machines);
  const lowered = machines.map((machine) => lowerMachine(low, machine));
  const unordered: Plan = { ...lowerParts(low, machines), machines: lowered, probes: lowerProbes(low), order: [], identity: NO_IDENTITY, notes: lowerNotes(low, unmet) };
  return { plan: { ...unordered, order: stagesInOrder(machines, [...edges, ...namesFirst(unordered, edges)]) }, edges };
}

function machinesOf({ ev }: Lowering): Obj[] {
  return sortedBy(KINDS.flatMap((word) => ev.byWord.get(word) ?? []).filter((obj) => obj.parent === ev.root), (machine) => machine.key);
}

/** What a plan has beside its machines; secrets last, because all else tells which are used. */
function lowerParts(low: Lowering, machines: readonly Obj[]): Omit<Plan, 'machines' | 'probes' | 'order' | 'identity' | 'notes'> {
  const guests = machines.filter((machine) => machine.kind.roles.has('guest'));
  publishDeclined(low.ev);
  const instances = sortedBy(low.ev.byWord.get('run') ?? [], (run) => run.key).map((run) => lowerInstance(low, run));
  const routes = lowerRoutes(low);
  const names = lowerNames(low);
  const repositories = lowerRepositories(low);
  const clusters = lowerClusters(low, usedSpace(low, guests));
  return { lab: lowerLab(low), operators: lowerOperators(low), clusters, networks: lowerNetworks(low), images: lowerImages(low, guests), instances, secrets: lowerSecrets(low), repositories, routes, names, escapes: lowerEscapes(low) };
}

function isConverged(machine: Obj): boolean {
  return machine.kind.word === 'vm' || machine.kind.word === 'lxc' || machine.kind.word === 'metal';
}

function lowerMachine(low: Lowering, machine: Obj): PlanMachine {
  return { ...lowerGround(low, machine), converge: isConverged(machine) ? lowerConverge(low, machine) : null, states: machineStates(low, machine) };
}

/** A machine without what is done inside of it. */
function lowerGround(low: Lowering, machine: Obj): Omit<PlanMachine, 'converge' | 'states'> {
  return low.onceGiven(machine, () => {
    const nics = lowerNics(low, machine);
    const first = nics[0]?.address ?? null;
    const personas = machine.facts.personas ?? [];
    const operator = loginOperator(low.ev);
    const os = machine.facts.os ?? null;
    return {
      name: machine.key, kind: machine.kind.word as MachineKind, persona: personas[0] ?? null, personas, os: os === null ? null : osOf(os),
      address: machine.kind.word === 'device' ? low.text(machine, 'address') : first === 'dhcp' ? null : first, nics, guest: lowerGuest(low, machine, nics),
      login: isConverged(machine) && operator !== null ? { user: operator.key, port: sshPort(low, machine), python: plainText(os?.facts.get('python') ?? null) ?? '/usr/bin/python3' } : null,
      exports: sortedBy(machine.childrenOf('export'), (item) => item.key).map((item) => ({ name: item.key, protocol: 'nfs', path: low.text(item, 'path') ?? '' })),
      description: low.text(machine, 'description') ?? '', capture: captureOf(low, machine), origin: low.origin(machine),
    };
  });
}

/** The image that says `captured { from = machine }`. */
function captureOf(low: Lowering, machine: Obj): PlanCapture | null {
  for (const image of low.ev.everyOf(['image'])) {
    const captured = low.record(image, 'captured');
    if (captured.get('from') !== machine) continue;
    const placed = placeImage(low, machine);
    const keep = captured.get('keep');
    const root = lowerDisks(low, machine)[0];
    if (placed !== null && root !== undefined) return { image: image.key, slot: root.slot, datastore: placed.datastore.key, keep: typeof keep === 'number' ? keep : 3 };
  }
  return null;
}

/** The port of the machine's own `reach ssh`; 22 where it names none. */
function sshPort(low: Lowering, machine: Obj): number {
  for (const request of low.ev.census.on(machine, 'reach')) {
    if (request.key !== 'ssh') continue;
    const to = low.get(request, 'to');
    if (isObject(to) && to.t === 'endpoint') return to.port;
  }
  return 22;
}

/** Bytes that disks of this lab take, by node and datastore. */
function usedSpace(low: Lowering, guests: readonly Obj[]): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const machine of guests) {
    const node = low.ref(machine, 'node');
    for (const disk of machine.childrenOf('disk')) {
      const key = `${node?.key ?? ''} ${low.ref(disk, 'on')?.key ?? ''}`;
      used.set(key, (used.get(key) ?? 0) + (low.bytes(disk, 'size') ?? 0));
    }
  }
  return used;
}

function lowerRoutes(low: Lowering): PlanRoute[] {
  const { ev } = low;
  return sortedBy((ev.byWord.get('route') ?? []).filter((route) => (route.facts.providers?.length ?? 0) > 0).map((route): PlanRoute => {
    const provider = route.facts.providers?.[0] ?? null;
    const to = low.get(route, 'to');
    const upstream = isObject(to) && to.t === 'endpoint' && provider !== null ? ev.attempt(() => ev.asReader(frontOf(provider), 'route', route.span, () => `${to.scheme}://${ev.reach(to, route.span).address}`), '') : '';
    const url = ev.attempt(() => plainText(ev.member(route, 'url', route.span, route.kindFrame as never)) ?? '', '');
    return {
      id: objectId(route), url: url.endsWith('/') && low.text(route, 'path') === '/' ? url.slice(0, -1) : url, hosts: [low.text(route, 'host') ?? '', ...low.texts(route, 'aliases')], path: low.text(route, 'path') ?? '/',
      instance: route.instance?.key ?? null, machine: route.machine?.key ?? '', upstream, ingress: provider?.instance?.key ?? provider?.key ?? null, expose: low.text(route, 'expose') ?? 'internal', origin: low.origin(route),
    };
  }), (route) => route.id);
}

/** Where a provider of routes stands: its container that publishes, so that naming an app's address does not publish it too. */
function frontOf(provider: Obj): Obj {
  const containers = provider.instance?.childrenOf('container') ?? [];
  return containers.find((container) => container.childrenOf('publish').length > 0) ?? containers[0] ?? provider;
}

function lowerNames(low: Lowering): PlanName[] {
  const seen = new Map<string, PlanName>();
  for (const request of low.ev.byWord.get('dns') ?? []) {
    const name: PlanName = { name: low.ev.attempt(() => request.key, request.key), type: low.text(request, 'type') ?? 'A', value: low.text(request, 'value') ?? '', view: low.text(request, 'view') ?? 'internal', origin: low.origin(writtenAt(request)) };
    seen.set([name.name, name.type, name.value, name.view].join(' '), name);
  }
  return [...seen].sort(([a], [b]) => compareText(a, b)).map(([, name]) => name);
}

function lowerProbes(low: Lowering): PlanProbe[] {
  const probes: PlanProbe[] = [];
  for (const request of low.ev.byWord.get('health') ?? []) {
    for (const provider of request.facts.providers ?? []) {
      if (request.machine !== null) probes.push({ name: objectId(request), monitor: provider.instance?.key ?? provider.key, machine: request.machine.key, origin: low.origin(writtenAt(request)) });
    }
  }
  return probes.sort((a, b) => compareText(a.name, b.name) || compareText(a.monitor, b.monitor));
}

function lowerEscapes(low: Lowering): PlanEscape[] {
  const out: PlanEscape[] = [];
  const byLab = (obj: Obj): boolean => !isLibraryFile(obj.span.file);
  for (const obj of low.ev.byWord.get('terraform') ?? []) out.push({ kind: 'terraform', where: obj.parent?.key ?? '', what: (obj.key.trim().split('\n')[0] ?? '').trim(), origin: low.origin(obj) });
  for (const obj of low.ev.byWord.get('task') ?? []) {
    if (byLab(obj) && (obj.parent?.machine === obj.parent || obj.parent?.kind.word === 'capability')) out.push({ kind: 'task', where: obj.machine?.key ?? '', what: obj.key.slice(obj.key.indexOf(' ') + 1), origin: low.origin(obj) });
  }
  for (const obj of low.ev.everyOf(['ensure'])) if (byLab(obj)) out.push({ kind: 'ensure', where: obj.machine?.key ?? '', what: obj.key, origin: low.origin(obj) });
  for (const obj of [...(low.ev.byWord.get('container') ?? []), ...(low.ev.byWord.get('job') ?? [])]) {
    const fields = low.record(obj, 'compose');
    if (fields.size > 0) out.push({ kind: 'compose', where: `${obj.instance?.key ?? ''}.${obj.key}`, what: [...fields.keys()].join(', '), origin: low.origin(obj) });
  }
  const decline = (obj: Obj): void => {
    for (const [contract, span] of obj.facts.declined ?? []) out.push({ kind: 'decline', where: obj.path(), what: contract, origin: low.origin(obj, span) });
  };
  for (const word of [...KINDS, 'run', 'container', 'capability']) for (const obj of low.ev.byWord.get(word) ?? []) decline(obj);
  decline(low.ev.root);
  return out.sort((a, b) => compareText(a.kind, b.kind) || compareText(a.where, b.where) || compareText(a.what, b.what));
}

function lowerNotes(low: Lowering, unmet: readonly Unmet[]): PlanNote[] {
  const counts = new Map<string, { count: number; first: Obj }>();
  for (const { request, declined } of unmet) {
    if (declined) continue;
    const entry = counts.get(request.kind.word);
    if (entry === undefined) counts.set(request.kind.word, { count: 1, first: request });
    else entry.count++;
  }
  return sortedBy([...counts], ([contract]) => contract).map(([contract, { count, first }]) => ({ text: `${count} ${count === 1 ? 'request' : 'requests'} for ${contract} ${count === 1 ? 'has' : 'have'} no provider in this lab`, origin: low.origin(writtenAt(first)) }));
}
