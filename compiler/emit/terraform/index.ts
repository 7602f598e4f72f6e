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
import { retiredFile } from './identity.js';
import { imagesFile } from './images.js';
import { lxcBlocks } from './lxc.js';
import { outputsFile } from './outputs.js';
import { providerFile } from './provider.js';
import { versionsFile } from './versions.js';
import { vmBlocks } from './vm.js';

export { imageAddresses } from './images.js';
export { tokenVariableOf } from './provider.js';

export interface TerraformFile {
  readonly path: string;
  /** The statements whose files the header names. */
  readonly origins: readonly Origin[];
  readonly items: readonly HclItem[];
}

export function emitTerraform(plan: Plan): readonly EmittedFile[] {
  return terraformFiles(plan).map(({ path, origins, items }) => ({ path, text: printFile([headerOf(plan, origins)], items) }));
}

/** The files before they are printed. Empty where the lab has neither a cluster nor Terraform of its own. */
export function terraformFiles(plan: Plan): readonly TerraformFile[] {
  if (plan.clusters.length === 0 && plan.lab.terraform.length === 0) return [];
  const guests = guestsOf(plan);
  const lab = plan.lab.origin;
  const cluster = plan.clusters[0]?.origin ?? lab;
  return [
    file('terraform/versions.tf', lab, versionsFile(plan.lab.backend)),
    file('terraform/provider.tf', cluster, providerFile(plan)),
    file('terraform/images.tf', plan.images.map(({ origin }) => origin), imagesFile(plan)),
    ...guests.map((guest) => file(fileOf(guest.machine.name), guest.machine.origin, machineBlocks(plan, guest))),
    file('terraform/retired.tf', plan.identity.retired.find(({ origin }) => origin !== null)?.origin ?? lab, retiredFile(plan)),
    file('terraform/lab.tf', lab, plan.lab.terraform.map((text) => ({ item: 'fragment', text }))),
    file('terraform/outputs.tf', lab, guests.length === 0 ? [] : outputsFile(guests)),
  ].flat();
}

function machineBlocks(plan: Plan, { machine, guest, image }: Guest): readonly HclItem[] {
  if (machine.kind !== 'lxc') return vmBlocks(plan, machine, guest, image);
  return lxcBlocks(plan, machine, guest, present(image, `the image of ${machine.name}`));
}

/** A file with nothing in it is not written. */
function file(path: string, origins: Origin | readonly Origin[], items: readonly HclItem[]): readonly TerraformFile[] {
  return items.length === 0 ? [] : [{ path, origins: [origins].flat(), items }];
}
