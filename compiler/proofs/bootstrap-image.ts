/** The registry that needs itself: images pulled over a route of the lab, by what the route or its registry waits for. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Plan } from '../plan/plan.js';
import { circleLabels } from './start-cycle.js';
import { allEdges, circles, printCircle } from './start-graph.js';
import { spanOf, type Rule, type StartEdge } from './rule.js';

interface Pull extends StartEdge {
  readonly instance: string;
  readonly image: string;
}

export const rule: Rule = {
  name: 'bootstrap-image',
  doc: 'No workload that the lab\'s own registry needs is pulled from it.',
  check({ plan, edges }) {
    const pulls = pullsOf(plan);
    if (pulls.length === 0) return [];
    const tangled = new Set<StartEdge>(pulls);
    return circles([...pulls, ...allEdges(plan, edges)]).flatMap((circle): Diagnostic[] => {
      const pull = circle.find((edge): edge is Pull => tangled.has(edge));
      if (pull === undefined) return [];
      const labels = circleLabels(circle.filter((edge) => edge !== pull && edge.from.machine !== edge.to.machine));
      return [proofs.create.bootstrapImage(spanOf(pull.origin), { instance: pull.instance, image: pull.image, circle: printCircle(circle, pull) }, { labels })];
    });
  },
};

/** From the registry's machine and the ingress's to the one that pulls; on one machine only what pulls from itself is a circle. */
function pullsOf(plan: Plan): Pull[] {
  const machines = new Map(plan.instances.map((instance) => [instance.name, instance.machine]));
  const routes = new Map(plan.routes.flatMap((route) => route.hosts.map((host) => [host.toLowerCase(), route] as const)));
  return plan.instances.flatMap((instance) => instance.containers.flatMap((container): Pull[] => {
    const host = container.image.split('/')[0]?.split(':')[0]?.toLowerCase() ?? '';
    const route = container.image.includes('/') ? routes.get(host) : undefined;
    if (route === undefined) return [];
    const sources = [{ name: route.instance, machine: route.machine }, { name: route.ingress, machine: machines.get(route.ingress ?? '') }];
    return sources.flatMap(({ name, machine }): Pull[] => {
      if (machine === undefined || (machine === instance.machine && name !== instance.name)) return [];
      return [{
        from: { machine, layer: 'L4' }, to: { machine: instance.machine, layer: 'L4' }, because: `pulls ${container.image}`,
        origin: container.origin, instance: instance.name, image: container.image,
      }];
    });
  }));
}
