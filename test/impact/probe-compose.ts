/**
 * Asks the real Compose which keys of a service move its hash, for a service with another hash is recreated: each key that
 * the emitter can write is changed in a twin of a fixture's service, and both stand in one project.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareText } from '../../compiler/base/text.js';
import { composeProject } from '../../compiler/emit/compose/project.js';
import { composePlan } from '../fixtures/plan-compose.js';
import { requireTool, type Tool } from '../support/tools.js';
import { EmitterReader } from './attributes.js';

export interface Hashed {
  /** Below the service: `deploy.resources.limits.memory`. */
  readonly path: string;
  readonly recreated: boolean;
}

type Data = Readonly<Record<string, unknown>>;

/** Values that Compose takes, where a letter more gives none. */
const OTHER: Readonly<Record<string, unknown>> = {
  'restart': 'always', 'network_mode': 'bridge', 'depends_on.condition': 'service_started', 'env_file.format': 'raw', 'ports.host_ip': '192.0.2.9', 'ports.protocol': 'udp', 'ports.mode': 'ingress',
  'ports.published': '9999', 'dns': ['192.0.2.53'], 'extra_hosts': ['other=192.0.2.7'], 'volumes.type': 'bind', 'volumes': [], 'volumes.bind.propagation': 'rshared',
  'volumes.tmpfs.size': '7m', 'tmpfs': ['/other'], 'shm_size': '7m', 'stop_grace_period': '7s', 'healthcheck.interval': '7s', 'healthcheck.timeout': '7s', 'healthcheck.start_period': '7s',
  'healthcheck.test': ['CMD', 'other'], 'deploy.resources.limits.memory': '7m', 'deploy.resources.limits.cpus': '0.7', 'deploy.resources.reservations.devices.capabilities': ['tpu'], 'secrets': [], 'networks': {},
  'cap_add': ['NET_RAW'], 'cap_drop': ['NET_RAW'], 'security_opt': ['label:disable'], 'group_add': ['7'], 'image': 'docker.io/library/other:1', 'devices.permissions': 'r', 'command': ['other'], 'entrypoint': ['other'],
};
/** Keys that raw Compose may hold and that Compose leaves out of the hash, with what they are taken from and to. */
const BESIDE: Readonly<Record<string, readonly [unknown, unknown]>> = { 'pull_policy': ['always', 'never'], 'scale': [1, 2], 'deploy.replicas': [1, 2], 'profiles': [['a'], ['b']], 'build': ['.', './other'], 'x-note': ['a', 'b'], 'container_name': ['one', 'two'] };

/** Every path below a service that the emitter can write. */
export function emittedServicePaths(): readonly string[] {
  const reader = new EmitterReader('compiler/emit/compose', 'compiler/bindings/compose.gen.ts');
  const own = reader.returnsOf('composeService').map(({ path }) => path);
  // Networks of a service stand under their own names.
  return [...new Set([...own.map((path) => path.replace(/^networks\.(default|isolated|lab)(?=\.|$)/, 'networks')), 'profiles'])].sort(compareText);
}

export async function askCompose(): Promise<readonly Hashed[]> {
  const compose = requireTool('docker compose');
  const paths = emittedServicePaths();
  const found = new Map<string, boolean>();
  const folder = mkdtempSync(join(tmpdir(), 'labc-impact-compose-'));
  try {
    writeFileSync(join(folder, 'empty.env'), '');
    writeFileSync(join(folder, 'other.env'), '');
    for (const instance of composePlan.instances) {
      const project = composeProject(instance);
      const twins = new Map<string, { readonly path: string; readonly of: string; readonly service: Data }>();
      const services: Record<string, Data> = {};
      for (const [name, raw] of Object.entries(project.services)) {
        const service = runnable(raw as Data, folder);
        services[name] = service;
        for (const path of paths) {
          if (found.has(path) || [...twins.values()].some((twin) => twin.path === path)) continue;
          const changed = edit(service, path.split('.'), path, folder);
          if (changed !== undefined) twins.set(`probe${twins.size}`, { path, of: name, service: changed });
        }
      }
      const [first] = Object.entries(services);
      for (const [path, [from, to]] of Object.entries(BESIDE)) {
        if (found.has(path) || first === undefined) continue;
        const keys = path.split('.');
        services[`base-${keys.join('-')}`] = put(first[1], keys, from);
        twins.set(`beside-${keys.join('-')}`, { path, of: `base-${keys.join('-')}`, service: put(first[1], keys, to) });
      }
      for (const [label, { service }] of twins) services[label] = service;
      const stdout = await hashesOf(compose, folder, project as Data, services, twins);
      const hashes = new Map(stdout.trim().split('\n').map((line) => line.split(' ') as [string, string]));
      for (const [label, { path, of }] of twins) {
        if (!hashes.has(label) || !hashes.has(of)) throw new Error(`${path}: no hash of ${label} or ${of}`);
        found.set(path, hashes.get(label) !== hashes.get(of));
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return [...found].map(([path, recreated]) => ({ path, recreated })).sort((a, b) => compareText(a.path, b.path));
}

/** A twin that Compose does not take is left out and asked no more: that change cannot happen. */
async function hashesOf(compose: Tool, folder: string, project: Data, services: Record<string, Data>, twins: Map<string, unknown>): Promise<string> {
  const file = join(folder, 'compose.json');
  for (;;) {
    writeFileSync(file, JSON.stringify({ ...project, services }));
    const { exitCode, stdout, all } = await compose.run(['-f', file, '--profile', '*', 'config', '--hash', '*'], { cwd: folder });
    if (exitCode === 0) return stdout;
    const label = /\b((?:probe\d+)|(?:beside-[\w-]+))\b/.exec(all)?.[1];
    if (label === undefined || !twins.delete(label)) throw new Error(all);
    delete services[label];
  }
}

/** Files and numbers that only the machine has are stood in for. */
function runnable(service: Data, folder: string): Data {
  const { env_file: files, group_add: groups, ...rest } = JSON.parse(JSON.stringify(service)) as Data;
  return { ...rest, ...(files === undefined ? {} : { env_file: [{ path: join(folder, 'empty.env'), format: 'raw' }] }), ...(groups === undefined ? {} : { group_add: ['44'] }) };
}

/** The service with another value at the path; undefined where it has none there. */
function edit(data: unknown, keys: readonly string[], path: string, folder: string): Data | undefined {
  const [key = '', ...rest] = keys;
  if (Array.isArray(data)) {
    for (const [at, entry] of data.entries()) {
      const changed = edit(entry, keys, path, folder);
      if (changed !== undefined) return data.map((one: unknown, index) => (index === at ? changed : one)) as unknown as Data;
    }
    return undefined;
  }
  if (typeof data !== 'object' || data === null) return undefined;
  const record = data as Data;
  // A mapping of names stands between the key and what is below it: `depends_on`, `ulimits`, `networks`.
  if (!Object.hasOwn(record, key)) {
    const inner = Object.entries(record).map(([name, value]) => [name, edit(value, keys, path, folder)] as const).find(([, value]) => value !== undefined);
    return inner === undefined || path.startsWith(key) ? undefined : { ...record, [inner[0]]: inner[1] };
  }
  const value = record[key];
  if (rest.length > 0) {
    const changed = edit(value, rest, path, folder);
    return changed === undefined ? undefined : { ...record, [key]: changed };
  }
  if (Object.hasOwn(OTHER, path)) {
    const other = OTHER[path];
    if (JSON.stringify(other) !== JSON.stringify(value)) return { ...record, [key]: other };
    const { [key]: _, ...without } = record;
    return without;
  }
  if (path === 'env_file.path') return { ...record, [key]: join(folder, 'other.env') };
  if (typeof value === 'number') return { ...record, [key]: value + 1 };
  if (typeof value === 'boolean') return { ...record, [key]: !value };
  if (typeof value === 'string') return { ...record, [key]: `${value}x` };
  const { [key]: _, ...without } = record;
  return without;
}

function put(data: Data, keys: readonly string[], value: unknown): Data {
  const [key = '', ...rest] = keys;
  return { ...data, [key]: rest.length === 0 ? value : put((data[key] ?? {}) as Data, rest, value) };
}
