/**
 * The role of one machine: its items as literal tasks, one file for each group of phases. `bootstrap` and `verify` are
 * entry points of their own, since the undoing of what left runs after the one and before the rest. Handlers run where
 * later tasks count on them: after packages, mounts and the firewall, and at the end; those of a run that ended too.
 */
import { task } from '../../bindings/ansible.gen.js';
import type { EmittedFile } from '../../plan/emitted.js';
import type { PlanConverge, PlanItem, PlanMachine, PlanTask } from '../../plan/machine.js';
import { privateName, withPrivateNames } from './conditions.js';
import { handlerName, handlerTasks } from './handlers.js';
import { fileGids, gidsIn, secretsOf } from './holes.js';
import { askForOwed, handlerFiles, type HandlerFiles } from './owed.js';
import { renderSealed, SEALED_DELIMITERS, secretVariable } from './sealed.js';
import { literalTask, literalValue, step, type AnsibleTask, type TaskKeywords } from './task.js';

/** A group of phases: its file, what it does in words, and whether handlers run behind it. */
interface Section {
  readonly file: string;
  readonly phases: readonly number[];
  readonly title: string;
  readonly flush: string | null;
}

const BOOTSTRAP: Section = { file: 'bootstrap', phases: [0], title: 'Make sure that it is the machine and has what Ansible needs', flush: null };
const VERIFY: Section = { file: 'verify', phases: [11], title: 'Verify', flush: null };
const SECTIONS: readonly Section[] = [
  { file: 'repositories', phases: [1], title: 'Name the sources of packages', flush: null },
  { file: 'packages', phases: [2], title: 'Install packages', flush: 'Apply what new packages asked for' },
  { file: 'accounts', phases: [3], title: 'Make groups, users and their rights', flush: null },
  { file: 'files', phases: [4], title: 'Write files', flush: null },
  { file: 'system', phases: [5], title: 'Set the system up', flush: null },
  { file: 'mounts', phases: [6], title: 'Describe units and mounts', flush: 'Apply what changed before services start' },
  { file: 'services', phases: [7], title: 'Start services', flush: null },
  { file: 'network', phases: [8], title: 'Set networks and trust up', flush: 'Apply what changed before anything is published' },
  { file: 'steps', phases: [9, 10], title: 'Take the remaining steps', flush: 'Apply what is left to apply' },
];

/** Which of its entry points a machine has. */
export function entryPoints(converge: PlanConverge): { readonly bootstrap: boolean; readonly main: boolean; readonly verify: boolean } {
  const has = (section: Section): boolean => itemsOf(converge, section).some((item) => item.tasks.length > 0);
  return { bootstrap: has(BOOTSTRAP) || secretsOf(converge).length > 0, main: SECTIONS.some(has), verify: has(VERIFY) };
}

/** The files of a role that make a machine one which its operators may enter, from nothing but root's login. */
export function entryFiles(converge: PlanConverge): readonly string[] {
  return [BOOTSTRAP, ...SECTIONS].filter((section) => (section.phases[0] ?? 0) <= 3 && itemsOf(converge, section).some((item) => item.tasks.length > 0)).map((section) => section.file);
}

/** The items behind the tasks of one file of the role, task by task; null for a task of the emitter's own. */
export function roleTasks(converge: PlanConverge, file: string): readonly (PlanItem | null)[] {
  const section = [BOOTSTRAP, ...SECTIONS, VERIFY].find((one) => one.file === file);
  if (section === undefined) return [];
  const items = itemsOf(converge, section).flatMap((item) => item.tasks.map(() => item));
  const tasks = sectionTasks({ converge, registered: registeredNames(converge), files: fileGids(converge) }, section);
  return [...Array.from({ length: tasks.length - items.length }, () => null), ...items];
}

export function roleName(machine: string): string {
  return machine.replace(/[^a-z0-9_]/g, '_');
}

export function machineRole(machine: PlanMachine, converge: PlanConverge, yaml: (data: unknown) => string): readonly EmittedFile[] {
  const role = `ansible/roles/${roleName(machine.name)}`;
  const context: Context = { converge, registered: registeredNames(converge), files: fileGids(converge) };
  const sections = [BOOTSTRAP, ...SECTIONS, VERIFY].map((section) => ({ section, tasks: sectionTasks(context, section) })).filter(({ tasks }) => tasks.length > 0);
  const handlers = handlerTasks(converge.handlers, machine.os);
  return [
    ...(entryPoints(converge).main ? [{ path: `${role}/tasks/main.yml`, text: yaml(mainTasks(context, sections.map(({ section }) => section))) }] : []),
    ...sections.map(({ section, tasks }) => ({ path: `${role}/tasks/${section.file}.yml`, text: yaml(tasks) })),
    ...(handlers.length === 0 ? [] : [{ path: `${role}/handlers/main.yml`, text: yaml(handlers) }]),
    ...converge.files.map((file) =>
      typeof file.content === 'string'
        ? { path: `${role}/files/${file.path}`, text: file.content }
        : { path: `${role}/templates/${file.path}`, text: renderSealed(file.content) }),
  ];
}

interface Context {
  readonly converge: PlanConverge;
  readonly registered: ReadonlySet<string>;
  /** Paths of files whose content has holes. */
  readonly files: ReadonlyMap<string, readonly string[]>;
}

/** Imports in order, with the points at which handlers run. */
function mainTasks(context: Context, present: readonly Section[]): readonly AnsibleTask[] {
  const points = handlerPoints(context.converge);
  return SECTIONS.flatMap((section) => [
    ...(present.includes(section) ? [step(section.title, task('ansible.builtin.import_tasks', { file: `${section.file}.yml` }))] : []),
    ...(points.some(({ after }) => after === section) ? [askForOwed(section.file), flush(section.flush ?? '')] : []),
  ]);
}

/** Where handlers run, and the tasks since the point before; a point without a notification is left out. */
function handlerPoints(converge: PlanConverge): readonly { readonly after: Section; readonly tasks: readonly PlanTask[] }[] {
  const points: { after: Section; tasks: readonly PlanTask[] }[] = [];
  let tasks: readonly PlanTask[] = [];
  for (const section of SECTIONS) {
    tasks = [...tasks, ...itemsOf(converge, section).flatMap((item) => item.tasks.filter((one) => one.notify.length > 0))];
    if (section.flush === null || tasks.length === 0) continue;
    points.push({ after: section, tasks });
    tasks = [];
  }
  return points;
}

/** What the handlers of a machine wait for, point by point. */
export function handlersOf(converge: PlanConverge): readonly HandlerFiles[] {
  return handlerPoints(converge).flatMap(({ after, tasks }) => handlerFiles(after.file, tasks, (id) => handlerName(converge.handlers, id)));
}

function flush(name: string): AnsibleTask {
  return { name, 'ansible.builtin.meta': 'flush_handlers' };
}

function sectionTasks(context: Context, section: Section): readonly AnsibleTask[] {
  const items = itemsOf(context.converge, section);
  const tasks = items.flatMap((item) => item.tasks.map((one) => itemTask(context, item, one)));
  const asksForGroups = items.some((item) => item.tasks.some((one) => taskGids(context, one).length > 0));
  const secrets = section === BOOTSTRAP ? secretsOf(context.converge) : [];
  return [...(secrets.length === 0 ? [] : [readSecrets(secrets)]), ...(asksForGroups ? [readGroups()] : []), ...tasks];
}

/** A secret that cannot be had ends the play before anything is changed, in a dry run too, where errors of later tasks may be forgiven. */
function readSecrets(secrets: readonly string[]): AnsibleTask {
  return step('Check that its secrets can be read', task('ansible.builtin.assert', {
    that: secrets.map((key) => `${secretVariable(key)} | string | length > 0`),
    fail_msg: 'A secret of this machine is empty: give it a value where the lab says that it comes from.', quiet: true,
  }));
}

/** Numbers of groups are read when a text with such a hole is written, after every group was made. */
export function readGroups(): AnsibleTask {
  return step('Read the groups of the machine', task('ansible.builtin.getent', { database: 'group' }));
}

function taskGids(context: Context, one: PlanTask): readonly string[] {
  const asset = (one.args.src as { readonly $?: unknown; readonly path?: string } | undefined)?.path;
  return [...gidsIn(one.args), ...gidsIn(one.environment ?? {}), ...(asset === undefined ? [] : (context.files.get(asset) ?? []))];
}

function itemsOf(converge: PlanConverge, section: Section): readonly PlanItem[] {
  const extra = section === VERIFY ? converge.verifies.filter((item) => !converge.items.includes(item)) : [];
  return [...section.phases.flatMap((phase) => converge.items.filter((item) => item.phase === phase)), ...extra];
}

function itemTask(context: Context, item: PlanItem, one: PlanTask): AnsibleTask {
  const sealedFile = one.module === 'ansible.builtin.template';
  const args = literalValue(sealedFile ? { ...one.args, ...SEALED_DELIMITERS } : one.args) as Readonly<Record<string, unknown>>;
  const freeForm = Object.keys(args).length === 1 ? args.free_form : undefined;
  const expression = (text: string): string => withPrivateNames(text, context.registered);
  const conditions = [...(one.when === null ? [] : [expression(one.when)]), ...(one.check === 'never' ? ['not ansible_check_mode'] : [])];
  const keywords: TaskKeywords = {
    environment: one.environment === null ? undefined : literalValue(one.environment),
    register: one.register === null ? undefined : privateName(one.register),
    when: conditions.length < 2 ? conditions[0] : conditions,
    changed_when: typeof one.changedWhen === 'string' ? expression(one.changedWhen) : (one.changedWhen ?? undefined),
    failed_when: typeof one.failedWhen === 'string' ? expression(one.failedWhen) : (one.failedWhen ?? undefined),
    check_mode: one.check === 'always' ? false : undefined,
    ignore_errors: one.check === 'lenient' ? '{{ ansible_check_mode }}' : undefined,
    notify: one.notify.length === 0 ? undefined : one.notify.map((id) => handlerName(context.converge.handlers, id)),
    no_log: one.sealed ? true : undefined,
    diff: one.sealed ? false : undefined,
  };
  return literalTask(`${ownerTitle(item.owner)} | ${capital(one.name)}`, one.module, freeForm ?? args, keywords);
}

/** `nfs_client` reads as `Nfs client`. */
function ownerTitle(owner: string): string {
  return capital(owner.replace(/_/g, ' '));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function registeredNames(converge: PlanConverge): ReadonlySet<string> {
  const items = [...converge.items, ...converge.verifies];
  return new Set(items.flatMap((item) => item.tasks.flatMap((one) => (one.register === null ? [] : [one.register]))));
}
