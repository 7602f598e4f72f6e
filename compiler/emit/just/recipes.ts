/** The recipes of a lab, of a machine and of an instance: the same words on every level, and only where they mean something. */
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import type { PlanInstance } from '../../plan/workload.js';
import { destroyedOn, retiredOn } from '../ansible/identity.js';
import { isConverged } from '../ansible/inventory.js';
import { systemBatches } from './batches.js';
import type { Recipe } from './justfile.js';
import { captureSettings } from './capture.js';
import { migration } from './migrate.js';
import { rootSettings } from './root.js';

type Call = Recipe['calls'][number];

/** What every recipe asks first. */
const PROOF: Call = ['_proof'];
const PREVIEW = ['--check', '--diff'] as const;

/** Names that recipes have, so that no module may. */
export const RECIPE_NAMES: ReadonlySet<string> = new Set([
  'list', 'runway', 'collections', 'plan', 'apply', 'replace', 'root-plan', 'root-apply', 'capture-plan', 'capture', 'preview', 'converge', 'up', 'retire', 'status', 'migrate', 'reboot',
]);

export function labRecipes(plan: Plan): readonly Recipe[] {
  const group = 'lab';
  const created = plan.machines.some((machine) => machine.guest !== null);
  const converged = plan.machines.some(isConverged);
  const rooted = plan.machines.some((machine) => rootSettings(plan, machine) !== null);
  return [
    listing(group),
    recipe('runway', group, 'Check, reading only, everything that this lab needs', ['_runway', '']),
    ...(converged ? [recipe('collections', group, 'Install the Ansible collections that the plays use', ['_collections'])] : []),
    ...(created ? terraformRecipes(group, '', 'the lab') : []),
    ...(rooted ? rootRecipes(group, '', 'the lab') : []),
    ...(converged ? [
      recipe('preview', group, 'Show what converge and up would change', ['_converge', ...PREVIEW], ['_up', ...PREVIEW]),
      recipe('converge', group, 'Converge every machine, in start order', ...systemCalls(plan)),
      recipe('up', group, 'Start every workload, in start order', ['_up']),
    ] : []),
    ...retireRecipes(plan, group, plan.machines),
    recipe('status', group, 'Show what answers, what runs and what serves', ['_status', '', '']),
  ];
}

export function machineRecipes(plan: Plan, machine: PlanMachine, module: string, runs: boolean): readonly Recipe[] {
  const { name } = machine;
  const group = 'machine';
  return [
    listing(group, module),
    ...(machine.guest === null ? [] : [recipe('runway', group, `Check, reading only, everything that ${name} needs`, ['_runway', name]), ...terraformRecipes(group, name, name), rebootRecipe(name)]),
    ...(rootSettings(plan, machine) === null ? [] : rootRecipes(group, name, name)),
    ...(captureSettings(plan, machine) === null ? [] : captureRecipes(name)),
    ...(!isConverged(machine) ? [] : [
      recipe('preview', group, `Show what would change on ${name}`, ['_converge', '--limit', name, ...PREVIEW], ...(runs ? [['_up', '--limit', name, ...PREVIEW] as const] : [])),
      recipe('converge', group, `Converge the system of ${name}`, ['_converge', '--limit', name]),
    ]),
    ...(runs ? [recipe('up', group, `Start the workloads of ${name}`, ['_up', '--limit', name])] : []),
    ...retireRecipes(plan, group, [machine]),
    recipe('status', group, `Show whether ${name} answers and what runs on it`, ['_status', name, '']),
  ];
}

export function instanceRecipes(plan: Plan, instance: PlanInstance, module: string): readonly Recipe[] {
  const { name, machine } = instance;
  const only = ['--limit', machine, '--tags', name] as const;
  return [
    listing('workload', module),
    recipe('preview', 'workload', `Show what would change about ${name}`, ['_up', ...only, ...PREVIEW]),
    ...(migration(plan, instance) === null ? [] : [migrateRecipe(instance)]),
    recipe('up', 'workload', `Start ${name} on ${machine}`, ['_up', ...only]),
    recipe('status', 'workload', `Show what runs of ${name} and whether it serves`, ['_status', machine, name]),
  ];
}

/** `plan` is what every way of changing starts with; only `replace` destroys, and it asks. */
function terraformRecipes(group: string, machine: string, what: string): readonly Recipe[] {
  return [
    recipe('plan', group, `Show what Terraform would change about ${what}`, ['_terraform-plan', machine]),
    recipe('apply', group, `Change ${what} by Terraform, unless something would be destroyed`, ['_terraform-apply', machine]),
    {
      ...recipe('replace', group, `Carry out the plan of ${what} that was shown last, destruction included`, ['_terraform-replace', machine]),
      confirm: `This carries out the plan of ${what} that was shown last, and may destroy machines. Go on? [y/N]`,
    },
  ];
}

/** Proxmox takes up what waits for a start when it reboots a guest itself. */
function rebootRecipe(machine: string): Recipe {
  return {
    ...recipe('reboot', 'machine', `Reboot ${machine}, so that it takes up what waits for its next start`, ['_reboot', machine]),
    confirm: `This reboots ${machine}. Go on? [y/N]`,
  };
}

function rootRecipes(group: string, machine: string, what: string): readonly Recipe[] {
  return [
    recipe('root-plan', group, `Show what only root@pam may set for ${what}, and how it differs`, ['_root-plan', machine]),
    {
      ...recipe('root-apply', group, `Set for ${what} what only root@pam may set, over SSH`, ['_root-apply', machine]),
      confirm: `This gives disks, features and folders of the node to ${what}, over SSH as root. Go on? [y/N]`,
    },
  ];
}

function captureRecipes(machine: string): readonly Recipe[] {
  return [
    recipe('capture-plan', 'machine', `Show how a new version of the image of ${machine} would be captured`, ['_capture', 'plan', machine]),
    {
      ...recipe('capture', 'machine', `Capture a new version of the image of ${machine}, over SSH`, ['_capture', 'apply', machine]),
      confirm: `This shuts ${machine} down, copies its root disk, and starts it again. Go on? [y/N]`,
    },
  ];
}

/** Only while a `move` stands. */
function migrateRecipe({ name, machine }: PlanInstance): Recipe {
  return {
    ...recipe('migrate', 'workload', `Bring the data of ${name} to ${machine}, where it runs from now on`, ['_migrate', machine, name]),
    confirm: `This stops ${name} where it runs and copies its data to ${machine}. Go on? [y/N]`,
  };
}

/** The first recipe of a module, so the one that runs when none is named. */
function listing(group: string, ...module: readonly string[]): Recipe {
  return { name: 'list', group, doc: 'List what can be run here', calls: [['_list', ...module]] };
}

/** Only while the lab retires something: what `converge` and `up` report, this undoes. */
function retireRecipes(plan: Plan, group: string, machines: readonly PlanMachine[]): readonly Recipe[] {
  const retiring = machines.filter((machine) => isConverged(machine) && retiredOn(plan, machine).length + destroyedOn(plan, machine).length > 0);
  if (retiring.length === 0) return [];
  const hosts = retiring.map((machine) => machine.name).join(',');
  const what = retiring.flatMap((machine) => retiredOn(plan, machine).map((id) => `${id} of ${machine.name}`)).join(', ');
  const lost = retiring.flatMap((machine) => destroyedOn(plan, machine).map((path) => `${machine.name}:${path}`)).join(', ');
  const losses = [...(what === '' ? [] : [`takes away ${what}`]), ...(lost === '' ? [] : [`destroys the data in ${lost}`])];
  const only = ['--limit', hosts, '--extra-vars', 'undo_retire=true'] as const;
  return [{ ...recipe('retire', group, `Undo what the lab retires: ${[what, lost].filter((text) => text !== '').join(', ')}`, ['_up', ...only], ['_converge', ...only]), confirm: `This ${losses.join(', and ')}. Go on? [y/N]` }];
}

/** One run for everything, where nothing has to come between. */
function systemCalls(plan: Plan): readonly Call[] {
  const batches = systemBatches(plan);
  if (batches.length <= 1) return [['_converge']];
  return batches.map(({ layer, machines }) => [layer === 'L3' ? '_converge' : '_up', '--limit', machines.join(',')]);
}

function recipe(name: string, group: string, doc: string, ...calls: readonly Call[]): Recipe {
  return { name, group, doc, calls: [PROOF, ...calls] };
}
