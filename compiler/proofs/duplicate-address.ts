/** No two of machines, devices, nodes and gateways have one address. */
import { contains, hosts, parseCidr4, parseIp4, printIp4 } from '../base/net.js';
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { PlanMachine } from '../plan/machine.js';
import type { Plan } from '../plan/plan.js';
import { clashes, type Claim } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'duplicate-address',
  doc: 'Machines, devices, nodes and gateways have an address each.',
  check({ plan }) {
    const claims = addressClaims(plan);
    const taken = new Set(claims.map((claim) => claim.key));
    return clashes(claims).map(({ first, second, labels }) =>
      proofs.create.duplicateAddress(spanOf(second.origin), { address: second.key, first: first.who, second: second.who, help: helpFor(plan, second.key, taken) }, { labels }));
  },
};

/** Nodes and gateways first: the machine that collides with them is the one to change. */
function addressClaims(plan: Plan): Claim[] {
  const nodes = plan.clusters.flatMap((cluster) => cluster.nodes.map((node) => ({ key: node.address, who: `node ${node.name}`, name: node.name, origin: node.origin })));
  const routers = new Set(plan.machines.filter(mayRoute).flatMap((machine) => addressesOf(machine).map((claim) => claim.key)));
  const gateways = new Map(plan.networks.flatMap((network) => (
    network.gateway === null || routers.has(network.gateway) ? [] : [[network.gateway, { key: network.gateway, who: `the gateway of ${network.name}`, origin: network.origin }]]
  )));
  const iron = new Set(nodes.map((node) => `${node.name} ${node.key}`));
  // A node that the lab also converges is written twice, under one name.
  const machines = plan.machines.flatMap((machine) => addressesOf(machine).filter((claim) => machine.guest !== null || !iron.has(`${machine.name} ${claim.key}`)));
  return [...nodes, ...gateways.values(), ...machines];
}

function addressesOf(machine: PlanMachine): Claim[] {
  const nics = machine.nics.flatMap((nic) => (
    nic.address === null || nic.address === 'dhcp' ? [] : [{ key: nic.address, who: machine.nics.length === 1 ? machine.name : `nic ${nic.network} of ${machine.name}`, origin: nic.origin }]
  ));
  return nics.length > 0 || machine.address === null ? nics : [{ key: machine.address, who: machine.name, origin: machine.origin }];
}

/** Who may stand at a network's gateway address: what labc does not build, and a guest that forwards packets. */
function mayRoute(machine: PlanMachine): boolean {
  if (machine.kind !== 'vm' && machine.kind !== 'lxc') return true;
  return machine.converge?.items.some((item) => item.key === 'net.ipv4.ip_forward') ?? false;
}

function helpFor(plan: Plan, address: string, taken: ReadonlySet<string>): string {
  const ip = parseIp4(address);
  const network = ip === null ? undefined : plan.networks.map((found) => parseCidr4(found.cidr)).find((found) => found !== null && contains(found, ip));
  if (network === undefined || network === null) return 'write another address';
  const { first, last } = hosts(network);
  for (let step = 1; step < 4096 && ip !== null; step++) {
    const next = first + ((ip - first + step) % (last - first + 1));
    if (!taken.has(printIp4(next))) return `${printIp4(next)} is free in this lab`;
  }
  return 'write another address';
}
