/** A justfile as data, and its text as `just --fmt` would leave it. Recipes have no bodies: they are made of hidden ones that `just/` brings. */
import { justString } from './quote.js';

export interface Justfile {
  readonly header: string;
  /** Where recipes run, relative to the file; null at the root. */
  readonly workingDirectory: string | null;
  /** Paths relative to the file. */
  readonly imports: readonly string[];
  readonly modules: readonly JustModule[];
  readonly recipes: readonly Recipe[];
}

export interface JustModule {
  readonly name: string;
  readonly path: string;
  readonly doc: string;
  readonly group: string;
}

export interface Recipe {
  readonly name: string;
  readonly doc: string;
  readonly group: string;
  /** The question that is asked before anything runs. */
  readonly confirm?: string;
  /** Hidden recipes and their arguments, in order. */
  readonly calls: readonly (readonly [recipe: string, ...arguments: string[]])[];
}

export function printJustfile(file: Justfile): string {
  const sections = [
    comment(file.header),
    file.workingDirectory === null ? '' : `set working-directory := ${justString(file.workingDirectory)}\n`,
    file.imports.map((path) => `import ${justString(path)}\n`).join(''),
    file.modules.map(printModule).join(''),
    ...file.recipes.map(printRecipe),
  ];
  return sections.filter((text) => text !== '').join('\n');
}

function printModule(module: JustModule): string {
  return `[doc(${justString(module.doc)})]\n[group(${justString(module.group)})]\nmod ${module.name} ${justString(module.path)}\n`;
}

function printRecipe(recipe: Recipe): string {
  const calls = recipe.calls.map(([name, ...words]) => (words.length === 0 ? ` ${name}` : ` (${[name, ...words.map(justString)].join(' ')})`));
  const confirm = recipe.confirm === undefined ? '' : `[confirm(${justString(recipe.confirm)})]\n`;
  return `${confirm}[doc(${justString(recipe.doc)})]\n[group(${justString(recipe.group)})]\n${recipe.name}:${calls.join('')}\n`;
}

function comment(text: string): string {
  return text.split(/[\n\r\u0085\u2028\u2029]/).map((line) => `# ${line}\n`).join('');
}
