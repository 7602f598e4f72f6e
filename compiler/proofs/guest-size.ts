/** Memory and cores of a guest are numbers that the provider takes. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { guestsOf } from './ground.js';
import { CORES_MOST, MEMORY_FLOOR } from './pve-limits.js';
import { printSize } from './quantities.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'guest-size',
  doc: 'Guests have enough memory and a possible number of cores.',
  check({ plan }) {
    return guestsOf(plan).flatMap(({ machine, guest, sort }): Diagnostic[] => {
      const span = spanOf(guest.origin);
      const [least, most] = [MEMORY_FLOOR[sort], CORES_MOST[sort]];
      return [
        ...(guest.memory >= least ? [] : [proofs.create.memoryFloor(span, { machine: machine.name, memory: printSize(guest.memory), least: printSize(least) })]),
        ...(guest.cores >= 1 && guest.cores <= most ? [] : [proofs.create.coresRange(span, { machine: machine.name, cores: String(guest.cores), most: String(most) })]),
      ];
    });
  },
};
