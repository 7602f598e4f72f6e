/** Files of an Ansible project that say how plays run: configuration, pinned collections, the linter's, and where secrets come from. */
import { sortedBy } from '../../base/text.js';
import { ANSIBLE_VERSIONS } from '../../bindings/ansible.gen.js';
import type { EmittedFile } from '../../plan/emitted.js';
import type { Plan, PlanSecret } from '../../plan/plan.js';
import { commented } from '../yaml/write.js';
import { planGids } from './holes.js';
import { jinjaString } from '../jinja/string.js';
import { gidLookup, gidVariable, secretLookup, secretVariable } from './sealed.js';

export function projectFiles(plan: Plan, header: string, yaml: (data: unknown) => string): readonly EmittedFile[] {
  const variables = secretVariables(plan);
  return [
    { path: 'ansible/ansible.cfg', text: `${commented(header)}\n${CONFIGURATION}` },
    { path: 'ansible/requirements.yml', text: yaml({ collections: collections(plan).map(([name, version]) => ({ name, version })) }) },
    { path: 'ansible/.ansible-lint', text: yaml(LINT) },
    ...(Object.keys(variables).length === 0 ? [] : [{ path: 'ansible/inventory/group_vars/all/secrets.yml', text: yaml(variables) }]),
    ...(planGids(plan).length === 0 ? [] : [{ path: 'ansible/inventory/group_vars/all/groups.yml', text: yaml(groupVariables(plan)) }]),
  ];
}

const CONFIGURATION = `[defaults]
inventory = inventory/hosts.yml
roles_path = roles
host_key_checking = True
gathering = explicit
force_handlers = True
retry_files_enabled = False
display_skipped_hosts = False
callback_result_format = yaml

[ssh_connection]
pipelining = True
# A new machine's key is learnt at the first visit; a changed one is refused. After a rebuild: ssh-keygen -R ADDRESS.
ssh_args = -C -o ControlMaster=auto -o ControlPersist=60s -o StrictHostKeyChecking=accept-new
`;

/** The strictest profile, with arguments checked; what roles copy verbatim belongs to other programs. */
const LINT = { profile: 'production', enable_list: ['args'], warn_list: [], exclude_paths: ['applied/', 'roles/*/files/', 'roles/*/templates/'] };

/** Not among the modules that bindings are generated from: only its lookup is used. */
const SOPS_VERSION = '2.5.0';

function collections(plan: Plan): readonly (readonly [string, string])[] {
  const modules = plan.machines.flatMap((machine) =>
    [...(machine.converge?.items ?? []), ...(machine.converge?.verifies ?? [])].flatMap((item) => item.tasks.map((task) => task.module)));
  const used = new Set(['ansible.posix', 'community.docker', ...modules.map((module) => module.split('.').slice(0, 2).join('.'))]);
  for (const secret of targetSecrets(plan)) {
    if (secret.from.source === 'onepassword') used.add('community.general');
    else if (secret.from.source !== 'env') used.add('community.sops');
  }
  const versions: Readonly<Record<string, string>> = { ...ANSIBLE_VERSIONS, 'community.sops': SOPS_VERSION };
  return sortedBy(used, (name) => name).flatMap((name) => {
    const version = versions[name];
    return version === undefined ? [] : [[name, version] as const];
  });
}

function targetSecrets(plan: Plan): readonly PlanSecret[] {
  return plan.secrets.filter((secret) => secret.sinks.includes('target'));
}

/** Each is asked only when a task of a play needs it. Values of stores are read where the sources lie. */
function secretVariables(plan: Plan): Readonly<Record<string, string>> {
  const secrets = targetSecrets(plan);
  const stores = secrets.some((secret) => secret.from.source !== 'env' && secret.from.source !== 'onepassword');
  const source = `lookup('ansible.builtin.env', 'LABC_SOURCE') | default(playbook_dir ~ ${jinjaString(`/../../../${plan.lab.source}`)}, true)`;
  return {
    ...(stores ? { lab_source: `{{ ${source} }}` } : {}),
    ...Object.fromEntries(sortedBy(secrets, (secret) => secret.key).map((secret) => [secretVariable(secret.key), `{{ ${secretLookup(secret, plan.lab.store)} }}`])),
  };
}

function groupVariables(plan: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(planGids(plan).map((group) => [gidVariable(group), `{{ ${gidLookup(group)} }}`]));
}
