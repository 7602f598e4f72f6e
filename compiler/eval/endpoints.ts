/**
 * Endpoints: what a reader must use to reach something that listens (contracts.md section 1). Every use is noted; what is
 * published and on which host port is decided from those notes, so a first evaluation works with stand-ins and a second with facts.
 */
import type { Span } from '../base/span.js';
import type { Endpoint, Obj, Value } from './model.js';
import { Endpoint as EndpointClass } from './model.js';

export interface EndpointUse {
  readonly endpoint: Endpoint;
  /** Somebody outside of the machine's container network reads it. */
  published: boolean;
  /** A container of another instance on the machine reads it over the shared network. */
  shared: boolean;
  /** Addresses of the machine that readers use. */
  readonly addresses: Set<string>;
  /** Who reads, by path of the reader's instance, capability or machine. */
  readonly readers: Map<string, Obj>;
}

export interface Reached {
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly published: boolean;
  readonly hostPort: number | null;
}

/** How a container takes part in networks; evaluated by the caller. */
export interface NetworkMode {
  readonly mode: 'own' | 'machine' | 'container';
  readonly of: Obj | null;
}

export class Reach {
  readonly uses = new Map<string, EndpointUse>();
  /** Containers that meet on their machine's shared network. */
  readonly labMembers = new Set<Obj>();
  /** Host ports by endpoint id, once allocated. */
  hostPorts: ReadonlyMap<string, number> = new Map();

  constructor(
    readonly modeOf: (container: Obj) => NetworkMode,
    private readonly addressOf: (machine: Obj, reader: Obj | null, span: Span) => string,
    private readonly fixedPort: (endpoint: Endpoint) => number | null,
  ) {}

  /** Takes over what an earlier evaluation has found used, so that reading order does not matter. */
  adopt(other: Reach): void {
    for (const [id, use] of other.uses) this.uses.set(id, { ...use, addresses: new Set(use.addresses), readers: new Map(use.readers) });
    for (const member of other.labMembers) this.labMembers.add(member);
  }

  /** The container in whose network namespace the endpoint listens, or the machine. */
  ownerOf(container: Obj): { readonly container: Obj | null } {
    let at = container;
    for (let hops = 0; hops < 8; hops++) {
      const network = this.modeOf(at);
      if (network.mode === 'machine') return { container: null };
      if (network.mode === 'own' || network.of === null) return { container: at };
      at = network.of;
    }
    return { container: at };
  }

  resolve(endpoint: Endpoint, reader: Obj | null, span: Span): Reached {
    const target = endpoint.machine;
    const owner = endpoint.container === null ? null : this.ownerOf(endpoint.container).container;
    const readerContainer = reader === null ? null : containerOf(reader);
    const readerOwner = readerContainer === null ? null : this.ownerOf(readerContainer).container;
    const sameMachine = target !== null && reader?.machine === target;
    if (owner !== null && readerOwner !== null && sameMachine) {
      if (owner === readerOwner) return this.#at('127.0.0.1', endpoint.port);
      if (owner.instance === readerOwner.instance) return this.#at(serviceName(owner), endpoint.port);
      const use = this.#use(endpoint, reader);
      use.shared = true;
      this.labMembers.add(readerOwner);
      this.labMembers.add(owner);
      return this.#at(labAlias(owner), endpoint.port);
    }
    const use = this.#use(endpoint, reader);
    if (owner === null) {
      const host = target === null ? '' : this.addressOf(target, reader, span);
      return { ...this.#at(host, endpoint.port), published: false };
    }
    use.published = true;
    const hostPort = this.hostPortOf(endpoint);
    const address = target === null ? '' : this.addressOf(target, reader, span);
    use.addresses.add(address);
    return { ...this.#at(address, hostPort), published: true, hostPort };
  }

  /** The port on the machine where a container's endpoint is published. */
  hostPortOf(endpoint: Endpoint): number {
    return this.fixedPort(endpoint) ?? this.hostPorts.get(endpoint.id) ?? endpoint.port;
  }

  isPublished(endpoint: Endpoint): boolean {
    if (endpoint.container === null || this.ownerOf(endpoint.container).container === null) return false;
    return this.fixedPort(endpoint) !== null || (this.uses.get(endpoint.id)?.published ?? false);
  }

  #use(endpoint: Endpoint, reader: Obj | null): EndpointUse {
    let use = this.uses.get(endpoint.id);
    if (use === undefined) this.uses.set(endpoint.id, (use = { endpoint, published: false, shared: false, addresses: new Set(), readers: new Map() }));
    const who = reader === null ? null : ownerObject(reader);
    if (who !== null) use.readers.set(who.path(), who);
    return use;
  }

  #at(host: string, port: number): Reached {
    return { host, port, address: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, published: false, hostPort: null };
  }
}

/** The container, job included, that an object is or stands in. */
export function containerOf(obj: Obj): Obj | null {
  for (let at: Obj | null = obj; at !== null; at = at.parent) if (at.kind.word === 'container' || at.kind.word === 'job') return at;
  return null;
}

/** The instance, capability or machine that reads on behalf of an object. */
export function ownerObject(obj: Obj): Obj {
  for (let at: Obj | null = obj; at !== null; at = at.parent) {
    if (at.kind.word === 'run' || at.kind.word === 'capability' || at.machine === at) return at;
  }
  return obj;
}

/** The Compose service of a container: its name, or that of the part whose only container it is, with the parts around it in front. */
export function serviceName(container: Obj): string {
  const around: string[] = [];
  for (let at = container.parent; at !== null && at.kind.word === 'with'; at = at.parent) around.unshift(at.key);
  const alone = container.parent?.kind.word === 'with' && container.parent.childrenOf('container').length === 1;
  return [...around, ...(alone ? [] : [container.key])].join('-');
}

/** `server.prometheus.lab`: the name of a container on the machine's shared network. */
export function labAlias(container: Obj): string {
  return `${serviceName(container)}.${container.instance?.key ?? 'lab'}.lab`.replace(/_/g, '-').toLowerCase();
}

/** An endpoint of the machine itself: `http(9100)`. */
export function machineEndpoint(machine: Obj | null, scheme: string, port: number, protocol: 'tcp' | 'udp'): Value {
  return new EndpointClass(null, machine, null, port, protocol, scheme, `${scheme}${port}`);
}
