/** `labc build`: checks labs and brings their folders in `out/` up to date. */
import { compareText } from '../../base/text.js';
import { joinPath } from '../../host/paths.js';
import { writeLab, type Written } from '../../output/write-lab.js';
import type { TreeDiff } from '../../output/tree-diff.js';
import type { EmittedFile } from '../../plan/emitted.js';
import { lockFileName } from '../../sources/lab-sources.js';
import type { Options } from '../args.js';
import { checkLabs, outFolder, type CheckedLab } from '../labs.js';
import { counted, type Report } from '../report.js';
import type { World } from '../world.js';

/** So many changed files are listed by name. */
const listed = 12;

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  const labs = await checkLabs(world, operands, options, report);
  const ready = labs.filter((lab) => lab.plan !== undefined);
  const emit = ready.length > 0 ? await world.parts.emit() : undefined;
  const json: unknown[] = [];
  for (const lab of labs) {
    if (lab.plan === undefined || emit === undefined) {
      json.push({ source: lab.root, built: false });
      continue;
    }
    const files = emit(lab.plan);
    const build = { lab: lab.plan.lab.name, source: lab.root, files, lock: { path: joinPath(lab.root, lockFileName), text: lab.result.lock ?? '' } };
    const written = writeLab(world.disk, build, { out: outFolder(options), force: options.has('force') });
    report.add(written.diagnostics);
    const output = joinPath(outFolder(options), lab.plan.lab.name);
    json.push(jsonOf(lab, output, files, written));
    if (written.diff !== undefined) report.say(summary(lab, output, files, written.diff, written.lockChanged));
  }
  report.set('labs', json);
}

function jsonOf(lab: CheckedLab, output: string, files: readonly EmittedFile[], { diff, lockChanged }: Written): unknown {
  if (diff === undefined) return { source: lab.root, built: false };
  return { source: lab.root, built: true, lab: lab.plan?.lab.name, output, targets: Object.fromEntries(targets(files)), ...diff, lockChanged };
}

function summary(lab: CheckedLab, output: string, files: readonly EmittedFile[], diff: TreeDiff, lockChanged: boolean): string {
  const plan = lab.plan;
  const lines = [`${lab.root} -> ${output}: ${counted(plan?.machines.length ?? 0, 'machine')}, ${counted(plan?.instances.length ?? 0, 'instance')}, ${counted(files.length, 'file')}`];
  const counts = targets(files);
  const width = Math.max(...counts.map(([target]) => target.length));
  for (const [target, n] of counts) {
    const of = (paths: readonly string[], word: string): string[] => {
      const found = paths.filter((path) => targetOf(path) === target).length;
      return found === 0 ? [] : [`${found} ${word}`];
    };
    const changes = [...of(diff.added, 'new'), ...of(diff.changed, 'changed'), ...of(diff.removed, 'removed'), ...of([...diff.edited, ...diff.foreign], 'kept')];
    lines.push(`  ${target.padEnd(width)}  ${counted(n, 'file')}${changes.length === 0 ? '' : `: ${changes.join(', ')}`}`);
  }
  const gone = diff.removed.filter((path) => !counts.some(([target]) => target === targetOf(path))).length;
  if (gone > 0) lines.push(`  ${counted(gone, 'file')} of former targets removed`);
  const changes = [...diff.added.map((path) => ['+', path] as const), ...diff.changed.map((path) => ['~', path] as const), ...diff.removed.map((path) => ['-', path] as const)];
  const first = diff.unchanged === 0 && diff.changed.length === 0 && diff.removed.length === 0;
  // A first build changes everything: the counts say that already.
  if (!first) {
    changes.sort(([, a], [, b]) => compareText(a, b));
    for (const [sign, path] of changes.slice(0, listed)) lines.push(`  ${sign} ${path}`);
    if (changes.length > listed) lines.push(`  and ${changes.length - listed} more`);
    if (changes.length === 0) lines.push('  nothing changed');
  }
  if (lockChanged) lines.push(`  ~ ${joinPath(lab.root, lockFileName)}: commit it, it holds what was allocated`);
  return `${lines.join('\n')}\n`;
}

/** Files by target, in the order of the layers. */
function targets(files: readonly EmittedFile[]): readonly (readonly [string, number])[] {
  const order = ['terraform', 'ansible', 'compose', 'just'];
  const counts = new Map<string, number>();
  for (const file of files) counts.set(targetOf(file.path), (counts.get(targetOf(file.path)) ?? 0) + 1);
  const rank = (target: string): number => (order.includes(target) ? order.indexOf(target) : order.length);
  return [...counts].sort(([a], [b]) => rank(a) - rank(b) || compareText(a, b));
}

function targetOf(path: string): string {
  if (path === 'justfile') return 'just';
  const slash = path.indexOf('/');
  return slash < 0 ? 'overview' : path.slice(0, slash);
}
