/** Small plans for proofs: one cluster with two nodes, one network, machines and workloads by a word or two; every record has a line of its own. */
import { expect } from 'vitest';
import type { Origin } from '../../compiler/plan/data.js';
import type { PlanDisk, PlanGuest, PlanMachine, PlanNic } from '../../compiler/plan/machine.js';
import type { LayerName, Plan, PlanDatastore, PlanImage, PlanName, PlanNetwork, PlanNode, PlanRoute } from '../../compiler/plan/plan.js';
import type { PlanState } from '../../compiler/plan/state.js';
import type { PlanMount, PlanPort } from '../../compiler/plan/workload.js';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import type { Rule, Stage, StartEdge } from '../../compiler/proofs/rule.js';
import * as base from '../fixtures/plan-base.js';

export const GiB = base.GiB;
const WIDTH = 100;

/** A line that is 100 characters wide, so that its number can be read off a span. */
export function at(line: number): Origin {
  return { file: 'home.lab', line, start: line * WIDTH, end: line * WIDTH + 10, rank: 'lab' };
}

export function plan(given: Partial<Plan> = {}): Plan {
  return { ...base.emptyPlan, clusters: [{ name: 'pve', endpoint: 'https://pve:8006', token: 'token', insecure: false, ssh: null, nodes: [node('maturin', 200, 1), node('gan', 201, 2)], origin: at(1) }], networks: [network('lan', 3)], ...given };
}

export function store(name: string, type: string, content: readonly string[], given: Partial<PlanDatastore> = {}): PlanDatastore {
  return { name, type, size: null, content, shared: false, used: 0, ...given };
}

export function node(name: string, host: number, line: number, given: Partial<PlanNode> = {}): PlanNode {
  return {
    name, address: `192.168.86.${host}`, cores: 16, memory: 64 * GiB, reserve: 4 * GiB, bridges: ['vmbr0'], pci: [], origin: at(line),
    datastores: [store('local', 'dir', ['iso', 'import', 'vztmpl']), store('local-lvm', 'lvmthin', ['images', 'rootdir'], { size: 800 * GiB })], ...given,
  };
}

/** The plan's first cluster with these nodes in place of its own. */
export function onNodes(nodes: readonly PlanNode[], given: Partial<Plan> = {}): Plan {
  const made = plan(given);
  return { ...made, clusters: made.clusters.map((cluster) => ({ ...cluster, nodes })) };
}

export function network(name: string, line: number, given: Partial<PlanNetwork> = {}): PlanNetwork {
  return { name, cidr: '192.168.86.0/24', gateway: '192.168.86.1', bridge: 'vmbr0', vlan: null, resolvers: [], mtu: null, origin: at(line), ...given };
}

export function nic(host: number, line: number, given: Partial<PlanNic> = {}): PlanNic {
  return base.nic('lan', `192.168.86.${host}`, { origin: at(line), ...given });
}

export function disk(line: number, given: Partial<PlanDisk> = {}): PlanDisk {
  return { name: 'root', slot: 'scsi0', datastore: 'local-lvm', format: 'raw', size: 32 * GiB, keep: false, mount: null, serial: 'root', ssd: true, backup: true, origin: at(line), ...given };
}

/** A virtual machine on maturin whose address, VMID and line are `host`. */
export function vm(name: string, host: number, guest: Partial<PlanGuest> = {}, given: Partial<PlanMachine> = {}): PlanMachine {
  return base.machine(name, {
    kind: 'vm', address: `192.168.86.${host}`, nics: [nic(host, host, { mac: `02:00:00:00:00:${(host % 256).toString(16).toUpperCase().padStart(2, '0')}` })],
    guest: base.guest(host, { image: null, disks: [disk(host)], origin: at(host), ...guest }), origin: at(host), ...given,
  });
}

export function metal(name: string, host: number, given: Partial<PlanMachine> = {}): PlanMachine {
  return base.machine(name, { kind: 'metal', address: `192.168.86.${host}`, nics: [nic(host, host)], origin: at(host), ...given });
}

export function device(name: string, host: number): PlanMachine {
  return base.machine(name, { kind: 'device', address: `192.168.86.${host}`, login: null, converge: null, origin: at(host) });
}

export function image(line: number, given: Partial<PlanImage> = {}): PlanImage {
  return {
    image: 'debian_12', version: '1', key: 'debian_12_maturin', cluster: 'pve', node: 'maturin', datastore: 'local', kind: 'vm', url: 'https://x/y.qcow2', file: null,
    fileName: 'y.qcow2', checksum: { algorithm: 'sha256', value: '00' }, os: { id: 'debian', version: '12', codename: 'bookworm' }, origin: at(line), ...given,
  };
}

export function route(id: string, host: string, line: number, given: Partial<PlanRoute> = {}): PlanRoute {
  return { id, url: `https://${host}`, hosts: [host], path: '', instance: null, machine: 'carrie', upstream: '', ingress: null, expose: 'internal', origin: at(line), ...given };
}

export function name(text: string, type: string, value: string, line: number): PlanName {
  return { name: text, type, value, view: 'internal', origin: at(line) };
}

/** A workload of one container, `server`. */
export function app(appName: string, machine: string, line: number, given: { ports?: readonly PlanPort[]; mounts?: readonly PlanMount[]; states?: readonly PlanState[]; aliases?: readonly string[]; image?: string } = {}) {
  const server = base.container('server', given.image ?? 'docker.io/library/x:1', { ports: given.ports ?? [], mounts: given.mounts ?? [], labAliases: given.aliases ?? [], origin: at(line) });
  return base.instance(appName, machine, { containers: [server], states: given.states ?? [], origin: at(line) });
}

export function port(published: number, given: Partial<PlanPort> = {}): PlanPort {
  return { target: 80, published, address: '192.168.86.11', protocol: 'tcp', ...given };
}

export function bind(source: string, readOnly = false): PlanMount {
  return { type: 'bind', source, target: '/data', readOnly, propagation: null };
}

export function state(path: string, line: number, given: Partial<PlanState> = {}): PlanState {
  return { name: 'data', container: 'server', path, quiesce: 'stop', disposable: null, repository: null, origin: at(line), ...given };
}

/** `edge('flagg L4', 'carrie L3', 'mounts flagg.export.x', 7)`. */
export function edge(from: string, to: string, because: string, line: number): StartEdge {
  const stage = (text: string): Stage => {
    const [machine = '', layer = ''] = text.split(' ');
    return { machine, layer: layer as LayerName };
  };
  return { from: stage(from), to: stage(to), because, origin: at(line) };
}

/** What a rule found: `LAB5001 12+11: sentence`, the line of the place and of each label first. */
export function found(rule: Rule, subject: Plan, edges: readonly StartEdge[] = []): string[] {
  return rule.check({ plan: subject, edges }).map(shown);
}

function shown(diagnostic: Diagnostic): string {
  expect(diagnostic.help).toBeTruthy();
  const lines = [diagnostic.span, ...diagnostic.labels.map((label) => label.span)].map((span) => span.start / WIDTH);
  return `${diagnostic.code} ${lines.join('+')}: ${diagnostic.message}`;
}
