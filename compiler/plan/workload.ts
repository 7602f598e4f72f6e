/** Instances of workloads: what Compose runs on a machine (L4). */
import type { Origin, PlanRecord, PlanText } from './data.js';
import type { PlanFile } from './machine.js';
import type { PlanState } from './state.js';

export interface PlanInstance {
  /** The Compose project. */
  readonly name: string;
  readonly app: string;
  readonly machine: string;
  /** By name. */
  readonly containers: readonly PlanContainer[];
  readonly jobs: readonly PlanJob[];
  /** Named volumes: caches. */
  readonly volumes: readonly { readonly name: string; readonly external: string }[];
  /** The shared network `lab` of the machine is joined by at least one container. */
  readonly joinsLab: boolean;
  /** A network without a way out is made for containers with `egress = none`. */
  readonly isolated: boolean;
  /** Secrets as files: `name` below /run/secrets, `path` on the machine. */
  readonly secretFiles: readonly { readonly name: string; readonly secret: string; readonly path: string }[];
  /** Environment files with secrets: one for each container that needs one. */
  readonly secretEnv: readonly { readonly container: string; readonly path: string; readonly variables: readonly { readonly name: string; readonly value: PlanText }[] }[];
  /** Rendered configuration, path relative to the instance's files: `server/etc/prometheus/prometheus.yaml`. */
  readonly files: readonly PlanConfigFile[];
  /** Host folders to make before the first start. */
  readonly folders: readonly { readonly path: string; readonly owner: string; readonly group: string; readonly mode: string; readonly state: boolean }[];
  readonly states: readonly PlanState[];
  /** Instances on the same machine that are started before. */
  readonly after: readonly string[];
  readonly urls: readonly string[];
  readonly description: string;
  readonly origin: Origin;
}

/** A configuration file; the folder `mount` of its container is bound read-only from the instance's folder on the machine. */
export interface PlanConfigFile extends PlanFile {
  readonly container: string;
  /** `seed`: written into the state once. */
  readonly write: 'managed' | 'seed';
  /** Absolute path on the machine. */
  readonly target: string;
  readonly owner: string;
  readonly mode: string;
  readonly reload: { readonly how: 'watched' } | { readonly how: 'restart' } | { readonly how: 'post'; readonly url: string };
}

export interface PlanContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[] | null;
  readonly entrypoint: readonly string[] | null;
  readonly user: string | null;
  readonly init: boolean;
  readonly readOnly: boolean;
  readonly privileged: boolean;
  readonly restart: 'unless-stopped' | 'always' | 'on-failure' | 'no';
  readonly workdir: string | null;
  readonly hostname: string | null;
  /** By name; secrets are in `PlanInstance.secretEnv`. */
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secretEnv: string | null;
  /** Names of secretFiles. */
  readonly secrets: readonly string[];
  readonly ports: readonly PlanPort[];
  readonly mounts: readonly PlanMount[];
  readonly network: { readonly mode: 'own' } | { readonly mode: 'machine' } | { readonly mode: 'container'; readonly of: string };
  /** Aliases on the machine's shared network; empty: not joined. */
  readonly labAliases: readonly string[];
  readonly egress: 'any' | 'none';
  readonly after: readonly { readonly container: string; readonly condition: 'started' | 'ready' | 'done'; readonly restart: boolean }[];
  readonly ready: PlanReady | null;
  readonly stop: { readonly signal: string | null; readonly grace: number | null };
  readonly shm: number | null;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly noNewPrivileges: boolean;
  readonly securityOptions: readonly string[];
  readonly devices: readonly { readonly source: string; readonly target: string }[];
  readonly gpu: { readonly driver: string; readonly capabilities: readonly string[] } | null;
  /** Group ids, or names whose number only the machine knows. */
  readonly groupAdd: readonly (number | { readonly group: string })[];
  readonly limits: { readonly memory: number | null; readonly cpus: string | null; readonly pids: number | null };
  readonly ulimits: readonly { readonly name: string; readonly soft: number; readonly hard: number }[];
  readonly sysctls: readonly { readonly name: string; readonly value: string }[];
  readonly resolvers: readonly string[];
  readonly extraHosts: readonly { readonly name: string; readonly address: string }[];
  readonly labels: readonly { readonly name: string; readonly value: string }[];
  readonly logging: { readonly driver: string; readonly options: Readonly<Record<string, string>> } | null;
  /** Raw Compose of the author, merged last. */
  readonly compose: PlanRecord | null;
  readonly origin: Origin;
}

export interface PlanPort {
  readonly target: number;
  readonly published: number;
  /** The machine's address that it is bound to. */
  readonly address: string;
  readonly protocol: 'tcp' | 'udp';
  readonly origin?: Origin;
}

export type PlanMount =
  | { readonly type: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean; readonly propagation: 'rslave' | null; readonly origin?: Origin }
  | { readonly type: 'volume'; readonly volume: string; readonly target: string; readonly readOnly: boolean }
  | { readonly type: 'tmpfs'; readonly target: string; readonly size: number | null; readonly mode: string | null; readonly uid: number | null; readonly gid: number | null };

/** A health check inside the container; `image` leaves the image's own in place. Times in milliseconds. */
export interface PlanReady {
  readonly test: { readonly how: 'exec'; readonly command: readonly string[] } | { readonly how: 'shell'; readonly command: string } | { readonly how: 'image' };
  readonly every: number | null;
  readonly timeout: number | null;
  readonly retries: number | null;
  readonly grace: number | null;
  /** How often it is asked within `grace`, until it answers well. */
  readonly atStart: number | null;
}

/** A command that runs to its end: inside `exec`, or as a container of its own. */
export interface PlanJob {
  readonly name: string;
  /** Run inside this running container. */
  readonly exec: string | null;
  /** Or as this container, defined under a profile so that `up` leaves it alone. */
  readonly container: PlanContainer | null;
  readonly command: readonly string[];
  readonly user: string | null;
  /** New images do not run it again. */
  readonly once: boolean;
  readonly after: readonly { readonly container: string; readonly condition: 'started' | 'ready' | 'done' }[];
  readonly origin: Origin;
}
