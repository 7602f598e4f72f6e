/** A world in memory for trying commands: what is printed is collected, the compiler is the one given. */
import type { CheckResult, Parts } from '../../compiler/cli/compiler.js';
import type { Programs } from '../../compiler/cli/programs.js';
import { run } from '../../compiler/cli/run.js';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import type { EmittedFile } from '../../compiler/plan/emitted.js';
import type { Plan, PlanStage } from '../../compiler/plan/plan.js';
import type { LabSources } from '../../compiler/sources/lab-sources.js';
import type { MemoryDisk } from './memory-disk.js';

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** A machine with no program on it. */
export const noPrograms: Programs = { run: () => undefined, variable: () => undefined, random: (bytes) => new Uint8Array(bytes), writer: (variable) => variable };

/** Runs one command line. */
export async function labc(disk: MemoryDisk, argv: readonly string[], parts: Parts = fakeParts, programs: Programs = noPrograms): Promise<Ran> {
  let out = '';
  let err = '';
  const exit = await run(argv, {
    disk, parts, programs, version: '0.0.0-test',
    stdout: { write: (text) => void (out += text), colour: false, width: 80 },
    stderr: { write: (text) => void (err += text), colour: false, width: 80 },
  });
  return { exit, out, err };
}

/**
 * A stand-in for the compiler, for the command line's own tests: `lab NAME` names the lab, each `vm NAME` is a machine,
 * the word `oops` is an error. It builds one file for each machine.
 */
export const fakeParts: Parts = {
  origins: async () => { const { byText } = await import('../../compiler/origins/by-text.js'); return (plan, file, line) => ({ origins: byText(plan, file.path, file.text.split('\n')[line - 1] ?? '') }); },
  compiler: () => Promise.resolve({ check, libraries: () => ({ value: [], diagnostics: [] }), chooseFiles: () => [] }),
  emit: () => Promise.resolve(emit),
  review: () => import('../../compiler/review/index.js'),
  format: () => Promise.resolve((text, path) => {
    const at = text.indexOf('oops');
    return at < 0 ? { text: `${text.trimEnd()}\n`, diagnostics: [] } : { text, diagnostics: [oops(path, at)] };
  }),
};

function check(sources: LabSources): CheckResult {
  const diagnostics = sources.files.flatMap((file) => [...file.text.matchAll(/oops/g)].map((match) => oops(file.path, match.index)));
  const textOf = (): undefined => undefined;
  const why = (path: string): ReturnType<CheckResult['why']> =>
    path === 'box.cores' ? { value: '4', said: [{ rank: 'machine', value: '4', file: 'site.lab', line: 2 }, { rank: 'library', value: '2', file: 'stdlib/personas/base.lab', line: 7 }] } : undefined;
  const near = (path: string): readonly string[] => (path === 'box.colour' ? ['box.cores'] : []);
  const names = sources.files.flatMap((file) => [...file.text.matchAll(/^lab (\w+)/gm)].map((match) => ({ name: match[1] ?? '', file: file.path, line: file.text.slice(0, match.index).split('\n').length })));
  const lab = names[0];
  if (diagnostics.length > 0 || lab === undefined) return { plan: undefined, lock: undefined, diagnostics, textOf, why, near };
  const machines = sources.files.flatMap((file) => [...file.text.matchAll(/^vm (\w+)/gm)].map((match) => ({ name: match[1] ?? '', cores: 4, guest: null, converge: { items: [], handlers: [], files: [] }, states: [], origin: { file: file.path, line: 1, rank: 'machine' } })));
  const order: PlanStage[] = machines.map((machine, i) => ({ machine: machine.name, layer: 'L3', after: i === 0 ? [] : [i - 1], because: i === 0 ? [] : ['mounts nas.export.media'] }));
  const origin = { file: lab.file, line: lab.line, rank: 'lab' };
  const plan = {
    lab: { name: lab.name, source: sources.root, origin }, machines, instances: [], networks: [], order,
    escapes: [{ kind: 'terraform', where: 'box', what: '3 lines of Terraform', origin }], notes: [{ text: 'nobody answers `dns`', origin }],
  } as unknown as Plan;
  return { plan, lock: `lock of ${lab.name}\n`, diagnostics, textOf, why, near };
}

function emit(plan: Plan): readonly EmittedFile[] {
  return [{ path: 'README.md', text: `# ${plan.lab.name}\n` }, ...plan.machines.map((machine) => ({ path: `terraform/${machine.name}.tf`, text: `# ${machine.name}\ncores = 4\n` }))];
}

function oops(file: string, start: number): Diagnostic {
  return { code: 'LAB2001', slug: 'unknown-name', severity: 'error', message: 'nothing here is called `oops`', span: { file, start, end: start + 4 }, labels: [], fixes: [] };
}
