/**
 * A container of Proxmox. Unprivileged unless the lab says otherwise; the provider's default is the opposite. What a
 * token may not set (every feature but nesting, any feature of a privileged container, bind mounts of the node) is
 * left to a recipe, and Terraform ignores it: the provider replaces a container over a mount point.
 */
import type { HclBlock, HclRef } from '../../bindings/hcl-value.js';
import { hclRef } from '../../bindings/hcl-value.js';
import { proxmoxVirtualEnvironmentContainer } from '../../bindings/terraform.gen.js';
import type { ProxmoxVirtualEnvironmentContainer } from '../../bindings/terraform.gen.js';
import type { Lifecycle } from '../../bindings/terraform-blocks.js';
import type { PlanGuest, PlanMachine } from '../../plan/machine.js';
import type { Plan, PlanImage } from '../../plan/plan.js';
import { generation, generationRef } from './generation.js';
import { descriptionOf, gibibytes, labelOf, mebibytes, placeOf, present } from './header.js';
import { holdsStill, importedContainer, movedMachine } from './identity.js';
import { imageVolume } from './images.js';
import { dnsOf, ipConfigs, networkInterfaces } from './network.js';
import { providerOf } from './provider.js';

export function lxcBlocks(plan: Plan, machine: PlanMachine, guest: PlanGuest, image: PlanImage): readonly HclBlock[] {
  return [
    generation(machine, image),
    proxmoxVirtualEnvironmentContainer(labelOf(machine.name), settings(plan, machine, guest, image), {
      comment: `lxc ${machine.name}, from ${placeOf(plan, machine.origin)}.`,
      provider: providerOf(plan, guest.cluster),
      lifecycle: lifecycle(plan, machine, guest),
      fragments: guest.terraform,
    }),
    ...movedMachine(plan, machine, guest, image),
    ...importedContainer(plan, machine, guest),
  ];
}

function settings(plan: Plan, machine: PlanMachine, guest: PlanGuest, image: PlanImage): ProxmoxVirtualEnvironmentContainer {
  const root = present(guest.disks[0] ?? null, `the root disk of ${machine.name}`);
  const cloudInit = guest.cloudInit;
  return {
    description: descriptionOf(plan, machine),
    node_name: guest.node,
    vm_id: guest.vmid,
    tags: guest.tags,
    unprivileged: guest.unprivileged,
    started: guest.started,
    start_on_boot: guest.onBoot,
    protection: guest.protection,
    operating_system: { template_file_id: imageVolume(image), type: systemOf(image) },
    features: guest.unprivileged && guest.features.includes('nesting') ? { nesting: true } : undefined,
    cpu: { cores: guest.cores },
    memory: { dedicated: mebibytes(guest.memory), swap: mebibytes(guest.swap) },
    disk: { datastore_id: root.datastore, size: gibibytes(root.size) },
    mount_point: [
      ...guest.disks.slice(1).flatMap((disk) => (disk.mount === null ? [] : [{ path: disk.mount, volume: disk.datastore, size: `${gibibytes(disk.size)}G`, backup: disk.backup }])),
      ...guest.mountPoints.filter((mount) => !isBind(mount)).map(({ path, source, size, readOnly }) => ({
        path,
        volume: source,
        size: size === null ? undefined : `${gibibytes(size)}G`,
        read_only: readOnly,
        backup: true,
      })),
    ],
    network_interface: networkInterfaces(machine.nics),
    initialization: {
      hostname: machine.name,
      dns: cloudInit === null ? undefined : dnsOf(cloudInit),
      ip_config: ipConfigs(machine.nics),
      user_account: cloudInit === null ? undefined : { keys: cloudInit.keys },
    },
    startup: guest.startup === null ? undefined : { order: guest.startup.order, up_delay: Math.round(guest.startup.upDelay / 1000) },
  };
}

function lifecycle(plan: Plan, machine: PlanMachine, guest: PlanGuest): Lifecycle<keyof ProxmoxVirtualEnvironmentContainer> {
  const binds = guest.mountPoints.some(isBind);
  const features = needsRoot(guest);
  const ignored: (keyof ProxmoxVirtualEnvironmentContainer | HclRef)[] = [];
  const because: string[] = [];
  ignored.push(hclRef('operating_system', 0, 'template_file_id'));
  because.push('Its generation decides when a new template replaces the container.');
  if (guest.cloudInit !== null) {
    ignored.push(hclRef('initialization', 0, 'user_account'));
    because.push('New keys would replace the container; Ansible keeps them.');
  }
  if (features) {
    ignored.push('features');
    because.push(`A recipe sets the features ${guest.features.join(', ')}: Proxmox lets only root@pam do it.`);
  }
  if (binds) {
    ignored.push('mount_point');
    because.push('A recipe binds folders of the node, as only root@pam may; seeing one, the provider would replace the container.');
  }
  return {
    comment: because.join('\n'),
    preventDestroy: holdsStill(plan, machine) ? true : undefined,
    ignoreChanges: ignored,
    replaceTriggeredBy: [generationRef(machine)],
  };
}

/** Nesting on its own, on an unprivileged container, is all that a token may set. */
function needsRoot(guest: PlanGuest): boolean {
  return guest.features.length > 0 && (!guest.unprivileged || guest.features.some((feature) => feature !== 'nesting'));
}

function isBind(mount: PlanGuest['mountPoints'][number]): boolean {
  return mount.source.startsWith('/');
}

/** Proxmox's names of systems; it refuses others, and `unmanaged` leaves the files inside alone. */
function systemOf(image: PlanImage): string {
  const known: Readonly<Record<string, string>> = { debian: 'debian', ubuntu: 'ubuntu', arch: 'archlinux', alpine: 'alpine' };
  return known[image.os.id] ?? 'unmanaged';
}
