/**
 * A plan of Terraform as short lines: `vm.web` → `update cpu.cores`. What an edit changes is said by paths without
 * indices, as the tables of `compiler/impact` name attributes; a path that is a reason for replacing has a `!`.
 */
import { compareText } from '../../../compiler/base/text.js';

/** The parts of `terraform show -json` that are read here. */
export interface TerraformPlan {
  readonly resource_changes?: readonly ResourceChange[];
}

export interface ResourceChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly type: string;
  readonly name: string;
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: unknown;
    readonly after: unknown;
    readonly after_unknown: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

export interface AttributeChange {
  /** `disk.size`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const words: Readonly<Record<string, string>> = {
  proxmox_virtual_environment_vm: 'vm', proxmox_virtual_environment_container: 'lxc', proxmox_download_file: 'image', terraform_data: 'data',
};

/** `vm.web`, `lxc.box`, `image.house_pve1`, `data.web_generation`. */
export function shortAddress(address: string): string {
  const [type = '', name = ''] = address.split('.');
  return `${words[type] ?? type}.${name}`;
}

/** Everything that is not left as it is, by short address. */
export function readPlan(plan: TerraformPlan): Readonly<Record<string, string>> {
  const lines = (plan.resource_changes ?? []).flatMap((resource): readonly (readonly [string, string])[] => {
    const said = sayChange(resource);
    return said === undefined ? [] : [[shortAddress(resource.address), said]];
  });
  return Object.fromEntries(lines.sort(([a], [b]) => compareText(a, b)));
}

function sayChange(resource: ResourceChange): string | undefined {
  const { actions } = resource.change;
  const moved = resource.previous_address === undefined || resource.previous_address === resource.address ? '' : `was ${shortAddress(resource.previous_address)}`;
  const verb = actions.join(' ');
  if (verb === 'no-op' || verb === 'read') return moved === '' ? undefined : moved;
  if (verb === 'create' || verb === 'delete' || verb === 'forget') return verb;
  const replaced = new Set(replacePaths(resource));
  const paths = [...new Set([...replaced, ...attributeChanges(resource).map(({ path }) => path)])].sort(compareText);
  const what = verb === 'update' ? 'update' : 'replace';
  const why = what === 'update' ? paths : resource.action_reason === 'replace_by_triggers' ? ['triggered'] : [...replaced].sort(compareText);
  return [moved, [what, why.join(', ')].join(' ')].filter((part) => part !== '').join(', ');
}

/** Attributes for which the provider replaces, without indices. */
export function replacePaths({ change }: ResourceChange): readonly string[] {
  return (change.replace_paths ?? []).map((path) => path.filter((part) => typeof part === 'string').join('.'));
}

/** Attributes that a plan changes, deepest first named; what is only known after an apply is no change of the author's. */
export function attributeChanges({ change }: ResourceChange): readonly AttributeChange[] {
  const found: AttributeChange[] = [];
  compare('', change.before, change.after, change.after_unknown, found);
  return found;
}

function compare(path: string, before: unknown, after: unknown, unknown: unknown, found: AttributeChange[]): void {
  if (unknown === true || same(before, after)) return;
  if (isList(before) && isList(after) && (before.some(isRecord) || after.some(isRecord))) {
    for (let at = 0; at < Math.max(before.length, after.length); at += 1) {
      if (at < before.length && at < after.length) compare(path, before[at], after[at], isList(unknown) ? unknown[at] : false, found);
      else found.push({ path, before: before[at], after: after[at] });
    }
  } else if (isRecord(before) && isRecord(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText)) {
      compare(path === '' ? key : `${path}.${key}`, before[key], after[key], isRecord(unknown) ? unknown[key] : false, found);
    }
  } else found.push({ path, before: before ?? undefined, after: after ?? undefined });
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
