/** A named volume of a machine belongs to one cache of one instance. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'duplicate-volume',
  doc: 'No two caches of a machine share a volume.',
  check({ plan }) {
    const claims = plan.instances.flatMap((instance) => instance.volumes.map((volume) => ({
      key: `${instance.machine} ${volume.external}`, who: `${instance.name}.${volume.name}`, machine: instance.machine, name: volume.external, origin: instance.origin,
    })));
    return clashes(claims).map(({ first, second, labels }) =>
      proofs.create.duplicateVolume(spanOf(second.origin), { name: second.name, machine: second.machine, first: first.who, second: second.who }, { labels }));
  },
};
