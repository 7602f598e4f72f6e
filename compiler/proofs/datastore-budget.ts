/** The disks of a datastore fit into it: of a thick one they must, of a thin one they should. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { datastoreOf, nodeOf, placements, placeOf, type Placed } from './ground.js';
import { THICK } from './pve-limits.js';
import { printSize } from './quantities.js';
import { spanOf, type Rule } from './rule.js';

/** How many disks are shown as the largest. */
const SHOWN = 3;

export const rule: Rule = {
  name: 'datastore-budget',
  doc: 'Datastores have the space that their disks are given.',
  check({ plan }) {
    const groups = new Map<string, Placed[]>();
    for (const placed of placements(plan)) {
      const node = nodeOf(plan, placed.cluster, placed.node);
      const shared = node !== undefined && datastoreOf(node, placed.datastore)?.shared === true;
      const key = shared ? `${placed.cluster} ${placed.datastore}` : `${placed.cluster} ${placed.node} ${placed.datastore}`;
      const others = groups.get(key);
      if (others === undefined) groups.set(key, [placed]);
      else others.push(placed);
    }
    return [...groups.values()].flatMap((placed): Diagnostic[] => {
      const first = placed[0];
      const node = first === undefined ? undefined : nodeOf(plan, first.cluster, first.node);
      const datastore = node === undefined || first === undefined ? undefined : datastoreOf(node, first.datastore);
      if (node === undefined || datastore === undefined || datastore.size === null) return [];
      const sum = placed.reduce((total, { size }) => total + size, 0);
      if (sum <= datastore.size) return [];
      const largest = [...placed].sort((a, b) => b.size - a.size).slice(0, SHOWN);
      const labels = largest.map((one) => ({ span: spanOf(one.origin), text: `${one.what} takes ${printSize(one.size)}` }));
      const create = THICK.includes(datastore.type) ? proofs.create.datastoreFull : proofs.create.datastoreOvercommitted;
      const values = { datastore: datastore.name, node: node.name, sum: printSize(sum), most: printSize(datastore.size), excess: printSize(sum - datastore.size) };
      return [create(spanOf(placeOf(node, datastore)), values, { labels })];
    });
  },
};
