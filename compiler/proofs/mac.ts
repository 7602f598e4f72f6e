/** Every card has a MAC of its own, and one that means a single card. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'mac',
  doc: 'MACs are unique in the lab and unicast.',
  check({ plan }) {
    const claims = plan.machines.flatMap((machine) => machine.nics.flatMap((nic) => (
      nic.mac === null ? [] : [{ key: nic.mac.toUpperCase(), who: `nic ${nic.network} of ${machine.name}`, machine: machine.name, origin: nic.origin }]
    )));
    const group = claims.filter((claim) => parseInt(claim.key.slice(1, 2), 16) % 2 === 1);
    return [
      ...clashes(claims).map(({ first, second, labels }) => proofs.create.duplicateMac(spanOf(second.origin), { first: first.who, second: second.who, mac: second.key }, { labels })),
      ...group.map((claim) => proofs.create.multicastMac(spanOf(claim.origin), { mac: claim.key, machine: claim.machine, suggestion: unicast(claim.key) })),
    ];
  },
};

function unicast(mac: string): string {
  return `${mac.slice(0, 1)}${(parseInt(mac.slice(1, 2), 16) - 1).toString(16).toUpperCase()}${mac.slice(2)}`;
}
