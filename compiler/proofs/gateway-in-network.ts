/** A gateway is a neighbour: inside the network whose packets it takes, and no address that a machine cannot have. */
import { hosts, networkOf, parseCidr4, parseIp4, printCidr4, printIp4, type Network4 } from '../base/net.js';
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Origin } from '../plan/data.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'gateway-in-network',
  doc: 'Gateways can be reached from the network they serve.',
  check({ plan }) {
    const own = plan.networks.flatMap((network) => check(network.gateway, parseCidr4(network.cidr), `network ${network.name}`, network.origin));
    const gateways = new Set(plan.networks.map((network) => `${network.name} ${network.gateway}`));
    const nics = plan.machines.flatMap((machine) => machine.nics.flatMap((nic) => {
      const ip = nic.address === null ? null : parseIp4(nic.address);
      // One that comes from the network is reported there.
      if (ip === null || nic.prefix === null || gateways.has(`${nic.network} ${nic.gateway}`)) return [];
      return check(nic.gateway, networkOf(ip, nic.prefix), machine.name, nic.origin);
    }));
    return [...own, ...nics];
  },
};

function check(gateway: string | null, network: Network4 | null, what: string, origin: Origin): Diagnostic[] {
  const ip = gateway === null ? null : parseIp4(gateway);
  // In a /31 or /32 the gateway is reached over the link itself.
  if (ip === null || network === null || network.prefix >= 31) return [];
  const { first, last } = hosts(network);
  if (ip >= first && ip <= last) return [];
  return [proofs.create.gatewayOutside(spanOf(origin), { gateway: printIp4(ip), what, cidr: printCidr4(network), first: printIp4(first), last: printIp4(last) })];
}
