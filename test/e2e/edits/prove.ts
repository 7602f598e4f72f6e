/**
 * Proves edits against the real provider: each is compiled with the lock of the lab before it, planned from the state of
 * that lab, compared with what is expected and with the tables of `compiler/impact`, carried out, and must leave nothing to do.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IMPACTS, worse, type Impact } from '../../../compiler/impact/impact.js';
import { terraformImpact } from '../../../compiler/impact/terraform.js';
import { sortedBy } from '../../../compiler/base/text.js';
import { reviewPlans, type Review } from '../../../compiler/review/index.js';
import { describeWithTool } from '../../support/tools.js';
import { build, check } from '../lab-kit.js';
import { attributeChanges, readPlan, replacePaths, type TerraformPlan } from './plan.js';
import { edit, ground, type Change } from './source.js';
import { openWorkbench, sameTerraform, type Workbench } from './workbench.js';

export interface Edit {
  /** Where people asked for it, or lost data by it. */
  readonly threads: string;
  readonly changes: readonly Change[];
  /** Codes of the errors that these changes alone get. */
  readonly refused?: string;
  /** What permits a refused edit; without it, the edit ends at its refusal. */
  readonly permit?: readonly Change[];
  /** The worst that `labc review` says of each machine; `lab` where it happens on none. */
  readonly review?: Readonly<Record<string, Impact>>;
  /** What the provider does, by short address; nothing where Terraform's files stay as they are. */
  readonly plan?: Readonly<Record<string, string>>;
  /** What Terraform says instead of a plan, until the steps in README are taken. */
  readonly blocked?: RegExp;
  /** What the provider says while it fails, and nothing else is expected of it then. */
  readonly fails?: RegExp;
  /** What it says when it gets half way, so that a second plan ends it. */
  readonly again?: RegExp;
  /** What every later plan would do again. */
  readonly rest?: Readonly<Record<string, string>>;
}

/** The lab before every edit, built once for a test file. */
export const base = build(ground);

export function proveEdits(title: string, edits: Readonly<Record<string, Edit>>): void {
  describeWithTool('terraform', () => {
    describe(title, () => {
      let bench: Workbench;
      beforeAll(async () => {
        bench = await openWorkbench(base);
      });
      afterAll(() => bench.close());

      test.each(Object.entries(edits))('%s', async (_, { changes, refused, permit, review = {}, plan = {}, blocked, fails, again, rest = {} }) => {
        if (refused !== undefined) {
          expect(errorsOf(changes)).toBe(refused);
          if (permit === undefined) return;
        }
        const edited = build({ ...edit(ground, [...changes, ...(permit ?? [])]), lock: base.lock });
        const reviewed = reviewPlans(base.plan, edited.plan);
        expect.soft(worstByMachine(reviewed)).toEqual(review);
        if (sameTerraform(base, edited)) {
          expect({}).toEqual(plan);
          return;
        }
        bench.reset();
        bench.write(edited);
        if (blocked !== undefined) {
          expect((await bench.run('plan')).all).toMatch(blocked);
          return;
        }
        const planned = await bench.plan();
        expect.soft(readPlan(planned)).toEqual(plan);
        expect.soft(disagreements(planned)).toEqual([]);
        expect.soft(misjudged(readPlan(planned), reviewed)).toEqual([]);
        const { exitCode, all } = await bench.apply();
        expect.soft(bench.sim.unknown).toEqual([]);
        if (fails !== undefined) {
          expect(all).toMatch(fails);
          return;
        }
        if (again === undefined) expect(exitCode, all).toBe(0);
        else {
          expect(all).toMatch(again);
          await bench.plan();
          const second = await bench.apply();
          expect(second.exitCode, second.all).toBe(0);
        }
        expect(readPlan(await bench.plan())).toEqual(rest);
      }, 120_000);
    });
  });
}

/** Codes of the errors of the edited lab, each once. */
export function errorsOf(changes: readonly Change[]): string {
  const { diagnostics } = check({ ...edit(ground, changes), lock: base.lock });
  return [...new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code))].join(' ');
}

/**
 * Where the provider's plan and the tables differ about replacing a guest: an attribute that it replaces for is called in
 * place, or one that it updates is called replacing. What the tables know beyond a plan (it destroys data, it is refused,
 * it reboots) is no disagreement. Of what is replaced, the reasons count: everything else of it is made anew anyway.
 */
export function disagreements(plan: TerraformPlan): readonly string[] {
  const guests = (plan.resource_changes ?? []).filter(({ type }) => type === 'proxmox_virtual_environment_vm' || type === 'proxmox_virtual_environment_container');
  return guests.flatMap((resource) => {
    const { actions } = resource.change;
    const replaced = new Set(replacePaths(resource));
    if (replaced.size === 0 && actions.join() !== 'update') return [];
    const migrates = isTrue(resource.change.after, 'migrate');
    return attributeChanges(resource).flatMap(({ path, before, after }) => {
      const reason = [...replaced].some((one) => one === path || path.startsWith(`${one}.`));
      if (replaced.size > 0 && !reason) return [];
      const known = terraformImpact(resource.type, path, before, after);
      const said = `${resource.address} ${path} ${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
      if (known === undefined) return path === 'migrate' ? [] : [`${said}: no table knows it`];
      if (reason && !['replace', 'destroys_data', 'refused'].includes(known.impact)) return [`${said}: replaced, called ${known.impact}`];
      return !reason && known.impact === 'replace' && !(path === 'node_name' && migrates) ? [`${said}: not replaced, called replace`] : [];
    });
  });
}

function isTrue(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && (value as Readonly<Record<string, unknown>>)[name] === true;
}

/** Machines that the provider destroys or makes anew although the review knows of nothing so bad, and the reverse. */
function misjudged(plan: Readonly<Record<string, string>>, review: Review): readonly string[] {
  const said = worstByMachine(review);
  const lost = Object.entries(plan).flatMap(([address, what]) => (/^(vm|lxc)\./.test(address) && /\b(replace|delete)\b/.test(what) ? [address.slice(address.indexOf('.') + 1)] : []));
  const bad: readonly (Impact | undefined)[] = ['replace', 'destroys_data', 'refused'];
  return [
    ...lost.filter((name) => !bad.includes(said[name])).map((name) => `${name} is lost, and the review says ${said[name]}`),
    ...Object.keys(said).filter((name) => said[name] === 'replace' && !lost.includes(name)).map((name) => `${name} stays, and the review says replace`),
  ];
}

/** The worst impact on each machine. */
export function worstByMachine({ findings }: Review): Readonly<Record<string, Impact>> {
  const worst = new Map<string, Impact>();
  for (const { machine, impact } of findings) worst.set(machine ?? 'lab', worse(worst.get(machine ?? 'lab') ?? IMPACTS[0], impact));
  return Object.fromEntries(sortedBy(worst, ([machine]) => machine));
}
