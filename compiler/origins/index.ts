/**
 * Which statement a line of a built file comes from. Files carry no map of their own, so it is found by structure: the block
 * and attribute of Terraform, the task of Ansible, the service and key of Compose. Where a file has no structure that the
 * plan knows (a README, a data file), the line is looked up in the plan by its text.
 */
import type { EmittedFile } from '../plan/emitted.js';
import type { Plan } from '../plan/plan.js';
import { ansibleSubject } from './ansible.js';
import { byText } from './by-text.js';
import { composeSubject } from './compose.js';
import { of, type Subject } from './statement.js';
import { terraformSubject } from './terraform.js';

export type { Subject } from './statement.js';

export function subjectOf(plan: Plan, { path, text }: EmittedFile, line: number): Subject {
  const lines = text.split('\n');
  const own = lines[line - 1] ?? '';
  const folder = path.slice(0, path.indexOf('/'));
  const found = folder === 'terraform' ? terraformSubject(plan, path, line, own)
    : folder === 'ansible' ? ansibleSubject(plan, path, lines, line)
    : folder === 'compose' ? composeSubject(plan, path, lines, line)
    : path === 'justfile' || path.startsWith('just/') ? recipeSubject(plan, path, own) : undefined;
  return found ?? { origins: byText(plan, path, own) };
}

/** A machine's recipes are the machine's, a workload's are its `run`'s; the root names machines as modules. */
function recipeSubject(plan: Plan, path: string, line: string): Subject | undefined {
  const [, machine, instance] = /^just\/machine\/([^/]+?)(?:\/([^/]+))?\.just$/.exec(path) ?? [];
  const named = /^mod\??\s+([\w-]+)/.exec(line)?.[1];
  const run = plan.instances.find((one) => one.machine === machine && one.name === (instance ?? named));
  const owner = plan.machines.find((one) => one.name === (machine ?? named));
  if (run !== undefined) return of(run.origin);
  if (owner !== undefined) return of(owner.origin);
  // The scripts beside the recipes are the same in every lab.
  return path === 'justfile' || /\.(just|py)$/.test(path) ? of(plan.lab.origin) : undefined;
}
