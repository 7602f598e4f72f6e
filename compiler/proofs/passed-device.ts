/** What is handed through belongs to one machine of a node: PCI and USB mappings among those that run, raw disks always. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { guestsOf, runs } from './ground.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'passed-device',
  doc: 'No device of a node is given to two machines that may run at once.',
  check({ plan }) {
    const claims = guestsOf(plan).flatMap(({ machine, guest }) => {
      const place = `${guest.cluster} ${guest.node}`;
      const running = runs(guest);
      return [
        ...(running ? guest.pci.map(({ mapping, origin }) => ({ origin, key: `${place} pci ${mapping}`, device: `PCI device ${mapping}`, help: 'give it to one of them, or write `started = false` and `on_boot = false` for the other' })) : []),
        ...(running ? guest.usb.map(({ mapping, origin }) => ({ origin, key: `${place} usb ${mapping}`, device: `USB device ${mapping}`, help: 'give it to one of them, or write `started = false` and `on_boot = false` for the other' })) : []),
        ...guest.passthrough.map(({ device, origin }) => ({ origin, key: `${place} disk ${device}`, device: `disk ${device}`, help: 'give it to one of them: two systems that write to one disk destroy it' })),
      ].map((claim) => ({ ...claim, who: machine.name, node: guest.node, origin: claim.origin ?? guest.origin }));
    });
    return clashes(claims).map(({ first, second, labels }) =>
      proofs.create.deviceTaken(spanOf(second.origin), { device: second.device, node: second.node, first: first.who, second: second.who, help: second.help }, { labels }));
  },
};
