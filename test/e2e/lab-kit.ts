/**
 * Labs as the tests of whole labs build them: in memory, from a folder or from texts, to the files of `out/<lab>/`.
 * A lab that does not build throws with its diagnostics, so a test that wants them asks `check`.
 */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { compareText } from '../../compiler/base/text.js';
import { nodeDisk } from '../../compiler/cli/node-host.js';
import { standardLibrary } from '../../compiler/library.js';
import { compile, type CheckResult } from '../../compiler/compile.js';
import { emitAll } from '../../compiler/emit/index.js';
import type { StandardLibrary } from '../../compiler/library.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { collectLab } from '../../compiler/sources/collect.js';
import type { LabSources } from '../../compiler/sources/lab-sources.js';
import { repositoryRoot } from '../support/tools.js';

export interface BuiltLab {
  readonly plan: Plan;
  readonly lock: string;
  /** The files of `out/<lab>/`, by path, in the order of emission. */
  readonly files: ReadonlyMap<string, string>;
}

/** The labs of this repository. */
export const labs = ['home', 'minimal'] as const;

let library: StandardLibrary | undefined;

/** The lab in `folder`, relative to the repository. */
export function readLab(folder: string): LabSources {
  return { ...collectLab(nodeDisk, join(repositoryRoot, folder)).sources, root: folder };
}

/** A lab of texts by path; the root is `labs/NAME`. */
export function labOf(name: string, files: Readonly<Record<string, string>>, lock?: string): LabSources {
  const assets = new Map(Object.entries(files).filter(([path]) => !path.endsWith('.lab')));
  return {
    name, root: `labs/${name}`, lock,
    files: Object.entries(files).filter(([path]) => path.endsWith('.lab')).map(([path, text]) => ({ path, text })).sort((a, b) => compareText(a.path, b.path)),
    assets: { find: (path) => (assets.has(path) ? { found: true, text: assets.get(path)! } : { found: false, fault: 'missing', detail: path }) },
  };
}

/** The same lab with other texts: `change` gets each file, and gives its new text. */
export function edited(sources: LabSources, change: (text: string, path: string) => string): LabSources {
  return { ...sources, files: sources.files.map(({ path, text }) => ({ path, text: change(text, path) })) };
}

/** The same lab with one more file. */
export function withFile(sources: LabSources, path: string, text: string): LabSources {
  return { ...sources, files: [...sources.files, { path, text }].sort((a, b) => compareText(a.path, b.path)) };
}

export function check(sources: LabSources): CheckResult {
  library ??= standardLibrary();
  return compile(sources, library);
}

export function build(sources: LabSources): BuiltLab {
  const { plan, lock, diagnostics } = check(sources);
  if (plan === undefined || lock === undefined) throw new Error(`${sources.root} does not build:\n${diagnostics.map(sayDiagnostic).join('\n')}`);
  return { plan, lock, files: new Map(emitAll(plan).map(({ path, text }) => [path, text])) };
}

export const sayDiagnostic = ({ code, span, message }: CheckResult['diagnostics'][number]): string => `${code} ${span.file}:${span.start} ${message}`;

/** Says where two trees differ first, by file and line; undefined where they do not. */
export function firstDifference(want: ReadonlyMap<string, string>, got: ReadonlyMap<string, string>): string | undefined {
  for (const path of [...new Set([...want.keys(), ...got.keys()])].sort(compareText)) {
    const [a, b] = [want.get(path), got.get(path)];
    if (a === b) continue;
    if (a === undefined) return `${path} is new`;
    if (b === undefined) return `${path} is gone`;
    const [left, right] = [a.split('\n'), b.split('\n')];
    const line = left.findIndex((text, at) => text !== right[at]);
    const at = line === -1 ? left.length : line;
    return `${path}:${at + 1}\n- ${left[at] ?? '(end)'}\n+ ${right[at] ?? '(end)'}`;
  }
  return undefined;
}

/** Paths of files that differ between two trees. */
export function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path)).sort(compareText);
}

/** Writes a tree into a folder below the system's temporary one and gives its path. */
export function writeTree(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'labc-e2e-'));
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The committed files of a lab, as its manifest lists them: what else lies there (a state, `.terraform/`) is not labc's. */
export function readCommitted(name: string): ReadonlyMap<string, string> {
  const folder = join(repositoryRoot, 'out', name);
  const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: Record<string, unknown> };
  return new Map(Object.keys(manifest.files).map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
