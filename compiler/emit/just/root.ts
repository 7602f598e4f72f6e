/** What Proxmox lets only root@pam set, never a token: Terraform leaves it out, a recipe sets it over SSH. */
import type { PlanGuest, PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';

export interface RootSettings {
  /** The command of the node that knows the guest. */
  readonly tool: 'qm' | 'pct';
  readonly vmid: number;
  readonly node: string;
  readonly address: string;
  readonly disks: readonly { readonly slot: string; readonly device: string }[];
  readonly options: readonly (readonly [name: string, value: string])[];
}

/** Null where a token may set everything that the machine has. */
export function rootSettings(plan: Plan, machine: PlanMachine): RootSettings | null {
  const guest = machine.guest;
  if (guest === null) return null;
  const options = machine.kind === 'lxc' ? [...featureOption(guest), ...bindOptions(guest)] : [];
  if (guest.passthrough.length === 0 && options.length === 0) return null;
  const node = plan.clusters.find((cluster) => cluster.name === guest.cluster)?.nodes.find(({ name }) => name === guest.node);
  if (node === undefined) throw new Error(`the plan lacks node ${guest.node} of ${machine.name}`);
  return { tool: machine.kind === 'lxc' ? 'pct' : 'qm', vmid: guest.vmid, node: node.name, address: node.address, disks: guest.passthrough.map(({ slot, device }) => ({ slot, device })), options };
}

/** A token sets nesting on its own, on an unprivileged container, and nothing else. */
function featureOption(guest: PlanGuest): readonly (readonly [string, string])[] {
  if (guest.features.length === 0 || (guest.unprivileged && guest.features.every((feature) => feature === 'nesting'))) return [];
  return [['features', guest.features.map((feature) => (feature.includes('=') ? feature : `${feature}=1`)).join(',')]];
}

/** Folders of the node take the mount points behind the volumes, which are Terraform's. */
function bindOptions(guest: PlanGuest): readonly (readonly [string, string])[] {
  const binds = guest.mountPoints.filter(({ source }) => source.startsWith('/'));
  const first = guest.mountPoints.length - binds.length;
  return binds.map(({ source, path, readOnly }, i) => [`mp${first + i}`, `${source},mp=${path}${readOnly ? ',ro=1' : ''}`]);
}
