/**
 * Refuses what left the lab with data on it: a machine, a kept disk, an instance, a state, unless it is retired. What was
 * more likely renamed is told so first.
 */
import { identity } from '../diagnostics/catalogue/identity.js';
import type { Diagnostic, Fix, Label } from '../diagnostics/diagnostic.js';
import { sizeText } from '../eval/text.js';
import type { Origin } from '../plan/data.js';
import type { PlanMachine } from '../plan/machine.js';
import { compareText, sortedBy } from '../base/text.js';
import { halves, machineStateKey, type Emitted, type EmittedState } from './facts.js';
import { retireFix, wasFix, type TextOf } from './fixes.js';
import { nameOf, spanOf, type Subject, type Subjects } from './subjects.js';

export interface Removals {
  readonly subjects: Subjects;
  isRetired(subject: Subject): boolean;
  /** Present names that a `was` is said of: they are nothing new. */
  readonly renamed: ReadonlySet<string>;
  /** Where the lab is declared. */
  readonly lab: Origin;
  readonly textOf: TextOf;
}

export function removals(input: Removals): Diagnostic[] {
  return [...machines(input), ...disks(input), ...instances(input), ...states(input), ...machineStates(input)];
}

/** Something new of the same sort, which may be the old one under another name. */
interface Likely {
  readonly name: string;
  readonly origin: Origin;
  /** How it is to be said: `run vault = vaultwarden { was vaultwarden }`. */
  readonly say: string;
  /** The statement as an edit, where nothing else is as likely. */
  readonly fixes: readonly Fix[];
}

function lineOf({ fact }: Emitted): { readonly file: string; readonly start: number; readonly end: number } {
  return fact.span ?? { file: 'lab.lock', start: 0, end: 0 };
}

function helpFor(likely: Likely | undefined, subject: Subject, more: string): string {
  const name = nameOf(subject);
  const retire = `write \`retire ${name} { data = keep }\` to leave the data where it is, or \`{ data = destroy }\`${more}`;
  return likely === undefined ? retire : `if it is \`${likely.name}\` now, write \`${likely.say}\`; if not, ${retire}`;
}

function fixesFor({ lab, textOf }: Removals, likely: Likely | undefined, subject: Subject): readonly Fix[] {
  return likely === undefined ? retireFix(nameOf(subject), lab, textOf) : likely.fixes;
}

function labelsFor(likely: Likely | undefined): Label[] {
  return likely === undefined ? [] : [{ span: spanOf(likely.origin), text: 'this is new: is it the old one under another name?' }];
}

function machines(input: Removals): Diagnostic[] {
  const { subjects, isRetired } = input;
  const { emission, present } = subjects;
  return sortedBy(emission.machines, ([name]) => name).flatMap(([name, machine]): Diagnostic[] => {
    const subject: Subject = { sort: 'machine', key: name };
    if (present.machines.has(name) || isRetired(subject)) return [];
    const kept = [...emission.disks].filter(([, disk]) => disk.machine === name && disk.keep && !isRetired({ sort: 'disk', key: `${name}/${disk.name}` })).map(([, disk]) => `the kept disk \`${disk.name}\` (${sizeText(disk.size)})`);
    const states = [...emission.states].filter(([key, state]) => state.machine === name && !isRetired({ sort: 'state', key }) && !isRetired({ sort: 'instance', key: state.instance }));
    const owners = new Set(states.map(([key, state]) => (state.instance === '' ? key.split('/').slice(2, -1)[0] ?? name : state.instance)));
    const held = [...kept, ...(owners.size === 0 ? [] : [`the data of ${[...owners].sort(compareText).map((owner) => `\`${owner}\``).join(', ')}`])];
    if (held.length === 0) return [];
    const [found, other] = likelyMachines(subjects, name);
    const likely = found === undefined ? undefined : { name: found.name, origin: found.origin, say: `${found.kind} ${found.name} { was ${name} }`, fixes: other === undefined ? wasFix(name, found.origin, input.textOf) : [] };
    return [identity.create.machineRemoved(lineOf(machine), { name, held: held.join(' and '), help: helpFor(likely, subject, '') }, { labels: labelsFor(likely), fixes: fixesFor(input, likely, subject) })];
  });
}

/** The new machine that a machine which is gone most likely is now: it runs the same, or has disks of the same names. */
export function likelyMachine(subjects: Subjects, name: string): PlanMachine | undefined {
  return likelyMachines(subjects, name)[0];
}

/** New machines of its kind, the likeliest first; one whose `was` names nothing that was built is new too. */
function likelyMachines(subjects: Subjects, name: string): readonly PlanMachine[] {
  const { emission, present } = subjects;
  const kind = emission.machines.get(name)?.kind;
  const fresh = [...present.machines.values()].filter((other) => other.kind === kind && !emission.machines.has(other.name));
  return sortedBy(fresh, (other) => `${likeness(subjects, name, other)} ${other.name}`);
}

/** The less, the more alike. */
function likeness({ emission, present }: Subjects, old: string, now: PlanMachine): number {
  if ([...emission.instances].some(([instance, { machine }]) => machine === old && present.instances.get(instance)?.machine === now.name)) return 0;
  const before = [...emission.disks.values()].filter((disk) => disk.machine === old).map((disk) => disk.name);
  const after = (now.guest?.disks ?? []).map((disk) => disk.name);
  return before.length === after.length && before.every((name) => after.includes(name)) ? 1 : 2;
}

function disks(input: Removals): Diagnostic[] {
  const { subjects, isRetired, renamed } = input;
  const { emission, present } = subjects;
  return sortedBy(emission.disks, ([key]) => key).flatMap(([key, disk]): Diagnostic[] => {
    const subject: Subject = { sort: 'disk', key };
    const machine = present.machines.get(disk.machine);
    if (!disk.keep || machine === undefined || present.disks.has(key) || isRetired(subject) || machine.kind !== emission.machines.get(disk.machine)?.kind) return [];
    const [fresh, second] = (machine.guest?.disks ?? []).filter((other) => !emission.disks.has(`${disk.machine}/${other.name}`) && !renamed.has(`disk ${disk.machine}.${other.name}`));
    const likely = fresh === undefined ? undefined : { name: fresh.name, origin: fresh.origin, say: `disk ${fresh.name} { was ${disk.name} }`, fixes: second === undefined ? wasFix(disk.name, fresh.origin, input.textOf, machine.origin) : [] };
    return [identity.create.diskRemoved(lineOf(disk), { name: `${disk.machine}.${disk.name}`, help: helpFor(likely, subject, '') }, { labels: [...labelsFor(likely), { span: spanOf(machine.origin), text: 'the machine is here' }], fixes: fixesFor(input, likely, subject) })];
  });
}

function instances(input: Removals): Diagnostic[] {
  const { subjects, isRetired, renamed } = input;
  const { emission, present } = subjects;
  return sortedBy(emission.instances, ([name]) => name).flatMap(([name, instance]): Diagnostic[] => {
    const subject: Subject = { sort: 'instance', key: name };
    const held = [...emission.states].filter(([key, state]) => state.instance === name && !isRetired({ sort: 'state', key }));
    const gone = !present.machines.has(instance.machine) && emission.machines.has(instance.machine);
    if (present.instances.has(name) || isRetired(subject) || held.length === 0 || gone) return [];
    const [fresh, second] = sortedBy(present.instances.values(), (other) => `${other.machine === instance.machine ? 0 : 1} ${other.name}`).filter((other) => other.app === instance.app && !emission.instances.has(other.name) && !renamed.has(`instance ${other.name}`));
    const likely = fresh === undefined ? undefined : { name: fresh.name, origin: fresh.origin, say: `run ${fresh.name} = ${fresh.app} { was ${name} }`, fixes: second === undefined ? wasFix(name, fresh.origin, input.textOf, present.machines.get(fresh.machine)?.origin ?? null) : [] };
    const where = held.map(([, { machine, path }]) => `${path} of ${machine}`).join(', ');
    return [identity.create.instanceRemoved(lineOf(instance), { name, held: `data in ${where}`, help: helpFor(likely, subject, '') }, { labels: labelsFor(likely), fixes: fixesFor(input, likely, subject) })];
  });
}

function states(input: Removals): Diagnostic[] {
  const { subjects, isRetired, renamed } = input;
  const { emission, present } = subjects;
  return sortedBy(emission.states, ([key]) => key).flatMap(([key, state]): Diagnostic[] => {
    const subject: Subject = { sort: 'state', key };
    const instance = present.instances.get(state.instance);
    if (instance === undefined || present.states.has(key) || isRetired(subject)) return [];
    const [service, name] = halves(key.slice(state.instance.length + 1), '/');
    const now = instance.states.filter((other) => other.disposable === null && !emission.states.has(`${instance.name}/${other.container}/${other.name}`));
    const moved = now.find((other) => other.name === name && !instance.containers.some((container) => container.name === service) && !renamed.has(`container ${instance.name}.${other.container}`));
    const others = now.filter((other) => other.container === service && !renamed.has(`state ${instance.name}.${service}.${other.name}`));
    const fresh = moved ?? others[0];
    const likely = fresh === undefined ? undefined : moved !== undefined
      ? { name: `${instance.name}.${fresh.container}`, origin: fresh.origin, say: `container ${fresh.container} { was ${service} }\`, or of a part \`with ${fresh.container} = ... { was ${service} }`, fixes: [] }
      : { name: `${instance.name}.${service}.${fresh.name}`, origin: fresh.origin, say: `state ${fresh.name} { was ${name} }`, fixes: others.length === 1 ? wasFix(name, fresh.origin, input.textOf) : [] };
    return [removedState(input, key, state, likely, { span: spanOf(instance.origin), text: 'the instance is here' })];
  });
}

/** States of capabilities, on machines that are still there. */
function machineStates(input: Removals): Diagnostic[] {
  const { subjects, isRetired, renamed } = input;
  const { emission, present } = subjects;
  return sortedBy(emission.states, ([key]) => key).flatMap(([key, state]): Diagnostic[] => {
    const machine = present.machines.get(state.machine);
    if (state.instance !== '' || machine === undefined || present.states.has(key) || isRetired({ sort: 'state', key })) return [];
    const parts = key.split('/');
    const capability = parts.slice(2, -1).join('/');
    const [fresh, second] = machine.states.filter((other) => other.disposable === null && other.container === capability && !emission.states.has(machineStateKey(machine.name, other)) && !renamed.has(`state ${machineStateKey(machine.name, other).replaceAll('/', '.')}`));
    const likely = fresh === undefined ? undefined : { name: machineStateKey(machine.name, fresh).replaceAll('/', '.'), origin: fresh.origin, say: `state ${fresh.name} { was ${parts.at(-1) ?? ''} }`, fixes: second === undefined ? wasFix(parts.at(-1) ?? '', fresh.origin, input.textOf) : [] };
    return [removedState(input, key, state, likely, { span: spanOf(machine.origin), text: 'the machine is here' })];
  });
}

function removedState(input: Removals, key: string, state: EmittedState, likely: Likely | undefined, owner: Label): Diagnostic {
  const subject: Subject = { sort: 'state', key };
  return identity.create.stateRemoved(lineOf(state), { name: key.replaceAll('/', '.'), help: helpFor(likely, subject, `; its folder is ${state.path}`) }, { labels: [...labelsFor(likely), owner], fixes: fixesFor(input, likely, subject) });
}

