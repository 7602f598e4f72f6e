/** An alias on a machine's shared container network means one container. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'duplicate-alias',
  doc: 'No two containers of a machine answer to one alias.',
  check({ plan }) {
    const claims = plan.instances.flatMap((instance) => instance.containers.flatMap((container) => [...new Set(container.labAliases)].map((alias) => ({
      key: `${instance.machine} ${alias.toLowerCase()}`, who: `${instance.name}.${container.name}`, machine: instance.machine, name: alias, origin: container.origin, within: instance.origin,
    }))));
    return clashes(claims).map(({ first, second, labels }) =>
      proofs.create.duplicateAlias(spanOf(second.origin), { first: first.who, second: second.who, name: second.name, machine: second.machine }, { labels }));
  },
};
