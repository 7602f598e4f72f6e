/**
 * The plan: a whole lab, resolved and target-neutral, the only thing that emitters see.
 * It is JSON, holds no secret value, every list is in its final order, and every size is in bytes,
 * every duration in milliseconds. `origin` names the source statement of a record.
 */
import type { Origin, PlanData, PlanRecord, PlanText } from './data.js';
import type { PlanIdentity } from './identity.js';
import type { PlanInstance } from './workload.js';
import type { PlanMachine } from './machine.js';
import type { PlanOs } from './plan-os.js';

export interface Plan {
  readonly lab: PlanLab;
  readonly operators: readonly PlanOperator[];
  readonly clusters: readonly PlanCluster[];
  readonly networks: readonly PlanNetwork[];
  readonly images: readonly PlanImage[];
  /** By name. */
  readonly machines: readonly PlanMachine[];
  /** By name. */
  readonly instances: readonly PlanInstance[];
  readonly secrets: readonly PlanSecret[];
  readonly repositories: readonly PlanRepository[];
  readonly routes: readonly PlanRoute[];
  readonly names: readonly PlanName[];
  /** What monitors check: one for each monitor and request. */
  readonly probes?: readonly PlanProbe[];
  /** Start order: every stage after all that it waits for; ties by machine name, then layer. */
  readonly order: readonly PlanStage[];
  /** What was renamed, moved and retired. */
  readonly identity: PlanIdentity;
  /** Raw fragments and declined contracts, as `labc escapes` lists them. */
  readonly escapes: readonly PlanEscape[];
  /** What was asked and nobody answers, where that is allowed: shown in README. */
  readonly notes: readonly PlanNote[];
}

export interface PlanLab {
  readonly name: string;
  readonly domain: string;
  readonly timezone: string;
  /** Folder of the sources relative to the repository, such as `labs/home`. */
  readonly source: string;
  readonly backend: PlanBackend;
  /** Raw Terraform of the lab: text of one file, checked and listed as an escape. */
  readonly terraform: readonly string[];
  /** The store of generated secrets, relative to `source`; none where no secret is generated. */
  readonly store: string | null;
  readonly origin: Origin;
}

/** `settings` are the backend block's arguments, never a secret. */
export interface PlanBackend {
  readonly type: 'local' | 's3' | 'http' | 'pg';
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

export interface PlanOperator {
  readonly name: string;
  readonly uid: number | null;
  readonly keys: readonly string[];
  readonly origin: Origin;
}

export interface PlanCluster {
  readonly name: string;
  readonly endpoint: string;
  /** Key in `Plan.secrets`; the recipes export it as PROXMOX_VE_API_TOKEN. */
  readonly token: string;
  /** Accept a certificate that no authority signed. */
  readonly insecure: boolean;
  /** SSH of the provider to the nodes, only where the lab asks for it: the user. */
  readonly ssh: string | null;
  readonly nodes: readonly PlanNode[];
  readonly origin: Origin;
}

export interface PlanNode {
  readonly name: string;
  readonly address: string;
  readonly cores: number | null;
  readonly memory: number | null;
  /** Memory that Proxmox itself keeps. */
  readonly reserve?: number | null;
  readonly datastores: readonly PlanDatastore[];
  readonly bridges: readonly string[];
  /** Hardware mappings of Proxmox that machines use. */
  readonly pci: readonly { readonly name: string; readonly mapping: string }[];
  readonly origin: Origin;
}

export interface PlanDatastore {
  readonly name: string;
  /** Proxmox's storage type: dir, lvmthin, zfspool, nfs, ... */
  readonly type: string;
  readonly size: number | null;
  readonly content: readonly string[];
  readonly shared: boolean;
  /** Bytes that this lab's disks and images take. */
  readonly used: number;
  readonly origin?: Origin;
}

export interface PlanNetwork {
  readonly name: string;
  readonly cidr: string;
  readonly gateway: string | null;
  readonly bridge: string | null;
  readonly vlan: number | null;
  readonly resolvers: readonly string[];
  readonly mtu: number | null;
  readonly origin: Origin;
}

/** One version of an image on one node's datastore, for the machines that use it. */
export interface PlanImage {
  /** `ubuntu_noble`. */
  readonly image: string;
  readonly version: string;
  /** `<image>_<node>` or, on a shared datastore, `<image>_<datastore>`: unique, stable over versions. */
  readonly key: string;
  readonly cluster: string;
  readonly node: string;
  readonly datastore: string;
  /** `vm`: a disk to import; `container`: a template archive. */
  readonly kind: 'vm' | 'container';
  /** Downloaded from `url`, or already there as the volume `file` (`local:import/x.qcow2`). */
  readonly url: string | null;
  readonly file: string | null;
  /** The name in the datastore, with the ending that Proxmox wants. */
  readonly fileName: string;
  readonly checksum: { readonly algorithm: 'sha256' | 'sha512'; readonly value: string };
  readonly os: PlanOs;
  readonly origin: Origin;
}

export interface PlanSecret {
  /** `proxmox_token`, `immich.db_password`. */
  readonly key: string;
  readonly from:
    | { readonly source: 'env'; readonly variable: string }
    | { readonly source: 'sops'; readonly file: string; readonly key: string }
    | { readonly source: 'onepassword'; readonly vault: string; readonly item: string; readonly field: string }
    | { readonly source: 'generated'; readonly length: number; readonly form: 'alphanumeric' | 'base64url'; readonly entry: string }
    | { readonly source: 'derived'; readonly hash: 'bcrypt' | 'argon2id'; readonly of: string; readonly entry: string };
  /** `controller`: recipes on the operator's machine read it; `target`: it is written to machines. */
  readonly sinks: readonly ('controller' | 'target')[];
  readonly origin: Origin;
}

export interface PlanRepository {
  readonly name: string;
  readonly type: string;
  readonly url: PlanText;
  readonly password: string | null;
  readonly schedule: string;
  readonly origin: Origin;
}

export interface PlanRoute {
  readonly id: string;
  readonly url: string;
  readonly hosts: readonly string[];
  readonly path: string;
  readonly instance: string | null;
  readonly machine: string;
  /** Where the ingress finds the app, `http://192.168.1.20:8080`. */
  readonly upstream: string;
  readonly ingress: string | null;
  readonly expose: string;
  readonly origin: Origin;
}

/** A name in the lab's zone. */
export interface PlanName {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly view: string;
  readonly origin: Origin;
}

/** A check that a monitor makes, of an endpoint of an instance or of a machine itself. */
export interface PlanProbe {
  /** `carrie answers pings`, `immich.server.http`. */
  readonly name: string;
  /** The instance that checks. */
  readonly monitor: string;
  /** The machine that is checked, or that runs what is. */
  readonly machine: string;
  readonly origin: Origin;
}

export type LayerName = 'L1' | 'L2' | 'L3' | 'L4';

export interface PlanStage {
  readonly machine: string;
  readonly layer: LayerName;
  /** Indices into `Plan.order`, all smaller than this stage's own. */
  readonly after: readonly number[];
  /** Why, one line for each edge: `mounts pennywise.export.media`. */
  readonly because: readonly string[];
}

export interface PlanEscape {
  readonly kind: 'terraform' | 'task' | 'compose' | 'ensure' | 'decline';
  readonly where: string;
  readonly what: string;
  readonly origin: Origin;
}

export interface PlanNote {
  readonly text: string;
  readonly origin: Origin;
}

export type { Origin, PlanData, PlanRecord, PlanText };
