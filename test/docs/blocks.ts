/** Examples of the documents: fenced blocks whose info string begins with `lab`, and a compiler to hold them to. */
import { readFileSync } from 'node:fs';
import { compile, type CheckResult } from '../../compiler/compile.js';
import { standardLibrary } from '../../compiler/library.js';
import { renderAll } from '../../compiler/diagnostics/render.js';
import type { SourceView } from '../../compiler/diagnostics/sources-view.js';
import { emitAll } from '../../compiler/emit/index.js';
import type { Evaluator } from '../../compiler/eval/evaluator.js';
import { Program } from '../../compiler/names/program.js';
import { Shapes } from '../../compiler/shapes/shapes.js';
import { buildStructure } from '../../compiler/structure/lab.js';
import type { Head } from '../../compiler/syntax/ast.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { show } from '../../compiler/why.js';

export interface Block {
  /** `whole`: a lab of its own; `more`: compiled with the document's first whole lab; a code: refused there with it; `then`: an edit, the two labs parted by a line `// then`; `eval`: values; empty: parsed. */
  readonly use: string;
  readonly code: string;
  readonly line: number;
}

export function blocksOf(path: string): readonly Block[] {
  const text = readFileSync(path, 'utf8');
  return [...text.matchAll(/^```lab(?: (\w+))?\n([^]*?)^```$/gm)].map((match) => ({
    use: match[1] ?? '', code: match[2] as string, line: text.slice(0, match.index).split('\n').length + 1,
  }));
}

export const library = standardLibrary();

/** A lab of these files; anything that they name by `file` has the text `named`. */
export function compileLab(files: Readonly<Record<string, string>>, lock?: string): CheckResult {
  return compile({
    name: 'docs', root: 'labs/docs', files: Object.entries(files).map(([path, text]) => ({ path, text })),
    assets: { find: () => ({ found: true, text: 'named: ${name}\n' }) }, lock,
  }, library);
}

/** What is wrong with a lab, as the terminal shows it; empty for a lab whose files can be written. */
export function faultsOf(files: Readonly<Record<string, string>>, lock?: string): string {
  const result = compileLab(files, lock);
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
  if (result.plan !== undefined) emitAll(result.plan);
  return renderAll(errors, (path) => view(path, files[path] ?? result.textOf(path)), { colour: false, width: 120 });
}

/** What is wrong with a block in its ground; of an edit, with the second lab after the first one was built. */
export function faultsIn(ground: string, code: string): string {
  const [before = '', after] = code.split(/^\/\/ then\n/m);
  if (after === undefined) return faultsOf({ 'ground.lab': ground, 'more.lab': code });
  const first = compileLab({ 'ground.lab': ground, 'more.lab': before });
  return first.lock === undefined ? `the first lab does not build: ${first.diagnostics.map(({ message }) => message).join('; ')}` : faultsOf({ 'ground.lab': ground, 'more.lab': after }, first.lock);
}

function view(path: string, text: string | undefined): SourceView {
  return text === undefined ? { path } : { path, text };
}

/** A lab whose expressions can be asked for. */
export function evaluatorOf(ground: string): Evaluator {
  const program = new Program([{ name: 'std', files: library.files }, { name: 'lab', files: [parseFile({ path: 'ground.lab', text: ground }).value] }]);
  const structure = buildStructure(program, new Shapes(program), (path) => `named ${path}: \${name}\n`);
  if (structure === null) throw new Error('the ground is no lab');
  structure.ev.matched = null;
  return structure.ev;
}

/** The value of `EXPR` or of `NAME: TYPE = EXPR`, as `labc why` shows it; what is wrong otherwise. */
export function valueOf(ev: Evaluator, line: string): string {
  const text = `let ${/^\w+: /.test(line) ? line : `it = ${line}`}\n`;
  const { value, diagnostics } = parseFile({ path: 'line.lab', text });
  const head = value.items[0] as Head;
  const expr = head.value ?? head.entries[0]?.value;
  const scope = ev.root.frame;
  if (diagnostics[0] !== undefined || expr === undefined || scope === null) return diagnostics[0]?.message ?? 'no value';
  const type = head.types[0];
  const before = ev.diagnostics.length;
  const result = ev.attempt(() => show(type === undefined ? ev.evaluate(expr, scope) : ev.evaluateAs(expr, scope, ev.shapes.resolve(type, 'lab'), 'this')), null);
  return result ?? ev.diagnostics.slice(before).map((diagnostic) => diagnostic.code).join('\n');
}
