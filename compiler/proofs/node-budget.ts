/** The machines of a node fit into its memory, and each into its cores. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { guestsOf, runs, type Guest } from './ground.js';
import { printSize } from './quantities.js';
import { spanOf, type Rule } from './rule.js';
import type { PlanNode } from '../plan/plan.js';

/** How many machines are shown as the largest. */
const SHOWN = 3;

export const rule: Rule = {
  name: 'node-budget',
  doc: 'Nodes have the memory and cores that their machines are given.',
  check({ plan }) {
    const byNode = new Map<string, Guest[]>();
    for (const guest of guestsOf(plan)) {
      const key = `${guest.guest.cluster} ${guest.guest.node}`;
      const others = byNode.get(key);
      if (others === undefined) byNode.set(key, [guest]);
      else others.push(guest);
    }
    return plan.clusters.flatMap((cluster) => cluster.nodes.flatMap((node) => {
      const guests = byNode.get(`${cluster.name} ${node.name}`) ?? [];
      return [...cores(node, guests), ...memory(node, guests.filter(({ guest }) => runs(guest)))];
    }));
  },
};

function cores(node: PlanNode, guests: readonly Guest[]): Diagnostic[] {
  const most = node.cores;
  if (most === null) return [];
  return guests.filter(({ guest }) => guest.cores > most).map(({ machine, guest }) =>
    proofs.create.coresOver(spanOf(guest.origin), { machine: machine.name, cores: String(guest.cores), node: node.name, most: String(most) }, { labels: [{ span: spanOf(node.origin), text: `${node.name} is here` }] }));
}

function memory(node: PlanNode, guests: readonly Guest[]): Diagnostic[] {
  if (node.memory === null) return [];
  const most = node.memory - (node.reserve ?? 0);
  const sum = guests.reduce((total, { guest }) => total + guest.memory, 0);
  if (sum <= most) return [];
  const largest = [...guests].sort((a, b) => b.guest.memory - a.guest.memory).slice(0, SHOWN);
  const labels = largest.map(({ machine, guest }) => ({ span: spanOf(guest.origin), text: `${machine.name} has ${printSize(guest.memory)}` }));
  return [proofs.create.memoryOver(spanOf(node.origin), { node: node.name, sum: printSize(sum), most: printSize(most), excess: printSize(sum - most) }, { labels })];
}
