/**
 * What Terraform is told of things that were renamed, retired or are on the move: `moved` and `removed` blocks, the owner of
 * disks that are to be destroyed, and a machine that moves without being made anew. Nothing here destroys what is kept: a
 * plan that would is made to fail, and README has the steps that no plan can take.
 */
import type { HclBlock, HclRef } from '../../bindings/hcl-value.js';
import { proxmoxDownloadFileRef, proxmoxVirtualEnvironmentContainerRef, proxmoxVirtualEnvironmentVm, proxmoxVirtualEnvironmentVmRef } from '../../bindings/terraform.gen.js';
import { importBlock, movedBlock, removedBlock, terraformDataRef } from '../../bindings/terraform-blocks.js';
import { moveOf, namesOf, type PlanRetired } from '../../plan/identity.js';
import type { PlanGuest, PlanMachine } from '../../plan/machine.js';
import type { Plan, PlanImage } from '../../plan/plan.js';
import { dataLabelOf, generationLabelOf, imageLabelOf, labelOf } from './header.js';
import { providerOf } from './provider.js';

type RetiredGuest = NonNullable<PlanRetired['guest']>;

/** `moved` blocks of a machine's resources. */
export function movedMachine(plan: Plan, machine: PlanMachine, guest: PlanGuest, image: PlanImage | null): readonly HclBlock[] {
  const names = namesOf(plan.identity, 'machine', machine.name);
  return [
    ...moves(names.map((name) => machineRef(machine.kind === 'lxc' ? 'lxc' : 'vm', name))),
    ...(image === null ? [] : moves(names.map((name) => terraformDataRef(generationLabelOf(name))))),
    // Where the last kept disk was retired, its owner is renamed before it is forgotten.
    ...(guest.dataVmid === null && ownerRetired(plan, machine) === undefined ? [] : moves(names.map((name) => proxmoxVirtualEnvironmentVmRef(dataLabelOf(name))))),
  ];
}

/** `moved` blocks of downloads: a key is the image's name and the place. */
export function movedImages(plan: Plan): readonly HclBlock[] {
  return plan.images.filter(({ url }) => url !== null).flatMap(({ image, key }) =>
    moves(namesOf(plan.identity, 'image', image).map((name) => proxmoxDownloadFileRef(imageLabelOf(`${name}${key.slice(image.length)}`)))));
}

/** `terraform/retired.tf`: what left the lab in the open. */
export function retiredFile(plan: Plan): readonly HclBlock[] {
  return plan.identity.retired.flatMap((retired) => {
    const machine = plan.machines.find(({ name, guest }) => name === retired.machine && guest !== null);
    if (retired.guest === null) return [];
    // What is declared again is not gone; that is the compiler's to say.
    if (retired.sort === 'machine') return machine === undefined ? retiredMachine(plan, retired, retired.guest) : [];
    // Terraform takes one of several kept disks off its owner by itself, and Proxmox keeps it there as unused.
    return retired.sort === 'disk' && machine !== undefined && ownerRetired(plan, machine) === retired ? retiredOwner(plan, retired, retired.guest) : [];
  });
}

/** A virtual machine that owns all its disks goes to another node of its cluster with them; the plan says so. */
export function migrates(plan: Plan, machine: PlanMachine, guest: PlanGuest): boolean {
  return guest.dataVmid === null && moveOf(plan.identity, 'machine', machine.name) !== undefined;
}

/** The provider would replace a container over its node or its disk's datastore: while it moves, no plan may. */
export function holdsStill(plan: Plan, machine: PlanMachine): boolean {
  return plan.identity.moves.some((move) => move.machine === machine.name && (move.sort === 'machine' || move.sort === 'disk'));
}

/** The provider looks for a container on one node only; after `terraform state rm` it is found where it is now. */
export function importedContainer(plan: Plan, machine: PlanMachine, guest: PlanGuest): readonly HclBlock[] {
  if (moveOf(plan.identity, 'machine', machine.name) === undefined) return [];
  return [importBlock(machineRef('lxc', machine.name), `${guest.node}/${guest.vmid}`, 'It moves: forgotten by the steps in README, it is found again on its new node.')];
}

/** Step by step: Terraform takes one former address for each, and follows chains from any generation. */
function moves(refs: readonly HclRef[]): readonly HclBlock[] {
  return refs.slice(1).map((from, at) => movedBlock(from, refs[at]!)).reverse();
}

/** Forgets it, or lets it be destroyed; what owns kept disks stays declared, so that its protection can be taken off first. */
function retiredMachine(plan: Plan, retired: PlanRetired, guest: RetiredGuest): readonly HclBlock[] {
  const { name, data } = retired;
  if (data === 'keep') {
    const refs = [machineRef(guest.kind, name), terraformDataRef(generationLabelOf(name)), ...(guest.dataVmid === null ? [] : [proxmoxVirtualEnvironmentVmRef(dataLabelOf(name))])];
    return refs.map((ref, at) => removedBlock(ref, { destroy: false }, at === 0 ? `${name} was retired and is kept: Terraform forgets it, Proxmox goes on running it.` : undefined));
  }
  return guest.dataVmid === null ? [] : [unprotectedOwner(plan, name, guest, guest.dataVmid)];
}

function retiredOwner(plan: Plan, retired: PlanRetired, guest: RetiredGuest): readonly HclBlock[] {
  const { machine, name, data } = retired;
  if (data === 'destroy' && guest.dataVmid !== null) return [unprotectedOwner(plan, machine, guest, guest.dataVmid)];
  return [removedBlock(proxmoxVirtualEnvironmentVmRef(dataLabelOf(machine)), { destroy: false }, `${name} was retired and is kept: Terraform forgets the machine that owns it.`)];
}

/** The retired disk by which a machine lost the owner of its kept disks; what is kept goes before what is destroyed. */
function ownerRetired(plan: Plan, machine: PlanMachine): PlanRetired | undefined {
  if (machine.guest === null || machine.guest.dataVmid !== null || machine.kind === 'lxc') return undefined;
  const disks = plan.identity.retired.filter((retired) => retired.sort === 'disk' && retired.machine === machine.name && retired.disks.some((disk) => disk.keep));
  return disks.find(({ data }) => data === 'keep') ?? disks[0];
}

/** Its disks are ignored, not listed: the provider takes away whatever is not listed. */
function unprotectedOwner(plan: Plan, machine: string, guest: RetiredGuest, vmid: number): HclBlock {
  return proxmoxVirtualEnvironmentVm(
    dataLabelOf(machine),
    {
      name: `${machine}-data`,
      node_name: guest.node,
      vm_id: vmid,
      scsi_hardware: 'virtio-scsi-single',
      started: false,
      on_boot: false,
      protection: false,
      purge_on_destroy: false,
      delete_unreferenced_disks_on_destroy: false,
    },
    {
      comment: `The kept disks of ${machine} are to be destroyed. This takes the protection off their owner; they go when the lab forgets them.`,
      provider: providerOf(plan, guest.cluster),
      lifecycle: { ignoreChanges: ['description', 'tags', 'disk'] },
    },
  );
}

function machineRef(kind: 'vm' | 'lxc', machine: string): HclRef {
  return (kind === 'lxc' ? proxmoxVirtualEnvironmentContainerRef : proxmoxVirtualEnvironmentVmRef)(labelOf(machine));
}
