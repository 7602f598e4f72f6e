/** A virtual machine has no more disks than it can, and finds each by a serial number of its own. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { clashes } from './claims.js';
import { guestsOf } from './ground.js';
import { DISKS_MOST, SERIAL, SERIAL_BYTES } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'disk-limits',
  doc: 'Disks are few enough, and their serial numbers fit and differ.',
  check({ plan }) {
    return guestsOf(plan).flatMap(({ machine, guest, sort }): Diagnostic[] => {
      if (sort === 'lxc') return [];
      const count = guest.disks.length + guest.passthrough.length;
      const claims = guest.disks.map((disk) => ({ key: disk.serial, who: `disk ${disk.name}`, origin: disk.origin }));
      const misshapen = claims.filter(({ key }) => !SERIAL.test(key) || key.length > SERIAL_BYTES);
      return [
        ...(count <= DISKS_MOST ? [] : [proofs.create.tooManyDisks(spanOf(guest.origin), { machine: machine.name, count: String(count), most: String(DISKS_MOST) })]),
        ...misshapen.map((claim) => proofs.create.diskSerial(spanOf(claim.origin), { serial: claim.key, disk: `${claim.who} of ${machine.name}` })),
        ...clashes(claims).map(({ first, second, labels }) => proofs.create.duplicateSerial(spanOf(second.origin), { first: first.who, second: second.who, machine: machine.name, serial: second.key }, { labels })),
      ];
    });
  },
};
