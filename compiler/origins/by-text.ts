/**
 * Which statements a line comes from, by its text, for files whose structure the plan does not know: among the records that the
 * file is about, the one whose values the line shows best. Records of other machines and instances are left out by the path.
 */
import type { Origin } from '../plan/data.js';
import type { Plan } from '../plan/plan.js';

interface Candidate {
  readonly origin: Origin;
  /** The length of the plan's texts that stand in the line. */
  readonly score: number;
  /** Records within records: the innermost wins a tie. */
  readonly depth: number;
}

/** The best statement first; at most three. Where no value shows, the statements that the whole file is about. */
export function byText(plan: Plan, path: string, line: string): readonly Origin[] {
  // Terraform knows nothing of what Ansible does on a machine.
  const owners = ownersOf(plan, path).map((owner) => (path.startsWith('terraform/') ? { ...owner, converge: null } : owner));
  const found: Candidate[] = [];
  for (const record of owners.length > 0 ? owners : [plan]) visit(record, line, 0, found);
  const best = found.filter((candidate) => candidate.score > 0).sort((a, b) => b.score - a.score || b.depth - a.depth);
  const top = best.filter((candidate) => candidate.score === best[0]?.score && candidate.depth === best[0]?.depth);
  const origins = top.length > 0 ? top.map((candidate) => candidate.origin) : (owners.length > 0 ? owners : [plan.lab]).map((owner) => owner.origin);
  return unique(origins).slice(0, 3);
}

/** The machine and instance whose names are parts of the path; the instance alone where both are. */
function ownersOf(plan: Plan, path: string): readonly { readonly origin: Origin }[] {
  const parts = new Set(path.split('/').flatMap((part) => [part, part.replace(/\.[^.]+$/, ''), part.replace(/^\w+_/, '')]));
  const instances = plan.instances.filter((instance) => parts.has(instance.name));
  return instances.length > 0 ? instances : plan.machines.filter((machine) => parts.has(machine.name));
}

/** Adds every record below `value` that has an origin, with how much of it the line shows. */
function visit(value: unknown, line: string, depth: number, out: Candidate[]): number {
  if (typeof value === 'string') return value.length > 2 && line.includes(value) ? value.length : 0;
  if (typeof value === 'number') return new RegExp(`(^|\\W)${value}(\\W|$)`).test(line) ? String(value).length : 0;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) return Math.max(0, ...value.map((item) => visit(item, line, depth + 1, out)));
  let score = 0;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'origin') continue;
    const own = visit(child, line, depth + 1, out);
    // A key that stands in the line beside its value says more than either alone.
    score = Math.max(score, own > 0 && line.includes(key) ? own + key.length : own);
  }
  if ('origin' in value) {
    out.push({ origin: value.origin as Origin, score, depth });
    return 0;
  }
  return score;
}

function unique(origins: readonly Origin[]): readonly Origin[] {
  const seen = new Map(origins.map((origin) => [`${origin.file}:${origin.line}:${origin.rank}`, origin]));
  return [...seen.values()];
}
