/** The start graph: which layer of which machine waits for which, and one order that keeps it. */
import type { Lowering } from './context.js';
import type { Obj } from '../eval/model.js';
import { isObject } from '../eval/value.js';
import type { LayerName, Plan, PlanStage } from '../plan/plan.js';
import { resolverEdges } from '../proofs/bootstrap-names.js';
import type { StartEdge } from '../proofs/rule.js';
import { keyOf } from '../proofs/start-graph.js';
import { allEdges, stuck } from '../proofs/start-graph.js';
import { compareText } from '../base/text.js';

interface Layers {
  readonly machine: Obj;
  readonly layers: readonly LayerName[];
}

/** The layers that labc acts on, by machine. */
export function layersOf(machine: Obj): LayerName[] {
  const out: LayerName[] = [];
  if (machine.kind.roles.has('guest')) out.push('L2');
  if (machine.kind.word !== 'appliance' && machine.kind.word !== 'device') out.push('L3');
  if (machine.childrenOf('run').length > 0) out.push('L4');
  return out;
}

/** Start edges: a gateway before what goes through it, an export's machine before what mounts it. */
export function startEdges(low: Lowering, machines: readonly Obj[]): StartEdge[] {
  const edges: StartEdge[] = [];
  const last = (machine: Obj): LayerName | undefined => layersOf(machine).filter((layer) => layer !== 'L4').pop();
  const wait = (machine: Obj, layer: LayerName, on: Obj, because: string, obj: Obj): void => {
    const from = last(on);
    if (from !== undefined && layersOf(machine).includes(layer)) edges.push({ from: { machine: on.key, layer: from }, to: { machine: machine.key, layer }, because, origin: low.origin(obj) });
  };
  for (const machine of machines) {
    for (const nic of machine.childrenOf('nic')) {
      const gateway = low.get(nic, 'gateway');
      if (isObject(gateway) && gateway.t === 'obj') wait(machine, 'L3', gateway, `goes out through ${gateway.key}`, nic);
    }
    for (const mount of machine.childrenOf('mount')) {
      const source = low.ref(mount, 'source');
      if (source?.machine !== undefined && source?.machine !== null) wait(machine, 'L3', source.machine, `mounts ${source.machine.key}.export.${source.key}`, mount);
    }
  }
  return edges;
}

/**
 * A lab that starts from nothing has its resolver first: the rest cannot find a package without names. This orders stages, it is
 * no start edge: once the lab runs, nothing waits for a resolver, and of several that answer each other any may be the first.
 */
export function namesFirst(plan: Plan, edges: readonly StartEdge[]): StartEdge[] {
  const asks = [...resolverEdges(plan).values()].flatMap((sources) => sources.filter((edge) => edge.from.machine !== edge.to.machine).slice(0, 1));
  return stuck([...allEdges(plan, edges), ...asks], new Map()).size === 0 ? asks : [];
}

/**
 * Stages so that each stands after all it waits for, and after one of the machines that it may ask for names; ties by machine,
 * then layer. What lies in a circle stands at the end.
 */
export function stagesInOrder(machines: readonly Obj[], edges: readonly StartEdge[], oneOf: ReadonlyMap<string, readonly StartEdge[]> = new Map()): PlanStage[] {
  const stages: { machine: string; layer: LayerName; waits: Map<string, string> }[] = [];
  for (const { machine, layers } of machines.map((item): Layers => ({ machine: item, layers: layersOf(item) }))) {
    layers.forEach((layer, i) => {
      const before = layers[i - 1];
      stages.push({ machine: machine.key, layer, waits: new Map(before === undefined ? [] : [[`${machine.key} ${before}`, `${before} comes first`]]) });
    });
  }
  stages.sort((a, b) => compareText(a.machine, b.machine) || compareText(a.layer, b.layer));
  const byKey = new Map(stages.map((stage) => [`${stage.machine} ${stage.layer}`, stage]));
  for (const edge of edges) byKey.get(`${edge.to.machine} ${edge.to.layer}`)?.waits.set(`${edge.from.machine} ${edge.from.layer}`, edge.because);
  const place = new Map<string, number>();
  const out: PlanStage[] = [];
  let rest = stages;
  const emit = (stage: (typeof stages)[number]): void => {
    const waits = [...stage.waits].filter(([key]) => place.has(key));
    place.set(`${stage.machine} ${stage.layer}`, out.length);
    out.push({ machine: stage.machine, layer: stage.layer, after: waits.map(([key]) => place.get(key) ?? 0), because: waits.map(([, why]) => why) });
  };
  while (rest.length > 0) {
    const blocked: typeof stages = [];
    for (const stage of rest) {
      const asked = (oneOf.get(`${stage.machine} ${stage.layer}`) ?? []).filter((edge) => byKey.has(keyOf(edge.from)));
      const answering = asked.find((edge) => place.has(keyOf(edge.from)));
      if ((asked.length > 0 && answering === undefined) || ![...stage.waits.keys()].every((key) => place.has(key) || !byKey.has(key))) blocked.push(stage);
      else {
        if (answering !== undefined && !stage.waits.has(keyOf(answering.from))) stage.waits.set(keyOf(answering.from), answering.because);
        emit(stage);
      }
    }
    if (blocked.length === rest.length) {
      blocked.forEach(emit);
      break;
    }
    rest = blocked;
  }
  return out;
}
