/** A guest has no more network cards than the provider gives it. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { guestsOf } from './ground.js';
import { NICS_MOST } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'nic-count',
  doc: 'Guests have a possible number of network cards.',
  check({ plan }) {
    return guestsOf(plan).filter(({ machine, sort }) => machine.nics.length > NICS_MOST[sort]).map(({ machine, sort }) =>
      proofs.create.tooManyNics(spanOf(machine.nics[NICS_MOST[sort]]?.origin ?? machine.origin), {
        machine: machine.name, count: String(machine.nics.length), kind: sort === 'lxc' ? 'a container' : 'a virtual machine', most: String(NICS_MOST[sort]),
      }));
  },
};
