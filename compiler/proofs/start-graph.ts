/** The graph of what is started before what, over machines and layers, and the circles in it. */
import type { LayerName, Plan } from '../plan/plan.js';
import type { Stage, StartEdge } from './rule.js';

const LAYERS: readonly LayerName[] = ['L1', 'L2', 'L3', 'L4'];

/** Circles beyond this number tell nothing new. */
const MOST_CIRCLES = 20;

/** The edges that the lab gives, and those inside each machine: every layer stands on the one below. */
export function allEdges(plan: Plan, edges: readonly StartEdge[]): StartEdge[] {
  const inner = plan.machines.flatMap((machine) => LAYERS.slice(1).map((layer, index): StartEdge => ({
    from: { machine: machine.name, layer: LAYERS[index] ?? 'L1' }, to: { machine: machine.name, layer }, because: 'stands on it', origin: machine.origin,
  })));
  return [...edges, ...inner];
}

export function keyOf(stage: Stage): string {
  return `${stage.machine} ${stage.layer}`;
}

/** `carrie L3 waits for flagg L4 (asks it for names), which waits for ...`: against the edges, from `first` back to where it began. */
export function printCircle(circle: readonly StartEdge[], first: StartEdge): string {
  const turn = circle.indexOf(first) + 1;
  return `${keyOf(first.to)} waits for ${[...circle.slice(turn), ...circle.slice(0, turn)].reverse().map((edge) => `${keyOf(edge.from)} (${edge.because})`).join(', which waits for ')}`;
}

/**
 * Shortest circles, each as edges in order, no stage in two of them. Deterministic: the order of edges decides.
 * Stages that lie on no circle are peeled off first, so that a lab without any costs one pass.
 */
export function circles(edges: readonly StartEdge[]): StartEdge[][] {
  const found: StartEdge[][] = [];
  let rest = peel(edges);
  while (rest.length > 0 && found.length < MOST_CIRCLES) {
    const out = grouped(rest);
    let circle: StartEdge[] | null = null;
    for (const start of out.keys()) {
      circle = shortest(start, out);
      if (circle !== null) break;
    }
    if (circle === null) break;
    found.push(circle);
    const used = new Set(circle.map((edge) => keyOf(edge.to)));
    rest = peel(rest.filter((edge) => !used.has(keyOf(edge.from)) && !used.has(keyOf(edge.to))));
  }
  return found;
}

/** Stages that can never be begun, when of the `anyOf` sources of a stage one is enough and all else must be done. */
export function stuck(edges: readonly StartEdge[], anyOf: ReadonlyMap<string, readonly StartEdge[]>): ReadonlySet<string> {
  const blocked = new Set([...edges, ...[...anyOf.values()].flat()].flatMap((edge) => [keyOf(edge.from), keyOf(edge.to)]));
  const waiting = new Map<string, number>();
  const all = new Map<string, string[]>();
  const any = new Map<string, string[]>();
  for (const edge of edges) {
    waiting.set(keyOf(edge.to), (waiting.get(keyOf(edge.to)) ?? 0) + 1);
    add(all, keyOf(edge.from), keyOf(edge.to));
  }
  for (const [to, sources] of anyOf) {
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
    for (const edge of sources) add(any, keyOf(edge.from), to);
  }
  const answered = new Set<string>();
  const ready = [...blocked].filter((stage) => !waiting.has(stage));
  const release = (stage: string): void => {
    const left = (waiting.get(stage) ?? 1) - 1;
    waiting.set(stage, left);
    if (left === 0) ready.push(stage);
  };
  for (let stage = ready.pop(); stage !== undefined; stage = ready.pop()) {
    blocked.delete(stage);
    for (const to of all.get(stage) ?? []) release(to);
    for (const to of any.get(stage) ?? []) {
      if (answered.has(to)) continue;
      answered.add(to);
      release(to);
    }
  }
  return blocked;
}

/** Without the edges of stages that lie before every circle or after all of them. */
function peel(edges: readonly StartEdge[]): StartEdge[] {
  const late = stuck(edges, new Map());
  const behind = edges.filter((edge) => late.has(keyOf(edge.from)) && late.has(keyOf(edge.to)));
  const early = stuck(behind.map((edge) => ({ ...edge, from: edge.to, to: edge.from })), new Map());
  return behind.filter((edge) => early.has(keyOf(edge.from)) && early.has(keyOf(edge.to)));
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const others = map.get(key);
  if (others === undefined) map.set(key, [value]);
  else others.push(value);
}

function grouped(edges: readonly StartEdge[]): Map<string, StartEdge[]> {
  const out = new Map<string, StartEdge[]>();
  for (const edge of edges) {
    const others = out.get(keyOf(edge.from));
    if (others === undefined) out.set(keyOf(edge.from), [edge]);
    else others.push(edge);
  }
  return out;
}

/** The shortest way from a stage back to itself, breadth first. */
function shortest(start: string, out: ReadonlyMap<string, readonly StartEdge[]>): StartEdge[] | null {
  const by = new Map<string, StartEdge>();
  const queue = [start];
  for (let stage = queue.shift(); stage !== undefined; stage = queue.shift()) {
    for (const edge of out.get(stage) ?? []) {
      const to = keyOf(edge.to);
      if (by.has(to)) continue;
      by.set(to, edge);
      if (to === start) return way(start, by);
      queue.push(to);
    }
  }
  return null;
}

function way(start: string, by: ReadonlyMap<string, StartEdge>): StartEdge[] {
  const circle: StartEdge[] = [];
  let stage = start;
  do {
    const edge = by.get(stage);
    if (edge === undefined) break;
    circle.unshift(edge);
    stage = keyOf(edge.from);
  } while (stage !== start);
  return circle;
}
