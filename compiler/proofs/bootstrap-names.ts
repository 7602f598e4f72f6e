/**
 * The resolver that needs names to start. Asking for names orders nothing by itself; but a machine whose only resolvers
 * are machines of the lab that wait for it, or the machine itself, can never install its first package.
 */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlanMachine } from '../plan/machine.js';
import type { LayerName, Plan } from '../plan/plan.js';
import { addressesOf } from './ground.js';
import { circleLabels } from './start-cycle.js';
import { allEdges, circles, keyOf, printCircle, stuck } from './start-graph.js';
import { spanOf, type Rule, type StartEdge } from './rule.js';

const BECAUSE = 'asks it for names';

export const rule: Rule = {
  name: 'bootstrap-names',
  doc: 'Every machine has a resolver that is there before it.',
  check({ plan, edges }) {
    const base = allEdges(plan, edges);
    const asks = resolverEdges(plan);
    if (asks.size === 0) return [];
    const blocked = stuck(base, asks);
    if (blocked.size === 0) return [];
    const known = stuck(base, new Map());
    // Of several resolvers that are all blocked, one shows why.
    const needed = [...asks].flatMap(([to, sources]) => (blocked.has(to) && sources.every((edge) => blocked.has(keyOf(edge.from))) ? sources.slice(0, 1) : []));
    const tangle = [...needed, ...base].filter((edge) => blocked.has(keyOf(edge.from)) && blocked.has(keyOf(edge.to)) && !known.has(keyOf(edge.to)));
    return circles(tangle).flatMap((circle): Diagnostic[] => {
      const ask = circle.find((edge) => edge.because === BECAUSE);
      if (ask === undefined) return [];
      const network = plan.machines.find((machine) => machine.name === ask.to.machine)?.nics[0]?.network ?? '';
      const labels = circleLabels(circle.filter((edge) => edge !== ask && edge.from.machine !== edge.to.machine));
      return [proofs.create.bootstrapNames(spanOf(ask.origin), { machine: ask.to.machine, circle: printCircle(circle, ask), network }, { labels })];
    });
  },
};

/** By the stage that asks: one edge for each machine of the lab that it may ask. Machines with a resolver outside are left out. */
export function resolverEdges(plan: Plan): ReadonlyMap<string, readonly StartEdge[]> {
  const byAddress = new Map(plan.machines.flatMap((machine) => addressesOf(machine).map((address) => [address, machine] as const)));
  const hosting = new Set(plan.instances.map((instance) => instance.machine));
  const networks = new Map(plan.networks.map((network) => [network.name, network.resolvers]));
  const found = new Map<string, StartEdge[]>();
  for (const machine of plan.machines) {
    if (machine.converge === null && !hosting.has(machine.name)) continue;
    // One that is itself the network's resolver and has no fallback is left with none: it would have to ask itself.
    const given = machine.nics.flatMap((nic) => nic.resolvers);
    const resolvers = [...new Set(given.length > 0 ? given : machine.nics.flatMap((nic) => networks.get(nic.network) ?? []))];
    const own = resolvers.flatMap((address) => byAddress.get(address) ?? []);
    if (own.length === 0 || own.length < resolvers.length) continue;
    const to = { machine: machine.name, layer: 'L3' as const };
    const origin = machine.nics.find((nic) => nic.resolvers.length > 0)?.origin ?? machine.origin;
    found.set(keyOf(to), own.map((other) => ({ from: { machine: other.name, layer: layerOf(other, hosting) }, to, because: BECAUSE, origin })));
  }
  return found;
}

/** The layer on which a machine answers: that of its workloads, else what it is converged to, else its being there. */
function layerOf(machine: PlanMachine, hosting: ReadonlySet<string>): LayerName {
  if (hosting.has(machine.name)) return 'L4';
  return machine.converge === null ? 'L2' : 'L3';
}
