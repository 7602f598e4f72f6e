/**
 * What an edit does: the difference of two plans as findings, each with the impact that the tables know, and what to run.
 * Pure. Nothing is compared as text: Terraform by attribute, Compose by key, L3 by item.
 */
import { compareText } from '../base/text.js';
import { guestsOf } from '../emit/terraform/guests.js';
import { IMPACTS, worse, type Impact } from '../impact/impact.js';
import type { PlanMachine } from '../plan/machine.js';
import type { Plan } from '../plan/plan.js';
import { contextOf, finding, type Context, type Where } from './context.js';
import type { Finding, Review } from './finding.js';
import { created, gone, identityFindings, movedWithoutData, started, takenDown } from './identity.js';
import { listFindings } from './lists.js';
import { same } from './renames.js';
import { stepsOf } from './steps.js';
import { systemFindings } from './system.js';
import { forgottenFindings, labFindings, machineFindings } from './terraform.js';
import { instanceFindings } from './workloads.js';

/** `where` finds the statement of a value of the lab after, more exactly than the plan does. */
export function reviewPlans(before: Plan, after: Plan, where?: Where): Review {
  const context = contextOf(before, after, where);
  const machines = context.renames.pairs('machine', '', before.machines, after.machines, (machine) => machine.name);
  const fresh = new Set(machines.flatMap((pair) => (pair.before === undefined && pair.after !== undefined ? [pair.after.name] : [])));
  const lost = new Set(machines.flatMap((pair) => (pair.after === undefined && pair.before !== undefined ? [pair.before.name] : [])));
  const told = identityFindings(context);
  const known = new Set(told.map((one) => one.machine));
  const found = [
    ...told,
    ...machines.flatMap((pair) => {
      if (pair.before === undefined) return pair.after === undefined ? [] : [created(context, pair.after)];
      return pair.after === undefined ? [gone(context, pair.before)] : bothMachines(context, pair.before, pair.after, known.has(pair.after.name));
    }),
    ...context.renames.pairs('instance', '', before.instances, after.instances, (instance) => instance.name).flatMap((pair): readonly Finding[] => {
      if (pair.before === undefined) return pair.after === undefined || fresh.has(pair.after.machine) ? [] : [started(context, pair.after)];
      if (pair.after === undefined) return lost.has(pair.before.machine) ? [] : [takenDown(context, pair.before)];
      const old = context.renames.renamed(pair.before.machine);
      const isTold = after.identity.moves.some((move) => move.sort === 'instance' && move.name === pair.after?.name);
      return [...(old === pair.after.machine || isTold ? [] : [movedWithoutData(pair.after, pair.before.machine)]), ...instanceFindings(context, pair.before, pair.after)];
    }),
    ...forgottenFindings(context),
    ...labFindings(context),
    ...listFindings(context),
    ...labSettings(context),
  ];
  const findings = sorted(unique(found));
  return { findings, steps: stepsOf(context, findings), worst: findings.map((one) => one.impact).reduce<Impact | null>((worst, next) => (worst === null ? next : worse(worst, next)), null) };
}

/** `isTold`: something else of the machine is told already. */
function bothMachines(context: Context, before: PlanMachine, after: PlanMachine, isTold: boolean): readonly Finding[] {
  const [old, now] = [guestsOf(context.before).find(({ machine }) => machine === before), guestsOf(context.after).find(({ machine }) => machine === after)];
  const found = [...(old !== undefined && now !== undefined ? machineFindings(context, old, now) : []), ...systemFindings(context, before, after)];
  if (isTold || found.length > 0 || same(before, after) || context.renames.explains(before, after)) return found;
  return [rest(after.name, changedKeys(before, after), after.origin)];
}

/** What no target is told, such as the login of Ansible: named, so that no change of the lab goes unsaid. */
function rest(machine: string | null, keys: readonly string[], origin: Finding['origin']): Finding {
  return finding({ layer: machine === null ? 'lab' : 'L3', machine, kind: 'setting', name: keys.join(', '), what: 'changed', impact: 'in_place', origin });
}

function changedKeys(before: object, after: object): readonly string[] {
  const [a, b] = [before as Readonly<Record<string, unknown>>, after as Readonly<Record<string, unknown>>];
  return Object.keys(after).filter((key) => key !== 'origin' && !same(a[key], b[key]));
}

function labSettings(context: Context): readonly Finding[] {
  const keys = changedKeys(context.before.lab, context.after.lab).filter((key) => key !== 'backend' && key !== 'terraform');
  return keys.length === 0 ? [] : [rest(null, keys, context.after.lab.origin)];
}

/** One thing may be seen from two sides, as a disk by the machine and by the owner of its disks. */
function unique(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Map<string, Finding>();
  for (const one of findings) {
    const key = JSON.stringify([one.machine, one.kind, one.name, one.what]);
    const other = seen.get(key);
    if (other === undefined || worse(other.impact, one.impact) !== other.impact) seen.set(key, one);
  }
  return [...seen.values()];
}

/** Machines by their worst finding, then by name, the lab last among equals; within a machine the worst first. */
function sorted(findings: readonly Finding[]): readonly Finding[] {
  const rank = (impact: Impact): number => IMPACTS.indexOf(impact);
  const worst = new Map<string | null, number>();
  for (const one of findings) worst.set(one.machine, Math.max(worst.get(one.machine) ?? 0, rank(one.impact)));
  return findings.map((one, at) => ({ one, at })).sort((a, b) =>
    (worst.get(b.one.machine) ?? 0) - (worst.get(a.one.machine) ?? 0)
    || Number(a.one.machine === null) - Number(b.one.machine === null)
    || compareText(a.one.machine ?? '', b.one.machine ?? '')
    || rank(b.one.impact) - rank(a.one.impact) || a.at - b.at).map(({ one }) => one);
}
