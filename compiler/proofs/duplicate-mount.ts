/** Every disk of a machine is mounted at a place of its own. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Origin } from '../plan/data.js';
import { clashes, type Claim } from './claims.js';
import { guestsOf } from './ground.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'duplicate-mount',
  doc: 'No two disks or volumes of a machine are mounted at one path.',
  check({ plan }) {
    const claims = guestsOf(plan).flatMap(({ machine: { name: machine }, guest }) => {
      const claim = (path: string, who: string, origin: Origin): Claim & { machine: string; path: string } => ({ key: `${machine} ${path}`, who, origin, machine, path });
      return [
        ...guest.disks.flatMap((disk) => (disk.mount === null ? [] : [claim(disk.mount, `disk ${disk.name}`, disk.origin)])),
        ...guest.mountPoints.map((point) => claim(point.path, point.source, guest.origin)),
      ];
    });
    return clashes(claims).map(({ first, second, labels }) =>
      proofs.create.duplicateMount(spanOf(second.origin), { first: first.who, second: second.who, machine: second.machine, path: second.path }, { labels }));
  },
};
