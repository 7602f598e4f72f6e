/**
 * `just/lab.json`: what the scripts of `just/` know about the lab. Secrets are names and places, never values; the
 * lab's sources, where its own store of secrets is, lie beside `out/`.
 */
import { compareText } from '../../base/text.js';
import type { Plan, PlanSecret } from '../../plan/plan.js';
import type { PlanInstance } from '../../plan/workload.js';
import { isConverged } from '../ansible/inventory.js';
import { fileOf } from '../terraform/header.js';
import { tokenVariableOf } from '../terraform/index.js';
import { startOrder } from './batches.js';
import { instancesByMachine, type MachineModule } from './module-names.js';
import { captureSettings } from './capture.js';
import { migration } from './migrate.js';
import { rootSettings } from './root.js';
import { runwayClusters, runwayTools } from './runway.js';

/** `modules` names the just module of a machine, for what scripts tell people to type. */
export function labData(plan: Plan, modules: readonly MachineModule[]): string {
  const names = new Map(modules.map(({ machine, name }) => [machine.name, name]));
  const instanceNames = new Map(modules.flatMap((module) => module.instances.map((one) => [one.instance, one.name] as const)));
  const instances = instancesByMachine(plan);
  const machines = new Map(plan.machines.map((machine) => [machine.name, machine]));
  const data = {
    lab: plan.lab.name,
    source: `../../${plan.lab.source}`,
    secrets: Object.fromEntries(plan.secrets.map((secret) => [secret.key, secretPlace(plan, secret)])),
    variables: plan.clusters.map((cluster, at) => ({ variable: at === 0 ? 'PROXMOX_VE_API_TOKEN' : `TF_VAR_${tokenVariableOf(cluster.name)}`, secret: cluster.token })),
    machines: startOrder(plan).flatMap((name) => {
      const machine = machines.get(name);
      if (machine === undefined) return [];
      return [{
        name,
        module: names.get(name) ?? null,
        terraform: machine.guest === null ? null : fileOf(name),
        converged: isConverged(machine),
        address: machine.address,
        // What serves on the machine itself, without a workload.
        urls: plan.routes.filter((route) => route.instance === null && route.machine === name).map(({ url }) => url),
        instances: (instances.get(name) ?? []).map((instance) => ({
          name: instance.name, images: imagesOf(instance), urls: instance.urls, ...(migration(plan, instance) === null ? {} : { module: instanceNames.get(instance), migration: migration(plan, instance) }),
        })),
        root: rootSettings(plan, machine),
        capture: captureSettings(plan, machine),
      }];
    }),
    runway: { tools: runwayTools(plan), clusters: runwayClusters(plan) },
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

function imagesOf(instance: PlanInstance): readonly string[] {
  const jobs = instance.jobs.flatMap((job) => job.container ?? []);
  return [...new Set([...instance.containers, ...jobs].map((container) => container.image))].sort(compareText);
}

/** Generated and derived secrets are entries of the lab's own store. */
function secretPlace(plan: Plan, secret: PlanSecret): unknown {
  const { from } = secret;
  if (from.source !== 'generated' && from.source !== 'derived') return from;
  if (plan.lab.store === null) throw new Error(`the plan lacks a store for ${secret.key}`);
  return { source: 'sops', file: plan.lab.store, key: from.entry };
}
