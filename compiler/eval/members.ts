/** What stands after a dot: attributes, children, offers, facts of objects; fields of endpoints; methods of plain values. */
import type { Span } from '../base/span.js';
import { suggestHelp } from '../base/suggest.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { names } from '../diagnostics/catalogue/names.js';
import { types } from '../diagnostics/catalogue/types.js';
import { Fault, NotYet, type Ev } from './context.js';
import { collection, diskSerial, isDeclined, MACHINE_KINDS, formerIds, objectId, refByName, valueOf } from './objects.js';
import { fieldOf, methodNames, methodOf } from './methods.js';
import { ChildList, type Endpoint, type Obj, type Scope, type Value } from './model.js';
import { statePath } from './states.js';
import { describe, isObject, member } from './value.js';

/** The contract whose requests follow from what an evaluation has read; those of all others stand when attributes are read. */
const ASKED_LATE = 'reach';

export function memberOf(ev: Ev, value: Value, name: string, span: Span, scope: Scope): Value {
  if (value === null) return null;
  if (isObject(value)) {
    switch (value.t) {
      case 'obj': {
        const found = memberOfObject(ev, value, name, span, scope);
        if (found !== undefined) return found;
        if (value.kind.word === 'secret' && methodNames('').includes(name)) throw new Fault(types.create.taint(span, { how: `with \`.${name}\``, help: 'pass it on as it is; only the target knows its value' }));
        throw new Fault(names.create.unknownMember(span, { what: describe(value), name, help: suggestHelp(name, [...(value.template?.params.keys() ?? []), ...value.kind.params.keys(), ...[...value.children.values()].flatMap((byKey) => [...byKey.keys()])]) }));
      }
      case 'endpoint': return memberOfEndpoint(ev, value, name, span);
      case 'children': {
        const child = value.items.find((item) => item.key === name);
        if (child !== undefined) return settled(ev, child);
        break;
      }
      case 'enum':
        if (value.type === MACHINE_KINDS) return memberOf(ev, collection(ev, value.member), name, span, scope);
        break;
      case 'namespace': return memberOfNamespace(ev, value.name, value.obj, name, span);
      default: break;
    }
  }
  const field = fieldOf(value, name);
  if (field !== undefined) return field;
  const method = methodOf(ev, value, name, span);
  if (method !== undefined) return method;
  const tainted = isObject(value) && value.t === 'template';
  if (tainted) throw new Fault(types.create.taint(span, { how: `with \`.${name}\``, help: 'pass it on as it is; only the target knows its value' }));
  const known = isObject(value) && value.t === 'rec' ? [...value.fields.keys()] : [];
  throw new Fault(names.create.unknownMember(span, { what: describe(value), name, help: suggestHelp(name, [...known, ...methodNames(value)]) }));
}

function settled(ev: Ev, child: Obj): Value {
  return child.kind.contract === null ? valueOf(ev, child) : ev.settle(child);
}

function memberOfObject(ev: Ev, obj: Obj, name: string, span: Span, scope: Scope): Value | undefined {
  const contract = obj.kind.contract;
  if (obj.param(name) !== undefined) {
    return ev.attribute(obj, name, span);
  }
  // What several providers offer is a list that only the asker reads: here the request itself is meant.
  if (contract?.provider === 'one' && contract.offer.has(name)) return offered(ev, obj, name);
  const offer = obj.template?.offer.get(name);
  if (offer?.default !== undefined && obj.frame !== null) {
    return ev.evaluateAs(offer.default, obj.frame, offer.type, () => `\`${name}\` of ${obj.path()}`);
  }
  const fact = factOf(ev, obj, name, span);
  if (fact !== undefined) return fact;
  const child = obj.labelled(name);
  if (child === 'many') {
    const words = [...obj.children].filter(([, byKey]) => byKey.has(name)).map(([word]) => `\`${word}.${name}\``);
    throw new Fault(names.create.ambiguousName(span, { name, choices: words.join(', '), first: (words[0] ?? '').replaceAll('`', '') }));
  }
  if (child !== undefined) return settled(ev, child);
  if (obj.children.has(name) || ev.shapes.kindIn(name, obj.kind.roles) !== undefined) {
    ev.observe(obj, name, span);
    if (name === ASKED_LATE) ev.readLate();
    return new ChildList(obj, name, childrenNamed(ev, obj, name));
  }
  const only = obj.template?.sort === 'part' ? obj.childrenOf('container') : [];
  if (only.length === 1 && only[0] !== undefined) return memberOfObject(ev, only[0], name, span, scope);
  return undefined;
}

/** An instance has the requests of all its containers; what a container publishes is a port of it too. */
function childrenNamed(ev: Ev, obj: Obj, name: string): readonly Obj[] {
  if (obj.instance === obj && ev.shapes.contract(name) !== undefined) return ev.everyOf([name]).filter((request) => request.instance === obj);
  return name === 'port' ? [...obj.childrenOf('port'), ...obj.childrenOf('publish')] : obj.childrenOf(name);
}

function offered(ev: Ev, request: Obj, name: string): Value {
  const contract = request.kind.contract?.name ?? '';
  const matched = ev.matched;
  if (matched !== null && !matched.has(contract)) throw new NotYet(contract);
  const provider = request.facts.providers?.[0];
  if (provider === undefined) return isDeclined(request) ? ownOffer(ev, request, name) : ev.unanswered(request);
  return fieldOf(ev.offer(request, provider), name) ?? null;
}

/** What a declined request says of itself: the contract's own default, as anybody outside would read it. */
function ownOffer(ev: Ev, request: Obj, name: string): Value {
  const param = request.kind.contract?.offer.get(name);
  const { kindFrame, machine } = request;
  if (param?.default === undefined || kindFrame === null) return null;
  const { default: expr, type } = param;
  return ev.asReader(machine ?? request, name, request.span, () => ev.evaluateAs(expr, kindFrame, type, () => `\`${name}\` of ${request.path()}`));
}

/** Facts that no declaration states: names, ids, addresses, parents. */
function factOf(ev: Ev, obj: Obj, name: string, span: Span): Value | undefined {
  switch (name) {
    case 'name': return obj.key;
    case 'id': return objectId(obj);
    case 'former_ids': return obj.kind.word === 'state' ? formerIds(obj) : undefined;
    case 'parent': return obj.parent;
    case 'declined': return obj.kind.contract === null ? undefined : isDeclined(obj);
    case 'machine': return obj.machine;
    case 'instance': return obj.instance;
    case 'lab': return ev.root;
    case 'os': return obj.machine?.facts.os ?? null;
    case 'kind': return obj.machine === obj ? member(MACHINE_KINDS, obj.kind.word) : obj.kind.word;
    case 'app': return obj.instance?.template?.name ?? null;
    case 'address': {
      const machine = obj.machine;
      if (machine !== obj) return obj.kind.word === 'export' && machine !== null ? (machine.param('address') === undefined ? factOf(ev, machine, 'address', span) : ev.attribute(machine, 'address', span)) : undefined;
      return machineAddress(ev, obj, span);
    }
    case 'path': return obj.kind.word === 'state' ? { t: 'path', text: statePath(ev, obj) } : undefined;
    case 'serial': return obj.kind.word === 'disk' ? diskSerial(ev, obj) : undefined;
    case 'device': return obj.kind.word === 'disk' ? { t: 'path', text: `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${diskSerial(ev, obj)}` } : undefined;
    case 'route': return obj.kind.contract === null ? undefined : [];
    case 'backed_up': return undefined;
    default: return undefined;
  }
}

/** The address on the first NIC. Machines that labc works inside must have one that it knows. */
function machineAddress(ev: Ev, machine: Obj, span: Span): Value {
  const nic = machine.childrenOf('nic')[0];
  const address = nic === undefined ? null : ev.attribute(nic, 'address', span);
  const known = nic !== undefined && !(isObject(address) && address.t === 'enum' && address.member === 'dhcp');
  if (known) return address;
  if (machine.facts.incomplete === true) throw new Fault(null);
  if (machine.kind.takes.size > 0 && !machine.kind.takes.has('L3')) return null;
  const help = nic === undefined ? 'give it a card: `nic NETWORK { address = ... }`' : 'write an address, or `address = auto` to let labc choose one';
  throw new Fault(lab.create.noAddress((nic ?? machine).span, { machine: machine.key, help }));
}

function memberOfEndpoint(ev: Ev, endpoint: Endpoint, name: string, span: Span): Value {
  switch (name) {
    case 'name': return endpoint.name;
    case 'id': return endpoint.id;
    case 'scheme': return endpoint.scheme;
    case 'protocol': return endpoint.protocol;
    case 'machine': return endpoint.machine;
    case 'container': return endpoint.container;
    case 'instance': return endpoint.container?.instance ?? null;
    case 'route': return ev.routesTo(endpoint, span);
    case 'published': return ev.isPublished(endpoint, span);
    case 'host_port': return ev.hostPort(endpoint, span);
    case 'host': return ev.reach(endpoint, span).host;
    case 'port': return ev.reach(endpoint, span).port;
    case 'address': return ev.reach(endpoint, span).address;
    case 'url': return `${endpoint.scheme}://${ev.reach(endpoint, span).address}`;
    default: throw new Fault(names.create.unknownMember(span, { what: 'an Endpoint', name, help: suggestHelp(name, ['host', 'port', 'address', 'url', 'scheme', 'protocol', 'name', 'machine', 'container', 'route', 'published', 'host_port']) }));
  }
}

function memberOfNamespace(ev: Ev, space: string, self: Obj | null, name: string, span: Span): Value {
  if (space === 'secrets') {
    const found = refByName(ev, name, 'secret', null, scopeAt(self));
    if (found !== undefined) return found;
    throw new Fault(names.create.unknownName(span, { name, help: 'declare it: `secret NAME { from = env("VARIABLE") }`' }));
  }
  const contract = ev.shapes.contract(name);
  if (contract === undefined) throw new Fault(names.create.unknownName(span, { name, help: suggestHelp(name, ev.shapes.contracts().map((kind) => kind.word)) }));
  const matched = ev.matched;
  if (matched !== null && !matched.has(name)) throw new NotYet(name);
  if (name === ASKED_LATE) ev.readLate();
  for (let at = self; at !== null; at = at.parent) if (at.facts.fulfils?.has(name) === true) return at.facts.requests?.get(name) ?? [];
  throw new Fault(names.create.notAllowedHere(span, { what: `\`requests.${name}\` is read where nothing fulfils \`${name}\``, help: `add \`fulfils ${name}\` to the declaration` }));
}

function scopeAt(self: Obj | null): Scope | null {
  return self?.frame ?? self?.kindFrame ?? null;
}
