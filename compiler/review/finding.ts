/** What a review finds: one thing that changes, what that does to what runs, which data it touches, where it was said. */
import type { Impact } from '../impact/impact.js';
import type { Origin } from '../plan/data.js';

export interface Finding {
  /** The machine that it happens on; null for the lab as a whole. */
  readonly machine: string | null;
  readonly instance: string | null;
  readonly layer: 'lab' | 'L2' | 'L3' | 'L4';
  /** What changes, sort and name: `setting memory`, `disk data`, `container vaultwarden.server`, `file /etc/hosts`. */
  readonly kind: string;
  readonly name: string;
  /** `4 GiB -> 8 GiB`, `added`, `renamed from derry`. */
  readonly what: string;
  readonly impact: Impact;
  /** What happens, in a sentence, and where that is known from; null where nothing has to be explained. */
  readonly note: string | null;
  readonly source: string | null;
  /** Data that stays, goes or moves with it. */
  readonly data: readonly AffectedData[];
  readonly origin: Origin | null;
}

export interface AffectedData {
  /** `disk data`, `vaultwarden.server.data`. */
  readonly name: string;
  readonly happens: 'stays' | 'goes' | 'moves';
  /** Bytes of a disk; null for a state, whose size nobody knows. */
  readonly size: number | null;
  /** The folder on the machine; null for a disk that is not mounted. */
  readonly path: string | null;
  /** Null where nothing backs it up, or where there is nothing worth it: `disposable` says which. */
  readonly backup: { readonly repository: string; readonly schedule: string } | null;
  /** Why losing it is no loss, in the lab's own words. */
  readonly disposable: string | null;
}

/** One thing to run, in order. */
export interface Step {
  readonly run: string;
  readonly why: string;
}

export interface Review {
  /** Worst first, then by machine, then in the order of the plan. */
  readonly findings: readonly Finding[];
  readonly steps: readonly Step[];
  /** Null where nothing changes. */
  readonly worst: Impact | null;
}
