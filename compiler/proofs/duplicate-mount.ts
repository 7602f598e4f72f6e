/** Every disk of a machine is mounted at a place of its own. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { guestsOf } from './ground.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'duplicate-mount',
  doc: 'No two disks or volumes of a machine are mounted at one path.',
  check({ plan }) {
    const claims = guestsOf(plan).flatMap(({ machine, guest }) => [
      ...guest.disks.flatMap((disk) => (disk.mount === null ? [] : [{ path: disk.mount, who: `disk ${disk.name}`, origin: disk.origin }])),
      ...guest.mountPoints.map((point) => ({ path: point.path, who: point.source, origin: guest.origin })),
    ].map((claim) => ({ ...claim, key: `${machine.name} ${claim.path}`, machine: machine.name })));
    return clashes(claims).map(({ first, second, labels }) =>
      proofs.create.duplicateMount(spanOf(second.origin), { first: first.who, second: second.who, machine: second.machine, path: second.path }, { labels }));
  },
};
