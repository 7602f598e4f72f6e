/** What the recipe that brings an instance's states to where it is now has to know. */
import { namesOf } from '../../plan/identity.js';
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import type { PlanInstance } from '../../plan/workload.js';
import { jobStamp, markOf, movesOf } from '../ansible/identity.js';

export interface Host {
  readonly name: string;
  readonly user: string;
  readonly address: string;
  readonly port: number;
}

export interface Migration {
  /** Compose projects to stop: its name, and those that it had. */
  readonly projects: readonly string[];
  readonly to: Host;
  readonly states: readonly {
    readonly name: string;
    /** Null where the old machine is no machine of the lab any more. */
    readonly host: Host | null;
    readonly machine: string;
    readonly from: string;
    readonly to: string;
    readonly mark: string;
  }[];
  /** Of jobs that run once: stamps that `host` may have, and what the stamp is here. What a job did went along with the data. */
  readonly stamps: readonly { readonly host: Host; readonly from: readonly string[]; readonly to: string }[];
}

/** Null where nothing of the instance is under way. */
export function migration(plan: Plan, instance: PlanInstance): Migration | null {
  const moves = movesOf(plan, instance);
  const machine = plan.machines.find(({ name }) => name === instance.machine);
  const to = machine === undefined ? null : hostOf(machine);
  if (moves.length === 0 || to === null) return null;
  const states = moves.flatMap((move) => {
    const from = move.sort === 'instance' ? plan.machines.find(({ name }) => namesOf(plan.identity, 'machine', name).includes(move.from)) : machine;
    return move.states.map((state) => ({
      name: state.name, host: from === undefined ? null : hostOf(from), machine: move.sort === 'instance' ? move.from : instance.machine, from: state.from, to: state.to, mark: markOf(state.to),
    }));
  });
  const projects = namesOf(plan.identity, 'instance', instance.name);
  const once = instance.jobs.filter((job) => job.once).map(({ name }) => ({ from: projects.map((project) => jobStamp(project, name)), to: jobStamp(instance.name, name) }));
  const hosts = moves.some(({ sort }) => sort === 'instance') ? states.flatMap(({ host }) => (host === null ? [] : [host])) : [];
  return { projects, to, states, stamps: hosts[0] === undefined ? [] : once.map((stamp) => ({ host: hosts[0]!, ...stamp })) };
}

function hostOf({ name, login, address }: PlanMachine): Host | null {
  return login === null ? null : { name, user: login.user, address: address ?? name, port: login.port };
}
