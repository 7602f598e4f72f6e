/** Routes by where they lead, as of the last time that routes were made or everything was forgotten. */
import type { Span } from '../base/span.js';
import type { Ev } from './context.js';
import type { Endpoint, Obj, Value } from './model.js';

interface Reader extends Ev {
  lasting<T>(work: () => T): { readonly value: T; readonly lasts: boolean };
}

export class RoutesByTarget {
  #known: { readonly of: readonly Obj[]; readonly since: number; readonly byTarget: ReadonlyMap<Value, readonly Obj[]> } | null = null;

  /** Routes that lead to an endpoint; `since` tells when everything was forgotten. */
  to(ev: Reader, since: number, endpoint: Endpoint, span: Span): readonly Obj[] {
    const routes = ev.everyOf(['route']);
    if (this.#known?.of === routes && this.#known.since === since) return this.#known.byTarget.get(endpoint) ?? [];
    const byTarget = new Map<Value, Obj[]>();
    const { lasts } = ev.lasting(() => {
      for (const route of routes) {
        const target = ev.attribute(route, 'to', span);
        const known = byTarget.get(target);
        if (known === undefined) byTarget.set(target, [route]);
        else known.push(route);
      }
    });
    if (lasts) this.#known = { of: routes, since, byTarget };
    return byTarget.get(endpoint) ?? [];
  }
}
