/**
 * `proxmox_virtual_environment_container`: where the provider or Proxmox does worse than "update in place". There is no
 * `reboot_after_update` for containers: what needs a restart gets one at once. A replaced container takes its volumes along.
 */
import type { Rule } from './change.js';

const PROVIDER = 'bpg/proxmox 0.112.0';
const UPDATE = `${PROVIDER}, proxmoxtf/resource/container/container.go, containerUpdate`;
const SCHEMA = `${PROVIDER}, proxmoxtf/resource/container/container.go, ForceNew`;
const DIFF = `${PROVIDER}, proxmoxtf/resource/container/container.go, CustomizeDiff`;
const MOUNTS = `${SCHEMA} of mount_point; threads 2995 and 3028`;

const AT_ONCE = 'Terraform restarts the container at once';
const ANEW = 'the container is destroyed with its root disk and made anew';

export const CONTAINER_RULES: readonly Rule[] = [
  { path: '', on: ['removed'], impact: 'destroys_data', note: 'the container is destroyed with its root disk and volumes', source: `${PROVIDER}, proxmoxtf/resource/container/container.go, containerDelete` },
  { path: '', on: ['added'], impact: 'in_place', note: 'the container is made; nothing else changes', source: UPDATE },
  { path: 'vm_id', impact: 'replace', note: ANEW, source: DIFF },
  { path: 'node_name', when: { migrates: true }, impact: 'refused', note: 'Terraform refuses until the steps in README have moved the container: the provider takes none along to another node', source: `labc writes prevent_destroy while it moves; ${SCHEMA}` },
  { path: 'node_name', impact: 'replace', note: ANEW, source: SCHEMA },
  { path: 'unprivileged', impact: 'replace', note: ANEW, source: SCHEMA },
  { path: 'provider', impact: 'replace', note: 'Terraform looks for the container in the other cluster, finds none and makes a new one; the old one goes on, forgotten', source: 'Terraform: a resource is read through the provider that its block names' },
  { path: 'started', impact: 'reboot', note: 'the container is shut down, or started, at once', source: UPDATE },
  { path: 'operating_system.template_file_id', impact: 'in_place', note: 'Terraform ignores it: the generation decides when a new template replaces the container', source: 'labc writes ignore_changes for it' },
  { path: 'operating_system', impact: 'replace', note: ANEW, source: SCHEMA },
  { path: 'operating_system.type', impact: 'reboot', note: AT_ONCE, source: UPDATE },
  { path: 'description', impact: 'in_place', note: 'Proxmox shows another text', source: UPDATE },
  { path: 'tags', impact: 'in_place', note: 'Proxmox shows other tags', source: UPDATE },
  { path: 'start_on_boot', impact: 'in_place', note: 'counts when the node boots', source: UPDATE },
  { path: 'startup', impact: 'in_place', note: 'counts when the node boots', source: UPDATE },
  { path: 'startup.*', impact: 'in_place', note: 'counts when the node boots', source: UPDATE },
  { path: 'protection', impact: 'in_place', note: 'Proxmox refuses to remove the container, or does so no more', source: UPDATE },
  { path: 'cpu.*', impact: 'in_place', note: 'counts at once', source: UPDATE },
  { path: 'cpu', impact: 'in_place', note: 'counts at once', source: UPDATE },
  { path: 'memory', impact: 'reboot', note: AT_ONCE, source: UPDATE },
  { path: 'memory.*', impact: 'reboot', note: AT_ONCE, source: UPDATE },
  { path: 'features', impact: 'reboot', note: 'counts from the next start on', source: 'Proxmox pve-container, PVE::LXC::Config::vmconfig_hotplug_pending: features stay pending' },
  { path: 'features.*', impact: 'reboot', note: 'counts from the next start on', source: 'Proxmox pve-container, PVE::LXC::Config::vmconfig_hotplug_pending: features stay pending' },
  { path: 'disk', impact: 'destroys_data', note: `${ANEW}: what it held is lost`, source: SCHEMA },
  { path: 'disk.size', on: ['down'], impact: 'refused', note: 'disks cannot shrink: the plan says update and the apply fails; the provider means to destroy the container over it', source: `${UPDATE}; ${DIFF}` },
  { path: 'disk.size', impact: 'in_place', note: 'the disk and its file system grow while the container runs', source: UPDATE },
  { path: 'disk.datastore_id', impact: 'destroys_data', note: `${ANEW} on the other datastore: what it held is lost`, source: SCHEMA },
  { path: 'mount_point', impact: 'destroys_data', note: `${ANEW}, and so is every volume of it`, source: MOUNTS },
  { path: 'mount_point.size', impact: 'destroys_data', note: `${ANEW}, and so is every volume of it: it cannot even grow`, source: MOUNTS },
  { path: 'mount_point.volume', impact: 'destroys_data', note: `${ANEW}, and so is every volume of it`, source: MOUNTS },
  { path: 'mount_point.path', impact: 'reboot', note: `the volume is at the other place; ${AT_ONCE}`, source: UPDATE },
  { path: 'mount_point.*', impact: 'reboot', note: AT_ONCE, source: UPDATE },
  { path: 'network_interface', impact: 'reboot', note: AT_ONCE, source: UPDATE },
  { path: 'network_interface.*', impact: 'reboot', note: AT_ONCE, source: UPDATE },
  { path: 'initialization.user_account', impact: 'in_place', note: 'Terraform ignores it: Ansible keeps the keys', source: 'labc writes ignore_changes for it' },
  { path: 'initialization.user_account.*', impact: 'in_place', note: 'Terraform ignores it: Ansible keeps the keys', source: 'labc writes ignore_changes for it' },
  { path: 'initialization', on: ['removed'], impact: 'replace', note: ANEW, source: SCHEMA },
  { path: 'initialization', impact: 'reboot', note: AT_ONCE, source: UPDATE },
  { path: 'initialization.*', impact: 'reboot', note: AT_ONCE, source: UPDATE },
];
