/**
 * What the lab needs before it can start, as data for `runway.py`: tools, and for every guest what it asks of Proxmox.
 * Nothing is checked that no machine uses. Privileges are those of Proxmox VE 9; `A|B` is a name that changed with it.
 */
import { compareText } from '../../base/text.js';
import type { PlanGuest, PlanMachine } from '../../plan/machine.js';
import type { Plan, PlanCluster, PlanImage } from '../../plan/plan.js';
import { isConverged } from '../ansible/inventory.js';
import { rootSettings } from './root.js';

export interface RunwayTool {
  readonly name: string;
  readonly version: readonly string[];
  readonly minimum: string | null;
  readonly why: string;
}

export function runwayTools(plan: Plan): readonly RunwayTool[] {
  const created = plan.machines.some((machine) => machine.guest !== null);
  const converged = plan.machines.some(isConverged);
  const rooted = plan.machines.some((machine) => rootSettings(plan, machine) !== null);
  const sources = new Set(plan.secrets.map((secret) => secret.from.source));
  const tool = (name: string, wanted: boolean, minimum: string | null, why: string, version = ['--version']): readonly RunwayTool[] =>
    (wanted ? [{ name, version: [name, ...version], minimum, why }] : []);
  return [
    ...tool('just', true, '1.33.0', 'the recipes are modules with groups'),
    ...tool('terraform', created, plan.lab.backend.settings['use_lockfile'] === true ? '1.10.0' : '1.8.0', 'it makes the machines', ['version']),
    ...tool('ansible-playbook', converged, '2.18.0', 'it converges the machines; the collections ask for this version'),
    ...tool('ssh', converged || rooted, null, 'Ansible and the recipes for root reach machines and nodes by it'),
    ...tool('sops', sources.has('sops') || sources.has('generated') || sources.has('derived'), null, 'secrets are kept in files that it opens'),
    ...tool('op', sources.has('onepassword'), '2.0.0', 'secrets are kept in 1Password'),
  ];
}

export function runwayClusters(plan: Plan): readonly unknown[] {
  return plan.clusters.map((cluster) => ({
    name: cluster.name,
    endpoint: cluster.endpoint,
    insecure: cluster.insecure,
    token: cluster.token,
    nodes: cluster.nodes.map(({ name }) => ({ name })),
    images: plan.images.filter((image) => image.cluster === cluster.name).map(({ key, image, version, node, datastore, kind, url, file }) =>
      ({ key, image, version, node, datastore, container: kind === 'container', url, file })),
    guests: plan.machines.flatMap((machine) => (machine.guest?.cluster === cluster.name ? [guestNeeds(plan, cluster, machine, machine.guest)] : [])),
  }));
}

function guestNeeds(plan: Plan, cluster: PlanCluster, machine: PlanMachine, guest: PlanGuest): unknown {
  const image = plan.images.find((one) => one.key === guest.image);
  const bridges = machine.nics.flatMap(({ bridge }) => (bridge === null ? [] : [bridge]));
  return {
    machine: machine.name,
    node: guest.node,
    vmid: guest.vmid,
    container: machine.kind === 'lxc',
    bridges: unique(bridges),
    images: guest.image === null ? [] : [guest.image],
    disks: guest.disks.map((disk) => ({ datastore: disk.datastore, bytes: disk.size, vmid: disk.keep ? (guest.dataVmid ?? guest.vmid) : guest.vmid })),
    mappings: { pci: unique(guest.pci.map(({ mapping }) => mapping)), usb: unique(guest.usb.map(({ mapping }) => mapping)) },
    privileges: Object.fromEntries(privileges(cluster, machine, guest, image)),
  };
}

function privileges(cluster: PlanCluster, machine: PlanMachine, guest: PlanGuest, image: PlanImage | undefined): readonly (readonly [string, readonly string[]])[] {
  const wanted = new Map<string, Set<string>>();
  const want = (path: string, ...names: readonly string[]): void => {
    const have = wanted.get(path) ?? new Set();
    names.forEach((name) => have.add(name));
    wanted.set(path, have);
  };
  want(`/vms/${guest.vmid}`, 'VM.Allocate', 'VM.Audit', 'VM.Config.CPU', 'VM.Config.Disk', 'VM.Config.Memory', 'VM.Config.Network', 'VM.Config.Options', 'VM.PowerMgmt');
  if (machine.kind !== 'lxc') want(`/vms/${guest.vmid}`, 'VM.Config.HWType');
  if (machine.kind !== 'lxc' && guest.cloudInit !== null) want(`/vms/${guest.vmid}`, 'VM.Config.Cloudinit');
  if (guest.agent && machine.kind !== 'lxc') want(`/vms/${guest.vmid}`, 'VM.GuestAgent.Audit|VM.Monitor');
  if (guest.dataVmid !== null) want(`/vms/${guest.dataVmid}`, 'VM.Allocate', 'VM.Audit', 'VM.Config.Disk', 'VM.Config.Options');
  if (guest.startup !== null) want('/', 'Sys.Modify');
  for (const disk of guest.disks) want(`/storage/${disk.datastore}`, 'Datastore.AllocateSpace', 'Datastore.Audit');
  if (guest.cloudInit !== null) want(`/storage/${guest.cloudInit.datastore}`, 'Datastore.AllocateSpace');
  if (image !== undefined) want(`/storage/${image.datastore}`, ...(image.url === null ? ['Datastore.Audit'] : ['Datastore.AllocateTemplate', 'Datastore.Audit']));
  if (image !== undefined && image.url !== null) want(`/nodes/${image.node}`, 'Sys.AccessNetwork');
  for (const nic of machine.nics) if (nic.bridge !== null) want(`/sdn/zones/localnetwork/${nic.bridge}${nic.vlan === null ? '' : `/${nic.vlan}`}`, 'SDN.Use');
  for (const { mapping } of guest.pci) want(`/mapping/pci/${mapping}`, 'Mapping.Use');
  for (const { mapping } of guest.usb) want(`/mapping/usb/${mapping}`, 'Mapping.Use');
  if (cluster.nodes.length > 1) want(`/nodes/${guest.node}`, 'Sys.Audit');
  return [...wanted].sort(([a], [b]) => compareText(a, b)).map(([path, names]) => [path, [...names].sort(compareText)]);
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort(compareText);
}
