/**
 * What a change of Terraform's configuration does. The ground is what a plan of the real provider says, probed for every
 * attribute that the emitter can write (`terraform-probes.gen.ts`, `npm run gen:impact`); over it lie the rules that know
 * from the sources of provider and Proxmox where a plan's "update in place" hides a reboot, moved data or a refusal.
 */
import { changeOf, impactOf, ruleFor, type Change, type Circumstances, type Rule } from './change.js';
import type { ImpactOf } from './impact.js';
import { BLOCK_RULES, META_RULES } from './terraform-blocks.js';
import { CONTAINER_RULES } from './terraform-container.js';
import { PROBES, type Observed } from './terraform-probes.gen.js';
import { VM_RULES } from './terraform-vm.js';

export type { Circumstances } from './change.js';

const RESOURCE_RULES: Readonly<Record<string, readonly Rule[]>> = {
  proxmox_virtual_environment_vm: VM_RULES,
  proxmox_virtual_environment_container: CONTAINER_RULES,
  ...BLOCK_RULES,
};

/** The types that the tables know, in order: resources by their type, other blocks by their word (`provider`, `output`). */
export const TERRAFORM_TYPES: readonly string[] = Object.keys(RESOURCE_RULES);

/**
 * `type` is a resource's type or another block's word. `path` has no indices: `disk.size`; it is empty for the whole block.
 * A value that appeared or went away is undefined on that side. Undefined where labc does not know what the change does,
 * as of raw Terraform that somebody wrote.
 */
export function terraformImpact(type: string, path: string, before: unknown, after: unknown, around: Circumstances = {}): ImpactOf | undefined {
  if (around.ignored === true) return { impact: 'in_place', note: 'nothing happens: Terraform ignores it', source: 'Terraform, ignore_changes' };
  const change = changeOf(before, after);
  const found = ruleFor(rulesOf(type), path, change, around) ?? probed(type, path, change);
  return found === undefined ? undefined : inCircumstances(impactOf(found), around);
}

export function rulesOf(type: string): readonly Rule[] {
  return [...(Object.hasOwn(RESOURCE_RULES, type) ? (RESOURCE_RULES[type] ?? []) : []), ...META_RULES];
}

/** What a plan said of this very change, else of a change of the value in any direction. */
export function observed(type: string, path: string, change: Change): Observed | undefined {
  const seen = PROBES.resources[type]?.[path];
  return seen?.[change] ?? seen?.changed ?? seen?.up ?? seen?.down;
}

function probed(type: string, path: string, change: Change): ImpactOf | undefined {
  const source = `terraform plan, bpg/proxmox ${PROBES.provider}`;
  switch (observed(type, path, change)) {
    case 'replace': return { impact: 'replace', note: 'it is destroyed and made anew', source };
    case 'update': return { impact: 'in_place', note: 'changed while it runs', source };
    case 'no-op': return { impact: 'in_place', note: 'nothing happens', source };
    case 'refused': return { impact: 'refused', note: 'the provider refuses it', source };
    case undefined: return undefined;
  }
}

/** The owner of kept disks lets nothing go and never runs; what is off has nothing to wait for. */
function inCircumstances(found: ImpactOf, { kept = false, stopped = kept, volumes = false }: Circumstances): ImpactOf {
  if (kept && (found.impact === 'replace' || found.impact === 'destroys_data')) return { ...found, impact: 'refused', note: 'Terraform refuses: it would destroy the machine that owns the kept disks' };
  if (stopped && (found.impact === 'reboot' || found.impact === 'restart')) return { ...found, impact: 'in_place', note: 'the machine is off, and sees it when it is started' };
  if (volumes && found.impact === 'replace') return { ...found, impact: 'destroys_data', note: `${found.note}; its volumes go with it` };
  return found;
}
