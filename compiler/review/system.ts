/** Differences of what Ansible converges on a machine (L3), item by item, with the handlers that a change notifies. */
import { isLibraryFile } from '../base/library-file.js';
import { notifiedBy, primitiveImpact } from '../impact/primitives.js';
import type { PlanHandler, PlanItem, PlanMachine } from '../plan/machine.js';
import { finding, type Context } from './context.js';
import type { Finding } from './finding.js';
import { same } from './renames.js';

export function systemFindings(context: Context, before: PlanMachine, after: PlanMachine): readonly Finding[] {
  const [old, now] = [itemsOf(before), itemsOf(after)];
  const found: Finding[] = [];
  const known = new Map([...old].map(([id, item]) => [context.renames.renamed(id), item]));
  for (const [id, item] of now) {
    const was = old.get(id) ?? known.get(id);
    if (was === undefined) found.push(itemFinding(after, item, 'added'));
    else {
      const [a, b] = [whole(before, was), whole(after, item)];
      if (!same(a, b) && !context.renames.explains(a, b)) found.push(itemFinding(after, item, 'changed'));
    }
  }
  for (const [id, item] of old) if (!now.has(id) && !now.has(context.renames.renamed(id))) found.push(itemFinding(after, item, 'removed'));
  return found;
}

function itemsOf(machine: PlanMachine): ReadonlyMap<string, PlanItem> {
  const { items = [], verifies = [] } = machine.converge ?? {};
  return new Map([...items, ...verifies].map((item) => [item.id, item]));
}

/** An item with the content of the files that its tasks copy. */
function whole({ converge }: PlanMachine, item: PlanItem): unknown {
  const files = new Map((converge?.files ?? []).map((file) => [file.path, file.content]));
  return { ...item, contents: assetsOf(item.tasks).map((path) => files.get(path)), handlers: notifiedBy(item, converge?.handlers ?? []).map(({ action }) => action) };
}

function assetsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('$' in value && value.$ === 'asset' && 'path' in value) return [String(value.path)];
  return Object.values(value).flatMap(assetsOf);
}

function itemFinding(machine: PlanMachine, item: PlanItem, change: 'added' | 'changed' | 'removed'): Finding {
  const handlers = change === 'removed' ? [] : notifiedBy(item, machine.converge?.handlers ?? []);
  const table = primitiveImpact(item, change, machine.converge?.handlers ?? []) ?? { impact: 'restart', note: 'labc does not know what this disturbs', source: `kind ${item.kind}` };
  const done = [...new Set(handlers.map(({ action }) => handlerText(action)).filter((text) => text !== ''))];
  return finding({
    layer: 'L3', machine: machine.name, kind: item.kind.replace(/_/g, ' '), name: item.key, what: done.length === 0 ? change : `${change}, ${done.join(', ')}`,
    impact: table.impact, note: table.note, source: table.source, origin: isLibraryFile(item.origin.file) ? machine.origin : item.origin,
  });
}

function handlerText(action: PlanHandler['action']): string {
  switch (action.do) {
    case 'restart': return `restarts ${action.unit}`;
    case 'reload': return `reloads ${action.unit}`;
    case 'run': return `runs ${action.command.join(' ')}`;
    case 'reboot': return 'reboots';
    case 'daemon_reload': return '';
  }
}
