/**
 * One file of tasks for each verb of undoing: the closed list of contracts.md section 5. Arguments are in
 * `undo_arguments`. Every verb is idempotent and passes where its object is gone already; what refuses to go for now
 * adds its item to `undo_claimed`, so that it stays in the machine's list and is tried again.
 */
import { task, type TaskArguments } from '../../bindings/ansible.gen.js';
import { jinja, step, type AnsibleTask, type TaskKeywords } from './task.js';

export function undoVerbs(): readonly { readonly verb: string; readonly tasks: readonly AnsibleTask[] }[] {
  return Object.entries(VERBS).map(([verb, tasks]) => ({ verb, tasks }));
}

const FOUND_USER = "ansible_facts['getent_passwd'][undo_arguments.name] is not none";
const FOUND_GROUP = "ansible_facts['getent_group'][undo_arguments.name] is not none";
const PATH = '{{ undo_arguments.path }}';
const NAME = '{{ undo_arguments.name }}';

const VERBS: Readonly<Record<string, readonly AnsibleTask[]>> = {
  file_absent: [
    step('Look where the link leads', task('ansible.builtin.stat', { path: PATH }), { register: 'undo_link', when: 'undo_arguments.target is defined' }),
    step('Remove the file', task('ansible.builtin.file', { path: PATH, state: 'absent' }), {
      when: "undo_arguments.target is not defined or (undo_link.stat.exists and undo_link.stat.islnk and undo_link.stat.lnk_target == undo_arguments.target)",
    }),
  ],
  rmdir: [
    step('Look into the folder', task('ansible.builtin.find', { paths: [PATH], file_type: 'any', hidden: true }), { register: 'undo_inside' }),
    step('Remove the folder when it is empty', command(['rmdir', PATH], { removes: PATH }), { when: 'undo_inside.matched == 0' }),
  ],
  unit_off: [
    ask('Look for the unit', ['systemctl', 'cat', NAME], 'undo_unit'),
    step('Stop and disable the unit', task('ansible.builtin.systemd_service', { name: NAME, state: 'stopped', enabled: false }), { when: 'undo_unit.rc == 0' }),
  ],
  package_absent: [step('Remove the package', task('ansible.builtin.package', { name: NAME, state: 'absent' }))],
  sysctl_absent: [
    step('Forget the kernel setting', task('ansible.posix.sysctl', { name: NAME, state: 'absent', sysctl_file: '{{ undo_arguments.file }}', reload: true }), { register: 'undo_sysctl' }),
    step('Report that the live value stays', task('ansible.builtin.debug', { msg: '{{ undo_arguments.name }} keeps its live value until {{ inventory_hostname }} boots again.' }), {
      when: ['undo_sysctl is changed', 'not ansible_check_mode'],
    }),
  ],
  mount_off: [
    ask('Name the units of the mount', ['systemd-escape', '--path', PATH], 'undo_mount'),
    step('Look for the units', command(['systemctl', 'cat', '{{ undo_mount.stdout }}.{{ undo_suffix }}']), {
      loop: "{{ ['automount', 'mount'] }}", loop_control: { loop_var: 'undo_suffix' }, register: 'undo_units', changed_when: false, failed_when: false, check_mode: false,
    }),
    step('Stop the units of the mount', task('ansible.builtin.systemd_service', { name: '{{ undo_mount.stdout }}.{{ undo_found_unit.undo_suffix }}', state: 'stopped' }), {
      loop: "{{ undo_units.results | selectattr('rc', 'eq', 0) | list }}", loop_control: { loop_var: 'undo_found_unit', label: '{{ undo_found_unit.undo_suffix }}' },
    }),
    step('Forget the mount', task('ansible.posix.mount', { path: PATH, state: 'absent_from_fstab' })),
  ],
  user_lock: [
    step('Look for the user', task('ansible.builtin.getent', { database: 'passwd', key: NAME, fail_key: false })),
    step('Lock the user', task('ansible.builtin.user', { name: NAME, password_lock: true, shell: '/usr/sbin/nologin', expires: 86400 }), { when: FOUND_USER }),
    step('Take the keys of the user', task('ansible.builtin.file', { path: "{{ ansible_facts['getent_passwd'][undo_arguments.name][4] }}/.ssh/authorized_keys", state: 'absent' }), { when: FOUND_USER }),
  ],
  group_absent: [
    step('Look for the group', task('ansible.builtin.getent', { database: 'group', key: NAME, fail_key: false })),
    ask('Look for files of the group', ['find', '/', '(', '-fstype', 'proc', '-o', '-fstype', 'sysfs', '-o', '-fstype', 'nfs', '-o', '-fstype', 'nfs4', ')', '-prune', '-o', '-group', NAME, '-print', '-quit'], 'undo_files',
      { when: FOUND_GROUP }),
    step('Remove the group when nothing is its own', task('ansible.builtin.group', { name: NAME, state: 'absent' }), { when: [FOUND_GROUP, "undo_files.stdout == ''"] }),
    ...claimed('Keep the group while a file is its own', [FOUND_GROUP, "undo_files.stdout != ''"], '{{ undo_arguments.name }} owns {{ undo_files.stdout }}'),
  ],
  block_absent: [
    step('Look for the file of the block', task('ansible.builtin.stat', { path: PATH }), { register: 'undo_block' }),
    step('Remove the block', task('ansible.builtin.blockinfile', { path: PATH, marker: "{{ undo_arguments.comment | default('#') }} {mark} lab:{{ undo_arguments.name }}", state: 'absent' }), { when: 'undo_block.stat.exists' }),
  ],
  stack_down: [
    step('Take the containers of the stack down', command(['docker', 'compose', '--project-name', '{{ undo_arguments.project }}', 'down', '--remove-orphans']), {
      register: 'undo_stack', when: 'not ansible_check_mode', changed_when: "'Remov' in undo_stack.stdout ~ undo_stack.stderr",
    }),
  ],
  network_absent: [
    ask('Look for the network', ['docker', 'network', 'inspect', NAME], 'undo_network'),
    step('Remove the network', command(['docker', 'network', 'rm', NAME]), {
      register: 'undo_removed', when: ['undo_network.rc == 0', 'not ansible_check_mode'], changed_when: 'undo_removed.rc == 0', failed_when: "undo_removed.rc != 0 and 'active endpoints' not in undo_removed.stderr",
    }),
    ...claimed('Keep the network while containers use it', ['undo_network.rc == 0', 'not ansible_check_mode', 'undo_removed.rc != 0'], 'containers still use the network {{ undo_arguments.name }}'),
  ],
  nft_table_absent: [
    ask('Look for the table', ['nft', 'list', 'table', "{{ undo_arguments.family | default('inet') }}", NAME], 'undo_table'),
    step('Remove the table', command(['nft', 'delete', 'table', "{{ undo_arguments.family | default('inet') }}", NAME]), { when: ['undo_table.rc == 0', 'not ansible_check_mode'], changed_when: true }),
  ],
  stamp_absent: [step('Remove the stamp', task('ansible.builtin.file', { path: '{{ undo_folder }}/stamps/{{ undo_arguments.name }}', state: 'absent' }))],
  ensure_undo: [
    step('Run the command that takes it back', task('ansible.builtin.command', { argv: jinja('undo_arguments.command'), expand_argument_vars: false }), {
      register: 'undo_ran', when: 'not ansible_check_mode', changed_when: true,
    }),
    step('Report what it leaves behind', task('ansible.builtin.debug', { msg: "{{ inventory_hostname }}: {{ undo_said | regex_replace('^LABC-REPORT ', '') }}" }), {
      loop: "{{ undo_ran.stdout_lines | default([]) | select('match', 'LABC-REPORT ') | list }}", loop_control: { loop_var: 'undo_said', label: '{{ undo_step.0.id }}' },
    }),
  ],
};

function command(argv: readonly string[], more: TaskArguments['ansible.builtin.command'] = {}): ReturnType<typeof task<'ansible.builtin.command'>> {
  return task('ansible.builtin.command', { argv, ...more });
}

/** A question: changes nothing, may say no, is asked in a dry run too. */
function ask(name: string, argv: readonly string[], register: string, keywords: TaskKeywords = {}): AnsibleTask {
  return step(name, command(argv), { register, changed_when: false, failed_when: false, check_mode: false, ...keywords });
}

function claimed(name: string, when: readonly string[], why: string): readonly AnsibleTask[] {
  return [
    step(name, task('ansible.builtin.set_fact', { undo_claimed: '{{ undo_claimed + [undo_step.0] }}' }), { when }),
    step(`${name}, and say so`, task('ansible.builtin.debug', { msg: `{{ undo_step.0.id }} left the lab, but stays on {{ inventory_hostname }}: ${why}.` }), { when }),
  ];
}
