/**
 * Refuses edits that would lose or strand data on what is still there: other disks, numbers, places, kinds. An `allow` lets
 * one pass, a `move` makes a migration of it; an `allow` that lets nothing pass is reported.
 */
import { isLibraryFile } from '../base/library-file.js';
import type { Span } from '../base/span.js';
import { compareText, sortedBy } from '../base/text.js';
import { identity } from '../diagnostics/catalogue/identity.js';
import type { Diagnostic, Label } from '../diagnostics/diagnostic.js';
import type { PastStatement } from '../eval/past.js';
import { sizeText } from '../eval/text.js';
import type { Origin } from '../plan/data.js';
import type { PlanDisk, PlanMachine } from '../plan/machine.js';
import { devicesOf, mountsOf, type EmittedDisk, type EmittedMachine, type Emitted } from './facts.js';
import { isRow } from './nics.js';
import { written } from './retired.js';
import { likelyMachine } from './removals.js';
import { spanOf, type Subject, type Subjects } from './subjects.js';

export interface Changes {
  readonly subjects: Subjects;
  readonly statements: readonly PastStatement[];
  isMoved(subject: Subject): boolean;
  /** Whether a folder is the same state under a former name. */
  isRenamedPath(key: string, before: string, after: string): boolean;
}

export function changes(input: Changes): Diagnostic[] {
  const allowed = new Allowed(input.statements);
  const { emission, present } = input.subjects;
  const found: Diagnostic[] = [];
  for (const [name, before] of sortedBy(emission.machines, ([key]) => key)) {
    const after = present.machines.get(name);
    // A network that has another name is told once.
    if (after !== undefined) found.push(...machineChanges(input, allowed, name, before, after).filter(({ code, help }) => code !== 'LAB6115' || !found.some((other) => other.help === help)));
  }
  found.push(...instanceChanges(input), ...stateChanges(input));
  if (found.length === 0) found.push(...allowed.idle(input.subjects));
  return found;
}

/** What `allow` permits, and what of it was needed. */
class Allowed {
  readonly #used = new Set<string>();

  constructor(private readonly statements: readonly PastStatement[]) {}

  permits(name: string, change: string): boolean {
    const found = this.statements.some((statement) => statement.word === 'allow' && statement.name === name && statement.changes.includes(change));
    if (found) this.#used.add(`${change} ${name}`);
    return found;
  }

  idle(subjects: Subjects): Diagnostic[] {
    return this.statements.filter(({ word }) => word === 'allow').flatMap(({ name, span, changes: all }) => {
      const subject = subjects.named(name);
      if (subject === undefined) return [identity.create.unknownPast(span, { word: 'allow', name, help: subjects.helpFor(name) })];
      return all.filter((change) => !this.#used.has(`${change} ${name}`)).map((change) => identity.create.idleAllow(span, { name, change }));
    });
  }
}

function builtSo({ fact }: Emitted): Label[] {
  return fact.span === null ? [] : [{ span: fact.span, text: 'so it was built' }];
}

function place(origin: Origin): Span {
  return spanOf(origin);
}

function machineChanges(input: Changes, allowed: Allowed, name: string, before: EmittedMachine, after: PlanMachine): Diagnostic[] {
  const at = place(after.origin);
  if (before.kind !== after.kind) {
    if (allowed.permits(name, 'kind')) return [];
    const help = `declare a second machine and move what runs there; or, where nothing on it matters, write \`allow ${name} { change = kind }\``;
    return [identity.create.kindChanged(at, { name, before: before.kind, after: after.kind, help }, { labels: builtSo(before) })];
  }
  const { emission, present } = input.subjects;
  const guest = after.guest;
  if (guest === null || before.cluster === '') return [];
  const found: Diagnostic[] = [];
  const was = `${before.cluster}/${before.node}`;
  const now = `${guest.cluster}/${guest.node}`;
  const moved = was !== now;
  const other = before.cluster !== guest.cluster;
  if (moved && !input.isMoved({ sort: 'machine', key: name })) {
    found.push(identity.create.machineMoved(at, { name, before: other ? was : before.node, after: other ? now : guest.node, help: `write \`move ${name} { from = ${other ? written(was) : before.node} }\`, and it is moved with its disks; or set \`node\` back${other ? `; a cluster that has another name now says \`was ${before.cluster}\`` : ''}` }, { labels: builtSo(before) }));
  }
  const vmid = before.vmid;
  if (vmid !== null && before.cluster === guest.cluster && vmid.value !== String(guest.vmid) && !allowed.permits(name, 'vmid')) {
    const taker = [...present.machines.values()].find((other) => other.guest?.cluster === guest.cluster && String(other.guest.vmid) === vmid.value);
    const stay = taker === undefined ? `write \`vmid = ${vmid.value}\` to stay` : `give ${taker.name} another \`vmid\``;
    const labels = [...builtSo({ fact: vmid.fact }), ...(taker === undefined ? [] : [{ span: place(taker.origin), text: `this takes ${vmid.value}` }])];
    found.push(identity.create.vmidChanged(at, { name, before: vmid.value, after: String(guest.vmid), help: `${stay}; or, where nothing on it matters, write \`allow ${name} { change = vmid }\`` }, { labels }));
  }
  for (const disk of guest.disks) {
    const old = emission.disks.get(`${name}/${disk.name}`);
    // A container's other disks are mounts of it.
    if (old !== undefined && (after.kind !== 'lxc' || disk.name === 'root')) found.push(...diskChanges(input, allowed, `${name}.disk.${disk.name}`, old, disk, moved));
  }
  if (isRow(after.kind)) found.push(...cardChanges(input, allowed, after));
  for (const { slot, device } of devicesOf(guest)) {
    const old = [...emission.devices.values()].find((other) => other.machine === name && other.device === device);
    if (old === undefined || old.slot === slot || allowed.permits(name, 'slot')) continue;
    found.push(identity.create.slotChanged(at, { name: `the device ${device} of \`${name}\``, before: old.slot, after: slot, help: `give it back ${old.slot}; or write \`allow ${name} { change = slot }\`, where nothing in the machine names it` }, { labels: builtSo(old) }));
  }
  if (after.kind === 'lxc') found.push(...mountChanges(input, allowed, name, after));
  return found;
}

/** A hole in the row of a virtual machine's cards: who left it, and who would move into it. */
function cardChanges({ subjects: { emission, present } }: Changes, allowed: Allowed, { name, nics }: PlanMachine): Diagnostic[] {
  const built = [...emission.cards.values()].filter((card) => card.machine === name);
  const before = (network: string): number | undefined => built.find((card) => card.network === network)?.place;
  // What moves was allowed to, or it would not.
  if (nics.some(({ network, place }) => before(network) !== undefined && before(network) !== place)) allowed.permits(name, 'slot');
  const at = nics.findIndex((nic, i) => nic.place !== i);
  const taker = nics[at];
  const gone = built.find((card) => card.place === at);
  if (taker === undefined || gone === undefined) return [];
  const fresh = before(taker.network) === undefined;
  // A network that is new, where another is gone: what is said of it holds for all of its cards.
  const renamed = fresh && !present.networks.has(gone.network) && ![...emission.cards.values()].some((card) => card.network === taker.network);
  const help = renamed
    ? `where \`${taker.network}\` is that network under another name, write \`was ${gone.network}\` in the body of \`network ${taker.network}\`; where it is another one, \`nic ${taker.network} { was ${gone.network} }\` on each machine whose card goes there`
    : fresh
    ? `where it is the same card in another network, write \`nic ${taker.network} { was ${gone.network} }\`; where it is another one, \`allow ${name} { change = slot }\``
    : `leave \`nic ${gone.network}\`; or write \`allow ${name} { change = slot }\`: each card behind it moves up, and ${name} may be cut off until it boots`;
  return [identity.create.cardMoves(place(taker.origin), { gone: gone.network, place: String(at), machine: name, taker: taker.network, help }, { labels: builtSo(gone) })];
}

function diskChanges(input: Changes, allowed: Allowed, name: string, old: EmittedDisk, disk: PlanDisk, moved: boolean): Diagnostic[] {
  const at = place(disk.origin);
  const labels = builtSo(old);
  if (old.keep !== disk.keep) {
    if (allowed.permits(name, 'keep')) return [];
    const what = disk.keep ? 'was not kept and is to be kept now, which makes a new one' : 'was kept, and would not be kept any more';
    const help = `leave \`keep = ${String(old.keep)}\`, or declare a second disk and copy; where nothing on it matters, write \`allow ${name} { change = keep }\``;
    return [identity.create.keepChanged(at, { name, what, help }, { labels })];
  }
  const found: Diagnostic[] = [];
  const key = `${old.machine}/${old.name}`;
  if (!moved && old.datastore !== disk.datastore && !input.isMoved({ sort: 'disk', key })) {
    found.push(identity.create.diskMoved(at, { name, before: old.datastore, after: disk.datastore, help: `write \`move ${name} { from = ${old.datastore} }\`, and it is copied first; or write \`on = ${old.datastore}\`` }, { labels }));
  }
  if (old.slot !== null && old.slot.value !== disk.slot && !allowed.permits(name, 'slot')) {
    const before = old.slot.value;
    const taker = input.subjects.present.machines.get(old.machine)?.guest?.disks.find((other) => other.slot === before);
    const stay = taker === undefined ? `write \`slot = "${before}"\` to stay` : `give ${taker.name} another \`slot\``;
    const taken = taker === undefined ? [] : [{ span: place(taker.origin), text: `this takes ${before}` }];
    found.push(identity.create.slotChanged(at, { name: `the disk \`${name}\``, before, after: disk.slot, help: `${stay}; or, where nothing on it matters, write \`allow ${name} { change = slot }\`` }, { labels: [...builtSo({ fact: old.slot.fact }), ...taken] }));
  }
  if (disk.size < old.size && !allowed.permits(name, 'shrink')) {
    const before = sizeText(old.size);
    const help = `write \`${before}\` again; for a smaller one declare a second disk, copy, and retire this one. \`allow ${name} { change = shrink }\` is for one that you shrank on its node yourself: the provider shrinks none, and the apply would fail`;
    found.push(identity.create.diskShrunk(at, { name, before, after: sizeText(disk.size), help }, { labels }));
  }
  return found;
}

function mountChanges({ subjects }: Changes, allowed: Allowed, name: string, after: PlanMachine): Diagnostic[] {
  const old = new Map([...subjects.emission.mounts.values()].filter((mount) => mount.machine === name).map((mount) => [mount.path, mount]));
  const now = new Map([...(after.guest === null ? [] : mountsOf(after.guest))].map(([path, what]) => [path, what.join(',')]));
  return sortedBy(new Set([...old.keys(), ...now.keys()]), (path) => path).flatMap((path) => {
    const before = old.get(path);
    if (before?.what === now.get(path) || allowed.permits(name, 'mounts')) return [];
    const what = before === undefined ? `${path} is new` : now.has(path) ? `${path} was ${before.what} and becomes ${now.get(path) ?? ''}` : `${path} is gone`;
    return [identity.create.mountsChanged(place(after.origin), { name, what, help: `leave the mounts as they are, or run it on a \`vm\`; where nothing on its volumes matters, write \`allow ${name} { change = mounts }\`` }, { labels: before === undefined ? [] : builtSo(before) })];
  });
}

function instanceChanges({ subjects, isMoved }: Changes): Diagnostic[] {
  const { emission, present } = subjects;
  return sortedBy(emission.instances, ([name]) => name).flatMap(([name, before]) => {
    const after = present.instances.get(name);
    const holds = [...emission.states.values()].some((state) => state.instance === name);
    if (after === undefined || after.machine === before.machine || !holds || isMoved({ sort: 'instance', key: name })) return [];
    // Its machine is gone, and most likely goes on under the name of this one: that is said of the machine.
    if (!present.machines.has(before.machine) && likelyMachine(subjects, before.machine)?.name === after.machine) return [];
    const help = `write \`move ${name} { from = ${before.machine} }\`, and its data is carried over first; or leave it on ${before.machine}`;
    return [identity.create.instanceMoved(place(after.origin), { name, before: before.machine, after: after.machine, help }, { labels: builtSo(before) })];
  });
}

/** States of one machine that all go from one root to another are one fault. */
function stateChanges({ subjects, isMoved, isRenamedPath }: Changes): Diagnostic[] {
  const { emission, present } = subjects;
  const groups = new Map<string, { readonly names: string[]; readonly before: string; readonly after: string; readonly origin: Origin; readonly labels: Label[]; readonly moves: string[] }>();
  for (const [key, old] of sortedBy(emission.states, ([state]) => state)) {
    const now = present.states.get(key);
    const instance = present.instances.get(old.instance);
    const owner = old.instance === '' ? present.machines.get(old.machine) : instance;
    if (now === undefined || owner === undefined || (instance !== undefined && instance.machine !== old.machine) || now.path === old.path || isMoved({ sort: 'state', key }) || isRenamedPath(key, old.path, now.path)) continue;
    const [before, after] = roots(old.path, now.path);
    const id = `${old.machine} ${before} ${after}`;
    let group = groups.get(id);
    if (group === undefined) groups.set(id, (group = { names: [], before, after, origin: isLibraryFile(now.origin.file) ? owner.origin : now.origin, labels: [], moves: [] }));
    group.names.push(`\`${key.replaceAll('/', '.')}\``);
    group.labels.push(...builtSo(old));
    group.moves.push(`\`move ${key.replaceAll('/', '.')} { from = ${old.path} }\``);
  }
  return [...groups].sort(([a], [b]) => compareText(a, b)).map(([, { names, before, after, origin, labels, moves }]) =>
    identity.create.stateMoved(place(origin), { names: names.join(', '), before, after, help: `write ${moves.join(' and ')}, and the data is carried over first; or leave the mount and the names as they were` }, { labels }));
}

/** What two folders have before their common end. */
function roots(before: string, after: string): [string, string] {
  const a = before.split('/');
  const b = after.split('/');
  while (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-1)) {
    a.pop();
    b.pop();
  }
  return [a.join('/') || '/', b.join('/') || '/'];
}

