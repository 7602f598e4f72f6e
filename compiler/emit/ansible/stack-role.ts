/**
 * The role `stack`, the same in every lab: one Compose project on its machine. It makes folders, copies and fills in
 * files, brings the project up, then sees to what Compose does not notice: containers whose secrets or filled-in files
 * changed are restarted unless `up` just made them anew, apps that are told of new files get their POST, and jobs run
 * once for each set of their inputs. A run that ends in between leaves a mark, and the next one sees to all of it again.
 * In a first dry run there is no folder to look into, so everything behind it waits.
 */
import { task } from '../../bindings/ansible.gen.js';
import type { EmittedFile } from '../../plan/emitted.js';
import { SEALED_DELIMITERS } from './sealed.js';
import { readGroups } from './machine-role.js';
import { ARRIVALS, RENAMED, RENAMED_SCRIPT } from './renamed.js';
import { jinja, literalText, step, type AnsibleTask } from './task.js';

export const STACK_ROLE = 'ansible/roles/stack';

export function stackRole(yaml: (data: unknown) => string): readonly EmittedFile[] {
  return [
    { path: `${STACK_ROLE}/meta/argument_specs.yml`, text: yaml(ARGUMENTS) },
    { path: `${STACK_ROLE}/defaults/main.yml`, text: yaml(DEFAULTS) },
    { path: `${STACK_ROLE}/tasks/main.yml`, text: yaml(MAIN) },
    { path: `${STACK_ROLE}/tasks/jobs.yml`, text: yaml(JOBS) },
    { path: `${STACK_ROLE}/tasks/arrivals.yml`, text: yaml(ARRIVALS) },
    { path: `${STACK_ROLE}/tasks/renamed.yml`, text: yaml(RENAMED) },
    { path: `${STACK_ROLE}/files/job.sh`, text: JOB_SCRIPT },
    { path: `${STACK_ROLE}/files/renamed.py`, text: RENAMED_SCRIPT },
    { path: `${STACK_ROLE}/templates/environment.j2`, text: "{% for entry in stack_environment | dict2items %}\n{{ entry.key }}={{ lookup('ansible.builtin.vars', entry.value) }}\n{% endfor %}\n" },
  ];
}

const text = (description: string): object => ({ type: 'str', description });
const required = (description: string): object => ({ type: 'str', required: true, description });
const FILE = {
  src: required('The file below `stack_source`.'),
  dest: required('Where it goes on the machine.'),
  owner: text('Its owner, by name or number.'),
  group: text('Its group, by name or number.'),
  mode: text('Its permissions.'),
  seed: { type: 'bool', description: 'Written once, then the app owns it.' },
  restart: { type: 'list', elements: 'str', description: 'Services that read it only when they start.' },
  post: { type: 'dict', description: 'The `service`, `port` and `path` that a POST tells of the new file.' },
};
const JOB = {
  name: required('The job.'),
  stamp: required('The name of its stamp.'),
  inputs: required('A digest of its definition.'),
  image: required('The image that it runs in.'),
  once: { type: 'bool', description: 'A new image does not run it again.' },
  how: { type: 'str', choices: ['exec', 'run'], description: 'Inside a running service, or as a container of its own.' },
  service: required('The service.'),
  user: text('The user inside the container; empty for its own.'),
  command: { type: 'list', elements: 'str', description: 'The command; the container has its own when it is a service.' },
};
const files = (description: string): object => ({ type: 'list', elements: 'dict', description, options: FILE });
const jobs = (description: string): object => ({ type: 'list', elements: 'dict', description, options: JOB });
const ARGUMENTS = {
  argument_specs: {
    main: {
      short_description: 'Bring one Compose project up',
      options: {
        stack_name: required('The Compose project.'),
        stack_folder: required('The folder of the project on the machine.'),
        stack_source: required('The folder of the project beside the playbook.'),
        stack_folders: {
          type: 'list', elements: 'dict', description: 'Folders to make.',
          options: { path: required('The folder.'), owner: text('Its owner.'), group: text('Its group.'), mode: text('Its permissions.') },
        },
        stack_files: files('Files to copy as they are.'),
        stack_sealed: files('Files with secrets, filled in on the way.'),
        stack_one_line: { type: 'list', elements: 'str', description: 'Secrets that files of variables have one line for.' },
        stack_environment: { type: 'dict', description: 'What Compose fills in, and the variable that has it once the groups were read.' },
        stack_reads_groups: { type: 'bool', description: 'A file or a service wants the number of a group.' },
        stack_renamed: { type: 'dict', description: 'What the project, its states and its stamps were called.' },
        stack_arrivals: { type: 'list', elements: 'dict', description: 'States that come from elsewhere, and the files that say that they are here.' },
        stack_migrate: text('The command that brings them.'),
        stack_early_services: { type: 'list', elements: 'str', description: 'Services to start before the early jobs.' },
        stack_early_jobs: jobs('Jobs that other services wait for.'),
        stack_late_jobs: jobs('Jobs that run when everything is up.'),
        stack_wait_timeout: { type: 'int', description: 'Seconds until every service has to be ready.' },
      },
    },
  },
};
const DEFAULTS = {
  stack_folders: [], stack_files: [], stack_sealed: [], stack_one_line: [], stack_environment: {},
  stack_early_services: [], stack_early_jobs: [], stack_late_jobs: [], stack_wait_timeout: 600, stack_reads_groups: false,
  stack_renamed: {}, stack_arrivals: [], stack_migrate: '',
};

const OWNED = { owner: "{{ stack_file.owner | default('root') }}", group: "{{ stack_file.group | default('root') }}", mode: "{{ stack_file.mode | default('0644') }}" };
const FORCE = jinja('not (stack_file.seed | default(false))');
const READY = 'not (ansible_check_mode and stack_made is changed)';
const UP = { project_src: '{{ stack_folder }}', wait: true, wait_timeout: jinja('stack_wait_timeout'), pull: 'policy' } as const;

/** Containers that were made a moment ago have read every file already. */
const RENEWED = "[stack_early, stack_up] | map(attribute='actions', default=[]) | flatten(levels=1) | selectattr('what', 'eq', 'container') | selectattr('status', 'in', ['Creating', 'Recreating']) | map(attribute='id') | list";
/** A run that ended in between changed files of which nobody was told. */
const ASKED = '(stack_unread.stat | default({})).exists | default(false)';
const CHANGED = `(${ASKED}) | ternary(stack_files + stack_sealed, (stack_copied.results + stack_filled.results) | selectattr('changed') | map(attribute='stack_file') | list)`;
/** Whether Compose does not notice every change by itself. */
const READERS = "(stack_files + stack_sealed) | selectattr('restart', 'defined') | list | length > 0 or (stack_files + stack_sealed) | selectattr('post', 'defined') | list | length > 0";
const UNREAD = '{{ stack_folder }}/.unread';
const STALE = "stack_running | selectattr('Service', 'in', stack_changed | map(attribute='restart', default=[]) | flatten(levels=1) | list) | map(attribute='Service') | unique | list";
const TOLD = "stack_changed | selectattr('post', 'defined') | selectattr('post.service', 'in', stack_running | map(attribute='Service') | list) | list";

/** Go's own template language, not Ansible's. */
const ADDRESSES = literalText('{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}');

const MAIN: readonly AnsibleTask[] = [
  step('Give what was renamed the names that it has now', task('ansible.builtin.include_tasks', { file: 'renamed.yml' }), { when: 'stack_renamed | length > 0' }),
  step('Wait for data that comes from elsewhere', task('ansible.builtin.include_tasks', { file: 'arrivals.yml' }), { when: 'stack_arrivals | length > 0' }),
  step('Make the folder of the stack', task('ansible.builtin.file', { path: '{{ stack_folder }}', state: 'directory', owner: 'root', group: 'root', mode: '0755' }), { register: 'stack_made' }),
  step('Make the other folders', task('ansible.builtin.file', {
    path: '{{ stack_directory.path }}', state: 'directory', owner: "{{ stack_directory.owner | default('root') }}", group: "{{ stack_directory.group | default('root') }}", mode: "{{ stack_directory.mode | default('0755') }}",
  }), { loop: '{{ stack_folders }}', loop_control: { loop_var: 'stack_directory', label: '{{ stack_directory.path }}' } }),
  { ...readGroups(), when: 'stack_reads_groups' },
  step('See whether a run ended before its services had read their files', task('ansible.builtin.stat', { path: UNREAD }), { register: 'stack_unread', when: READERS }),
  step('Mark that services have files to read', task('ansible.builtin.file', { path: UNREAD, state: 'touch', owner: 'root', group: 'root', mode: '0600' }), {
    when: [READY, READERS], changed_when: false,
  }),
  step('Copy the project', task('ansible.builtin.copy', { src: '{{ stack_source }}/compose.yaml', dest: '{{ stack_folder }}/compose.yaml', owner: 'root', group: 'root', mode: '0644' }), { when: READY }),
  step('Write the numbers that only the machine knows', task('ansible.builtin.template', { src: 'environment.j2', dest: '{{ stack_folder }}/.env', owner: 'root', group: 'root', mode: '0644' }), { when: [READY, 'stack_environment | length > 0'] }),
  step('Copy files', task('ansible.builtin.copy', { src: '{{ stack_source }}/{{ stack_file.src }}', dest: '{{ stack_file.dest }}', ...OWNED, force: FORCE }), {
    loop: '{{ stack_files }}', loop_control: { loop_var: 'stack_file', label: '{{ stack_file.dest }}' }, register: 'stack_copied', when: READY,
  }),
  step('Refuse secrets of several lines where one line has to hold them', task('ansible.builtin.assert', {
    that: ["(lookup('ansible.builtin.vars', 'lab_secret_' ~ stack_secret) | string | trim) is not search('[\\r\\n]')"],
    fail_msg: "{{ stack_secret }} has several lines, and a variable of a container has one. Give it to the container as a file, with path(...) in its env.",
    quiet: true,
  }), { loop: '{{ stack_one_line }}', loop_control: { loop_var: 'stack_secret' } }),
  step('Fill in files with secrets', task('ansible.builtin.template', { src: '{{ stack_source }}/{{ stack_file.src }}', dest: '{{ stack_file.dest }}', ...OWNED, force: FORCE, ...SEALED_DELIMITERS }), {
    loop: '{{ stack_sealed }}', loop_control: { loop_var: 'stack_file', label: '{{ stack_file.dest }}' }, register: 'stack_filled', when: READY, no_log: true, diff: false,
  }),
  step('Start the services that jobs need', task('community.docker.docker_compose_v2', { ...UP, services: jinja('stack_early_services') }), {
    register: 'stack_early', when: [READY, 'stack_early_jobs | length > 0', 'stack_early_services | length > 0'],
  }),
  step('Run the jobs that other services wait for', task('ansible.builtin.include_tasks', { file: 'jobs.yml' }), { vars: { stack_jobs: '{{ stack_early_jobs }}' }, when: 'stack_early_jobs | length > 0' }),
  step('Bring the stack up', task('community.docker.docker_compose_v2', { ...UP, remove_orphans: true }), { register: 'stack_up', when: READY }),
  step('Find containers that were there before, and files that changed', task('ansible.builtin.set_fact', {
    stack_running: "{{ stack_up.containers | default([]) | rejectattr('Name', 'in', stack_renewed) | list }}",
    stack_changed: `{{ ${CHANGED} }}`,
  }), { vars: { stack_renewed: `{{ ${RENEWED} }}` } }),
  step('Restart the services that read changed files only at a start', task('community.docker.docker_compose_v2', { project_src: '{{ stack_folder }}', state: 'restarted', services: jinja('stack_stale') }), {
    vars: { stack_stale: `{{ ${STALE} }}` }, when: [READY, 'stack_stale | length > 0'],
  }),
  step('Find the addresses of services that are told of changed files', task('ansible.builtin.command', {
    argv: [
      'docker', 'inspect', '--format', ADDRESSES, "{{ (stack_running | selectattr('Service', 'eq', stack_file.post.service) | first).Name }}",
    ],
  }), {
    loop: `{{ ${TOLD} }}`, loop_control: { loop_var: 'stack_file', label: '{{ stack_file.dest }}' },
    register: 'stack_addresses', when: 'not ansible_check_mode', changed_when: false,
  }),
  step('Tell services of changed files', task('ansible.builtin.uri', {
    url: "http://{{ (stack_address.stdout | split | first) | default('127.0.0.1', true) }}:{{ stack_address.stack_file.post.port }}{{ stack_address.stack_file.post.path }}",
    method: 'POST', status_code: [200, 201, 202, 204],
  }), {
    loop: '{{ stack_addresses.results }}', loop_control: { loop_var: 'stack_address', label: '{{ stack_address.stack_file.dest }}' }, when: 'not ansible_check_mode',
  }),
  step('Mark that services have read their files', task('ansible.builtin.file', { path: UNREAD, state: 'absent' }), { when: READERS, changed_when: false }),
  step('Run the jobs', task('ansible.builtin.include_tasks', { file: 'jobs.yml' }), { vars: { stack_jobs: '{{ stack_late_jobs }}' }, when: 'stack_late_jobs | length > 0' }),
];

const JOBS: readonly AnsibleTask[] = [
  step('Run jobs whose inputs changed', task('ansible.builtin.command', {
    argv: jinja("['/bin/bash', '-c', lookup('ansible.builtin.file', 'job.sh'), 'job', stack_folder, stack_job.stamp, stack_job.inputs, stack_job.image, (stack_job.once | default(false)) | ternary('once', 'each'), stack_job.how, stack_job.service, stack_job.user | default('')] + stack_job.command | default([])"),
    expand_argument_vars: false,
  }), {
    loop: '{{ stack_jobs }}', loop_control: { loop_var: 'stack_job', label: '{{ stack_job.name }}' },
    register: 'stack_ran', when: 'not ansible_check_mode', changed_when: "'LABC-CHANGED' in stack_ran.stdout",
  }),
];

const JOB_SCRIPT = `#!/bin/bash
# Runs a job of a Compose project unless its stamp says that it ran with the same image, command and inputs.
# usage: job.sh FOLDER STAMP INPUTS IMAGE once|each exec|run SERVICE USER [COMMAND...]
set -euo pipefail
folder=$1 stamp=/var/lib/labc/stamps/$2 inputs=$3 image=$4 often=$5 how=$6 service=$7 user=$8
shift 8
docker image inspect "$image" >/dev/null 2>&1 || docker pull --quiet "$image" >/dev/null
id=once
if [ "$often" = each ]; then id=$(docker image inspect --format '{{.Id}}' "$image"); fi
wanted=$(printf '%s\\0' "$id" "$inputs" "$how" "$service" "$user" "$@" | sha256sum | cut -d' ' -f1)
case $often$(cat "$stamp" 2>/dev/null) in
  *"$wanted") exit 0 ;;
  oncerenamed) printf '%s\\n' "$wanted" >"$stamp"; exit 0 ;;
esac
cd "$folder"
case $how in
  exec) docker compose exec -T \${user:+--user "$user"} "$service" "$@" </dev/null ;;
  run) docker compose run --rm -T "$service" </dev/null ;;
esac
install -d -m 0700 /var/lib/labc/stamps
printf '%s\\n' "$wanted" >"$stamp.new"
mv "$stamp.new" "$stamp"
echo LABC-CHANGED
`;
