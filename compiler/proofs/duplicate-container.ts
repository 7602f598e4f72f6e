/** Containers and jobs of an instance have a name each. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'duplicate-container',
  doc: 'No two containers of a workload have one name.',
  check({ plan }) {
    return plan.instances.flatMap((instance) => {
      const claims = [...instance.containers, ...instance.jobs.flatMap((job) => job.container ?? [])].map((container) => ({ key: container.name, who: container.name, origin: container.origin }));
      return clashes(claims).map(({ second, labels }) => proofs.create.duplicateContainer(spanOf(second.origin), { instance: instance.name, name: second.key }, { labels }));
    });
  },
};
