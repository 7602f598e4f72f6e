/** What is started first exists: start edges make no circle. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { allEdges, circles, keyOf, printCircle } from './start-graph.js';
import { spanOf, type Rule, type StartEdge } from './rule.js';

export const rule: Rule = {
  name: 'start-cycle',
  doc: 'Machines and layers can be started one after the other.',
  check({ plan, edges }) {
    return circles(allEdges(plan, edges)).flatMap((circle): Diagnostic[] => {
      // What stands on its own lower layers cannot be broken, so it is no reason that helps.
      const reasons = circle.filter((edge) => !isInner(edge));
      const first = reasons[0] ?? circle[0];
      if (first === undefined) return [];
      const values = { circle: printCircle(circle, first), reasons: reasons.map((edge) => `${keyOf(edge.to)} ${edge.because}`).join('; ') };
      return [proofs.create.startCycle(spanOf(first.origin), values, { labels: circleLabels(reasons.slice(1)) })];
    });
  },
};

/** The places of a circle's edges, each with its reason. */
export function circleLabels(edges: readonly StartEdge[]): { span: ReturnType<typeof spanOf>; text: string }[] {
  return edges.map((edge) => ({ span: spanOf(edge.origin), text: `${edge.to.machine} ${edge.because}` }));
}

function isInner(edge: StartEdge): boolean {
  return edge.from.machine === edge.to.machine && edge.from.layer < edge.to.layer;
}
