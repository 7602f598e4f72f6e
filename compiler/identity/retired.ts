/**
 * Retirements and moves: statements of the sources checked against the last emission, joined with what the lock remembers
 * of earlier ones, as facts for the lock and as the plan's records. What is said once is remembered until it is forgotten.
 */
import type { Span } from '../base/span.js';
import { sortedBy } from '../base/text.js';
import { identity } from '../diagnostics/catalogue/identity.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PastStatement } from '../eval/past.js';
import { sizeText } from '../eval/text.js';
import type { Origin } from '../plan/data.js';
import type { PlanMove, PlanRetired } from '../plan/identity.js';
import { halves, joined, partsOf, type Emission } from './facts.js';
import { LISTS, nameOf, pastId, planName, spanOf, type PastSort, type Present, type Subject, type Subjects } from './subjects.js';
import { parseSize } from './size.js';

export interface Remembered {
  readonly facts: Map<string, string>;
  readonly diagnostics: Diagnostic[];
  /** Facts' ids of what statements or the lock retire or move: `machine/carrie`. */
  readonly retired: Set<string>;
  readonly moved: Map<string, string>;
  /** By fact's id, the statement that says it. */
  readonly said: Map<string, Span>;
}

/** Owners of kept disks are numbered from here. */
export interface Numbers {
  readonly dataVmids: number;
}

/** Reads `retire` and `move`; what the lock remembers stays. */
export function remember(subjects: Subjects, statements: readonly PastStatement[], machinesNow: ReadonlyMap<string, string>, numbers: Numbers): Remembered {
  const out: Remembered = { facts: new Map(), diagnostics: [], retired: new Set(), moved: new Map(), said: new Map() };
  for (const [key, fact] of subjects.lock.facts) {
    const [kind, id] = halves(key, ' ');
    if (kind === 'retired') out.retired.add(id);
    if (kind === 'retired' || kind === 'retired_disk' || kind === 'retired_state') out.facts.set(key, fact.value);
    if ((kind === 'moved' || kind === 'moved_state') && stillMoved(subjects, id)) {
      out.facts.set(key, fact.value);
      if (kind === 'moved') out.moved.set(id, partsOf(fact.value)[0] ?? '');
    }
  }
  for (const statement of statements) {
    if (statement.word === 'retire') retire(subjects, statement, out, numbers);
    else if (statement.word === 'move') move(subjects, statement, machinesNow, out);
  }
  for (const id of out.retired) {
    const subject = subjectOf(id);
    if (subject.sort === 'machine') out.diagnostics.push(...takenNumbers(subjects.present, id, out));
    if (!subjects.isPresent(subject) || out.said.has(id)) continue;
    const fact = subjects.lock.facts.get(`retired ${id}`);
    const labels = fact === undefined || fact.span === null ? [] : [{ span: fact.span, text: 'the lock remembers that it was retired' }];
    out.diagnostics.push(identity.create.retiredName(spanOf(originOf(subjects.present, subject)), { name: nameOf(subject), forget: nameOf(subject) }, { labels }));
  }
  return out;
}

/** Machines that are to have a number of what was retired. */
function takenNumbers({ machines }: Present, id: string, out: Remembered): Diagnostic[] {
  const [, name = '', , cluster = '', , vmid = '', own = ''] = partsOf(out.facts.get(`retired ${id}`) ?? '');
  return [...machines.values()].filter(({ guest }) => guest?.cluster === cluster && cluster !== '' && [guest.vmid, guest.dataVmid].some((number) => number !== null && [vmid, own].includes(String(number))))
    .map((machine) => identity.create.retiredVmid(spanOf(machine.origin), { name: machine.name, vmid: String(machine.guest?.vmid ?? ''), other: name }));
}

/** A move is remembered while what moved is still in the lab. */
function stillMoved(subjects: Subjects, id: string): boolean {
  return subjects.isPresent(subjectOf(halves(id, ':')[0]));
}

export function subjectOf(id: string): Subject {
  const [sort, name] = halves(id, '/');
  return { sort: sort as PastSort, key: sort === 'state' ? name.replaceAll('.', '/') : sort === 'disk' ? name.replace('.', '/') : name };
}

function originOf(present: Present, { sort, key }: Subject): Origin {
  return present[LISTS[sort]].get(key)?.origin ?? { file: '', line: 1, rank: 'lab' };
}

function retire(subjects: Subjects, statement: PastStatement, out: Remembered, numbers: Numbers): void {
  const { name, span, data } = statement;
  const subject = subjects.named(name);
  if (subject === undefined) {
    if (subjects.machineOf(name) !== undefined && data === null) return;
    const bare = /^run\.[^.]+$/.test(name) && data === null && !subjects.emission.known;
    if (bare) remembered(out, `instance/${name.slice('run.'.length)}`, joined(['keep', '']), span);
    else out.diagnostics.push(identity.create.unknownPast(span, { word: 'retire', name, help: subjects.helpFor(name) }));
    return;
  }
  if (subjects.isPresent(subject)) {
    out.said.set(pastId(subject), span);
    out.diagnostics.push(identity.create.stillThere(span, { name }, { labels: [{ span: spanOf(originOf(subjects.present, subject)), text: 'it is declared here' }] }));
    return;
  }
  if (data === null && subject.sort !== 'instance') {
    out.diagnostics.push(identity.create.statementBody(span, { what: `\`retire ${name}\` does not say what becomes of the data`, help: `write \`retire ${name} { data = keep }\` or \`{ data = destroy }\`` }));
    return;
  }
  const id = pastId(subject);
  const before = subjects.lock.facts.get(`retired ${id}`);
  if (before === undefined || subjects.isBuilt(subject)) record(subjects.emission, subject, data ?? 'keep', out, span, numbers);
  else remembered(out, id, joined([data ?? 'keep', ...partsOf(before.value).slice(1)]), span);
}

function remembered(out: Remembered, id: string, value: string, span: Span): void {
  out.facts.set(`retired ${id}`, value);
  out.retired.add(id);
  out.said.set(id, span);
}

/** What emitters will need of it, from the last emission. */
function record(emission: Emission, subject: Subject, data: 'keep' | 'destroy', out: Remembered, span: Span, numbers: Numbers): void {
  const { sort, key } = subject;
  const id = pastId(subject);
  const machine = sort === 'machine' ? key : sort === 'disk' ? halves(key, '/')[0] : sort === 'instance' ? (emission.instances.get(key)?.machine ?? '') : (emission.states.get(key)?.machine ?? '');
  const disks = [...emission.disks].filter(([disk, { machine: owner }]) => (sort === 'machine' ? owner === key : sort === 'disk' && disk === key));
  const states = [...emission.states].filter(([state, { machine: owner, instance }]) => (sort === 'machine' ? owner === key : sort === 'instance' ? instance === key : sort === 'state' && state === key));
  // Of a disk too: who owns it is told by the numbers of its machine.
  const guest = sort === 'machine' || sort === 'disk' ? emission.machines.get(machine) : undefined;
  const vmid = guest?.vmid?.value ?? '';
  const own = vmid === '' || !disks.some(([, disk]) => disk.keep) ? '' : String(numbers.dataVmids + Number(vmid));
  remembered(out, id, joined([data, machine, ...(guest === undefined ? [] : guest.cluster === '' ? [guest.kind] : [guest.kind, guest.cluster, guest.node, vmid, own])]), span);
  for (const [, disk] of disks) out.facts.set(`retired_disk ${id}:${disk.name}`, joined([disk.slot?.value ?? '', disk.datastore, sizeText(disk.size), ...(disk.keep ? ['keep'] : [])]));
  for (const [state, { path }] of states) out.facts.set(`retired_state ${id}:${state}`, joined([path]));
}

/** Where it is built now, and where it was: as `move` says it. */
function places(subjects: Subjects, { sort, key }: Subject): { readonly now: string | undefined; readonly last: string | undefined } {
  const { emission, present } = subjects;
  switch (sort) {
    case 'instance': return { now: present.instances.get(key)?.machine, last: emission.instances.get(key)?.machine };
    case 'disk': return { now: present.disks.get(key)?.datastore, last: emission.disks.get(key)?.datastore };
    case 'state': return { now: present.states.get(key)?.path, last: emission.states.get(key)?.path };
    default: {
      const guest = present.machines.get(key)?.guest;
      const last = emission.machines.get(key);
      return { now: guest === null || guest === undefined ? undefined : `${guest.cluster}/${guest.node}`, last: last === undefined || last.cluster === '' ? undefined : `${last.cluster}/${last.node}` };
    }
  }
}

/** Whether `from` says that place: a machine by any of its names, a node with its cluster or without. */
function means(sort: PastSort, from: string, place: string, machinesNow: ReadonlyMap<string, string>): boolean {
  if (sort === 'instance') return (machinesNow.get(from) ?? from) === place;
  if (sort === 'machine') return from.replace('.', '/') === place || from === halves(place, '/')[1];
  return from === place;
}

function move(subjects: Subjects, { name, span, from }: PastStatement, machinesNow: ReadonlyMap<string, string>, out: Remembered): void {
  const subject = subjects.named(name);
  if (from === null) return;
  if (subject === undefined) {
    out.diagnostics.push(identity.create.unknownPast(span, { word: 'move', name, help: subjects.helpFor(name) }));
    return;
  }
  const id = pastId(subject);
  const { now, last } = places(subjects, subject);
  const fault = (why: string, help: string): void => void out.diagnostics.push(identity.create.notMoved(span, { name, from, why, help }));
  out.said.set(id, span);
  const remembered = out.moved.get(id);
  if (now === undefined) return fault('it is not in the lab any more', `write \`retire ${nameOf(subject)} { data = keep }\` for what left the lab`);
  if (last === undefined) return fault('nothing of it was built before', 'remove the statement: what is new has no data yet');
  if (last === now) {
    if (remembered !== undefined && means(subject.sort, from, remembered, machinesNow)) return undefined;
    return fault(remembered === undefined ? `it was built on ${now}, and still is` : `it came from ${remembered}`, remembered === undefined ? `remove the statement, or give ${name} its new place` : `write \`from = ${written(remembered)}\`, or remove the statement`);
  }
  if (!means(subject.sort, from, last, machinesNow)) return fault(`it was built on ${last}`, `write \`from = ${written(last)}\``);
  for (const key of [...out.facts.keys()]) if (key.startsWith(`moved_state ${id}:`)) out.facts.delete(key);
  out.facts.set(`moved ${id}`, joined([last]));
  out.moved.set(id, last);
  for (const [key, state] of subjects.emission.states) {
    if (subject.sort === 'instance' ? state.instance === subject.key : subject.sort === 'state' && key === subject.key) out.facts.set(`moved_state ${id}:${key}`, joined([state.path]));
  }
}

/** A place as it is written in a source. */
export function written(place: string): string {
  return place.startsWith('/') ? place : place.replace('/', '.');
}

/** The plan's records of facts; `origin` finds the statement of an id. */
export function retiredRecords(facts: ReadonlyMap<string, string>, origin: (id: string) => Origin | null): PlanRetired[] {
  const out: PlanRetired[] = [];
  for (const [key, value] of facts) {
    if (!key.startsWith('retired ')) continue;
    const id = key.slice('retired '.length);
    const subject = subjectOf(id);
    const [data, machine = '', kind, cluster = '', node = '', vmid = '', own = ''] = partsOf(value);
    if (machine === '') continue;
    const disks = under(facts, `retired_disk ${id}:`).map(([name, text]) => {
      const [slot = '', datastore = '', size = '', keep] = partsOf(text);
      return { name, slot, datastore, size: parseSize(size), keep: keep === 'keep' };
    });
    out.push({
      sort: subject.sort, name: planName(subject), data: data === 'destroy' ? 'destroy' : 'keep', machine,
      guest: cluster === '' ? null : { kind: kind === 'lxc' ? 'lxc' : 'vm', cluster, node, vmid: Number(vmid), dataVmid: own === '' ? null : Number(own) },
      disks, states: under(facts, `retired_state ${id}:`).map(([state, path]) => ({ name: state.replaceAll('/', '.'), path: partsOf(path)[0] ?? '' })), origin: origin(id),
    });
  }
  return sortedBy(out, ({ name, sort }) => `${name} ${sort}`);
}

export function moveRecords(facts: ReadonlyMap<string, string>, subjects: Subjects, origin: (id: string) => Origin | null): PlanMove[] {
  const out: PlanMove[] = [];
  for (const [key, value] of facts) {
    if (!key.startsWith('moved ')) continue;
    const id = key.slice('moved '.length);
    const subject = subjectOf(id);
    const { now } = places(subjects, subject);
    if (now === undefined) continue;
    const machine = subject.sort === 'instance' ? now : subject.sort === 'state' && !subject.key.split('/').includes('has') ? (subjects.present.instances.get(halves(subject.key, '/')[0])?.machine ?? '') : halves(subject.key, '/')[0];
    const states = under(facts, `moved_state ${id}:`).flatMap(([state, from]) => {
      const to = subjects.present.states.get(state)?.path;
      return to === undefined ? [] : [{ name: state.replaceAll('/', '.'), from: partsOf(from)[0] ?? '', to }];
    });
    out.push({ sort: subject.sort, name: planName(subject), from: partsOf(value)[0] ?? '', to: now, machine, states, origin: origin(id) });
  }
  return sortedBy(out, ({ name, sort }) => `${name} ${sort}`);
}

/** Facts whose key starts so, by the rest of it, in order. */
function under(facts: ReadonlyMap<string, string>, start: string): [string, string][] {
  return sortedBy([...facts].flatMap(([key, value]): [string, string][] => (key.startsWith(start) ? [[key.slice(start.length), value]] : [])), ([rest]) => rest);
}
