/** Every guest, and every owner of kept disks, has a VMID of its own in its cluster. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { guestsOf } from './ground.js';
import { VMID } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'vmid',
  doc: 'VMIDs are unique in their cluster and numbers that Proxmox takes.',
  check({ plan }) {
    const claims = guestsOf(plan).flatMap(({ machine, guest }) => [
      { who: machine.name, vmid: guest.vmid },
      ...(guest.dataVmid === null ? [] : [{ who: `the data of ${machine.name}`, vmid: guest.dataVmid }]),
    ].map((claim) => ({ ...claim, key: `${guest.cluster} ${claim.vmid}`, cluster: guest.cluster, origin: guest.origin })));
    const wrong = claims.filter(({ vmid }) => !Number.isInteger(vmid) || vmid < VMID.least || vmid > VMID.most);
    return [
      ...clashes(claims).map(({ first, second, labels }) => proofs.create.duplicateVmid(spanOf(second.origin), { first: first.who, second: second.who, vmid: String(second.vmid), cluster: second.cluster }, { labels })),
      ...wrong.map((claim) => proofs.create.vmidRange(spanOf(claim.origin), { vmid: String(claim.vmid), machine: claim.who })),
    ];
  },
};
