/** `labc why VALUE`: what was said about a value and which statement won; or which statement a built line comes from. */
import { sourcePath } from '../../base/library-file.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import { isWithin, normalPath } from '../../host/paths.js';
import type { Options } from '../args.js';
import type { Why } from '../compiler.js';
import type { Subject } from '../../origins/index.js';
import type { WhyStep } from '../../why.js';
import { checkLabs, outFolder, type CheckedLab } from '../labs.js';
import type { Report } from '../report.js';
import type { World } from '../world.js';

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  const [value = '', ...paths] = operands;
  const labs = await checkLabs(world, paths, options, report);
  const answer = (await whyLine(world, labs, value, outFolder(options))) ?? whyValue(labs, value);
  if (answer === undefined) {
    if (labs.length > 0) report.add([faults.create.unknownValue({ file: '', start: 0, end: 0 }, { path: value })]);
    return;
  }
  const { root, why } = answer;
  const place = (file: string, line: number): string => `${file === '' ? file : sourcePath(root, file)}:${line}`;
  const rank = Math.max(0, ...why.said.map((step) => step.rank.length));
  report.say(`${value} = ${why.value}\n`);
  for (const step of why.said) report.say(`  ${step.rank.padEnd(rank)}  ${step.value === '' ? '' : `${step.value}  `}${place(step.file, step.line)}\n`);
  report.set('value', why.value);
  report.set('said', why.said.map((step) => ({ ...step, place: place(step.file, step.line) })));
}

interface Answer {
  readonly root: string;
  readonly why: Why;
}

/** `home.carrie.memory`, or `carrie.memory` where one lab only has it. */
function whyValue(labs: readonly CheckedLab[], value: string): Answer | undefined {
  for (const { root, result, collected } of labs) {
    const name = result.plan?.lab.name ?? collected.sources.name;
    const inner = value.startsWith(`${name}.`) ? result.why(value.slice(name.length + 1)) : undefined;
    const why = inner ?? result.why(value);
    if (why !== undefined) return { root, why };
  }
  return undefined;
}

/** `out/home/terraform/carrie.tf:12`: the line as it would be built now. */
async function whyLine(world: World, labs: readonly CheckedLab[], value: string, out: string): Promise<Answer | undefined> {
  const match = /^(.+?):(\d+)$/.exec(value);
  if (match === null) return undefined;
  const path = normalPath(match[1] ?? '');
  for (const { root, plan, result } of labs) {
    const output = normalPath(`${out}/${plan?.lab.name ?? ''}`);
    if (plan === undefined || path === output || !isWithin(output, path)) continue;
    const emit = await world.parts.emit();
    const file = emit(plan).find((other) => other.path === path.slice(output.length + 1));
    const line = file?.text.split('\n')[Number(match[2]) - 1];
    if (file === undefined || line === undefined) continue;
    const said = placesOf(result.why, (await world.parts.origins())(plan, file, Number(match[2])));
    return { root, why: { value: line.trim(), said } };
  }
  return undefined;
}

/** The chain of the first attribute that somebody wrote; one that nobody wrote has its default, and the statement that it is about. */
export function placesOf(why: (path: string) => Why | undefined, { paths = [], origins }: Subject): readonly WhyStep[] {
  const chains = paths.map((path) => why(path)?.said ?? []);
  const written = chains.find((steps) => steps.some((step) => step.rank !== 'default'));
  if (written !== undefined) return written;
  const statements = origins.map((origin): WhyStep => ({ rank: origin.rank, value: '', file: origin.file, line: origin.line }));
  const steps = [...(chains.find((chain) => chain.length > 0) ?? []), ...statements];
  return steps.filter((step, i) => steps.findIndex((other) => other.file === step.file && other.line === step.line) === i).slice(0, 4);
}
