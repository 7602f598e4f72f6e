/**
 * The start graph as runs of Ansible: machines of one layer that wait for none of each other run at once, and a run
 * comes after everything that one of its machines waits for.
 */
import type { LayerName, Plan, PlanStage } from '../../plan/plan.js';

export interface Batch {
  readonly layer: LayerName;
  readonly machines: readonly string[];
}

/**
 * Runs for all stages of `layer`. With `needed`, stages of the other layer that one of them waits for come on the way:
 * a machine may take its packages from a mirror that is another one's workload.
 */
export function batches(plan: Plan, layer: 'L3' | 'L4', needed: boolean): readonly Batch[] {
  const wanted = stagesFor(plan.order, layer, needed);
  const depth: number[] = [];
  const runs = new Map<string, { readonly layer: LayerName; readonly depth: number; readonly machines: string[] }>();
  plan.order.forEach((stage, at) => {
    const level = Math.max(0, ...stage.after.map((before) => (depth[before] ?? 0) + (wanted.has(before) ? 1 : 0)));
    depth.push(level);
    if (!wanted.has(at)) return;
    const key = `${level} ${stage.layer}`;
    const run = runs.get(key) ?? { layer: stage.layer, depth: level, machines: [] };
    run.machines.push(stage.machine);
    runs.set(key, run);
  });
  return [...runs.values()].sort((a, b) => a.depth - b.depth);
}

function stagesFor(order: readonly PlanStage[], layer: 'L3' | 'L4', needed: boolean): ReadonlySet<number> {
  const wanted = new Set<number>();
  const reached = new Set<number>();
  for (let at = order.length - 1; at >= 0; at--) {
    const stage = order[at]!;
    const own = stage.layer === layer;
    if (own || (needed && reached.has(at) && (stage.layer === 'L3' || stage.layer === 'L4'))) wanted.add(at);
    if (own || reached.has(at)) stage.after.forEach((before) => reached.add(before));
  }
  return wanted;
}

/** Names in the order in which their first stage comes, then those without a stage. */
export function startOrder(plan: Plan): readonly string[] {
  return [...new Set([...plan.order.map((stage) => stage.machine), ...plan.machines.map((machine) => machine.name)])];
}
