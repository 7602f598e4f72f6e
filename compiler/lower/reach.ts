/** S5 and S6 of endpoints: who uses which becomes `reach` requests, and every published endpoint gets a host port. */
import { isLibraryFile } from '../base/library-file.js';
import type { Want } from '../allocation/allocate.js';
import { assign, choose } from '../contracts/match.js';
import { Providers } from '../contracts/providers.js';
import { Reach } from '../eval/endpoints.js';
import { endpointOf, isDeclined } from '../eval/objects.js';
import { writtenAt } from '../eval/places.js';
import { isObject } from '../eval/value.js';
import { plainText } from '../eval/text.js';
import type { Span } from '../base/span.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { Fault } from '../eval/context.js';
import type { Endpoint, Obj, Value } from '../eval/model.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Builder } from '../structure/builder.js';
import { compareText } from '../base/text.js';

/** A book of uses for one evaluation. */
export function reachBook(ev: Evaluator): Reach {
  return new Reach((container) => networkMode(ev, container), (machine, reader, span) => sharedAddress(ev, machine, reader, span), (endpoint) => fixedPort(ev, endpoint));
}

function networkMode(ev: Evaluator, container: Obj): ReturnType<Reach['modeOf']> {
  const value = ev.attempt(() => ev.attribute(container, 'network', container.span), null);
  if (!isObject(value) || value.t !== 'variant') return { mode: 'own', of: null };
  const what = value.fields.get('what') ?? null;
  if (!isObject(what) || what.t !== 'obj') return { mode: 'own', of: null };
  if (what.machine === what) return { mode: 'machine', of: null };
  return { mode: 'container', of: what.kind.word === 'with' ? (what.childrenOf('container')[0] ?? null) : what };
}

/** The target's address in a network that both stand in, or in one that is routed between them. */
export function sharedAddress(ev: Evaluator, machine: Obj, reader: Obj | null, span: Span): string {
  const address = (nic: Obj): string => ev.attempt(() => plainText(ev.attribute(nic, 'address', nic.span)) ?? '', '');
  if (machine.kind.word === 'device') return address(machine);
  const nics = machine.childrenOf('nic');
  const shared = reader?.machine === undefined || reader?.machine === null ? undefined : nics.find((nic) => reader.machine?.child('nic', nic.key) !== undefined);
  const away = reader?.machine?.childrenOf('nic') ?? [];
  const routed = (nic: Obj): boolean => ev.attempt(() => ev.attribute(nic, 'gateway', nic.span) !== null, true);
  const nic = shared ?? (away.length === 0 || away.some(routed) ? nics.find(routed) : undefined) ?? (away.length === 0 ? nics[0] : undefined);
  if (nic === undefined && nics.length > 0 && reader?.machine !== machine) {
    const names = (all: readonly Obj[]): string => all.map((item) => `\`${item.key}\``).join(', ');
    const at = reader !== null && isLibraryFile(span.file) ? writtenAt(reader).span : span;
    const fault = lab.create.unreachable(at, {
      reader: `${reader?.machine?.key ?? ''} (in ${names(away)})`, target: `${machine.key} (in ${names(nics)})`, theirs: names(nics), own: names(away),
      help: `give ${reader?.machine?.key ?? 'it'} a \`nic ${nics[0]?.key ?? ''} { }\`, or both networks a gateway`,
    }, { labels: [reader?.machine?.span, machine.span].flatMap((place) => (place === undefined ? [] : [{ span: place, text: 'this machine' }])) });
    // Said once of two machines, however much is read.
    throw new Fault(ev.diagnostics.some((other) => other.code === fault.code && other.message === fault.message) ? null : fault);
  }
  return nic === undefined ? (nics[0] === undefined ? '' : address(nics[0])) : address(nic);
}

function fixedPort(ev: Evaluator, endpoint: Endpoint): number | null {
  if (endpoint.obj?.kind.word !== 'publish') return null;
  const obj = endpoint.obj;
  const port = ev.attempt(() => ev.attribute(obj, 'host_port', obj.span), null);
  return isObject(port) && port.t === 'port' ? port.port : null;
}

/** Ports that allocation must find, and those that are written down. */
export function portWants(ev: Evaluator, reach: Reach, from: number, to: number): Want[] {
  const wants: Want[] = [];
  for (const publish of ev.byWord.get('publish') ?? []) {
    const endpoint = ev.attempt(() => endpointOf(ev, publish), null);
    const port = endpoint === null ? null : fixedPort(ev, endpoint);
    if (endpoint !== null && port !== null) wants.push(want(endpoint, publish, { fixed: String(port) }, from, to));
  }
  for (const use of reach.uses.values()) {
    if (!use.published || use.endpoint.obj === null || use.endpoint.obj.kind.word === 'publish') continue;
    wants.push(want(use.endpoint, use.endpoint.obj, use.endpoint.port >= 1024 || use.endpoint.port === 80 ? { preferred: String(use.endpoint.port) } : {}, from, to));
  }
  return wants;
}

function want(endpoint: Endpoint, obj: Obj, value: { fixed?: string; preferred?: string }, from: number, to: number): Want {
  return { space: `port/${endpoint.machine?.key ?? ''}/${endpoint.protocol}`, id: portId(endpoint), ...value, pool: { kind: 'range', from, to }, span: obj.span };
}

/** `immich.server.http`: an endpoint on its machine. */
function portId(endpoint: Endpoint): string {
  const parts: string[] = [];
  for (let at = endpoint.obj; at !== null && at.machine !== at; at = at.parent) parts.unshift(at.key);
  return parts.join('.');
}

/** Host ports by endpoint id. */
export function hostPorts(reach: Reach, values: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  for (const use of reach.uses.values()) {
    const port = values.get(`port ${use.endpoint.machine?.key ?? ''}/${use.endpoint.protocol}/${portId(use.endpoint)}`);
    if (port !== undefined) out.set(use.endpoint.id, Number(port));
  }
  return out;
}

/** One request for each reader on another machine, and one for what is published to whole networks. */
export function requestReach(ev: Evaluator, builder: Builder, reach: Reach): void {
  const contract = ev.shapes.contract('reach');
  if (contract === undefined) return;
  const providers = new Providers(ev, 'reach');
  const ask = (parent: Obj, key: string, endpoint: Endpoint, from: Value, purpose: string): void => {
    const { child, fresh } = builder.obtain(parent, contract, key, parent.span);
    if (!fresh) return;
    const def = { op: '=' as const, expr: null, body: null, scope: child.kindFrame as never, rank: 1, by: null, span: parent.span };
    builder.define(child, 'to', { ...def, value: endpoint });
    builder.define(child, 'from', { ...def, value: from });
    builder.define(child, 'purpose', { ...def, value: purpose });
    assign(child, ev.attempt(() => choose(ev, contract, child, providers), []));
  };
  for (const use of [...reach.uses.values()].sort((a, b) => compareText(a.endpoint.id, b.endpoint.id))) {
    if (use.endpoint.port === 0 || use.endpoint.machine === null) continue;
    for (const reader of [...use.readers.values()].sort((a, b) => compareText(a.path(), b.path()))) {
      if (reader.machine === null || reader.machine === use.endpoint.machine) continue;
      const address = readerAddress(ev, reader.machine, use.endpoint.machine);
      if (address !== null) ask(reader, `to ${use.endpoint.id}`, use.endpoint, [address], `${reader.key} on ${reader.machine.key} uses ${nameOf(use.endpoint)}`);
    }
  }
  for (const publish of ev.byWord.get('publish') ?? []) {
    const endpoint = ev.attempt(() => endpointOf(ev, publish), null);
    if (endpoint === null || publish.machine === null || publish.instance === null) continue;
    ask(publish.instance, `publish ${endpoint.id}`, endpoint, networksOf(ev, publish.machine), `${publish.instance.key} publishes ${publish.key}`);
  }
  for (const { route, machine, endpoint } of declinedRoutes(ev)) {
    if (endpoint.container !== null) ask(route.instance ?? machine, `publish ${endpoint.id}`, endpoint, networksOf(ev, machine), `people reach ${nameOf(endpoint)} without an ingress`);
  }
}

/** Every network that a machine stands in. */
function networksOf(ev: Evaluator, machine: Obj): readonly Value[] {
  return machine.childrenOf('nic').flatMap((nic) => {
    const network = ev.attempt(() => ev.attribute(nic, 'network', nic.span), null);
    const cidr = isObject(network) && network.t === 'obj' ? ev.attempt(() => ev.attribute(network, 'cidr', network.span), null) : null;
    return cidr === null ? [] : [cidr];
  });
}

interface DeclinedRoute {
  readonly route: Obj;
  readonly machine: Obj;
  readonly endpoint: Endpoint;
}

/** Routes that no ingress answers, because the lab says so: people go to the endpoints themselves. */
function declinedRoutes(ev: Evaluator): DeclinedRoute[] {
  return (ev.byWord.get('route') ?? []).flatMap((route): DeclinedRoute[] => {
    const machine = route.machine;
    if (machine === null || !isDeclined(route)) return [];
    const endpoint = ev.attempt(() => ev.attribute(route, 'to', route.span), null);
    return isObject(endpoint) && endpoint.t === 'endpoint' ? [{ route, machine, endpoint }] : [];
  });
}

/** Notes that endpoints of declined routes are read on their machines' addresses. */
export function publishDeclined(ev: Evaluator): void {
  for (const { route, machine, endpoint } of declinedRoutes(ev)) ev.attempt(() => ev.asReader(machine, 'route', route.span, () => ev.reach(endpoint, route.span)), null);
}

function nameOf(endpoint: Endpoint): string {
  return endpoint.obj === null ? `${endpoint.scheme} ${endpoint.port}` : `${endpoint.container?.instance?.key ?? ''} ${endpoint.name}`;
}

/** The reader's own address in a network that both stand in, or its first. */
function readerAddress(ev: Evaluator, reader: Obj, target: Obj): Value {
  const nics = reader.childrenOf('nic');
  const nic = nics.find((item) => target.child('nic', item.key) !== undefined) ?? nics[0];
  return nic === undefined ? null : ev.attempt(() => ev.attribute(nic, 'address', nic.span), null);
}
