/** A disk has a format that its datastore can hold. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { datastoreOf, guestsOf, nodeOf } from './ground.js';
import { STORAGE_FORMAT } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'disk-format',
  doc: 'The format of a disk is possible on its datastore.',
  check({ plan }) {
    return guestsOf(plan).flatMap(({ machine, guest }) => {
      const node = nodeOf(plan, guest.cluster, guest.node);
      return guest.disks.flatMap((disk) => {
        const type = node === undefined ? undefined : datastoreOf(node, disk.datastore)?.type;
        const possible = type === undefined ? undefined : STORAGE_FORMAT[type];
        if (type === undefined || possible === undefined || possible.includes(disk.format)) return [];
        return [proofs.create.formatImpossible(spanOf(disk.origin), { disk: `disk ${disk.name} of ${machine.name}`, format: disk.format, type, possible: possible.join(', ') })];
      });
    });
  },
};
