/** Every static address lies inside the network of its NIC, and is neither that network's own nor its broadcast address. */
import { contains, hosts, lastOf, parseCidr4, parseIp4, printCidr4, printIp4 } from '../base/net.js';
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { PREFIX } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'address-in-network',
  doc: 'Addresses lie inside their network, and are addresses that a machine may have.',
  check({ plan }) {
    const networks = new Map(plan.networks.map((network) => [network.name, { network, cidr: parseCidr4(network.cidr) }]));
    return plan.machines.flatMap((machine) => machine.nics.flatMap((nic): Diagnostic[] => {
      const ip = nic.address === null ? null : parseIp4(nic.address);
      if (ip === null) return [];
      const span = spanOf(nic.origin);
      if (nic.prefix !== null && (nic.prefix < PREFIX.least || nic.prefix > PREFIX.most)) {
        return [proofs.create.prefixLength(span, { prefix: String(nic.prefix), machine: machine.name })];
      }
      const { network, cidr } = networks.get(nic.network) ?? { cidr: null };
      if (network === undefined || cidr === null) return [];
      const { first, last } = hosts(cidr);
      const common = { address: printIp4(ip), machine: machine.name, cidr: printCidr4(cidr), first: printIp4(first), last: printIp4(last) };
      const labels = [{ span: spanOf(network.origin), text: `${network.name} is ${common.cidr}` }];
      if (!contains(cidr, ip)) return [proofs.create.addressOutside(span, { ...common, network: network.name }, { labels })];
      if (ip >= first && ip <= last) return [];
      return [proofs.create.reservedAddress(span, { ...common, role: ip === lastOf(cidr) ? 'broadcast' : 'network' }, { labels })];
    }));
  },
};
