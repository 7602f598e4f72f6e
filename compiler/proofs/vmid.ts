/** Every guest, and every owner of kept disks, has a VMID of its own in its cluster. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes, type Claim } from './claims.js';
import { guestsOf } from './ground.js';
import { VMID } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'vmid',
  doc: 'VMIDs are unique in their cluster and numbers that Proxmox takes.',
  check({ plan }) {
    const claims = guestsOf(plan).flatMap(({ machine, guest: { vmid, dataVmid, cluster, origin } }) => {
      const claim = (who: string, number: number): Claim & { vmid: number; cluster: string } => ({ key: `${cluster} ${number}`, who, vmid: number, cluster, origin });
      return [claim(machine.name, vmid), ...(dataVmid === null ? [] : [claim(`the data of ${machine.name}`, dataVmid)])];
    });
    const wrong = claims.filter(({ vmid }) => !Number.isInteger(vmid) || vmid < VMID.least || vmid > VMID.most);
    return [
      ...clashes(claims).map(({ first, second, labels }) => proofs.create.duplicateVmid(spanOf(second.origin), { first: first.who, second: second.who, vmid: String(second.vmid), cluster: second.cluster }, { labels })),
      ...wrong.map((claim) => proofs.create.vmidRange(spanOf(claim.origin), { vmid: String(claim.vmid), machine: claim.who })),
    ];
  },
};
