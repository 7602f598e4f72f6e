/** Every card has a MAC of its own. That it means a single card is the literal's own rule. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'mac',
  doc: 'MACs are unique in the lab.',
  check({ plan }) {
    const claims = plan.machines.flatMap((machine) => machine.nics.flatMap((nic) => (
      nic.mac === null ? [] : [{ key: nic.mac.toUpperCase(), who: `nic ${nic.network} of ${machine.name}`, origin: nic.origin }]
    )));
    return clashes(claims).map(({ first, second, labels }) => proofs.create.duplicateMac(spanOf(second.origin), { first: first.who, second: second.who, mac: second.key }, { labels }));
  },
};
