/** Lowers the ground: the lab itself, operators, clusters, networks, images, secrets, repositories. */
import { lab as faults } from '../diagnostics/catalogue/lab.js';
import type { Obj, Value, Variant } from '../eval/model.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { PlanBackend, PlanCluster, PlanDatastore, PlanImage, PlanLab, PlanNetwork, PlanNode, PlanOperator, PlanRepository, PlanSecret } from '../plan/plan.js';
import { sortedBy } from '../base/text.js';
import { secretKey, type Lowering } from './context.js';
import { osOf } from './systems.js';

export function lowerLab(low: Lowering): PlanLab {
  const root = low.ev.root;
  const settings = low.record(root, 'terraform');
  const store = low.get(root, 'secrets');
  return {
    name: root.key, domain: low.text(root, 'domain') ?? '', timezone: low.text(root, 'timezone') ?? 'Etc/UTC', source: low.source,
    backend: backendOf(settings.get('state') ?? null), terraform: root.childrenOf('terraform').map((item) => item.key),
    store: isObject(store) && store.t === 'variant' ? (plainText(store.fields.get('file') ?? null) ?? null) : null, origin: low.origin(root),
  };
}

function backendOf(value: Value): PlanBackend {
  if (!isObject(value) || value.t !== 'variant') return { type: 'local', settings: {} };
  const settings: Record<string, string | number | boolean> = {};
  for (const [name, field] of (value as Variant).fields) {
    const text = typeof field === 'boolean' || typeof field === 'number' ? field : plainText(field);
    if (text !== undefined && field !== null) settings[name === 'endpoint' ? 'endpoints.s3' : name] = text;
  }
  return { type: value.name as PlanBackend['type'], settings };
}

export function lowerOperators(low: Lowering): PlanOperator[] {
  return sortedBy(low.ev.root.childrenOf('operator'), (operator) => operator.key).map((operator) => ({ name: operator.key, uid: low.int(operator, 'uid'), keys: low.texts(operator, 'keys'), origin: low.origin(operator) }));
}

export function lowerClusters(low: Lowering, used: ReadonlyMap<string, number>): PlanCluster[] {
  return sortedBy(low.ev.root.childrenOf('cluster'), (cluster) => cluster.key).map((cluster) => {
    const token = low.ref(cluster, 'token');
    if (token !== null) low.controllerSecrets.add(token);
    return {
      name: cluster.key, endpoint: low.text(cluster, 'endpoint') ?? '', token: token === null ? '' : secretKey(token), insecure: low.bool(cluster, 'insecure'),
      ssh: low.text(cluster, 'ssh'), nodes: sortedBy(cluster.childrenOf('node'), (node) => node.key).map((node) => lowerNode(low, node, used)), origin: low.origin(cluster),
    };
  });
}

function lowerNode(low: Lowering, node: Obj, used: ReadonlyMap<string, number>): PlanNode {
  return {
    name: node.key, address: low.text(node, 'address') ?? '', cores: low.int(node, 'cores'), memory: low.bytes(node, 'memory'), reserve: low.bytes(node, 'reserve'),
    datastores: sortedBy(node.childrenOf('datastore'), (store) => store.key).map((store): PlanDatastore => ({
      name: store.key, type: low.text(store, 'type') ?? '', size: low.bytes(store, 'size'), content: low.texts(store, 'content'), shared: low.bool(store, 'shared'),
      used: used.get(`${node.key} ${store.key}`) ?? 0, origin: low.origin(store),
    })),
    bridges: sortedBy(node.childrenOf('bridge'), (bridge) => bridge.key).map((bridge) => bridge.key),
    pci: sortedBy(node.childrenOf('pci'), (pci) => pci.key).map((pci) => ({ name: pci.key, mapping: low.text(pci, 'mapping') ?? '' })), origin: low.origin(node),
  };
}

export function lowerNetworks(low: Lowering): PlanNetwork[] {
  return sortedBy(low.ev.root.childrenOf('network'), (network) => network.key).map((network) => ({
    name: network.key, cidr: low.text(network, 'cidr') ?? '', gateway: low.text(network, 'gateway'), bridge: low.ref(network, 'bridge')?.key ?? null,
    vlan: low.int(network, 'vlan'), resolvers: low.texts(network, 'resolvers'), mtu: low.int(network, 'mtu'), origin: low.origin(network),
  }));
}

/** Where a version of an image lies for one machine, or why nowhere. */
export interface Placement {
  readonly image: Obj;
  readonly version: Obj;
  readonly node: Obj;
  readonly datastore: Obj;
  /** The version, where a machine stays on another one than the promoted. */
  readonly pinned: readonly string[];
  readonly key: string;
}

/** The datastore of the machine's node that may hold the image, and the key that Terraform knows the download by. */
export function placeImage(low: Lowering, machine: Obj): Placement | null {
  const image = low.ref(machine, 'image');
  const node = low.ref(machine, 'node');
  const wanted = low.text(machine, 'version');
  const version = image === null || wanted === null ? undefined : image.child('version', wanted);
  if (image === null || node === null || version === undefined) return null;
  const content = low.bool(image, 'template') ? 'vztmpl' : 'import';
  const stores = sortedBy(node.childrenOf('datastore').filter((store) => low.texts(store, 'content').includes(content)), (store) => store.key);
  const named = low.text(version, 'file')?.split(':')[0];
  const datastore = stores.find((store) => store.key === named) ?? stores[0] ?? sortedBy(node.childrenOf('datastore'), (store) => store.key)[0];
  if (datastore === undefined) return null;
  const clusters = low.ev.root.childrenOf('cluster').length;
  const place = [...(clusters > 1 ? [node.parent?.key ?? ''] : []), low.bool(datastore, 'shared') ? datastore.key : node.key].join('_');
  const stable = low.text(image, 'stable') === version.key ? [] : [version.key];
  return { image, version, node, datastore, pinned: stable, key: [image.key, place, ...stable].join('_').replace(/[^A-Za-z0-9_]/g, '_') };
}

export function lowerImages(low: Lowering, machines: readonly Obj[]): PlanImage[] {
  const byKey = new Map<string, PlanImage>();
  for (const machine of machines) {
    const placed = placeImage(low, machine);
    if (placed === null || byKey.has(placed.key)) continue;
    const { image, version, node, datastore, pinned, key } = placed;
    const sha512 = low.text(version, 'sha512');
    const checksum = sha512 === null ? { algorithm: 'sha256' as const, value: low.text(version, 'sha256') ?? '' } : { algorithm: 'sha512' as const, value: sha512 };
    const kind = low.bool(image, 'template') ? 'container' : 'vm';
    const url = low.text(version, 'url');
    const file = low.text(version, 'file');
    byKey.set(key, {
      image: image.key, version: version.key, key, cluster: node.parent?.key ?? '', node: node.key, datastore: datastore.key, kind, url, file,
      fileName: fileName(url ?? file ?? '', [checksum.value.slice(0, 8), ...pinned], kind), os: osOf(low.get(image, 'os')), checksum, origin: low.origin(image, version.span),
    });
  }
  return sortedBy(byKey.values(), (image) => image.key);
}

/**
 * Proxmox imports `.qcow2`, `.raw` and `.vmdk`. No two downloads share a name, whatever their addresses are called: the new one is
 * there before the old one goes, and under one name removing the old one would take both. So the sum stands in it, and the
 * version where a machine stays on one, since the same file becomes another download when it is promoted.
 */
function fileName(from: string, marks: readonly string[], kind: 'vm' | 'container'): string {
  const base = from.slice(Math.max(from.lastIndexOf('/'), from.lastIndexOf(':')) + 1);
  const ending = /(?:\.tar)?\.[a-z0-9]+$/.exec(base)?.[0] ?? '';
  const stem = [base.slice(0, base.length - ending.length), ...marks].join('-').replace(/[^A-Za-z0-9.\-+=_]/g, '-');
  return `${stem}${kind === 'vm' && ending === '.img' ? '.qcow2' : ending}`;
}

export function lowerSecrets(low: Lowering): PlanSecret[] {
  const used = new Set([...low.controllerSecrets, ...low.targetSecrets]);
  for (const secret of [...used]) for (let of = sourceOf(low, secret); of !== null; of = sourceOf(low, of)) used.add(of);
  return sortedBy([...used].flatMap((secret) => lowerSecret(low, secret) ?? []), (secret) => secret.key);
}

function sourceOf(low: Lowering, secret: Obj): Obj | null {
  const from = low.get(secret, 'from');
  const of = isObject(from) && from.t === 'variant' ? from.fields.get('of') : undefined;
  return of !== undefined && isObject(of) && of.t === 'obj' ? of : null;
}

function checkStore(low: Lowering, secret: Obj): void {
  if (low.get(low.ev.root, 'secrets') === null) low.ev.report(faults.create.noStore(secret.span, { secret: secret.key, lab: low.ev.root.key }));
}

function lowerSecret(low: Lowering, secret: Obj): PlanSecret | null {
  const from = low.get(secret, 'from');
  if (!isObject(from) || from.t !== 'variant') return null;
  const key = secretKey(secret);
  const entry = low.birthName('entry', key) ?? key.replaceAll('.', '/');
  const field = (name: string): string => plainText(from.fields.get(name) ?? null) ?? '';
  const sinks = [...(low.controllerSecrets.has(secret) ? ['controller' as const] : []), ...(low.targetSecrets.has(secret) ? ['target' as const] : [])];
  const base = { key, sinks, origin: low.origin(secret) };
  switch (from.name) {
    case 'env': return { ...base, from: { source: 'env', variable: field('variable') } };
    case 'sops': return { ...base, from: { source: 'sops', file: field('file'), key: field('key') || secret.key } };
    case 'onepassword': return { ...base, from: { source: 'onepassword', vault: field('vault'), item: field('item'), field: field('field') } };
    case 'generated':
      checkStore(low, secret);
      return { ...base, from: { source: 'generated', length: Number(field('length')), form: field('form') === 'base64url' ? 'base64url' : 'alphanumeric', entry } };
    default: {
      checkStore(low, secret);
      const of = sourceOf(low, secret);
      return { ...base, from: { source: 'derived', hash: from.name as 'bcrypt', of: of === null ? '' : secretKey(of), entry } };
    }
  }
}

export function lowerRepositories(low: Lowering): PlanRepository[] {
  return sortedBy(low.ev.root.childrenOf('repository'), (repository) => repository.key).map((repository) => {
    const password = low.ref(repository, 'password');
    const every = low.get(repository, 'every');
    const url = low.get(repository, 'url', '');
    return {
      name: repository.key, type: low.text(repository, 'type') ?? 'restic', url: low.planText(typeof url === 'string' || (isObject(url) && url.t === 'template') ? url : ''),
      password: password === null ? null : secretKey(password), schedule: isObject(every) && every.t === 'schedule' ? `${every.every}${every.at === null ? '' : ` at ${plainText(every.at) ?? ''}`}` : '', origin: low.origin(repository),
    };
  });
}

