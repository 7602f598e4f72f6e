/** `labc graph`: the start graph over (machine, layer), as text by waves, as Graphviz or as JSON. */
import type { Plan, PlanStage } from '../../plan/plan.js';
import type { Options } from '../args.js';
import { checkLabs } from '../labs.js';
import { counted, type Report } from '../report.js';
import type { World } from '../world.js';

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  const labs = (await checkLabs(world, operands, options, report, { warn: false })).filter((lab) => lab.plan !== undefined);
  for (const { root, plan } of labs) if (plan !== undefined) report.say(options.has('dot') ? dot(plan) : text(root, plan));
  report.set('labs', labs.map(({ root, plan }) => ({
    source: root, lab: plan?.lab.name,
    stages: plan?.order.map((stage, index) => ({ index, machine: stage.machine, layer: stage.layer, wave: waves(plan.order)[index], after: stage.after, because: stage.because })),
  })));
}

/** A stage's wave: the number of stages on the longest way to it. Stages of one wave may start together. */
function waves(order: readonly PlanStage[]): readonly number[] {
  const out: number[] = [];
  for (const stage of order) out.push(Math.max(0, ...stage.after.map((before) => (out[before] ?? 0) + 1)));
  return out;
}

function text(root: string, plan: Plan): string {
  const wave = waves(plan.order);
  const last = Math.max(-1, ...wave);
  const width = Math.max(0, ...plan.order.map((stage) => stage.machine.length));
  const lines = [`${root}: ${counted(plan.order.length, 'stage')} in ${counted(last + 1, 'wave')} (L2 makes a machine, L3 converges its system, L4 starts its workloads)`];
  for (let n = 0; n <= last; n++) {
    lines.push(`wave ${n + 1}`);
    plan.order.forEach((stage, i) => {
      if (wave[i] !== n) return;
      const others = before(plan, stage).filter(({ other }) => other.machine !== stage.machine).map(({ other, why }) => `${other.machine} ${other.layer} (${why})`);
      lines.push(`  ${stage.machine.padEnd(width)}  ${stage.layer}${others.length === 0 ? '' : `  after ${others.join(', ')}`}`.trimEnd());
    });
  }
  return `${lines.join('\n')}\n`;
}

/** The stages that one waits for, each with its reason. */
function before(plan: Plan, stage: PlanStage): readonly { readonly other: PlanStage; readonly why: string }[] {
  return stage.after.flatMap((index, i) => {
    const other = plan.order[index];
    return other === undefined ? [] : [{ other, why: stage.because[i] ?? '' }];
  });
}

/** Names of labs and machines are words, layers and reasons are quoted as Graphviz wants it. */
function dot(plan: Plan): string {
  const quote = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
  const name = (stage: PlanStage): string => quote(`${stage.machine} ${stage.layer}`);
  const lines = plan.order.flatMap((stage) => {
    const edges = before(plan, stage).map(({ other, why }) => `  ${name(other)} -> ${name(stage)}${other.machine === stage.machine ? '' : ` [tooltip=${quote(why)}]`};`);
    return [`  ${name(stage)};`, ...edges];
  });
  return `digraph ${quote(plan.lab.name)} {\n  rankdir=LR;\n  node [shape=box];\n${lines.join('\n')}\n}\n`;
}
