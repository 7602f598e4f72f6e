/** Machines that labc makes and converges fetch packages and images: without a gateway they reach only their neighbours. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlanMachine } from '../plan/machine.js';
import { otherPlace } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'way-out',
  doc: 'Every machine that is made and converged has a gateway in one of its networks, unless it says that it has none.',
  check({ plan }) {
    const inside = plan.machines.filter(({ guest, converge, nics }) => guest !== null && converge !== null && nics.length > 0 && nics.every(({ gateway }) => gateway === null));
    return plan.networks.flatMap((network): Diagnostic[] => {
      // Where the network has a gateway, the machine said `gateway = none` itself.
      const machines = network.gateway === null ? inside.filter((machine) => firstNetwork(machine) === network.name) : [];
      const [first] = machines;
      if (first === undefined) return [];
      return [proofs.create.noWayOut(spanOf(network.origin), { network: network.name, machines: machines.map(({ name }) => name).join(', ') }, { labels: [otherPlace({ who: first.name, origin: first.origin })] })];
    });
  },
};

function firstNetwork(machine: PlanMachine): string | undefined {
  return machine.nics[0]?.network;
}
