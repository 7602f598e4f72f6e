/**
 * What a run that ended owes. Ansible keeps notifications in memory: a run that is killed between a change and its
 * handler, or whose handler fails, leaves a file that the next run finds as it should be, and nobody restarts what reads
 * it. So a mark stands on the machine while it converges, and its time is when everything changed before was applied:
 * files of handlers that are newer than a mark found at the beginning were changed and not applied. The next run asks
 * for their handlers again, each where it runs anyway. Machines' roles hold one task before each such place and one
 * handler; which files a handler waits for is in `applied/`, and the comparing in the role `undo`.
 */
import { task } from '../../bindings/ansible.gen.js';
import type { PlanTask } from '../../plan/machine.js';
import { step, type AnsibleTask } from './task.js';

/** What a handler waits for, of all that is notified before one of the places where handlers run. */
export interface HandlerFiles {
  /** As tasks notify it. */
  readonly name: string;
  /** The file of the role behind which it runs. */
  readonly after: string;
  readonly files: readonly string[];
  /** Some task that notifies it leaves no file behind: after a run that ended it is always asked for. */
  readonly always?: true;
}

/** The arguments by which modules name the file that they write. */
const WRITTEN: Readonly<Record<string, string>> = {
  'ansible.builtin.blockinfile': 'path', 'ansible.builtin.copy': 'dest', 'ansible.builtin.file': 'path', 'ansible.builtin.get_url': 'dest',
  'ansible.builtin.lineinfile': 'path', 'ansible.builtin.template': 'dest', 'ansible.posix.sysctl': 'sysctl_file',
};

export function handlerFiles(after: string, tasks: readonly PlanTask[], nameOf: (id: string) => string): readonly HandlerFiles[] {
  const ids = [...new Set(tasks.flatMap((one) => one.notify))];
  return ids.map((id) => {
    const written = tasks.filter((one) => one.notify.includes(id)).map(writtenBy);
    const files = [...new Set(written.filter((path) => path !== undefined))];
    return { name: nameOf(id), after, files, ...(written.includes(undefined) ? { always: true } : {}) };
  });
}

/** What is removed has no time any more. */
function writtenBy({ module, args }: PlanTask): string | undefined {
  const path = args[WRITTEN[module] ?? ''];
  return typeof path === 'string' && args.state !== 'absent' ? path : undefined;
}

/** Stands before the handlers of a place: what they would do by themselves they do once, asked for or not. */
export function askForOwed(after: string): AnsibleTask {
  return step('Ask for what an ended run did not apply', task('ansible.builtin.debug', { msg: 'A run that ended before had changed what this is for: {{ item.name }}.' }), {
    loop: `{{ undo_owed | default([]) | selectattr('after', 'eq', '${after}') | list }}`, loop_control: { label: '{{ item.name }}' },
    changed_when: true, notify: ['{{ item.name }}'],
  });
}

/**
 * The last handler, told together with any other. The mark keeps its time where a handler has failed, and while a run
 * pays for an earlier one, which it may not have done yet. No mark is made where there is none: operators may be let into
 * a machine before it converges.
 */
export function noteApplied(handlers: readonly string[]): AnsibleTask {
  return {
    ...step('Note that all changes until now are applied', task('ansible.builtin.command', { argv: ['touch', '-c', '/var/lib/labc/converging'] }), {
      when: ['not ansible_check_mode', 'inventory_hostname in ansible_play_hosts', 'undo_owed | default(none) == []'], changed_when: false,
    }),
    listen: handlers,
  };
}

const MARK = '{{ undo_folder }}/converging';
const NEWER = "undo_files.results | selectattr('stat.exists') | selectattr('stat.ctime', 'gt', undo_mark.stat.mtime) | map(attribute='undo_file.0') | list";
const ALWAYS = "undo_goal['handlers'] | default([]) | selectattr('always', 'defined') | list";

/** Of the role `undo`, before anything is changed. An older mark keeps its time. */
export const OWED: readonly AnsibleTask[] = [
  step('Look for the mark of a run that ended', task('ansible.builtin.stat', { path: MARK }), { register: 'undo_mark' }),
  step('Look at the files that handlers wait for', task('ansible.builtin.stat', { path: '{{ undo_file.1 }}', get_checksum: false, get_mime: false, get_attributes: false }), {
    loop: "{{ undo_goal['handlers'] | default([]) | subelements('files') }}", loop_control: { loop_var: 'undo_file', label: '{{ undo_file.1 }}' },
    register: 'undo_files', when: 'undo_mark.stat.exists',
  }),
  step('Find what was not applied', task('ansible.builtin.set_fact', { undo_owed: `{{ ((${NEWER}) + (${ALWAYS})) | unique if undo_mark.stat.exists else [] }}` })),
  step('Mark that the machine converges', task('ansible.builtin.file', {
    path: MARK, state: 'touch', access_time: 'preserve', modification_time: 'preserve', owner: 'root', group: 'root', mode: '0600',
  }), { when: 'not ansible_check_mode', changed_when: false }),
];

/** Of the role `undo`, when all handlers have run. */
export const NOTHING_OWED = step('Mark that all is applied', task('ansible.builtin.file', { path: MARK, state: 'absent' }), { when: "undo_layer == 'L3'", changed_when: false });
