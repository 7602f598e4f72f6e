/**
 * Identity over time: what sources say by `was`, `move` and `retire`, and what the lock remembers of it after the statement
 * may have gone. Emitters make `moved` and `removed` blocks, renamed Compose projects, guards and runbook lines of it.
 */
import type { Origin } from './data.js';

export interface PlanIdentity {
  /** By sort, then name. From `was` statements of the sources alone. */
  readonly renames: readonly PlanRename[];
  /** By name. From `retire` statements, and from the lock until `labc lock --forget`. */
  readonly retired: readonly PlanRetired[];
  /** By name. From `move` statements, and from the lock until `labc lock --forget`. */
  readonly moves: readonly PlanMove[];
}

export type NamedSort = 'machine' | 'disk' | 'instance' | 'container' | 'state' | 'image' | 'network' | 'secret';

/** A thing that had other names: `vm carrie { was derry, cujo }`. */
export interface PlanRename {
  readonly sort: NamedSort;
  /** Its name now: `carrie`, `carrie.data`, `vault`, `vault.server`, `vault.server.data`. */
  readonly name: string;
  /** Its former names in the same form, the latest first; whoever followed any of them ends here. */
  readonly was: readonly string[];
  readonly origin: Origin;
}

/** A thing that left the lab in the open. What emitters need of it comes from the lock, since the sources know it no more. */
export interface PlanRetired {
  readonly sort: 'machine' | 'disk' | 'instance' | 'state';
  /** `carrie`, `carrie.data`, `notes_test`, `notes_test.server.data`. */
  readonly name: string;
  readonly data: 'keep' | 'destroy';
  /** The machine that had it: its own name for a machine. */
  readonly machine: string;
  /** Of a machine that Proxmox runs. */
  readonly guest: { readonly kind: 'vm' | 'lxc'; readonly cluster: string; readonly node: string; readonly vmid: number; readonly dataVmid: number | null } | null;
  /** Disks that it had, kept ones included. */
  readonly disks: readonly { readonly name: string; readonly slot: string; readonly datastore: string; readonly size: number; readonly keep: boolean }[];
  /** States that it had, with the folder of each on the machine. */
  readonly states: readonly { readonly name: string; readonly path: string }[];
  /** Null where only the lock remembers it. */
  readonly origin: Origin | null;
}

/** A thing that goes to another place with its data: refused until the sources say so. */
export interface PlanMove {
  readonly sort: 'instance' | 'machine' | 'disk' | 'state';
  /** What moves: `vaultwarden`, `carrie`, `carrie.data`, `vaultwarden.server.data`. */
  readonly name: string;
  /** Where it was: a machine for an instance, `cluster/node` for a machine, a datastore for a disk, a folder for a state. */
  readonly from: string;
  readonly to: string;
  /** Its machine now. */
  readonly machine: string;
  /** States that have to arrive before anything starts: the folder now, and the folder at the old place. */
  readonly states: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** Null where only the lock remembers it. */
  readonly origin: Origin | null;
}

/** All names that a thing had and has, the newest first. */
export function namesOf({ renames }: PlanIdentity, sort: NamedSort, name: string): readonly string[] {
  return [name, ...(renames.find((rename) => rename.sort === sort && rename.name === name)?.was ?? [])];
}

/** The statement that a thing goes elsewhere. */
export function moveOf({ moves }: PlanIdentity, sort: PlanMove['sort'], name: string): PlanMove | undefined {
  return moves.find((move) => move.sort === sort && move.name === name);
}

export const NO_IDENTITY: PlanIdentity = { renames: [], retired: [], moves: [] };
