/** Two networks on one bridge differ in their tag. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Plan } from '../plan/plan.js';
import { clashes } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'vlan',
  doc: 'Networks on one bridge have different VLANs.',
  check({ plan }) {
    const claims = plan.networks.flatMap((network) => {
      const { bridge } = network;
      if (bridge === null) return [];
      return clustersOf(plan, network.name).map((cluster) => ({ key: `${cluster} ${bridge} ${network.vlan ?? ''}`, who: network.name, bridge, vlan: network.vlan, origin: network.origin }));
    });
    const seen = new Set<string>();
    return clashes(claims).flatMap(({ first, second, labels }) => {
      const pair = `${first.who} ${second.who}`;
      if (seen.has(pair)) return [];
      seen.add(pair);
      const tag = second.vlan === null ? 'untagged' : `VLAN ${second.vlan}`;
      return [proofs.create.duplicateVlan(spanOf(second.origin), { first: first.who, second: second.who, tag, bridge: second.bridge }, { labels })];
    });
  },
};

/** Bridges of different clusters are different wires, whatever they are called: only networks in use are compared then. */
function clustersOf(plan: Plan, network: string): readonly string[] {
  if (plan.clusters.length <= 1) return [''];
  const guests = plan.machines.filter((machine) => machine.nics.some((nic) => nic.network === network));
  return [...new Set(guests.flatMap((machine) => (machine.guest === null ? [] : [machine.guest.cluster])))];
}
