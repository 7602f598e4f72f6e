/** What most commands begin with: mend `out/`, find the labs, read and check each of them. */
import { compareText } from '../base/text.js';
import { lineStarts, type Span } from '../base/span.js';
import { host as faults } from '../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { SourcesView } from '../diagnostics/sources-view.js';
import { joinPath, normalPath } from '../host/paths.js';
import { recover } from '../output/recover.js';
import type { Plan } from '../plan/plan.js';
import { collectLab, type Collected } from '../sources/collect.js';
import { findLabs } from '../sources/find-labs.js';
import type { Options } from './args.js';
import type { CheckResult } from './compiler.js';
import type { Report } from './report.js';
import type { World } from './world.js';

export interface CheckedLab {
  readonly root: string;
  readonly collected: Collected;
  readonly result: CheckResult;
  /** Present where neither reading nor checking found an error. */
  readonly plan: Plan | undefined;
  readonly view: SourcesView;
}

/** The folder of outputs that the options name. */
export function outFolder(options: Options): string {
  return normalPath(options.text('out') ?? 'out');
}

/** The labs at `paths`, checked; what is wrong with them is in the report. Unless told otherwise `out/` is mended first, and warnings are told. */
export async function checkLabs(world: World, paths: readonly string[], options: Options, report: Report, { mend = true, warn = true } = {}): Promise<readonly CheckedLab[]> {
  if (mend) report.add(recover(world.disk, outFolder(options)));
  const found = findLabs(world.disk, paths.length === 0 ? ['labs'] : paths);
  report.add(found.diagnostics);
  if (found.value.length === 0) return [];
  const compiler = await world.parts.compiler();
  const labs = found.value.map((root): CheckedLab => {
    const collected = collectLab(world.disk, root);
    const result = compiler.check(collected.sources);
    const view = viewOf(collected, (file) => result.textOf(file));
    const diagnostics = [...collected.diagnostics, ...result.diagnostics];
    report.add(warn ? diagnostics : diagnostics.filter((diagnostic) => diagnostic.severity === 'error'), view);
    const failed = diagnostics.some((diagnostic) => diagnostic.severity === 'error');
    if (!failed && (result.plan === undefined || result.lock === undefined)) throw new Error(`the check of ${root} found no error and made no plan`);
    return { root, collected, result, view, plan: failed ? undefined : result.plan };
  });
  const clash = sameNames(labs, outFolder(options));
  report.add(clash.diagnostics, (file) => {
    const lab = labs.find((other) => file.startsWith(`${other.root}/`));
    return lab?.view(file.slice(lab.root.length + 1)) ?? { path: file };
  });
  return labs.map((lab) => (clash.names.has(lab.plan?.lab.name ?? '') ? { ...lab, plan: undefined } : lab));
}

/** Files of a lab by their path below its folder, shown with the folder. */
export function viewOf(collected: Collected, library: (file: string) => string | undefined): SourcesView {
  const { sources, shown } = collected;
  const texts = new Map([...sources.files, ...shown].map((file) => [file.path, file.text]));
  return (file) => {
    const text = texts.get(file) ?? (file === 'lab.lock' ? sources.lock : undefined);
    if (text !== undefined) return { path: joinPath(sources.root, file), text };
    const other = library(file);
    const path = file.startsWith('stdlib/') ? file : joinPath(sources.root, file);
    return other === undefined ? { path } : { path, text: other };
  };
}

/** Labs that would write the same folder. */
function sameNames(labs: readonly CheckedLab[], out: string): { readonly names: ReadonlySet<string>; readonly diagnostics: readonly Diagnostic[] } {
  const byName = new Map<string, CheckedLab[]>();
  for (const lab of labs) if (lab.plan !== undefined) byName.set(lab.plan.lab.name, [...(byName.get(lab.plan.lab.name) ?? []), lab]);
  const names = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  for (const [name, same] of [...byName].sort(([a], [b]) => compareText(a, b))) {
    const [first, ...rest] = same;
    if (first === undefined || rest.length === 0) continue;
    names.add(name);
    const labels = rest.map((lab) => ({ span: nameSpan(lab), text: `and here, in \`${lab.root}\`` }));
    diagnostics.push(faults.create.sameLabName(nameSpan(first), { name, output: joinPath(out, name) }, { labels }));
  }
  return { names, diagnostics };
}

/** The place of a lab's `lab NAME`, by its path from the working folder. */
function nameSpan(lab: CheckedLab): Span {
  const { file, line } = lab.plan?.lab.origin ?? { file: '', line: 1 };
  const text = lab.view(file).text ?? '';
  const start = lineStarts(text)[line - 1] ?? 0;
  const end = text.indexOf('\n', start);
  const header = /^.*?\blab\s+[\w-]+/.exec(text.slice(start, end < 0 ? text.length : end));
  return { file: joinPath(lab.root, file), start, end: start + (header?.[0].length ?? 0) };
}
