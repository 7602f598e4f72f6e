/** Lines of `ansible/`: tasks by their number in the file, which is the number of a task of the plan; files by their path; secrets and hosts by key. */
import { secretVariable } from '../emit/ansible/sealed.js';
import { handlerOrder } from '../emit/ansible/handlers.js';
import { roleName, roleTasks } from '../emit/ansible/machine-role.js';
import type { PlanMachine } from '../plan/machine.js';
import type { Plan } from '../plan/plan.js';
import type { PlanInstance } from '../plan/workload.js';
import { of, said, type Subject } from './statement.js';
import { yamlPlace } from './yaml-place.js';

export function ansibleSubject(plan: Plan, path: string, lines: readonly string[], line: number): Subject | undefined {
  const [, role, folder, ...rest] = /^ansible\/roles\/([^/]+)\/(\w+)\/(.+)$/.exec(path) ?? [];
  const machine = role === undefined ? undefined : plan.machines.find((one) => roleName(one.name) === role && one.converge !== null);
  if (machine !== undefined) return roleSubject(machine, folder ?? '', rest[0] ?? '', lines, line);
  const applied = /^ansible\/applied\/(.+)\.json$/.exec(path)?.[1];
  if (applied !== undefined) return appliedSubject(plan, applied, lines, line);
  if (path === 'ansible/inventory/hosts.yml') return hostSubject(plan, lines, line);
  if (path === 'ansible/inventory/group_vars/all/secrets.yml') {
    const [key] = yamlPlace(lines, line);
    return of(plan.secrets.find((secret) => secretVariable(secret.key) === key?.key)?.origin ?? plan.lab.origin);
  }
  if (/^ansible\/L[34]\.yml$/.test(path)) return playSubject(plan, lines, line);
  return undefined;
}

function roleSubject(machine: PlanMachine, folder: string, name: string, lines: readonly string[], line: number): Subject {
  const { converge, origin } = machine;
  if (converge === null) return of(origin);
  if (folder !== 'tasks' && folder !== 'handlers') return of(converge.files.find((file) => file.path === name)?.origin, origin);
  const at = yamlPlace(lines, line)[0]?.key;
  if (typeof at !== 'number') return of(origin);
  if (folder === 'tasks') return of(roleTasks(converge, name.replace(/\.yml$/, ''))[at]?.origin, origin);
  const id = handlerOrder(converge.handlers)[at]?.id ?? '';
  const users = [...converge.items, ...converge.verifies].filter((item) => item.tasks.some((task) => task.notify.includes(id)));
  return of(...users.map((item) => item.origin).slice(0, 3), origin);
}

/** An item begins with a brace of its own, and its first key is its id. */
function appliedSubject(plan: Plan, name: string, lines: readonly string[], line: number): Subject {
  const machine = plan.machines.find((one) => one.name === name);
  const from = lines.slice(0, line).lastIndexOf('    {');
  const id = from === -1 || lines.slice(from, line - 1).includes('    },') || lines.slice(from, line - 1).includes('    }') ? undefined : /^ {6}"id": (".*"),$/.exec(lines[from + 1] ?? '')?.[1];
  const found = id === undefined ? undefined : String(JSON.parse(id));
  const item = machine?.converge?.items.find((one) => one.id === found);
  const instance = plan.instances.find((one) => found === `stack:${one.name}`);
  const job = plan.instances.flatMap((one) => one.jobs.map((own) => ({ id: `job:${one.name}.${own.name}`, origin: own.origin }))).find((one) => one.id === found);
  return of(item?.origin, instance?.origin, job?.origin, machine?.origin ?? plan.lab.origin);
}

function hostSubject(plan: Plan, lines: readonly string[], line: number): Subject {
  const place = yamlPlace(lines, line).map((step) => step.key);
  const machine = plan.machines.find((one) => place.includes('hosts') && place.includes(one.name));
  if (machine === undefined) return of(plan.lab.origin);
  const last = place.at(-1);
  if (last === 'ansible_host') return said([`${machine.name}.nic.${machine.nics[0]?.network ?? ''}.address`, `${machine.name}.address`], machine.nics[0]?.origin, machine.origin);
  if (last === 'ansible_user') return of(plan.operators[0]?.origin, machine.origin);
  return of(machine.origin);
}

/** A play names its machine, a step of L4 its stack; of a stack's lists the line itself says which folder or file. */
function playSubject(plan: Plan, lines: readonly string[], line: number): Subject {
  const place = yamlPlace(lines, line);
  const play = place[0];
  if (play === undefined) return of(plan.lab.origin);
  const after = lines.findIndex((text, i) => i >= play.line && text.startsWith('- '));
  const body = lines.slice(play.line - 1, after === -1 ? undefined : after);
  const host = value(body, 'hosts');
  const machine = plan.machines.find((one) => one.name === host);
  const task = place.find((step, i) => typeof step.key === 'number' && place[i - 1]?.key === 'tasks');
  const until = task === undefined ? -1 : lines.findIndex((text, i) => i >= task.line && /^ {0,4}-? ?\S/.test(text) && /^( {4}- |\S|- | {2}\S)/.test(text));
  const stack = task === undefined ? undefined : value(lines.slice(task.line - 1, until === -1 ? undefined : until), 'stack_name');
  const instance = plan.instances.find((one) => one.name === stack && one.machine === host);
  if (instance === undefined) return of(machine?.origin ?? plan.lab.origin);
  const list = place.findLast((step) => typeof step.key === 'number');
  const item = list === undefined || list === task ? '' : lines.slice(list.line - 1, Math.max(line, list.line + 1)).join('\n');
  return of(inside(plan, instance, item), instance.origin);
}

function inside(plan: Plan, instance: PlanInstance, text: string) {
  const words = text.split(/[\s"]+/);
  const secret = instance.secretFiles.find((file) => words.includes(file.path));
  return (instance.states.find((state) => words.includes(state.path)) ?? instance.files.find((file) => words.includes(file.target)) ?? plan.secrets.find((one) => one.key === secret?.secret))?.origin;
}

function value(lines: readonly string[], key: string): string | undefined {
  const line = lines.map((text) => text.trim()).find((text) => text.startsWith(`${key}: `));
  return line?.slice(key.length + 2).replace(/^"(.*)"$/, '$1');
}
