/**
 * The start graph as runs of Ansible. A playbook holds its layer in start order, so one run does all of it, unless a
 * system waits for another machine's workload: then the layers take turns.
 */
import type { LayerName, Plan } from '../../plan/plan.js';

export interface Batch {
  readonly layer: LayerName;
  readonly machines: readonly string[];
}

/** Runs that converge every system, with the workloads that one of them waits for, as few as the graph allows. */
export function systemBatches(plan: Plan): readonly Batch[] {
  const wanted = systemStages(plan);
  const turns: number[] = [];
  const runs = new Map<number, { readonly layer: LayerName; readonly machines: string[] }>();
  plan.order.forEach((stage, at) => {
    const earliest = Math.max(0, ...stage.after.map((before) => turns[before] ?? 0));
    if (!wanted.has(at)) {
      turns.push(earliest);
      return;
    }
    // Systems have the even turns, workloads the odd ones.
    const turn = earliest % 2 === (stage.layer === 'L3' ? 0 : 1) ? earliest : earliest + 1;
    turns.push(turn);
    const run = runs.get(turn) ?? { layer: stage.layer, machines: [] };
    run.machines.push(stage.machine);
    runs.set(turn, run);
  });
  return [...runs].sort(([a], [b]) => a - b).map(([, run]) => run);
}

/** Stages of L3, and of L4 where one of L3 comes after them. */
function systemStages(plan: Plan): ReadonlySet<number> {
  const wanted = new Set<number>();
  const awaited = new Set<number>();
  for (let at = plan.order.length - 1; at >= 0; at--) {
    const { layer, after } = plan.order[at]!;
    if (layer === 'L3' || (layer === 'L4' && awaited.has(at))) wanted.add(at);
    if (layer === 'L3' || awaited.has(at)) after.forEach((before) => awaited.add(before));
  }
  return wanted;
}

/** Names in the order in which their first stage comes, then those without a stage. */
export function startOrder(plan: Plan): readonly string[] {
  return [...new Set([...plan.order.map((stage) => stage.machine), ...plan.machines.map((machine) => machine.name)])];
}
