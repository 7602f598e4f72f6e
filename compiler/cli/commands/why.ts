/** `labc why VALUE`: what was said about a value and which statement won; or which statement a built line comes from. */
import { isLibraryFile, sourcePath } from '../../base/library-file.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
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
  const labs = await checkLabs(world, paths, options, report, { warn: false });
  if (labs.length === 0) return;
  const answer = value.includes('/') ? await whyLine(world, labs, value, outFolder(options)) : whyValue(labs, value);
  if ('code' in answer) return report.add([answer]);
  const { lab, why } = answer;
  const place = (file: string, line: number): string => `${file === '' ? file : sourcePath(lab.root, file)}:${line}`;
  const rank = Math.max(0, ...why.said.map((step) => step.rank.length));
  report.say(`${value} = ${why.value}\n`);
  for (const step of why.said) report.say(`  ${step.rank.padEnd(rank)}  ${[step.value === '' ? statement(lab, step) : step.value, place(step.file, step.line)].filter((text) => text !== '').join('  ')}\n`);
  report.set('value', why.value);
  report.set('said', why.said.map((step) => ({ ...step, place: place(step.file, step.line) })));
}

interface Answer {
  readonly lab: CheckedLab;
  readonly why: Why;
}

const nowhere = { file: '', start: 0, end: 0 };

/** The line of the source that a step without a value stands on, shortened. */
function statement({ view }: CheckedLab, { file, line }: WhyStep): string {
  const text = (view(file).text?.split('\n')[line - 1] ?? '').trim();
  return text.length > 60 ? `${text.slice(0, 59).trimEnd()}…` : text;
}

/** `home.carrie.memory`, or `carrie.memory` where one lab only has it. */
function whyValue(labs: readonly CheckedLab[], value: string): Answer | Diagnostic {
  const near: string[] = [];
  for (const lab of labs) {
    const prefix = `${lab.plan?.lab.name ?? lab.collected.sources.name}.`;
    const inner = value.startsWith(prefix) ? lab.result.why(value.slice(prefix.length)) : undefined;
    const why = inner ?? lab.result.why(value);
    if (why !== undefined) return { lab, why };
    near.push(...(value.startsWith(prefix) ? lab.result.near(value.slice(prefix.length)).map((path) => `${prefix}${path}`) : lab.result.near(value)));
  }
  return faults.create.unknownValue(nowhere, { path: value }, near.length === 0 ? {} : { help: `did you mean ${near.slice(0, 3).map((path) => `\`${path}\``).join(' or ')}?` });
}

/** `out/home/terraform/carrie.tf:12`: the line as it would be built now. */
async function whyLine(world: World, labs: readonly CheckedLab[], value: string, out: string): Promise<Answer | Diagnostic> {
  const [, named = value, number] = /^(.+?):(\d+)$/.exec(value) ?? [];
  const path = normalPath(named);
  const unknown = (reason: string, help?: string): Diagnostic => faults.create.unknownLine(nowhere, { path: value, reason, out }, help === undefined ? {} : { help });
  if (path.endsWith('.lab')) return unknown('it is a source', 'ask for a value, such as `home.carrie.memory`, or for a line of what was built from it');
  for (const lab of labs) {
    const { plan, result } = lab;
    const output = normalPath(`${out}/${plan?.lab.name ?? ''}`);
    if (plan === undefined || path === output || !isWithin(output, path)) continue;
    const file = (await world.parts.emit())(plan).find((other) => other.path === path.slice(output.length + 1));
    if (file === undefined) return unknown(path.endsWith('/manifest.json') ? 'it holds the hashes of all others' : `\`${lab.root}\` builds no such file`);
    const lines = file.text.replace(/\n$/, '').split('\n');
    if (number === undefined) return unknown('it lacks the number of the line', `write \`labc why ${value}:1\``);
    const line = lines[Number(number) - 1];
    if (line === undefined) return unknown(`the file has ${lines.length} lines`, `write a number from 1 to ${lines.length}`);
    return { lab, why: { value: line.trim(), said: placesOf(result.why, (await world.parts.origins())(plan, file, Number(number))) } };
  }
  return unknown(`no lab here builds into its folder`);
}

/** The chain of the first attribute that somebody wrote; one that nobody wrote has its default, and the statement that it is about. */
export function placesOf(why: (path: string) => Why | undefined, { paths = [], origins }: Subject): readonly WhyStep[] {
  const chains = paths.map((path) => why(path)?.said ?? []);
  const written = chains.find((steps) => steps.some((step) => step.rank !== 'default'));
  if (written !== undefined) return written;
  const statements = origins.map((origin): WhyStep => ({ rank: isLibraryFile(origin.file) ? 'library' : origin.rank, value: '', file: origin.file, line: origin.line }));
  const steps = [...(chains.find((chain) => chain.length > 0) ?? []), ...statements];
  return steps.filter((step, i) => steps.findIndex((other) => other.file === step.file && other.line === step.line) === i).slice(0, 4);
}
