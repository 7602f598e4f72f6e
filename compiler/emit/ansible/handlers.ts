/**
 * Handlers of a machine, in the order in which they must run: units are read again before they are used, commands come
 * before services, a reboot is last; then it is noted that they have run. None runs in a dry run, where what they act on may not be there.
 */
import { task } from '../../bindings/ansible.gen.js';
import type { ModuleCall } from '../../bindings/ansible-module.js';
import type { PlanHandler } from '../../plan/machine.js';
import type { PlanOs } from '../../plan/plan-os.js';
import { noteApplied } from './owed.js';
import { literalText, plainName, unexpanded, type AnsibleTask } from './task.js';

const ORDER: readonly PlanHandler['action']['do'][] = ['daemon_reload', 'run', 'reload', 'restart', 'reboot'];

export function handlerTasks(handlers: readonly PlanHandler[], os: PlanOs | null): readonly AnsibleTask[] {
  const tasks = handlerOrder(handlers).map((handler) => {
    const call = handlerCall(handler.action, os?.id === 'alpine');
    return {
      name: handlerName(handlers, handler.id),
      [call.module]: call.args,
      when: 'not ansible_check_mode',
      ...(handler.action.do === 'run' ? { changed_when: true } : {}),
    };
  });
  return tasks.length === 0 ? [] : [...tasks, noteApplied(tasks.map(({ name }) => name))];
}

/** As they stand in the file, which is how Ansible runs them. */
export function handlerOrder(handlers: readonly PlanHandler[]): readonly PlanHandler[] {
  return ORDER.flatMap((kind) => handlers.filter((handler) => handler.action.do === kind));
}

/** The name under which tasks notify it. Of several with one name Ansible would run the last, so they are numbered. */
export function handlerName(handlers: readonly PlanHandler[], id: string): string {
  const handler = handlers.find((one) => one.id === id);
  if (handler === undefined) return plainName(id);
  const same = handlers.filter((one) => one.name === handler.name);
  return plainName(same.length === 1 ? handler.name : `${handler.name} (${same.indexOf(handler) + 1})`);
}

function handlerCall(action: PlanHandler['action'], openrc: boolean): ModuleCall<string, object> {
  switch (action.do) {
    case 'daemon_reload':
      return task('ansible.builtin.systemd_service', { daemon_reload: true });
    case 'run':
      return { module: 'ansible.builtin.command', args: unexpanded({ argv: action.command.map(literalText) }) as object };
    case 'reload':
    case 'restart': {
      const state = action.do === 'reload' ? 'reloaded' : 'restarted';
      return openrc
        ? task('ansible.builtin.service', { name: action.unit, state })
        : task('ansible.builtin.systemd_service', { name: action.unit, state, daemon_reload: true });
    }
    case 'reboot':
      return task('ansible.builtin.reboot', { reboot_timeout: 600 });
  }
}
