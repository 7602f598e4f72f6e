/**
 * Values inside the plan: JSON, plus four tagged forms for what a target resolves or what must keep its exact text.
 * A tagged form is an object whose only discriminator is `$`; no ordinary record has a key `$`.
 */

/** Text with holes that the controller fills in when a play runs. Adjacent strings never touch. */
export interface PlanTemplate {
  readonly $: 'template';
  readonly parts: readonly (string | PlanHole)[];
}

/** How a filled-in value is escaped where it lands. `url` percent-encodes everything but unreserved characters. */
export type HoleEscape = 'none' | 'json' | 'yaml' | 'url' | 'env' | 'ini' | 'toml' | 'shell';

/** One hole: a secret by its key in `Plan.secrets`, or a number that only the machine knows. */
export type PlanHole =
  | { readonly hole: 'secret'; readonly secret: string; readonly escape: HoleEscape }
  | { readonly hole: 'gid'; readonly group: string };

/** A file of `out/` that the play copies: `path` is relative to the machine's or instance's folder of files. */
export interface PlanAssetRef {
  readonly $: 'asset';
  readonly path: string;
}

/** A number whose text matters (`24.10`) or that a double cannot hold. */
export interface PlanDecimal {
  readonly $: 'decimal';
  readonly text: string;
}

export type PlanText = string | PlanTemplate;
export type PlanScalar = string | number | boolean | null;
export type PlanData =
  | PlanScalar | PlanTemplate | PlanAssetRef | PlanDecimal
  | readonly PlanData[]
  | PlanRecord;
export interface PlanRecord {
  readonly [key: string]: PlanData;
}

/** Where a value comes from: the statement that won, then the ones it outranked, strongest first. */
export interface Origin {
  /** Path relative to the lab's root, or `stdlib/...`. */
  readonly file: string;
  readonly line: number;
  /** Offsets in the file, for diagnostics that show the place. */
  readonly start?: number;
  readonly end?: number;
  /** `default`, `library`, `lab`, `machine`, `lock` or `derived`. */
  readonly rank: string;
}
