/**
 * The role `undo`, the same in every lab. What a machine holds is written on the machine, with how to undo it, so that
 * whoever wrote an item may be gone from the sources when it leaves. `begin` writes the union of the old list and the
 * new one before anything changes and undoes the difference; `finish` writes the new list. Both mind their own layer
 * only, and that of systems also asks for what a run that ended did not apply. What is undone by hand or by `retire` alone
 * is reported at every run and stays in the list; what the lab retires goes when the play is told to, which `just retire`
 * does after it has asked.
 */
import { task } from '../../bindings/ansible.gen.js';
import type { EmittedFile } from '../../plan/emitted.js';
import { NOTHING_OWED, OWED } from './owed.js';
import { jinja, step, type AnsibleTask } from './task.js';
import { undoVerbs } from './undo-verbs.js';

export const UNDO_ROLE = 'ansible/roles/undo';

export function undoRole(yaml: (data: unknown) => string): readonly EmittedFile[] {
  return [
    { path: `${UNDO_ROLE}/defaults/main.yml`, text: yaml(DEFAULTS) },
    { path: `${UNDO_ROLE}/meta/argument_specs.yml`, text: yaml(ARGUMENTS) },
    { path: `${UNDO_ROLE}/tasks/main.yml`, text: yaml(MAIN) },
    { path: `${UNDO_ROLE}/tasks/begin.yml`, text: yaml(BEGIN) },
    { path: `${UNDO_ROLE}/tasks/finish.yml`, text: yaml(FINISH) },
    { path: `${UNDO_ROLE}/tasks/owed.yml`, text: yaml(OWED) },
    { path: `${UNDO_ROLE}/tasks/state_absent.yml`, text: yaml(STATE_ABSENT) },
    ...undoVerbs().map(({ verb, tasks }) => ({ path: `${UNDO_ROLE}/tasks/verbs/${verb}.yml`, text: yaml(tasks) })),
  ];
}

const DEFAULTS = {
  undo_folder: '/var/lib/labc',
  undo_wanted_file: '{{ playbook_dir }}/applied/{{ inventory_hostname }}.json',
  undo_retire: false,
};

const LAYER = {
  type: 'str', required: true, choices: ['L3', 'L4'],
  description: 'The layer that the play converges: items of the other one are left alone.',
};
const ARGUMENTS = {
  argument_specs: {
    begin: {
      short_description: 'Remember what the machine will hold, and undo what left the lab',
      options: { undo_layer: LAYER, undo_retire: { type: 'bool', default: false, description: 'Whether what the lab retires is undone now.' } },
    },
    finish: { short_description: 'Remember what the machine holds', options: { undo_layer: LAYER } },
  },
};

const MAIN: readonly AnsibleTask[] = [
  step('Undo what left the lab', task('ansible.builtin.import_tasks', { file: 'begin.yml' })),
  step('Remember what the machine holds', task('ansible.builtin.import_tasks', { file: 'finish.yml' })),
];

const LIST = '{{ undo_folder }}/applied.json';

/** Old items that stay in the list: `undo_steps` are pairs of an item and one of its undoings. */
const KEPT = "undo_mine | reject('in', undo_wanted) | select('in', (undo_stays | map(attribute=0) | list) + undo_claimed)";

const BEGIN: readonly AnsibleTask[] = [
  step('Look for the list of what the machine holds', task('ansible.builtin.stat', { path: LIST }), { register: 'undo_found' }),
  step('Read the list', task('ansible.builtin.slurp', { src: LIST }), { register: 'undo_read', when: 'undo_found.stat.exists' }),
  step('Set the old and the new list side by side', task('ansible.builtin.set_fact', {
    undo_applied: "{{ (undo_read.content | b64decode | from_json)['items'] if undo_found.stat.exists else [] }}",
    undo_goal: "{{ lookup('ansible.builtin.file', undo_wanted_file) | from_json }}",
    undo_claimed: [],
  })),
  step('Take what belongs to this layer', task('ansible.builtin.set_fact', {
    undo_mine: "{{ undo_applied | selectattr('layer', 'eq', undo_layer) | rejectattr('id', 'in', undo_goal['renamed'] | default({})) | list }}",
    undo_others: "{{ undo_applied | rejectattr('layer', 'eq', undo_layer) | list }}",
    undo_wanted: "{{ undo_goal['items'] | selectattr('layer', 'eq', undo_layer) | list }}",
  })),
  step('Find what left', task('ansible.builtin.set_fact', {
    undo_leaving: "{{ undo_mine | reverse | sort(attribute='phase', reverse=true) | subelements('undo') | rejectattr('1.do', 'in', undo_wanted | map(attribute='undo') | flatten(levels=1) | map(attribute='do') | list) | list }}",
  })),
  step('Tell what is undone from what stays until the lab retires it', task('ansible.builtin.set_fact', {
    undo_stays: "{{ (undo_leaving | selectattr('1.only', 'eq', 'retired') | list + undo_leaving | selectattr('1.only', 'eq', 'while_wanted') | rejectattr('0.id', 'in', undo_wanted | map(attribute='id') | list) | list) | rejectattr('0.id', 'in', undo_goal['retired'] if undo_retire | bool else []) | list }}",
  })),
  step('Make the folder of the list', task('ansible.builtin.file', { path: '{{ undo_folder }}', state: 'directory', owner: 'root', group: 'root', mode: '0755' }), { register: 'undo_made' }),
  writeList('Remember what the machine holds and will hold', "undo_applied + (undo_wanted | reject('in', undo_applied) | list)"),
  step('Find what an ended run did not apply', task('ansible.builtin.include_tasks', { file: 'owed.yml' }), { when: "undo_layer == 'L3'" }),
  step('Report what left the lab and stays on the machine', task('ansible.builtin.debug', {
    msg: "{{ undo_kept }} left the lab, but stays on {{ inventory_hostname }} ({{ undo_stays | selectattr('0.id', 'eq', undo_kept) | map(attribute='1.do') | map('list') | flatten | unique | join(', ') }}): {{ 'the lab retires it, run `just retire`.' if undo_kept in undo_goal['retired'] else 'retire it in the lab to let it be undone.' }}",
  }), {
    loop: "{{ undo_stays | map(attribute='0.id') | unique | list }}", loop_control: { loop_var: 'undo_kept' },
  }),
  step('Undo what left the lab', task('ansible.builtin.include_tasks', { file: 'verbs/{{ undo_step.1.do | list | first }}.yml' }), {
    vars: { undo_arguments: "{{ undo_step.1.do.values() | first }}" },
    loop: "{{ undo_leaving | reject('in', undo_stays) | list }}",
    loop_control: { loop_var: 'undo_step', label: '{{ undo_step.0.id }}: {{ undo_step.1.do | list | first }}' },
  }),
  step('Destroy the data that the lab retires to destroy', task('ansible.builtin.include_tasks', { file: 'state_absent.yml' }), {
    loop: "{{ undo_goal['destroyed'] | default([]) }}", loop_control: { loop_var: 'undo_state' },
    when: ["undo_layer == 'L4'", 'undo_retire | bool'],
  }),
  step('Look for systemd', task('ansible.builtin.stat', { path: '/run/systemd/system' }), { register: 'undo_systemd' }),
  step('Read units and mounts again', task('ansible.builtin.systemd_service', { daemon_reload: true }), {
    when: ["undo_layer == 'L3'", 'undo_leaving | length > 0', 'undo_systemd.stat.exists', 'not ansible_check_mode'],
  }),
];

/** No verb: a machine's list never asks for it, only a lab that says `destroy`, through a recipe that asked. */
const STATE_ABSENT: readonly AnsibleTask[] = [
  step('Look whether the folder of data is one', task('ansible.builtin.stat', { path: '{{ undo_state }}' }), { register: 'undo_data' }),
  step('Look for containers that use it', task('ansible.builtin.command', { argv: ['docker', 'ps', '--quiet', '--filter', 'volume={{ undo_state }}'] }), {
    register: 'undo_users', changed_when: false, failed_when: false, check_mode: false, when: 'undo_data.stat.exists',
  }),
  step('Leave data that a container uses', task('ansible.builtin.fail', { msg: '{{ undo_state }} is to be destroyed, but a container that runs uses it.' }), {
    when: ['undo_data.stat.exists', "undo_users.stdout | default('') != ''", 'not ansible_check_mode'],
  }),
  step('Destroy the data', task('ansible.builtin.file', { path: '{{ undo_state }}', state: 'absent' }), { when: 'undo_data.stat.isdir | default(false)' }),
];

const FINISH: readonly AnsibleTask[] = [
  writeList('Remember what the machine holds', `((undo_wanted + (${KEPT} | list)) if undo_layer == 'L3' else []) + undo_others + ((undo_wanted + (${KEPT} | list)) if undo_layer == 'L4' else [])`),
  NOTHING_OWED,
];

/** In a dry run of a bare machine the folder is not there to write into. */
function writeList(name: string, items: string): AnsibleTask {
  return step(name, task('ansible.builtin.copy', {
    dest: LIST, owner: 'root', group: 'root', mode: '0600',
    content: jinja(`{'version': 1, 'items': ${items}} | to_nice_json(indent=2) ~ '\n'`),
  }), { when: 'not (ansible_check_mode and undo_made is changed)', diff: false });
}
