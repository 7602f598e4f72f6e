/** A datastore is said to hold only what its type can. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { placeOf } from './ground.js';
import { STORAGE_CONTENT } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'datastore-content',
  doc: 'The content of a datastore is possible for its type.',
  check({ plan }) {
    return plan.clusters.flatMap((cluster) => cluster.nodes.flatMap((node) => node.datastores.flatMap((datastore) => {
      const possible = STORAGE_CONTENT[datastore.type];
      if (possible === undefined) return [];
      return datastore.content.filter((content) => !possible.includes(content)).map((content) =>
        proofs.create.contentImpossible(spanOf(placeOf(node, datastore)), { type: datastore.type, content, possible: possible.join(', '), datastore: datastore.name }));
    })));
  },
};
