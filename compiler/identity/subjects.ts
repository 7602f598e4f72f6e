/**
 * What `retire`, `allow` and `move` name, and where a name is known: in the last emission, among what was retired, in the plan.
 */
import type { Lock } from '../allocation/lock.js';
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
import { suggestHelp } from '../base/suggest.js';
import type { Origin } from '../plan/data.js';
import type { PlanDisk, PlanMachine } from '../plan/machine.js';
import type { Plan } from '../plan/plan.js';
import type { PlanState } from '../plan/state.js';
import type { PlanInstance } from '../plan/workload.js';
import { halves, machineStateKey, type Emission } from './facts.js';

export type PastSort = 'machine' | 'disk' | 'instance' | 'state';

/** `key` is the fact's id: `carrie`, `carrie/data`, `vault`, `vault/server/data`, `carrie/has/vpn/identity`. */
export interface Subject {
  readonly sort: PastSort;
  readonly key: string;
}

/** The plan by the keys of facts. */
export interface Present {
  readonly machines: ReadonlyMap<string, PlanMachine>;
  readonly disks: ReadonlyMap<string, PlanDisk>;
  readonly instances: ReadonlyMap<string, PlanInstance>;
  readonly states: ReadonlyMap<string, PlanState>;
  readonly networks: ReadonlySet<string>;
}

export function presentOf(plan: Plan): Present {
  const managed = plan.machines.filter((machine) => machine.kind !== 'device');
  return {
    machines: new Map(managed.map((machine) => [machine.name, machine])),
    disks: new Map(managed.flatMap((machine) => (machine.guest?.disks ?? []).map((disk) => [`${machine.name}/${disk.name}`, disk]))),
    instances: new Map(plan.instances.map((instance) => [instance.name, instance])),
    states: new Map([
      ...managed.flatMap((machine) => machine.states.map((state): [string, PlanState] => [machineStateKey(machine.name, state), state])),
      ...plan.instances.flatMap((instance) => instance.states.map((state): [string, PlanState] => [`${instance.name}/${state.container}/${state.name}`, state])),
    ]),
    networks: new Set(plan.networks.map((network) => network.name)),
  };
}

/** Where things of a sort stand, in the plan and in the last emission alike. */
export const LISTS = { machine: 'machines', disk: 'disks', instance: 'instances', state: 'states' } as const satisfies Record<PastSort, keyof Present & keyof Emission>;

export class Subjects {
  constructor(readonly emission: Emission, readonly present: Present, readonly lock: Lock) {}

  isPresent({ sort, key }: Subject): boolean {
    return this.present[LISTS[sort]].has(key);
  }

  /** Built by the last emission. */
  isBuilt({ sort, key }: Subject): boolean {
    return this.emission[LISTS[sort]].has(key);
  }

  isRetired(subject: Subject): boolean {
    return this.lock.facts.has(`retired ${pastId(subject)}`);
  }

  isKnown(subject: Subject): boolean {
    return this.isPresent(subject) || this.isBuilt(subject) || this.isRetired(subject);
  }

  /** What a statement names; undefined where nothing is known by that name. */
  named(text: string): Subject | undefined {
    const parts = text.split('.');
    const run = parts[0] === 'run' ? parts.slice(1) : null;
    const [first = '', second = '', ...rest] = run ?? parts;
    const candidates: Subject[] = [];
    if (parts.length === 1) candidates.push({ sort: 'machine', key: first }, { sort: 'instance', key: first });
    else if (run !== null && run.length === 1) candidates.push({ sort: 'instance', key: first });
    else if (second === 'disk' && run === null) candidates.push({ sort: 'disk', key: `${first}/${rest.join('.')}` });
    else if (rest.length === 1 || (second === 'has' && rest.length === 2)) candidates.push({ sort: 'state', key: parts.join('/') });
    const known = candidates.filter((subject) => this.isKnown(subject));
    return known.find((subject) => !this.isPresent(subject)) ?? known[0];
  }

  /** The machine of `carrie.package.nano`, if there is one of that name. */
  machineOf(text: string): string | undefined {
    const [machine] = halves(text, '.');
    return this.present.machines.has(machine) && text.includes('.') ? machine : undefined;
  }

  /** `did you mean ...`, from everything that may be named. */
  helpFor(text: string): string {
    const names = [
      ...[...this.emission.machines.keys(), ...this.present.machines.keys()], ...[...this.emission.instances.keys(), ...this.present.instances.keys()].map((name) => `run.${name}`),
      ...[...this.emission.disks.keys(), ...this.present.disks.keys()].map((key) => nameOf({ sort: 'disk', key })), ...[...this.emission.states.keys(), ...this.present.states.keys()].map((key) => nameOf({ sort: 'state', key })),
    ];
    if (!this.emission.known) return 'lab.lock tells of nothing built yet: what was never built leaves nothing behind';
    const help = suggestHelp(text, [...new Set(names)].sort(compareText));
    return help === 'check the spelling' ? '`labc lock` lists what was built' : help;
  }
}

/** As a statement names it: `carrie`, `carrie.disk.data`, `run.vault`, `vault.server.data`, `carrie.has.vpn.identity`. */
export function nameOf({ sort, key }: Subject): string {
  switch (sort) {
    case 'disk': return key.replace('/', '.disk.');
    case 'instance': return `run.${key}`;
    case 'state': return key.replaceAll('/', '.');
    default: return key;
  }
}

/** As the plan names it: `carrie.data`. */
export function planName({ key }: Subject): string {
  return key.replaceAll('/', '.');
}

/** The id of its `retired` and `moved` facts: `disk/carrie.data`. */
export function pastId(subject: Subject): string {
  return `${subject.sort}/${planName(subject)}`;
}

export function spanOf(origin: Origin): Span {
  const start = origin.start ?? 0;
  return { file: origin.file, start, end: origin.end ?? start };
}
