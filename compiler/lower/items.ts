/**
 * Lowers L3: every item of a machine with its steps, files, handlers and undoing. Items of one kind that differ in one option only
 * become one step. Options are checked against the modules' own documentation.
 */
import { suggest, suggestHelp } from '../base/suggest.js';
import { compareText, sortedBy } from '../base/text.js';
import type { ModuleSpec, OptionSpec } from '../bindings/ansible-module.js';
import { MODULES } from '../bindings/ansible.gen.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import type { Asset, Obj, Value } from '../eval/model.js';
import { itemsOf } from '../eval/operators.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { PlanConverge, PlanFile, PlanHandler, PlanItem, PlanTask, PlanUndo } from '../plan/machine.js';
import type { PlanData, PlanRecord } from '../plan/data.js';
import { UNDO_VERBS } from '../plan/undo.js';
import type { Lowering } from './context.js';
import { handlerOf } from './handlers.js';
import type { Vary } from './alike.js';
import { placeIn } from './alike-capabilities.js';
import type { LoweredItem, LoweredWithHandlers } from './lowered-item.js';
import { unite } from './same-items.js';
import { secretItems } from './secret-items.js';

const COMMANDS = new Set(['ansible.builtin.command', 'ansible.builtin.shell', 'ansible.builtin.raw', 'ansible.builtin.script']);
const VERIFY = 11;

/** What a machine's items are lowered to, before they are put together; and what people do by hand. */
interface LoweredItems {
  readonly entries: LoweredWithHandlers[];
  readonly byHand: ReadonlySet<string>;
}

export function lowerItems(low: Lowering, machine: Obj): LoweredItems {
  const objs: Obj[] = [];
  const entries: LoweredWithHandlers[] = [];
  gather(machine, objs, (capability) => {
    const known = low.capabilities.of(low.ev, capability, (item) => low.once(item, () => lowerWhole(low, machine, item)));
    if (known !== null) entries.push(...known.lowered);
    return known?.covers ?? NOTHING;
  });
  const byHand = new Set<string>();
  const vary: Vary<readonly LoweredWithHandlers[]> = (known, before, now) => withText(low, known, before, now);
  for (const obj of objs) {
    if (obj.kind.word === 'by_hand') byHand.add(obj.key);
    else entries.push(...low.once(obj, () => low.alike.lower(low.ev, obj, `${ownerOf(obj)}/${ownerPath(obj)}${obj.key}`, () => lowerWhole(low, machine, obj), vary)));
  }
  return { entries, byHand };
}

export function lowerConverge(low: Lowering, machine: Obj): PlanConverge {
  const { entries, byHand } = lowerItems(low, machine);
  const handlers = new Map<string, PlanHandler>();
  for (const entry of entries) for (const handler of entry.handlers) handlers.set(handler.id, handler);
  const lowered = unite(low, machine, entries);
  const secretFiles = new Map<string, PlanFile>();
  lowered.push(...secretItems(low, machine, secretFiles).map((item) => ({ item, obj: machine, order: 1, files: NO_FILES })));
  lowered.sort((a, b) => a.item.phase - b.item.phase || a.order - b.order || compareText(a.item.kind, b.item.kind) || compareText(a.item.owner, b.item.owner) || compareText(a.item.key, b.item.key));
  const files = new Map(secretFiles);
  for (const entry of lowered) for (const [path, file] of entry.files) files.set(path, file);
  const items = batch(lowered);
  return {
    items: items.filter((item) => item.phase !== VERIFY), verifies: items.filter((item) => item.phase === VERIFY),
    handlers: [...handlers.values()].sort((a, b) => compareText(a.id, b.id)), files: [...files.values()].sort((a, b) => compareText(a.path, b.path)), retired: retiredOf(low, machine),
    ...(byHand.size === 0 ? {} : { byHand: sortedBy(byHand, (sentence) => sentence) }),
  };
}

const NOTHING: ReadonlySet<string> = new Set();
const NO_FILES: ReadonlyMap<string, PlanFile> = new Map();

/** Items of a machine: below it, its capabilities and its disks; not below its runs, nor inside items. `covered` says what of a capability is lowered already. */
function gather(obj: Obj, out: Obj[], covered: (capability: Obj) => ReadonlySet<string> = () => NOTHING): void {
  const known = obj.kind.word === 'capability' ? covered(obj) : NOTHING;
  for (const [word, byKey] of known.size > 0 ? obj.made : obj.children) {
    if (word === 'run') continue;
    for (const child of byKey.values()) {
      if (known.size > 0 && known.has(placeIn(child))) continue;
      const isItem = child.kind.layer === 'L3' && child.kind.contract === null && word !== 'capability' && word !== 'undo' && (word !== 'task' || obj.kind.word === 'capability' || obj.machine === obj);
      if (isItem) out.push(child);
      else if (word !== 'task' && word !== 'undo') gather(child, out, covered);
    }
  }
}

/** An item with all items inside it. */
function lowerWhole(low: Lowering, machine: Obj, obj: Obj): readonly LoweredWithHandlers[] {
  low.open(obj);
  const inside: Obj[] = [];
  if (obj.kind.word !== 'task') gather(obj, inside);
  return [lowerItem(low, machine, obj), ...inside.flatMap((item) => lowerWhole(low, machine, item))];
}

/** What an item is lowered to whose passed text is `now`, from what it is with the text `before`; null where that is not all of it. */
function withText(low: Lowering, known: readonly LoweredWithHandlers[], before: Value, now: Value): readonly LoweredWithHandlers[] | null {
  const [entry, inside] = known;
  const [file, other] = entry?.files.values() ?? [];
  // A text with secrets goes another way.
  if (entry === undefined || inside !== undefined || file === undefined || other !== undefined || typeof before !== 'string' || typeof now !== 'string' || file.content !== low.fileText(before)) return null;
  return [{ ...entry, files: new Map([[file.path, { ...file, content: low.fileText(now) }]]) }];
}

function ownerOf(obj: Obj): string {
  for (let at: Obj | null = obj.parent; at !== null; at = at.parent) {
    if (at.kind.word === 'capability') return at.key;
    if (at.machine === at) return at.facts.personas?.[0] !== undefined && obj.span.file !== at.span.file ? (at.facts.personas[0] ?? at.key) : at.key;
  }
  return obj.key;
}

function lowerItem(low: Lowering, machine: Obj, obj: Obj): LoweredWithHandlers {
  const files = new Map<string, PlanFile>();
  const handlers: PlanHandler[] = [];
  const raw = obj.kind.word === 'task';
  const notify = raw ? [] : low.list(obj, 'on_change').flatMap((action) => {
    const handler = handlerOf(action);
    if (handler === null) return [];
    handlers.push(handler);
    return [handler.id];
  });
  const title = titleOf(low, obj);
  // Steps with names of their own leave the item's title to the others.
  let untitled = 0;
  const titleOfStep = (task: Obj): string => {
    if ((low.record(task, 'play').get('name') ?? null) !== null) return title;
    untitled++;
    return untitled === 1 ? title : `${title}, step ${untitled}`;
  };
  const tasks = (raw ? [obj] : obj.childrenOf('task')).flatMap((task) => lowerTask(low, obj, task, titleOfStep(task), notify, files) ?? []);
  const undo = obj.childrenOf('undo').map((item) => undoOf(low, item));
  const key = raw ? obj.key.slice(obj.key.indexOf(' ') + 1) : obj.key;
  return {
    obj, order: obj.kind.order, files, handlers,
    item: { id: `${obj.kind.word}:${raw && obj.parent !== machine ? `${ownerOf(obj)}/` : ownerPath(obj)}${obj.key}`, kind: obj.kind.word, key, owner: ownerOf(obj), phase: raw ? 9 : obj.kind.phase, tasks, undo, ...(obj.kind.impact === null ? {} : { impact: obj.kind.impact }), origin: low.origin(obj) },
  };
}

/** A way back, with what its verb takes. */
function undoOf(low: Lowering, item: Obj): PlanUndo {
  const verb = item.key.slice(item.key.indexOf(' ') + 1);
  const span = item.mentions[0]?.span ?? item.span;
  const args = argsOf(low, item, noAsset);
  const takes = Object.hasOwn(UNDO_VERBS, verb) ? UNDO_VERBS[verb] : undefined;
  if (takes === undefined) low.ev.report(lab.create.badValue(span, { what: `there is no way to undo called \`${verb}\``, help: suggestHelp(verb, Object.keys(UNDO_VERBS)) }));
  const names = takes?.map((name) => name.replace('?', '')) ?? [];
  const unknown = Object.keys(args).find((name) => !names.includes(name));
  const missing = takes?.find((name) => !name.endsWith('?') && args[name] === undefined);
  if (takes !== undefined && unknown !== undefined) low.ev.report(lab.create.badValue(span, { what: `\`undo ${verb}\` takes no \`${unknown}\``, help: `it takes ${names.join(', ')}` }));
  else if (missing !== undefined) low.ev.report(lab.create.badValue(span, { what: `\`undo ${verb}\` needs \`${missing}\``, help: `write \`${missing} = ...\`` }));
  return { verb, args, only: (low.text(item, 'only') ?? 'always') as PlanUndo['only'] };
}

/** Items inside items are told apart by the item around them. */
function ownerPath(obj: Obj): string {
  const parent = obj.parent;
  return parent !== null && parent.kind.layer === 'L3' && parent.kind.word !== 'capability' && parent.machine !== parent ? `${parent.key}/` : '';
}

function titleOf(low: Lowering, obj: Obj): string {
  const title = obj.kind.title;
  const scope = obj.kindFrame;
  if (title !== null && scope !== null) {
    const value = low.ev.attempt(() => low.ev.evaluate(title, scope), null);
    if (typeof value === 'string') return value;
  }
  const word = obj.kind.word === 'task' ? obj.key.slice(obj.key.lastIndexOf('.') + 1) : `${obj.kind.word} ${obj.key}`;
  return word.slice(0, 1).toUpperCase() + word.slice(1).replaceAll('_', ' ');
}

const noAsset = (): PlanData => null;

/** Whether somebody gave the option a value that could not be read. */
function isRefused(low: Lowering, obj: Obj, name: string): boolean {
  return obj.defs.has(name) && low.ev.attempt(() => (low.ev.attribute(obj, name, obj.span), false), true);
}

/** A word that happens to name things of the lab: `state = directory` where text is wanted. */
function isWordOfThings(obj: Obj, name: string, value: Value): string | undefined {
  const expr = obj.defs.get(name)?.[0]?.expr;
  const items = itemsOf(value);
  if (expr?.kind !== 'name-expr' || items === undefined || items.length === 0) return undefined;
  return items.every((item) => isObject(item) && item.t === 'obj' && item.kind.word === expr.text) ? expr.text : undefined;
}

function argsOf(low: Lowering, obj: Obj, asset: (asset: Asset, option: string) => PlanData): PlanRecord {
  const args: Record<string, PlanData> = {};
  for (const [name, defs] of obj.defs) {
    if (obj.param(name) !== undefined) continue;
    const span = defs[0]?.span ?? obj.span;
    const value = low.get(obj, name);
    const word = isWordOfThings(obj, name, value);
    if (word !== undefined) low.ev.report(lab.create.badValue(span, { what: `\`${word}\` stands for every ${word} of the lab here`, help: `write \`${name} = "${word}"\` if it is text` }));
    else if (value !== null) args[name] = low.data(value, span, (found) => asset(found, name));
  }
  return args;
}

function lowerTask(low: Lowering, item: Obj, task: Obj, name: string, notify: readonly string[], files: Map<string, PlanFile>): PlanTask | null {
  const module = task.key.slice(task.key.indexOf(' ') + 1);
  const span = task.mentions[0]?.span ?? task.span;
  const spec = MODULES[module as keyof typeof MODULES];
  if (spec === undefined) {
    low.ev.report(lab.create.unknownModule(span, { module: `\`${module}\``, help: suggestHelp(module, Object.keys(MODULES)) }));
    return null;
  }
  const dest = low.get(task, 'dest');
  const place = (asset: Asset): PlanData => {
    const path = assetPath(item, dest, task);
    files.set(path, { path, content: low.fileText(asset.content), origin: low.origin(item) });
    return { $: 'asset', path };
  };
  const args = argsOf(low, task, place);
  const play = low.record(task, 'play');
  const text = (field: string): string | null => plainText(play.get(field) ?? null) ?? null;
  const condition = (field: string): string | boolean | null => {
    const value = play.get(field) ?? null;
    return typeof value === 'boolean' ? value : (plainText(value) ?? null);
  };
  const misspelt = new Set<string>();
  for (const option of Object.keys(args)) {
    const known = spec.options[option] !== undefined || Object.values(spec.options).some((other) => other.aliases?.includes(option) === true);
    if (!known && spec.open !== true && !(spec.freeForm === true && option === 'free_form')) {
      const at = task.defs.get(option)?.[0]?.span ?? span;
      for (const meant of suggest(option, Object.keys(spec.options)).slice(0, 1)) misspelt.add(meant);
      low.ev.report(lab.create.wrongModuleOption(at, { module: `\`${module}\``, option, help: suggestHelp(option, Object.keys(spec.options)) }));
    }
  }
  for (const [option, value] of Object.entries(args)) {
    const choices = spec.options[option]?.choices;
    if (choices === undefined || (typeof value !== 'string' && typeof value !== 'number') || choices.some((choice) => String(choice) === String(value))) continue;
    const at = task.defs.get(option)?.[0]?.span ?? span;
    low.ev.report(lab.create.wrongModuleChoice(at, { module: `\`${module}\``, option, value: String(value), help: suggestHelp(String(value), choices.map(String)) }));
  }
  for (const [option, shape] of requiredOptions(spec)) {
    // What is given and refused, or most likely meant by a misspelt option, is reported already.
    const given = (known: string): boolean => task.facts.incomplete === true || args[known] !== undefined || isRefused(low, task, known) || misspelt.has(known);
    if (![option, ...(shape.aliases ?? [])].some(given) && !(spec.freeForm === true && option === 'free_form')) {
      low.ev.report(lab.create.missingModuleOption(span, { module: `\`${module}\``, option }));
    }
  }
  if (COMMANDS.has(module)) {
    for (const [option, value] of Object.entries(args)) {
      if (option === 'stdin' || !holdsSecret(value)) continue;
      const at = item === task ? (task.defs.get(option)?.[0]?.span ?? span) : (item.mentions[0]?.span ?? item.span);
      low.ev.report(lab.create.insecureSink(at, { sink: `\`${option}\` of \`${module}\`: whoever lists processes reads it`, help: 'give it in `stdin`, or in `play { environment = { NAME = ... } }`' }));
    }
  }
  const check = (text('check') ?? 'run') as PlanTask['check'];
  const changedWhen = condition('changed_when');
  if (COMMANDS.has(module) && args['creates'] === undefined && args['removes'] === undefined && changedWhen === null && !isRefused(low, task, 'play')) low.ev.report(lab.create.unguardedCommand(span, {}));
  const environment = play.get('environment') ?? null;
  const env = isObject(environment) && environment.t === 'rec' && environment.fields.size > 0 ? (low.data(environment, span, noAsset) as PlanRecord) : null;
  return {
    name: text('name') ?? name, module, args, check, sealed: play.get('sealed') === true || holdsSecret(args), when: text('when'), changedWhen, failedWhen: condition('failed_when'), register: text('register'), environment: env,
    notify: check === 'always' ? [] : notify,
  };
}

const required = new WeakMap<ModuleSpec, readonly (readonly [string, OptionSpec])[]>();

/** Looked for once: a lab has thousands of tasks of a few modules. */
function requiredOptions(spec: ModuleSpec): readonly (readonly [string, OptionSpec])[] {
  const known = required.get(spec);
  if (known !== undefined) return known;
  const options = Object.entries(spec.options).filter(([, shape]) => shape.required === true);
  required.set(spec, options);
  return options;
}

/** Whether a secret stands in the options themselves: the step is not logged then, asked or not. */
function holdsSecret(data: PlanData): boolean {
  if (Array.isArray(data)) return data.some(holdsSecret);
  if (typeof data !== 'object' || data === null) return false;
  return (data as { hole?: unknown }).hole === 'secret' || Object.values(data as PlanRecord).some(holdsSecret);
}

/** Where an item's text lies among the machine's files: as on the machine itself. */
function assetPath(item: Obj, dest: Value, task: Obj): string {
  const text = dest === null ? null : plainText(dest);
  return text !== null && text !== undefined ? text.replace(/^\//, '') : `${item.kind.word}/${item.key.replace(/^\//, '')}/${task.key.slice(0, task.key.indexOf(' '))}`;
}

/** Steps that differ only in the option that their kind names become one step with a list. */
function batch(lowered: readonly LoweredItem[]): PlanItem[] {
  const items = lowered.map((entry) => entry.item);
  lowered.forEach(({ obj: { kind } }, i) => {
    const first = items[i];
    const option = kind.batch;
    if (first === undefined || option === null) return;
    const tasks = first.tasks.map((task) => {
      const spec = MODULES[task.module as keyof typeof MODULES]?.options[option];
      return spec?.type === 'list' && typeof task.args[option] === 'string' ? joined(task, first, option, items, i + 1) : task;
    });
    // Machines share what nothing was joined with.
    if (tasks.some((task, at) => task !== first.tasks[at])) items[i] = { ...first, tasks };
  });
  return items;
}

/** The step with those of the items from `at` on that say the same, which it is taken out of. */
function joined(task: PlanTask, first: PlanItem, option: string, items: PlanItem[], at: number): PlanTask {
  const same = signature(task, option);
  const names: string[] = [task.args[option] as string];
  const titles: string[] = [task.name];
  for (let i = at; i < items.length; i++) {
    const other = items[i];
    if (other === undefined || other.kind !== first.kind || other.phase !== first.phase || other.owner !== first.owner) break;
    const found = other.tasks.find((candidate) => typeof candidate.args[option] === 'string' && signature(candidate, option) === same);
    if (found === undefined) continue;
    names.push(found.args[option] as string);
    titles.push(found.name);
    items[i] = { ...other, tasks: other.tasks.filter((candidate) => candidate !== found) };
  }
  return names.length === 1 ? task : { ...task, name: joinTitles(titles, names), args: { ...task.args, [option]: names.sort(compareText) } };
}

const signatures = new WeakMap<PlanTask, string>();

/** What a task says apart from the option that its kind gathers, which is one option for each kind. */
function signature(task: PlanTask, option: string): string {
  let known = signatures.get(task);
  if (known === undefined) signatures.set(task, (known = signed(task, option)));
  return known;
}

function signed(task: PlanTask, option: string): string {
  return JSON.stringify([task.module, { ...task.args, [option]: '' }, task.check, task.sealed, task.when, task.changedWhen, task.failedWhen, task.register, task.environment, task.notify]);
}

/** `Install a, b and c` from `Install a`, `Install b`, `Install c`. */
function joinTitles(titles: readonly string[], names: readonly string[]): string {
  const first = titles[0] ?? '';
  const lead = first.endsWith(names[0] ?? '') ? first.slice(0, first.length - (names[0] ?? '').length) : `${first}: `;
  const sorted = [...names].sort(compareText);
  return `${lead}${sorted.slice(0, -1).join(', ')} and ${sorted[sorted.length - 1] ?? ''}`;
}

/** Items that the lab retires, by the ids that the machine knows them by. */
function retiredOf(low: Lowering, machine: Obj): string[] {
  const names = (low.ev.root.facts.past ?? []).filter(({ word, data }) => word === 'retire' && data === null).map(({ name }) => name);
  return names.flatMap((name) => (name.startsWith(`${machine.key}.`) ? [name.slice(machine.key.length + 1).replace('.', ':')] : [])).sort(compareText);
}
