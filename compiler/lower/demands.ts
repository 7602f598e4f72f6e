/** S8 on objects: demands of capabilities, needs of what runs, states on disks that survive, and the lab's own checks. */
import { isLibraryFile } from '../base/library-file.js';
import { suggest } from '../base/suggest.js';
import { compareText, sortedBy } from '../base/text.js';
import { loginOperators } from '../eval/login.js';
import { writtenAt } from '../eval/places.js';
import { capabilityOf, statePath } from '../eval/states.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { types } from '../diagnostics/catalogue/types.js';
import { order } from '../eval/attributes.js';
import type { Obj } from '../eval/model.js';
import { truth } from '../eval/records.js';
import { describe, isObject } from '../eval/value.js';
import type { ParamShape } from '../shapes/types.js';
import { converges } from '../structure/machines.js';
import { checkSentences } from './checks.js';
import type { Lowering } from './context.js';

export function checkObjects(low: Lowering): void {
  const { ev } = low;
  const lacking = new Set<string>();
  for (const objs of ev.byWord.values()) {
    for (const obj of objs) {
      for (const demand of obj.facts.demands ?? []) {
        ev.attempt(() => {
          if (truth(ev, demand.condition, demand.scope)) return;
          const message = ev.evaluate(demand.message, demand.scope);
          ev.report(types.create.failedDemand(obj.span, { message: typeof message === 'string' ? message : 'a demand does not hold', help: `${describe(obj)} on ${obj.machine?.key ?? 'the lab'} says so` }, { labels: [{ span: demand.span, text: 'it is demanded here' }] }));
        }, undefined);
      }
      // What nothing has read is checked all the same.
      readRest(low, obj);
      for (const [capability, span] of obj.facts.needs ?? []) checkNeed(low, obj, capability, span, lacking);
    }
  }
  for (const machine of [...(ev.byWord.get('vm') ?? []), ...(ev.byWord.get('lxc') ?? [])]) checkStates(low, machine);
  for (const machine of ['vm', 'lxc', 'appliance'].flatMap((word) => ev.byWord.get(word) ?? [])) {
    checkRoot(low, machine);
    checkVersion(low, machine, low.ref(machine, 'image'), 'version');
  }
  for (const image of ev.byWord.get('image') ?? []) checkVersion(low, image, image, 'stable');
  for (const nic of ev.byWord.get('nic') ?? []) checkGateway(low, nic, lacking);
  checkLogin(low);
  checkSentences(ev);
}

/** Which of several operators machines are entered by must be said: neither files nor lines have an order that means something. */
function checkLogin({ ev }: Lowering): void {
  const operators = ev.root.childrenOf('operator');
  const chosen = loginOperators(ev);
  const [first, second] = sortedBy(chosen.length > 1 ? chosen : operators, (operator) => operator.key);
  if (first === undefined || second === undefined || chosen.length === 1) return;
  const names = operators.map((operator) => operator.key).sort(compareText).join(', ');
  const help = chosen.length > 1 ? `take \`login = true\` out of all but one` : `write \`login = true\` in the operator that machines are entered by`;
  ev.report(lab.create.noLogin(second.span, { names, why: chosen.length > 1 ? 'more than one says' : 'none says', help }, { labels: [{ span: first.span, text: 'and this one' }] }));
}

/** Reads the attributes that must have a value. Of an item that is like another one, those that its likeness does not tell of. */
function readRest(low: Lowering, obj: Obj): void {
  const sure = obj.facts.closed === true ? low.alike.sure(obj) : NOTHING;
  for (const name of obj.defs.keys()) if (!sure.has(name)) readOne(low, obj, name);
  if (obj.facts.closed === true) return;
  if (obj.kind.contract !== null) for (const name of obj.kind.params.keys()) readOne(low, obj, name);
  else {
    if (obj.template !== null) for (const name of required(obj.template.params)) readOne(low, obj, name);
    for (const name of required(obj.kind.params)) readOne(low, obj, name);
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/** Most was read when the object was lowered: asking for that once more would take longer than this whole check. */
function readOne({ ev }: Lowering, obj: Obj, name: string): void {
  if (!ev.isComputed(obj, name)) ev.tryAttribute(obj, name);
}

const requiredOf = new WeakMap<ReadonlyMap<string, ParamShape>, readonly string[]>();

/** Parameters that have no value unless somebody gives one. */
function required(params: ReadonlyMap<string, ParamShape>): readonly string[] {
  let names = requiredOf.get(params);
  if (names === undefined) requiredOf.set(params, (names = [...params].flatMap(([name, param]) => (param.optional ? [] : [name]))));
  return names;
}

/** What a machine lacks is said once, at the first that needs it. */
function checkNeed(low: Lowering, obj: Obj, capability: string, span: Obj['span'], lacking: Set<string>, machine: Obj | null = obj.machine): void {
  if (machine === null || machine.facts.provides?.has(capability) === true || lacking.has(`${machine.key} ${capability}`)) return;
  lacking.add(`${machine.key} ${capability}`);
  const able = low.ev.program.all('capability').filter((decl) => decl.head.body?.items.some((item) => item.kind === 'head' && item.word.text === 'provides' && item.entries.some((entry) => entry.label.kind === 'ref-label' && entry.label.parts.some((part) => part.kind === 'name' && part.text === capability))) === true);
  const names = able.map((decl) => `\`has ${decl.name}\``);
  const near = suggest(capability, [...(machine.facts.provides?.keys() ?? [])]);
  const help = names.length > 0 ? `write ${names.join(' or ')} on ${machine.key} or its persona` : near.length > 0 ? `did you mean \`${near[0] ?? ''}\`?` : 'add a capability that provides it';
  const at = writtenAt(obj).span;
  low.ev.report(lab.create.missingCapability(at, { what: describe(obj), capability, machine: machine.key, help }, { labels: at === span ? [] : [{ span, text: 'it says so here' }] }));
}

/** A machine of the lab that others go out through passes packets on; how an appliance does that is its own affair. */
function checkGateway(low: Lowering, nic: Obj, lacking: Set<string>): void {
  const gateway = low.get(nic, 'gateway');
  if (!isObject(gateway) || gateway.t !== 'obj' || !converges(gateway.kind)) return;
  const at = nic.defs.get('gateway')?.[0]?.span ?? nic.span;
  checkNeed(low, nic, 'gateway', at, lacking, gateway);
}

/** A machine that an image replaces keeps its states on a kept disk. */
function checkStates(low: Lowering, machine: Obj): void {
  const disks = machine.childrenOf('disk');
  const kept = disks.filter((disk) => low.bool(disk, 'keep'));
  if (machine.kind.word === 'lxc') {
    for (const disk of kept) low.ev.report(lab.create.keptOnContainer(disk.defs.get('keep')?.[0]?.span ?? disk.span, { disk: `disk ${disk.key}`, machine: machine.key }));
    for (const disk of disks) {
      if (disk.key !== 'root' && low.text(disk, 'mount') === null) low.ev.report(lab.create.badValue(disk.span, { what: `disk ${disk.key} of the container ${machine.key} is mounted nowhere`, help: 'write `mount = /path`: Proxmox attaches a volume to a container at a path, not as a device' }));
    }
    if (kept.length > 0) return;
  }
  // Where an instance's states lie follows from the mounts, a capability's lies where it says.
  const mounts = kept.flatMap((disk) => low.text(disk, 'mount') ?? []);
  const safe = [...mounts, ...machine.childrenOf('mount').map((mount) => mount.key)];
  const isSafe = (path: string): boolean => safe.some((mount) => `${path}/`.startsWith(`${mount}/`));
  const held = low.ev.census.on(machine, 'state').filter((item) => low.text(item, 'disposable') === null && (item.instance === null ? !isSafe(low.ev.attempt(() => statePath(low.ev, item), '')) : mounts.length === 0));
  const state = held.find((item) => item.instance !== null) ?? held[0];
  if (state === undefined) return;
  const [disk] = kept;
  const store = disks.map((item) => low.ref(item, 'on')?.key ?? null).find((name) => name !== null) ?? 'local-lvm';
  const owner = state.instance?.key ?? (capabilityOf(state) === '' ? machine.key : capabilityOf(state));
  const below = state.instance === null ? `write \`state ${state.key} = ${mounts[0] ?? '/srv'}/${owner}/${state.key}\`` : '';
  const help = machine.kind.word === 'lxc' ? `make ${machine.key} a \`vm\` with a kept disk, or move \`${owner}\` to one`
    : mounts.length > 0 ? `${below}, or \`disposable\` where losing it does no harm`
    : `${disk === undefined ? `add \`disk data = 32GiB { on = ${store}  mount = /srv  keep = true }\`` : `write \`mount = /srv\` on disk ${disk.key}`}${below === '' ? '' : `, and ${below}`}`;
  const why = mounts.length > 0 ? 'that lies on no kept disk' : 'but no disk of it is kept';
  low.ev.report(lab.create.unprotectedState(machine.span, { machine: machine.key, why, help }, { labels: [{ span: writtenAt(state).span, text: `${owner} has state` }] }));
}

/** A machine made from an image has a disk to put it on. */
function checkRoot(low: Lowering, machine: Obj): void {
  if (low.ref(machine, 'image') === null || machine.child('disk', 'root') !== undefined) return;
  const node = low.ref(machine, 'node');
  const content = machine.kind.word === 'lxc' ? 'rootdir' : 'images';
  const store = node?.childrenOf('datastore').find((item) => low.texts(item, 'content').includes(content));
  low.ev.report(lab.create.noRootDisk(machine.span, { machine: machine.key, datastore: store?.key ?? 'local-lvm' }));
}

/** The version that an image promotes, or that a machine stays on, is one that the image declares. Said once of a persona's word. */
function checkVersion(low: Lowering, obj: Obj, image: Obj | null, attribute: 'stable' | 'version'): void {
  const at = order(obj, obj.defs.get(attribute) ?? [])[0]?.span;
  const version = image === null || at === undefined ? null : low.text(obj, attribute);
  if (image === null || at === undefined || version === null || image.child('version', version) !== undefined) return;
  const declared = sortedBy(image.childrenOf('version').map((item) => item.key), (key) => key).map((key) => `\`${key}\``);
  const help = declared.length === 0 ? `declare it in the image: \`version "${version}" { url = ...  sha256 = ... }\`` : `it declares ${declared.join(' and ')}: write one of them${isLibraryFile(image.span.file) ? '' : `, or add \`version "${version}" { ... }\` to it`}`;
  const fault = lab.create.noVersion(at, { image: image.key, version, help }, { labels: image === obj ? [] : [{ span: image.span, text: 'this image' }] });
  if (!low.ev.diagnostics.some((other) => other.code === fault.code && other.span?.start === at.start && other.span.file === at.file)) low.ev.report(fault);
}
