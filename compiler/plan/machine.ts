/** Machines of the plan: what Terraform makes of them (L2) and what Ansible converges on them (L3). */
import type { Origin, PlanRecord, PlanText } from './data.js';
import type { PlanOs } from './plan-os.js';
import type { PlanState } from './state.js';

export type MachineKind = 'vm' | 'lxc' | 'metal' | 'appliance' | 'device';

export interface PlanMachine {
  readonly name: string;
  readonly kind: MachineKind;
  /** The persona it inherits from first, its nearest parent; none for appliances and devices without one. */
  readonly persona: string | null;
  /** Every persona in its line, nearest first: inventory groups. */
  readonly personas: readonly string[];
  readonly os: PlanOs | null;
  /** The address on the first NIC, without prefix length. */
  readonly address: string | null;
  readonly nics: readonly PlanNic[];
  /** Present on vm, lxc and on appliances that the lab creates. */
  readonly guest: PlanGuest | null;
  /** Ansible's user and port; null where nothing is converged (appliance, device). */
  readonly login: { readonly user: string; readonly port: number; readonly python: string } | null;
  readonly converge: PlanConverge | null;
  /** States that its capabilities ask for: of each, `container` is the capability, empty where the machine itself asks. */
  readonly states: readonly PlanState[];
  readonly exports: readonly { readonly name: string; readonly protocol: string; readonly path: string }[];
  readonly description: string;
  /** An image whose new versions are captured from this machine. */
  readonly capture?: PlanCapture | null;
  readonly origin: Origin;
}

/** How a new version of an appliance's image is made: the root disk, copied while the machine is off. */
export interface PlanCapture {
  readonly image: string;
  /** Slot of the disk that is copied. */
  readonly slot: string;
  /** Where images of its node lie. */
  readonly datastore: string;
  /** How many captured versions stay before old ones are named for removal. */
  readonly keep: number;
}

export interface PlanNic {
  /** The network's name is the NIC's label. */
  readonly network: string;
  /** Its lasting place on the machine: 1 is `net1` of a virtual machine, `eth1` inside a container of Proxmox. */
  readonly place: number;
  readonly bridge: string | null;
  readonly vlan: number | null;
  /** `02:AB:...`, upper case, unicast; null on machines that labc does not create. */
  readonly mac: string | null;
  /** `dhcp` only on appliances. */
  readonly address: string | null;
  readonly prefix: number | null;
  readonly gateway: string | null;
  readonly resolvers: readonly string[];
  readonly mtu: number | null;
  readonly firewall: boolean;
  readonly origin: Origin;
}

/** A virtual machine or container of Proxmox. */
export interface PlanGuest {
  readonly cluster: string;
  readonly node: string;
  readonly vmid: number;
  readonly cores: number;
  readonly memory: number;
  /** LXC only. */
  readonly swap: number;
  readonly cpu: string;
  readonly firmware: 'bios' | 'uefi';
  readonly chipset: 'i440fx' | 'q35';
  readonly secureBoot: boolean;
  readonly agent: boolean;
  readonly balloon: boolean;
  readonly onBoot: boolean;
  readonly started: boolean;
  /** Proxmox's own start order; null leaves it out. */
  readonly startup: { readonly order: number; readonly upDelay: number } | null;
  readonly protection: boolean;
  readonly tags: readonly string[];
  /** The key of a PlanImage; null for an appliance that is installed by hand. */
  readonly image: string | null;
  /** Root disk first, then by slot. Slots are allocated and never renumbered. */
  readonly disks: readonly PlanDisk[];
  /** VMID of the machine that owns the kept disks; null without kept disks. */
  readonly dataVmid: number | null;
  readonly cloudInit: PlanCloudInit | null;
  /** Proxmox resource mappings. */
  readonly pci: readonly { readonly slot: string; readonly name: string; readonly mapping: string; readonly primary: boolean; readonly origin?: Origin }[];
  readonly usb: readonly { readonly slot: string; readonly mapping: string; readonly origin?: Origin }[];
  /** Raw disks by id (`scsi3` = `ata-...`): only root@pam may set them, a recipe does it over SSH. */
  readonly passthrough: readonly { readonly slot: string; readonly device: string; readonly origin?: Origin }[];
  /** LXC features; everything but nesting wants root@pam and is set by a recipe. */
  readonly features: readonly string[];
  readonly unprivileged: boolean;
  /** LXC mount points: bind mounts of the node or volumes. */
  readonly mountPoints: readonly { readonly path: string; readonly source: string; readonly size: number | null; readonly readOnly: boolean }[];
  /** Raw Terraform written on the machine: the inside of the resource's block. */
  readonly terraform: readonly string[];
  readonly origin: Origin;
}

export interface PlanDisk {
  readonly name: string;
  /** `scsi0`. */
  readonly slot: string;
  readonly datastore: string;
  /** `raw` or `qcow2`, by the datastore's type. */
  readonly format: string;
  readonly size: number;
  /** Survives every rebuild: lives on the data machine. */
  readonly keep: boolean;
  /** Mounted here by L3; null for a root disk. */
  readonly mount: string | null;
  /** At most 20 bytes; the guest finds the disk by it. */
  readonly serial: string;
  readonly ssd: boolean;
  readonly backup: boolean;
  readonly origin: Origin;
}

export interface PlanCloudInit {
  readonly datastore: string;
  /** `scsi30` or `ide2`. */
  readonly slot: string;
  readonly user: string;
  readonly keys: readonly string[];
  readonly domain: string;
  readonly resolvers: readonly string[];
}

/** Everything that L3 does on a machine, by phase, then edges, then name. */
export interface PlanConverge {
  /** What a person has to do before it works. */
  readonly byHand?: readonly string[];
  readonly items: readonly PlanItem[];
  readonly handlers: readonly PlanHandler[];
  readonly files: readonly PlanFile[];
  /** Verbs that undo what this machine may hold. */
  readonly verifies: readonly PlanItem[];
  readonly retired: readonly string[];
}

/** One L3 item and what it lowered to. */
export interface PlanItem {
  /** `file:/etc/docker/daemon.json`: unique on the machine. */
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  /** The capability, persona or machine that declares it. */
  readonly owner: string;
  readonly phase: number;
  readonly tasks: readonly PlanTask[];
  readonly undo: readonly PlanUndo[];
  /** What its kind says that a change of it disturbs, where that is more than its handlers and modules tell. */
  readonly impact?: 'restart' | 'reboot' | 'destroys_data';
  readonly origin: Origin;
}

export interface PlanTask {
  /** A sentence for people: `Install docker-ce and containerd.io`. */
  readonly name: string;
  /** Fully qualified: `ansible.builtin.apt`. */
  readonly module: string;
  readonly args: PlanRecord;
  readonly check: 'run' | 'lenient' | 'never' | 'always';
  readonly sealed: boolean;
  readonly when: string | null;
  readonly changedWhen: string | boolean | null;
  readonly failedWhen: string | boolean | null;
  readonly register: string | null;
  readonly environment: PlanRecord | null;
  /** Ids of handlers. */
  readonly notify: readonly string[];
}

export interface PlanHandler {
  /** `restart docker`. */
  readonly id: string;
  readonly name: string;
  readonly action:
    | { readonly do: 'restart' | 'reload'; readonly unit: string }
    | { readonly do: 'run'; readonly command: readonly string[] }
    | { readonly do: 'daemon_reload' }
    | { readonly do: 'reboot' };
}

/** A verb of contracts.md section 5, kept on the machine as data. */
export interface PlanUndo {
  readonly verb: string;
  readonly args: PlanRecord;
  /**
   * Carried out only when a `retire` names it, otherwise reported; `unclaimed`: only if no file claims it; `while_wanted`:
   * at once while its item stays in the lab without it, and with its item only when that is retired.
   */
  readonly only: 'always' | 'retired' | 'unclaimed' | 'while_wanted';
}

/** A file under the machine's or instance's folder in out/. Text with holes is a template for the controller. */
export interface PlanFile {
  readonly path: string;
  readonly content: PlanText;
  readonly origin: Origin;
}
