/** Where states lie on their machine. */
import type { Ev } from './context.js';
import { serviceName } from './endpoints.js';
import type { Obj } from './model.js';
import { plainText } from './text.js';
import { compareText } from '../base/text.js';

/** The folder that holds states: `/srv`, or where the machine's kept disk is mounted. */
export function stateRootOf(ev: Ev, machine: Obj | null): string {
  const kept = (machine?.childrenOf('disk') ?? []).filter((disk) => ev.attribute(disk, 'keep', disk.span) === true).flatMap((disk) => plainText(ev.attribute(disk, 'mount', disk.span)) ?? []);
  return kept.includes('/srv') ? '/srv' : (kept.sort(compareText)[0] ?? '/srv');
}

/** The capability that asks for a state of its machine; empty where the machine does. */
export function capabilityOf(state: Obj): string {
  for (let at = state.parent; at !== null; at = at.parent) if (at.kind.word === 'capability') return at.key;
  return '';
}

/** `/srv/immich/db/data`; a capability's state lies where it says. */
export function statePath(ev: Ev, state: Obj): string {
  if (state.instance === null) return plainText(ev.attribute(state, 'at', state.span)) ?? '';
  const service = state.parent === null ? '' : serviceName(state.parent);
  return `${stateRootOf(ev, state.machine)}/${state.instance.key}/${service}/${state.key}`;
}
