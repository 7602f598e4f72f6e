/** Several capabilities may say the same about one thing of a machine: said alike it counts once, said differently it is an error with both places. */
import { lab } from '../diagnostics/catalogue/lab.js';
import { compareText, sortedBy } from '../base/text.js';
import type { Obj } from '../eval/model.js';
import type { LoweredItem } from './lowered-item.js';
import type { Lowering } from './context.js';

/** One item for each id, the notifications of all kept: said by the owner whose name comes first. */
export function unite(low: Lowering, machine: Obj, lowered: readonly LoweredItem[]): LoweredItem[] {
  if (new Set(lowered.map((entry) => entry.item.id)).size === lowered.length) return [...lowered];
  const byId = new Map<string, LoweredItem>();
  for (const entry of sortedBy(lowered, ({ item }) => item.owner)) {
    const first = byId.get(entry.item.id);
    if (first === undefined) byId.set(entry.item.id, entry);
    else if (said(first) === said(entry)) byId.set(entry.item.id, { ...first, item: { ...first.item, tasks: first.item.tasks.map((task, i) => ({ ...task, notify: [...new Set([...task.notify, ...(entry.item.tasks[i]?.notify ?? [])])].sort(compareText) })) } });
    else {
      low.ev.report(lab.create.saidTwice(entry.obj.span, { kind: entry.item.kind, key: entry.item.key, machine: machine.key, first: first.item.owner, second: entry.item.owner }, { labels: [{ span: first.obj.span, text: `${first.item.owner} says it here` }] }));
    }
  }
  return [...byId.values()];
}

function said(entry: LoweredItem): string {
  return JSON.stringify([entry.item.tasks.map((task) => ({ ...task, notify: [] })), entry.item.undo, [...entry.files.values()].map((file) => [file.path, file.content])]);
}
