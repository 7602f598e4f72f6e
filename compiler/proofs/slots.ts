/** Every slot of a virtual machine exists and holds one thing. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlanGuest } from '../plan/machine.js';
import { clashes, type Claim } from './claims.js';
import { guestsOf } from './ground.js';
import { BUSES, HOSTPCI_MOST, USB_MOST } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'slots',
  doc: 'Disks and devices stand in slots that exist, one in each.',
  check({ plan }) {
    return guestsOf(plan).flatMap(({ machine, guest, sort }): Diagnostic[] => {
      if (sort === 'lxc') return [];
      const claims = slotClaims(guest);
      const wrong = claims.flatMap((claim) => {
        const help = helpFor(claim, guest.chipset);
        return help === null ? [] : [proofs.create.slotInvalid(spanOf(claim.origin), { machine: machine.name, slot: claim.key, help })];
      });
      const taken = clashes(claims).map(({ first, second, labels }) =>
        proofs.create.slotTaken(spanOf(second.origin), { slot: second.key, machine: machine.name, first: first.who, second: second.who }, { labels }));
      return [...wrong, ...taken];
    });
  },
};

interface SlotClaim extends Claim {
  readonly buses: Readonly<Record<string, number>>;
}

function slotClaims(guest: PlanGuest): SlotClaim[] {
  const { origin } = guest;
  return [
    ...guest.disks.map((disk) => ({ key: disk.slot, who: `disk ${disk.name}`, origin: disk.origin, buses: BUSES })),
    ...guest.passthrough.map((raw) => ({ key: raw.slot, who: raw.device, origin: raw.origin ?? origin, buses: BUSES })),
    ...(guest.cloudInit === null ? [] : [{ key: guest.cloudInit.slot, who: 'the cloud-init drive', origin, buses: BUSES }]),
    ...guest.pci.map((pci) => ({ key: pci.slot, who: `pci ${pci.name}`, origin: pci.origin ?? origin, buses: { hostpci: HOSTPCI_MOST } })),
    ...guest.usb.map((usb) => ({ key: usb.slot, who: `usb ${usb.mapping}`, origin: usb.origin ?? origin, buses: { usb: USB_MOST } })),
  ];
}

/** Null where the slot exists. */
function helpFor(claim: SlotClaim, chipset: PlanGuest['chipset']): string | null {
  const [, bus = '', number = ''] = /^([a-z]+)(0|[1-9][0-9]*)$/.exec(claim.key) ?? [];
  const most = claim.buses[bus];
  if (most === undefined) return `write a slot such as \`${Object.keys(claim.buses).includes('scsi') ? 'scsi1' : `${Object.keys(claim.buses)[0]}0`}\``;
  if (Number(number) > most) return `they are ${bus}0 to ${bus}${most}`;
  return bus === 'ide' && chipset === 'q35' && Number(number) % 2 === 1 ? 'with the chipset q35 it has ide0 and ide2 only' : null;
}
