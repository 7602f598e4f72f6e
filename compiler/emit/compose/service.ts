/**
 * One service. Keys stand in the order in which a person reads them: what runs, when, with what, reachable how, allowed
 * what. What the plan leaves open is left out, so that the image's own choice holds.
 */
import type { ComposeService, ComposeServiceVolumesItem } from '../../bindings/compose.gen.js';
import type { PlanContainer, PlanInstance, PlanMount, PlanPort, PlanReady } from '../../plan/workload.js';
import { gidEnvironment } from '../ansible/sealed.js';
import { configDigest } from './digest.js';
import { escapeDollars } from './dollars.js';
import { publishedPorts, serviceNetworks } from './networks.js';
import { composeDuration, composeSize } from './units.js';

export const CONFIG_LABEL = 'net.labc.config';

/** The service as Compose shall read it: dollar signs are doubled already. */
export function composeService(instance: PlanInstance, container: PlanContainer): ComposeService {
  const made: ComposeService = {
    image: container.image,
    restart: container.restart,
    init: yes(container.init),
    entrypoint: container.entrypoint ?? undefined,
    command: container.command ?? undefined,
    user: container.user ?? undefined,
    working_dir: container.workdir ?? undefined,
    hostname: container.hostname ?? undefined,
    network_mode: networkMode(container),
    depends_on: dependencies(instance, container),
    environment: mapping(container.environment.map(({ name, value }) => [name, value] as const)),
    env_file: container.secretEnv === null ? undefined : [{ path: container.secretEnv, format: 'raw' }],
    secrets: list(container.secrets),
    ports: list(publishedPorts(instance, container).map(publishedPort)),
    networks: serviceNetworks(instance, container),
    dns: list(container.resolvers),
    extra_hosts: list(container.extraHosts.map(({ name, address }) => `${name}=${address}`)),
    volumes: list(container.mounts.filter((mount) => !hasOptions(mount)).map(mountPoint)),
    tmpfs: list(container.mounts.filter(hasOptions).map(shortTmpfs)),
    devices: list(container.devices.map(({ source, target }) => ({ source, target, permissions: 'rwm' }))),
    shm_size: container.shm === null ? undefined : composeSize(container.shm),
    stop_signal: container.stop.signal ?? undefined,
    stop_grace_period: duration(container.stop.grace),
    healthcheck: container.ready === null ? undefined : healthcheck(container.ready),
    read_only: yes(container.readOnly),
    privileged: yes(container.privileged),
    cap_drop: list(container.capDrop),
    cap_add: list(container.capAdd),
    security_opt: list([...(container.noNewPrivileges ? ['no-new-privileges:true'] : []), ...container.securityOptions]),
    group_add: undefined,
    sysctls: mapping(container.sysctls.map(({ name, value }) => [name, value] as const)),
    ulimits: mapping(container.ulimits.map(({ name, soft, hard }) => [name, { soft, hard }] as const)),
    deploy: resources(container),
    logging: container.logging === null ? undefined : { driver: container.logging.driver, options: mapping(Object.entries(container.logging.options)) },
    labels: labels(instance, container),
  };
  return { ...escapeDollars(made), group_add: groupNumbers(container) };
}

/** Numbers that only the machine knows are the one thing that Compose fills in, from the project's `.env`. */
function groupNumbers(container: PlanContainer): readonly string[] | undefined {
  return list(container.groupAdd.map((group) => (typeof group === 'number' ? String(group) : `\${${gidEnvironment(group.group)}:?}`)));
}

function networkMode(container: PlanContainer): string | undefined {
  switch (container.network.mode) {
    case 'own': return undefined;
    case 'machine': return 'host';
    case 'container': return `service:${container.network.of}`;
  }
}

const CONDITIONS = { started: 'service_started', ready: 'service_healthy', done: 'service_completed_successfully' } as const;

/**
 * Only services: a job is started by the play, in its turn, and Compose refuses to wait for one. Who lives in another
 * container's network is restarted with it, or it would stay in a network that is gone.
 */
function dependencies(instance: PlanInstance, container: PlanContainer): ComposeService['depends_on'] {
  const services = new Set(instance.containers.map((sibling) => sibling.name));
  const edges = new Map(container.after.filter((edge) => services.has(edge.container)).map((edge) => [edge.container, edge]));
  if (container.network.mode === 'container') {
    const owner = container.network.of;
    edges.set(owner, { container: owner, condition: edges.get(owner)?.condition ?? 'started', restart: true });
  }
  return mapping([...edges.values()].map((edge) => [edge.container, { condition: CONDITIONS[edge.condition], restart: yes(edge.restart) }] as const));
}

function publishedPort(port: PlanPort) {
  return { target: port.target, published: String(port.published), host_ip: port.address, protocol: port.protocol, mode: 'host' };
}

type Tmpfs = Extract<PlanMount, { readonly type: 'tmpfs' }>;

/** The long form of a tmpfs knows no owner, and takes a mode only as a decimal number. */
function hasOptions(mount: PlanMount): mount is Tmpfs {
  return mount.type === 'tmpfs' && (mount.mode !== null || mount.uid !== null || mount.gid !== null);
}

function shortTmpfs(mount: Tmpfs): string {
  const options = [['size', mount.size], ['mode', mount.mode], ['uid', mount.uid], ['gid', mount.gid]] as const;
  return `${mount.target}:${options.flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`])).join(',')}`;
}

function mountPoint(mount: PlanMount): ComposeServiceVolumesItem {
  switch (mount.type) {
    case 'bind':
      return {
        type: 'bind', source: mount.source, target: mount.target, read_only: yes(mount.readOnly),
        bind: { create_host_path: false, propagation: mount.propagation ?? undefined },
      };
    case 'volume':
      return { type: 'volume', source: mount.volume, target: mount.target, read_only: yes(mount.readOnly) };
    case 'tmpfs':
      return { type: 'tmpfs', target: mount.target, tmpfs: mount.size === null ? undefined : { size: composeSize(mount.size) } };
  }
}

function healthcheck(ready: PlanReady): ComposeService['healthcheck'] {
  const made = {
    test: ready.test.how === 'exec' ? ['CMD', ...ready.test.command] : ready.test.how === 'shell' ? ['CMD-SHELL', ready.test.command] : undefined,
    interval: duration(ready.every),
    timeout: duration(ready.timeout),
    retries: ready.retries ?? undefined,
    start_period: duration(ready.grace),
    // Compose refuses it without a time of grace, and an engine before 25 passes it over.
    start_interval: (ready.grace ?? 0) > 0 ? duration(ready.atStart) : undefined,
  };
  // The image's own check with its own times is what a container has anyway.
  return Object.values(made).every((value) => value === undefined) ? undefined : made;
}

function resources(container: PlanContainer): ComposeService['deploy'] {
  const { memory, cpus, pids } = container.limits;
  const limited = memory !== null || cpus !== null || pids !== null;
  const limits = { cpus: cpus ?? undefined, memory: memory === null ? undefined : composeSize(memory), pids: pids ?? undefined };
  const gpu = container.gpu === null ? undefined : { driver: container.gpu.driver, count: 1, capabilities: container.gpu.capabilities };
  if (!limited && gpu === undefined) return undefined;
  return { resources: { limits: limited ? limits : undefined, reservations: gpu === undefined ? undefined : { devices: [gpu] } } };
}

function labels(instance: PlanInstance, container: PlanContainer): Record<string, string> | undefined {
  const digest = configDigest(instance, container);
  return mapping([...container.labels.map(({ name, value }) => [name, value] as const), ...(digest === null ? [] : [[CONFIG_LABEL, digest] as const])]);
}

function duration(milliseconds: number | null): string | undefined {
  return milliseconds === null ? undefined : composeDuration(milliseconds);
}

/** A switch that is off is left out. */
function yes(value: boolean): true | undefined {
  return value ? true : undefined;
}

function list<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}

function mapping<T>(entries: readonly (readonly [string, T])[]): Record<string, T> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
