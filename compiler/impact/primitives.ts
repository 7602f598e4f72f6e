/**
 * What a change of an L3 item does on its machine: what it notifies (a service restarted, the machine rebooted) and, where
 * its kind says more than that, the kind's own word. All of it is in the plan; no kind is known here by name.
 */
import type { PlanHandler, PlanItem } from '../plan/machine.js';
import { worse, type Impact, type ImpactOf } from './impact.js';

/** `handlers` are those of the item's machine. For a removed item, give those of the plan that still had it. */
export function primitiveImpact(item: PlanItem, change: 'added' | 'changed' | 'removed', handlers: readonly PlanHandler[]): ImpactOf | undefined {
  const source = `kind ${item.kind}`;
  if (change === 'removed') {
    if (item.undo.length === 0) return { impact: 'in_place', note: 'it stays on the machine: nothing undoes it', source };
    return { impact: 'in_place', note: `it is taken back: ${item.undo.map(({ verb, only }) => (only === 'retired' ? `${verb}, once a retire names it` : verb)).join(', ')}`, source };
  }
  const notified = new Set(item.tasks.flatMap(({ notify }) => notify));
  const actions = handlers.filter(({ id }) => notified.has(id));
  if (actions.length === 0) return { impact: 'in_place', note: change === 'added' ? 'it is set up' : 'it is changed where it is', source };
  const impact = actions.map(({ action }): Impact => (action.do === 'reboot' ? 'reboot' : action.do === 'restart' ? 'restart' : 'in_place')).reduce(worse);
  return { impact, note: actions.map(({ id }) => id).join(', '), source: `${source}, on_change` };
}
