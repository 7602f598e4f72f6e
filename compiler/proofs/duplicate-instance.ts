/** Names of instances are unique in the lab. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'duplicate-instance',
  doc: 'No two workloads have one name.',
  check({ plan }) {
    const claims = plan.instances.map((instance) => ({ key: instance.name, who: `${instance.name} on ${instance.machine}`, app: instance.app, origin: instance.origin }));
    return clashes(claims).map(({ second, labels }) => proofs.create.duplicateInstance(spanOf(second.origin), { name: second.key, app: second.app }, { labels }));
  },
};
