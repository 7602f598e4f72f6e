/** What a proof is: a rule over the whole plan and its start edges, which returns what it found and never throws. */
import type { Span } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Origin } from '../plan/data.js';
import type { LayerName, Plan } from '../plan/plan.js';

export interface Rule {
  /** Kebab-case, as its file. */
  readonly name: string;
  /** One sentence: what is promised of a plan that passes. */
  readonly doc: string;
  check(input: ProofInput): Diagnostic[];
}

export interface ProofInput {
  readonly plan: Plan;
  readonly edges: readonly StartEdge[];
}

/** `from` must be done before `to` is begun. */
export interface StartEdge {
  readonly from: Stage;
  readonly to: Stage;
  /** `mounts pennywise.export.media`, said of `to`. */
  readonly because: string;
  readonly origin: Origin;
}

export interface Stage {
  readonly machine: string;
  readonly layer: LayerName;
}

/** The place that an origin names; the start of the file where it has no offsets. */
export function spanOf(origin: Origin): Span {
  const start = origin.start ?? 0;
  return { file: origin.file, start, end: origin.end ?? start };
}
