/** Disks and images lie on datastores that their node has and that may hold them. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlanDatastore, PlanNode } from '../plan/plan.js';
import { datastoreOf, nodeOf, placements, placeOf, type Placed } from './ground.js';
import { STORAGE_CONTENT } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'placed-content',
  doc: 'What the lab puts on a datastore is content that it may hold.',
  check({ plan }) {
    return placements(plan).flatMap((placed): Diagnostic[] => {
      const node = nodeOf(plan, placed.cluster, placed.node);
      if (node === undefined) return [];
      const datastore = datastoreOf(node, placed.datastore);
      if (datastore === undefined) {
        const names = node.datastores.map((found) => `\`${found.name}\``).join(', ');
        const help = names === '' ? `write \`datastore ${placed.datastore} { ... }\` in node ${node.name}` : `it has ${names}`;
        return [proofs.create.datastoreMissing(spanOf(placed.origin), { node: node.name, datastore: placed.datastore, what: placed.what, help })];
      }
      if (datastore.content.includes(placed.content)) return [];
      const labels = [{ span: spanOf(placeOf(node, datastore)), text: `${datastore.name} holds ${datastore.content.length === 0 ? 'nothing' : datastore.content.join(', ')}` }];
      const values = { datastore: datastore.name, node: node.name, content: placed.content, what: placed.what, help: helpFor(node, datastore, placed) };
      return [proofs.create.contentMissing(spanOf(placed.origin), values, { labels })];
    });
  },
};

/** Another datastore of the node that may hold it, else what to write where this one is declared. */
function helpFor(node: PlanNode, datastore: PlanDatastore, placed: Placed): string {
  const others = node.datastores.filter((found) => found.content.includes(placed.content)).map((found) => `\`${found.name}\``);
  if (others.length > 0) return `put it on ${others.join(' or ')}`;
  const possible = STORAGE_CONTENT[datastore.type]?.includes(placed.content) ?? true;
  return possible
    ? `allow it in Proxmox, and write \`content = [${[...datastore.content, placed.content].join(', ')}]\``
    : `node ${node.name} needs a datastore that may hold \`${placed.content}\``;
}
