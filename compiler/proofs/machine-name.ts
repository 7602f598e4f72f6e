/** A machine's name can be its host name, and no other machine has it. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { HOST_NAME } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'machine-name',
  doc: 'Machine names are host names, unique without regard to case.',
  check({ plan }) {
    const claims = plan.machines.map((machine) => ({ key: machine.name.toLowerCase(), who: machine.name, origin: machine.origin }));
    return [
      ...claims.filter((claim) => !HOST_NAME.test(claim.who)).map((claim) => proofs.create.machineName(spanOf(claim.origin), { name: claim.who })),
      ...clashes(claims).map(({ first, second, labels }) => proofs.create.duplicateMachine(spanOf(second.origin), { first: first.who, second: second.who }, { labels })),
    ];
  },
};
