/** What to run after an edit, in order: build, secrets, machines, what only root may set, systems, workloads. */
import { forgetting } from '../emit/docs/runbook.js';
import { startOrder } from '../emit/just/batches.js';
import { labModules } from '../emit/just/module-names.js';
import { migration } from '../emit/just/migrate.js';
import { machineRecipes } from '../emit/just/recipes.js';
import { rootSettings } from '../emit/just/root.js';
import { ipConfigs } from '../emit/terraform/network.js';
import { WHILE_OFF } from '../impact/terraform-vm.js';
import type { Plan } from '../plan/plan.js';
import type { Context } from './context.js';
import type { Finding, Step } from './finding.js';
import { same } from './renames.js';

/** More machines than this are done by the recipe of the lab. */
const ONE_BY_ONE = 3;

export function stepsOf(context: Context, findings: readonly Finding[]): readonly Step[] {
  if (findings.length === 0) return [];
  const { before, after } = context;
  const source = after.lab.source;
  const pairs = context.renames.pairs('machine', '', before.machines, after.machines, (machine) => machine.name);
  const fresh = new Set(pairs.flatMap((pair) => (pair.before === undefined && pair.after !== undefined ? [pair.after.name] : [])));
  const renamed = pairs.flatMap((pair) => (pair.before !== undefined && pair.after !== undefined && pair.before.name !== pair.after.name ? [pair.after.name] : []));
  const remade = new Set(findings.filter((one) => one.layer === 'L2' && destroys(one)).flatMap((one) => one.machine ?? []));
  const on = (layers: readonly Finding['layer'][]): ReadonlySet<string> =>
    new Set([...findings.filter((one) => layers.includes(one.layer)).flatMap((one) => one.machine ?? []), ...fresh, ...renamed, ...remade]);
  return fromTheirFolder(after, [
    { run: `labc build ${source}`, why: 'then commit the sources, lab.lock and out/' },
    ...(newSecrets(before, after) ? [{ run: `labc secrets init ${source}`, why: 'make the secrets that the store lacks' }] : []),
    ...moveSteps(after, findings),
    ...powerOffSteps(after, findings),
    ...terraformSteps(context, findings, fresh),
    ...leftoverSteps(context),
    ...rebootSteps(context, findings),
    ...rootSteps(context, remade),
    ...layerSteps(after, [...on(['L3'])], 'converge', 'converge the system', (module) => module.machine.converge !== null),
    ...migrateSteps(after, findings),
    ...workloadSteps(after, findings, on(['L4'])),
    ...retireSteps(after, findings),
    ...forgetSteps(after, findings),
  ]);
}

/** Recipes run in the lab's folder of out/, and `labc` where it was called: each step works when typed as it stands. */
function fromTheirFolder(plan: Plan, steps: readonly Step[]): readonly Step[] {
  const isRecipe = ({ run }: Step): boolean => run.startsWith('just ');
  const first = steps.findIndex(isRecipe);
  if (first < 0) return steps;
  const last = steps.findLastIndex(isRecipe);
  const back = last + 1 < steps.length ? [{ run: 'cd -', why: 'back to where labc is called' }] : [];
  return [...steps.slice(0, first), { run: `cd out/${plan.lab.name}`, why: 'where the recipes of the lab are' }, ...steps.slice(first, last + 1), ...back, ...steps.slice(last + 1)];
}

function destroys(one: Finding): boolean {
  return one.impact === 'replace' || one.impact === 'destroys_data';
}

function newSecrets(before: Plan, after: Plan): boolean {
  const made = (plan: Plan): readonly string[] => plan.secrets.filter(({ from }) => from.source === 'generated' || from.source === 'derived').map((secret) => ('entry' in secret.from ? secret.from.entry : ''));
  const known = new Set(made(before));
  return made(after).some((entry) => !known.has(entry));
}

function terraformSteps({ after }: Context, findings: readonly Finding[], fresh: ReadonlySet<string>): readonly Step[] {
  const own = findings.filter((one) => one.layer === 'L2' || (one.layer === 'lab' && (one.kind === 'terraform' || one.kind === 'image')));
  if (own.length === 0) return [];
  const modules = new Map(labModules(after).map(({ machine, name }) => [machine.name, name]));
  const machines = [...new Set(own.map((one) => one.machine))];
  const only = machines.filter((name) => name !== null);
  const module = only.length === 1 && own.every((one) => one.machine !== null || one.kind === 'image') ? modules.get(only[0] ?? '') : undefined;
  const prefix = module === undefined ? 'just' : `just ${module}`;
  const destroying = own.some(destroys);
  return [
    ...(fresh.size > 0 ? [{ run: `${prefix} runway`, why: 'check what new machines need' }] : []),
    { run: `${prefix} plan`, why: 'read what Terraform is about to do' },
    destroying ? { run: `${prefix} replace`, why: 'carry it out, destruction included; it asks first' } : { run: `${prefix} apply`, why: 'carry it out; it refuses to destroy' },
  ];
}

/** What the provider does to machines that are off only: somebody shuts them down, and Terraform starts them again. */
function powerOffSteps(after: Plan, findings: readonly Finding[]): readonly Step[] {
  const names = new Set(findings.filter((one) => one.layer === 'L2' && one.impact === 'refused' && one.note?.includes(WHILE_OFF) === true).flatMap((one) => one.machine ?? []));
  return inOrder(after, [...names]).flatMap((name) => onNode(after, name, 'shutdown').map((run) => ({ run, why: `Terraform changes ${name} only while it is off, and starts it again` })));
}

/** What the provider leaves in Proxmox when it goes: addresses of cards that are there no more, resolvers, the store of UEFI variables. */
function leftoverSteps({ before, after, renames }: Context): readonly Step[] {
  return renames.pairs('machine', '', before.machines, after.machines, (machine) => machine.name).flatMap(({ before: was, after: is }): readonly Step[] => {
    if (!was?.guest || !is?.guest || was.kind === 'lxc' || is.kind === 'lxc') return [];
    const addresses = (machine: typeof is): number => (machine.guest?.cloudInit == null ? 0 : ipConfigs(machine.nics).length);
    const left = Array.from({ length: Math.max(0, addresses(was) - addresses(is)) }, (_, i) => `ipconfig${addresses(is) + i}`);
    if ((was.guest.cloudInit?.resolvers.length ?? 0) > 0 && is.guest.cloudInit?.resolvers.length === 0) left.push('nameserver');
    if (was.guest.firmware === 'uefi' && is.guest.firmware === 'bios') left.push('efidisk0');
    return left.length === 0 ? [] : onNode(after, is.name, 'set', ` --delete ${left.join(',')}`).map((run) => ({ run, why: 'the provider leaves it there, and every later plan would want it gone' }));
  });
}

/** A command of Proxmox for a virtual machine, on its node. */
function onNode(plan: Plan, name: string, word: string, rest = ''): readonly string[] {
  const guest = plan.machines.find((machine) => machine.name === name)?.guest;
  const node = plan.clusters.find((cluster) => cluster.name === guest?.cluster)?.nodes.find((one) => one.name === guest?.node);
  return guest == null || node === undefined ? [] : [`ssh root@${node.address} qm ${word} ${guest.vmid}${rest}`];
}

/** What a virtual machine sees only at its next start; nothing reboots it unasked. The provider restarts containers itself. */
function rebootSteps({ after }: Context, findings: readonly Finding[]): readonly Step[] {
  const names = [...new Set(findings.filter((one) => one.layer === 'L2' && one.impact === 'reboot').flatMap((one) => one.machine ?? []))];
  const worse = new Set(findings.filter((one) => one.layer === 'L2' && destroys(one)).map((one) => one.machine));
  const modules = new Map(labModules(after).filter(({ machine }) => machine.guest !== null && machine.kind !== 'lxc').map(({ machine, name }) => [machine.name, name]));
  const waiting = inOrder(after, names.filter((name) => !worse.has(name) && modules.has(name)));
  if (waiting.length > ONE_BY_ONE) return [{ run: 'just MACHINE reboot', why: `when it suits, one by one: ${waiting.join(', ')}; it asks first` }];
  return waiting
    .map((name) => ({ run: `just ${modules.get(name)} reboot`, why: `when it suits: ${name} sees its changes at its next start; it asks first` }));
}

/** A machine that is made anew comes without what only root@pam gave the old one. */
function rootSteps({ before, after }: Context, remade: ReadonlySet<string>): readonly Step[] {
  const settings = (plan: Plan, name: string): unknown => {
    const machine = plan.machines.find((one) => one.name === name);
    return machine === undefined ? null : rootSettings(plan, machine);
  };
  const modules = new Map(labModules(after).map(({ machine, name }) => [machine.name, name]));
  const changed = after.machines.filter((machine) => {
    const now = rootSettings(after, machine);
    return now !== null && (remade.has(machine.name) || !same(settings(before, machine.name), now));
  });
  return inOrder(after, changed.map(({ name }) => name)).flatMap((name) => [
    { run: `just ${modules.get(name) ?? name} root-plan`, why: 'read what only root@pam may set' },
    { run: `just ${modules.get(name) ?? name} root-apply`, why: 'set it over SSH; it asks first' },
  ]);
}

function layerSteps(plan: Plan, machines: readonly string[], recipe: string, why: string, has: (module: ReturnType<typeof labModules>[number]) => boolean): readonly Step[] {
  const modules = new Map(labModules(plan).filter(has).map((module) => [module.machine.name, module.name]));
  const names = inOrder(plan, machines.filter((name) => modules.has(name)));
  if (names.length > ONE_BY_ONE) return [{ run: `just ${recipe}`, why: `${why} of ${names.length} machines, in start order` }];
  return names.map((name) => ({ run: `just ${modules.get(name)} ${recipe}`, why: `${why} of ${name}` }));
}

/** One workload alone where only one changes; `preview` is not among the steps, since review has said what changes. */
function workloadSteps(plan: Plan, findings: readonly Finding[], machines: ReadonlySet<string>): readonly Step[] {
  const modules = labModules(plan);
  const instances = new Map([...machines].map((name) => [name, [...new Set(findings.filter((one) => one.machine === name && one.layer === 'L4').map((one) => one.instance))]]));
  const names = inOrder(plan, [...machines].filter((name) => modules.some(({ machine, instances: own }) => machine.name === name && own.length > 0)));
  if (names.length > ONE_BY_ONE) return [{ run: 'just up', why: `start the workloads of ${names.length} machines, in start order` }];
  return names.map((name) => {
    const module = modules.find(({ machine }) => machine.name === name);
    const changed = instances.get(name) ?? [];
    const one = changed.length === 1 ? module?.instances.find(({ instance }) => instance.name === changed[0]) : undefined;
    return one === undefined ? { run: `just ${module?.name ?? name} up`, why: `start the workloads of ${name}` } : { run: `just ${module?.name ?? name} ${one.name} up`, why: `start ${one.instance.name} on ${name}` };
  });
}

/** Machines and disks that go to another place, by the steps of the lab's README: Terraform cannot do it alone. */
function moveSteps(plan: Plan, findings: readonly Finding[]): readonly Step[] {
  const moves = findings.filter((one) => one.kind.startsWith('move of ') && one.instance === null);
  return moves.map((one) => ({ run: `out/${plan.lab.name}/README.md`, why: `has the steps by which ${one.name} moves: follow them` }));
}

/** Data of workloads that goes to another place, before anything starts there. */
function migrateSteps(plan: Plan, findings: readonly Finding[]): readonly Step[] {
  const modules = labModules(plan);
  const moves = findings.filter((one) => one.kind.startsWith('move of '));
  const names = new Set(moves.flatMap((one) => one.instance ?? []));
  return modules.flatMap(({ name, instances }) => instances.filter(({ instance }) => names.has(instance.name) && migration(plan, instance) !== null)
    .map((one) => ({ run: `just ${name} ${one.name} migrate`, why: `stop ${one.instance.name} and bring its data; it asks first` })));
}

/** Where something is taken away for good, on the machine that has it. */
function retireSteps(plan: Plan, findings: readonly Finding[]): readonly Step[] {
  const told = findings.some((one) => one.source === 'retire' || one.kind.startsWith('move of '));
  if (!told) return [];
  return labModules(plan).flatMap(({ machine, name, instances }) => machineRecipes(plan, machine, name, instances.length > 0).some((recipe) => recipe.name === 'retire')
    ? [{ run: `just ${name} retire`, why: `take down what left ${machine.name}; it asks first` }] : []);
}

/** Files keep guarding until the lab is told that all of it is done. */
function forgetSteps(plan: Plan, findings: readonly Finding[]): readonly Step[] {
  const names = new Set(findings.filter((one) => one.source === 'retire' || one.kind.startsWith('move of ')).map((one) => one.name));
  const past = [...plan.identity.retired, ...plan.identity.moves];
  const commands = [...names].flatMap((name) => past.filter((one) => one.name === name).map(({ sort }) => forgetting(plan, sort, name)));
  return [...new Set(commands)].map((run) => ({ run, why: 'when all of that is done' }));
}

function inOrder(plan: Plan, names: readonly string[]): readonly string[] {
  const order = startOrder(plan);
  return [...names].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}
