/** A host and path lead to one place, over one ingress. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { clashes } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'duplicate-route',
  doc: 'No two routes have a host and path in common.',
  check({ plan }) {
    const instances = new Map(plan.instances.map((instance) => [instance.name, instance.origin]));
    const claims = plan.routes.flatMap((route) => [...new Set(route.hosts.map((host) => host.toLowerCase()))].map((host) => ({
      key: `${host} ${trimmed(route.path)}`, who: route.id, url: `${host}${trimmed(route.path)}`, origin: route.origin, within: instances.get(route.instance ?? ''),
    })));
    return clashes(claims).map(({ first, second, labels }) => proofs.create.duplicateRoute(spanOf(second.origin), { url: second.url, first: first.who, second: second.who }, { labels }));
  },
};

/** `/` and nothing are one path, and so are `/a` and `/a/`. */
function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}
