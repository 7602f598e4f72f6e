/**
 * `terraform/`: the machines of the lab as HCL for bpg/proxmox, one file each, with real resource names and no
 * variables but tokens. In goes the plan, out come files; nothing here decides what the lab is, only how this
 * provider is told.
 */
import type { HclItem } from '../../bindings/hcl-value.js';
import type { Origin } from '../../plan/data.js';
import type { EmittedFile } from '../../plan/emitted.js';
import type { Plan } from '../../plan/plan.js';
import { printFile } from '../hcl/print.js';
import { guestsOf, type Guest } from './guests.js';
import { fileOf, headerOf, present } from './header.js';
import { imagesFile } from './images.js';
import { lxcBlocks } from './lxc.js';
import { outputsFile } from './outputs.js';
import { providerFile } from './provider.js';
import { versionsFile } from './versions.js';
import { vmBlocks } from './vm.js';

export { imageAddresses } from './images.js';
export { tokenVariableOf } from './provider.js';

/** Empty where the lab has neither a cluster nor Terraform of its own. */
export function emitTerraform(plan: Plan): readonly EmittedFile[] {
  if (plan.clusters.length === 0 && plan.lab.terraform.length === 0) return [];
  const guests = guestsOf(plan);
  const lab = plan.lab.origin;
  const cluster = plan.clusters[0]?.origin ?? lab;
  return [
    file(plan, 'terraform/versions.tf', lab, versionsFile(plan.lab.backend)),
    file(plan, 'terraform/provider.tf', cluster, providerFile(plan)),
    file(plan, 'terraform/images.tf', plan.images[0]?.origin ?? lab, imagesFile(plan)),
    ...guests.map((guest) => file(plan, fileOf(guest.machine.name), guest.machine.origin, machineBlocks(plan, guest))),
    file(plan, 'terraform/lab.tf', lab, plan.lab.terraform.map((text) => ({ item: 'fragment', text }))),
    file(plan, 'terraform/outputs.tf', lab, guests.length === 0 ? [] : outputsFile(guests)),
  ].flat();
}

function machineBlocks(plan: Plan, { machine, guest, image }: Guest): readonly HclItem[] {
  if (machine.kind !== 'lxc') return vmBlocks(plan, machine, guest, image);
  return lxcBlocks(plan, machine, guest, present(image, `the image of ${machine.name}`));
}

/** A file with nothing in it is not written. */
function file(plan: Plan, path: string, origin: Origin, items: readonly HclItem[]): readonly EmittedFile[] {
  return items.length === 0 ? [] : [{ path, text: printFile([headerOf(plan, origin)], items) }];
}
