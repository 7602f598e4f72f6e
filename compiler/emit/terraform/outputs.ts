/** `outputs.tf`: what the lab made, for people and other configurations. Addresses are the declared ones. */
import type { HclBlock } from '../../bindings/hcl-value.js';
import { hclMap } from '../../bindings/hcl-value.js';
import { proxmoxVirtualEnvironmentContainerRef, proxmoxVirtualEnvironmentVmRef } from '../../bindings/terraform.gen.js';
import { outputBlock } from '../../bindings/terraform-blocks.js';
import type { Guest } from './guests.js';
import { labelOf } from './header.js';

export function outputsFile(guests: readonly Guest[]): readonly HclBlock[] {
  const entries = guests.map(({ machine }) => {
    const resource = machine.kind === 'lxc' ? proxmoxVirtualEnvironmentContainerRef : proxmoxVirtualEnvironmentVmRef;
    const label = labelOf(machine.name);
    return [machine.name, { vm_id: resource(label, 'vm_id'), node: resource(label, 'node_name'), address: machine.address }] as const;
  });
  return [outputBlock('machines', { description: 'Machines by name: VMID, node and declared address.', value: hclMap(entries) })];
}
