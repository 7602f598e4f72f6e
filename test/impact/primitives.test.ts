/** L3 items: what they notify, what their modules disturb, what taking them back does. */
import { expect, test } from 'vitest';
import { MODULES } from '../../compiler/bindings/ansible.gen.js';
import { MODULE_EFFECTS, primitiveImpact, VERB_EFFECTS } from '../../compiler/impact/primitives.js';
import type { PlanItem, PlanTask, PlanUndo } from '../../compiler/plan/machine.js';
import { UNDO_VERBS } from '../../compiler/plan/undo.js';
import { build, labs, readLab } from '../e2e/lab-kit.js';

const task = (module: string, notify: readonly string[] = []): PlanTask => ({
  name: 'x', module, args: {}, check: 'run', sealed: false, when: null, changedWhen: null, failedWhen: null, register: null, environment: null, notify,
});
const item = (tasks: readonly PlanTask[], undo: readonly PlanUndo[] = []): PlanItem => ({ id: 'own:x', kind: 'own', key: 'x', owner: 'carrie', phase: 4, tasks, undo, origin: { file: 'a.lab', line: 1, rank: 'lab' } });
const handlers = [{ id: 'restart docker', name: 'Restart docker', action: { do: 'restart', unit: 'docker.service' } }, { id: 'reboot', name: 'Reboot', action: { do: 'reboot' } }] as const;

test('every verb of undoing has an effect, and only modules that exist do', () => {
  expect(Object.keys(VERB_EFFECTS)).toEqual(Object.keys(UNDO_VERBS));
  expect(Object.keys(MODULE_EFFECTS).filter((module) => !(module in MODULES))).toEqual([]);
});

test('what is notified counts, and so does what a module disturbs', () => {
  const impact = (tasks: readonly PlanTask[], change: 'added' | 'changed') => primitiveImpact(item(tasks), change, handlers)?.impact;
  expect(impact([task('ansible.builtin.copy')], 'changed')).toBe('in_place');
  expect(impact([task('ansible.builtin.copy', ['restart docker'])], 'changed')).toBe('restart');
  expect(impact([task('ansible.builtin.copy', ['restart docker', 'reboot'])], 'added')).toBe('reboot');
  expect([impact([task('ansible.posix.mount')], 'added'), impact([task('ansible.posix.mount')], 'changed')]).toEqual(['in_place', 'restart']);
});

test('a kind may say that a change of it disturbs more than is seen', () => {
  const own = { ...item([task('ansible.builtin.command')]), impact: 'restart' } as const;
  expect(primitiveImpact(own, 'changed', handlers)).toEqual({ impact: 'restart', note: 'its kind says so', source: 'kind own' });
  expect(primitiveImpact(own, 'added', handlers)?.impact).toBe('in_place');
  expect(primitiveImpact({ ...own, tasks: [task('ansible.builtin.copy', ['reboot'])] }, 'changed', handlers)?.impact).toBe('reboot');
});

test('a removed item is as bad as its undoing, and waits for its retire', () => {
  const removed = (...undo: PlanUndo[]) => primitiveImpact(item([], undo), 'removed', [])?.impact;
  expect(removed()).toBe('in_place');
  expect(removed({ verb: 'file_absent', args: {}, only: 'always' }, { verb: 'unit_off', args: {}, only: 'always' })).toBe('restart');
  expect(removed({ verb: 'package_absent', args: {}, only: 'retired' })).toBe('in_place');
});

test.each(labs)('every item of labs/%s has an impact, whatever happens to it', (name) => {
  const { machines } = build(readLab(`labs/${name}`)).plan;
  const items = machines.flatMap(({ converge }) => (converge?.items ?? []).map((one) => ({ one, handlers: converge!.handlers })));
  expect(items.length).toBeGreaterThan(10);
  for (const { one, handlers: own } of items) for (const change of ['added', 'changed', 'removed'] as const) expect(primitiveImpact(one, change, own), one.id).toBeDefined();
});
