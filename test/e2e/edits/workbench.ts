/**
 * One lab on the simulated Proxmox, applied once by the real provider; every edit is planned from there, and what it
 * leaves is put back. The folder keeps its `.terraform`; state and simulator are copied.
 */
import { copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { providerOverride, simOptionsOf, startProxmoxSim, type ProxmoxSim } from '../../support/proxmox-sim.js';
import { requireTool, type RunResult } from '../../support/tools.js';
import { writeTree, type BuiltLab } from '../lab-kit.js';
import type { TerraformPlan } from './plan.js';

export interface Workbench {
  readonly sim: ProxmoxSim;
  readonly folder: string;
  /** Puts back what was applied first. */
  reset(): void;
  /** Writes the configuration of a lab in place of what is there. */
  write(lab: BuiltLab): void;
  /** The plan, as Terraform gives it to programs. */
  plan(): Promise<TerraformPlan>;
  /** Carries out the last plan. */
  apply(): Promise<RunResult>;
  run(...args: readonly string[]): Promise<RunResult>;
  /** What else a later plan would do; empty when nothing. */
  rest(): Promise<string>;
  close(): Promise<void>;
}

const terraformFiles = ({ files }: BuiltLab): readonly (readonly [string, string])[] =>
  [...files].flatMap(([path, text]) => (path.startsWith('terraform/') ? [[path.slice('terraform/'.length), text] as const] : []));

/** Did the edit leave every file of Terraform as it was? Then there is nothing to plan. */
export function sameTerraform(a: BuiltLab, b: BuiltLab): boolean {
  return JSON.stringify(terraformFiles(a)) === JSON.stringify(terraformFiles(b));
}

export async function openWorkbench(base: BuiltLab): Promise<Workbench> {
  const terraform = requireTool('terraform');
  const sim = await startProxmoxSim(simOptionsOf(base.plan));
  const folder = writeTree(new Map());
  const state = join(folder, 'terraform.tfstate');
  const override = providerOverride(sim, base.plan.clusters.slice(1).map(({ name }) => name));
  const tokens = Object.fromEntries(base.plan.clusters.slice(1).map(({ name }) => [`TF_VAR_${name}_api_token`, sim.token]));
  const run = (...args: readonly string[]): Promise<RunResult> =>
    terraform.run([...args, '-no-color'], { cwd: folder, env: { PROXMOX_VE_API_TOKEN: sim.token, CHECKPOINT_DISABLE: '1', ...tokens } });
  const must = async (...args: readonly string[]): Promise<RunResult> => {
    const result = await run(...args);
    expect(result.exitCode, result.all).toBe(0);
    return result;
  };
  const write = (lab: BuiltLab): void => {
    const files = terraformFiles(lab);
    for (const name of readdirSync(folder)) if (name.endsWith('.tf') && !files.some(([path]) => path === name)) rmSync(join(folder, name));
    for (const [name, text] of [...files, [override.name, override.text] as const]) writeFileSync(join(folder, name), text);
  };

  write(base);
  await must('init');
  await must('apply', '-auto-approve');
  expect(sim.unknown).toEqual([]);
  copyFileSync(state, join(folder, 'base.tfstate'));
  const restore = sim.save();
  restore();

  return {
    sim, folder, run, write,
    reset: () => {
      restore();
      copyFileSync(join(folder, 'base.tfstate'), state);
    },
    plan: async () => {
      await must('plan', '-out=edit.tfplan');
      return JSON.parse((await must('show', '-json', 'edit.tfplan')).stdout) as TerraformPlan;
    },
    apply: () => run('apply', 'edit.tfplan'),
    rest: async () => {
      const { exitCode, all } = await run('plan', '-detailed-exitcode');
      return exitCode === 0 ? '' : all;
    },
    close: async () => {
      await sim.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
