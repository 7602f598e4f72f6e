/**
 * The form of the tables: what happens to a value, under which circumstances, and rules that say what that does. The
 * first rule that fits wins, so a table lists the special before the general; nothing here knows a target.
 */
import type { Impact, ImpactOf } from './impact.js';

/** What happens to a value or block. `up` and `down` are changes of a number, or of a size such as `20G`. */
export type Change = 'added' | 'removed' | 'up' | 'down' | 'changed';

/** What surrounds the value and decides too. Whatever is not said counts as the usual: a running machine with disks of its own. */
export interface Circumstances {
  /** The resource owns kept disks: it is never started, and neither Terraform nor Proxmox lets it go. */
  readonly kept?: boolean;
  /** The machine is not running. */
  readonly stopped?: boolean;
  /** The disk is owned by another machine (it has `path_in_datastore`). */
  readonly attached?: boolean;
  /** The container has mount points with volumes of its own. */
  readonly volumes?: boolean;
  /** The resource says `migrate = true`. */
  readonly migrates?: boolean;
  /** The resource's `ignore_changes` holds the value or what it stands in. */
  readonly ignored?: boolean;
}

export interface Rule {
  /** `disk.size`, `` for the whole resource, `initialization.*` for everything below. */
  readonly path: string;
  /** Any change where not given. */
  readonly on?: readonly Change[];
  /** Circumstances that all have to hold. */
  readonly when?: Circumstances;
  readonly impact: Impact;
  readonly note: string;
  readonly source: string;
}

export function changeOf(before: unknown, after: unknown): Change {
  if (absent(before)) return 'added';
  if (absent(after)) return 'removed';
  const [from, to] = [numberOf(before), numberOf(after)];
  if (from === undefined || to === undefined || from === to) return 'changed';
  return to > from ? 'up' : 'down';
}

export function ruleFor(rules: readonly Rule[], path: string, change: Change, around: Circumstances): Rule | undefined {
  return rules.find((rule) => covers(rule.path, path) && (rule.on === undefined || rule.on.includes(change)) && holds(rule.when, around));
}

export function impactOf({ impact, note, source }: ImpactOf): ImpactOf {
  return { impact, note, source };
}

function covers(pattern: string, path: string): boolean {
  return pattern.endsWith('.*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

function holds(wanted: Circumstances = {}, around: Circumstances): boolean {
  return (Object.keys(wanted) as (keyof Circumstances)[]).every((name) => (around[name] ?? false) === wanted[name]);
}

function absent(value: unknown): boolean {
  return value === undefined || value === null;
}

const UNITS = ' KMGT';

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const size = typeof value === 'string' ? /^(\d+)([KMGT])$/.exec(value) : null;
  return size === null ? undefined : Number(size[1]) * 1024 ** UNITS.indexOf(size[2] ?? ' ');
}
