/** Networks of a lab are apart, so that an address says where it belongs. */
import { lastOf, parseCidr4, printCidr4 } from '../base/net.js';
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { otherPlace } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'network-overlap',
  doc: 'No two networks share an address.',
  check({ plan }) {
    const networks = plan.networks.flatMap((network) => {
      const cidr = parseCidr4(network.cidr);
      return cidr === null ? [] : [{ network, cidr }];
    }).sort((a, b) => a.cidr.base - b.cidr.base || a.cidr.prefix - b.cidr.prefix);
    const found: Diagnostic[] = [];
    // Sorted by base, a network that overlaps an earlier one starts before the end of the one that reaches farthest.
    let farthest = networks[0];
    for (const next of networks.slice(1)) {
      if (farthest === undefined) break;
      if (next.cidr.base <= lastOf(farthest.cidr)) {
        const first = { name: farthest.network.name, cidr: printCidr4(farthest.cidr) };
        const values = { first: first.name, firstCidr: first.cidr, second: next.network.name, secondCidr: printCidr4(next.cidr) };
        found.push(proofs.create.networkOverlap(spanOf(next.network.origin), values, { labels: [otherPlace({ who: first.name, origin: farthest.network.origin })] }));
      }
      if (lastOf(next.cidr) > lastOf(farthest.cidr)) farthest = next;
    }
    return found;
  },
};
