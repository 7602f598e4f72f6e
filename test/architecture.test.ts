/** The invariants of ARCHITECTURE.md, read from the sources: import order, no cycles, purity, size, order of text. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Node, Project, SyntaxKind, type SourceFile } from 'ts-morph';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Who may import whom: a folder (or file) sees itself and what stands above it. `only` narrows that to the named ones;
 * a type or a value makes no difference; the longest match is a file's place. A new folder is added here, at its place.
 */
const order: readonly { readonly at: string; readonly only?: readonly string[] }[] = [
  { at: 'compiler/base', only: [] },
  { at: 'compiler/host', only: ['compiler/base'] },
  { at: 'compiler/diagnostics', only: ['compiler/base'] },
  { at: 'grammar', only: ['compiler/base', 'compiler/diagnostics'] },
  { at: 'compiler/syntax' },
  { at: 'compiler/sources' },
  { at: 'compiler/bindings', only: ['compiler/base'] },
  // One place for each escape: the evaluator's codecs and the emitters share these.
  { at: 'compiler/emit/hcl', only: ['compiler/base', 'compiler/bindings'] },
  { at: 'compiler/emit/yaml', only: ['compiler/base'] },
  { at: 'compiler/emit/shell', only: ['compiler/base'] },
  { at: 'compiler/emit/jinja', only: ['compiler/base'] },
  { at: 'stdlib' },
  { at: 'compiler/names' },
  { at: 'compiler/shapes' },
  { at: 'compiler/eval' },
  { at: 'compiler/structure' },
  { at: 'compiler/contracts' },
  { at: 'compiler/allocation' },
  { at: 'compiler/plan', only: ['compiler/base'] },
  // What the lock says of the last build, against the plan of this one.
  { at: 'compiler/identity' },
  { at: 'compiler/proofs' },
  { at: 'compiler/lower' },
  // Rules of change see what was emitted as data; review sees plans, tables and emitters, and reads nothing itself.
  { at: 'compiler/impact', only: ['compiler/base', 'compiler/plan'] },
  { at: 'compiler/emit', only: ['compiler/base', 'compiler/diagnostics', 'compiler/plan', 'compiler/bindings', 'compiler/emit/hcl', 'compiler/emit/yaml', 'compiler/emit/shell', 'compiler/emit/jinja'] },
  { at: 'compiler/review', only: ['compiler/base', 'compiler/plan', 'compiler/bindings', 'compiler/impact', 'compiler/emit'] },
  { at: 'compiler/origins', only: ['compiler/base', 'compiler/plan', 'compiler/bindings', 'compiler/emit/hcl', 'compiler/emit', 'compiler/review'] },
  { at: 'compiler/format', only: ['compiler/base', 'compiler/diagnostics', 'grammar', 'compiler/syntax'] },
  { at: 'compiler/output', only: ['compiler/base', 'compiler/host', 'compiler/diagnostics', 'compiler/plan'] },
  { at: 'compiler/library', only: [] },
  { at: 'compiler/library.ts' },
  { at: 'compiler/why.ts' },
  { at: 'compiler/compile.ts' },
  { at: 'compiler/bindgen' },
  { at: 'compiler/cli' },
];

/** Folders that may touch the machine: files, processes, clock, environment. */
const impure = ['compiler/cli', 'compiler/bindgen', 'grammar/gen', 'grammar/gen.ts'];

/** Packages and the only places that may import them. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'chevrotain': ['grammar', 'compiler/syntax', 'compiler/format'],
  'prettier': ['compiler/format', 'compiler/bindgen', 'grammar/gen', 'grammar/gen.ts'],
  'yaml': ['compiler/emit/yaml', 'compiler/bindgen', 'compiler/cli/store.ts'],
  'hash-wasm': ['compiler/cli/store.ts'],
  'ts-morph': ['compiler/bindgen', 'grammar/gen', 'grammar/gen.ts'],
  'execa': ['compiler/bindgen', 'grammar/gen', 'grammar/gen.ts'],
};

/** Names that read the machine or make order depend on it, with what to use instead. */
const banned: Readonly<Record<string, string>> = {
  localeCompare: 'compareText of compiler/base/text.ts',
  toLocaleString: 'a fixed format', toLocaleUpperCase: 'toUpperCase', toLocaleLowerCase: 'toLowerCase', Intl: 'a fixed format',
  Date: 'nothing: output holds no time', performance: 'nothing: output holds no time',
  console: 'a diagnostic', process: 'the Host', fetch: 'nothing: builds are offline', setTimeout: 'a plain call', crypto: 'the Host',
};

const suspicious = new RegExp(`\\b(${[...Object.keys(banned), 'sort', 'toSorted', 'random', '(to)?[lL]ocale\\w*'].join('|')})\\b`);

const files = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true, compilerOptions: { allowJs: false } });
for (const folder of ['compiler', 'grammar', 'stdlib']) for (const path of walk(folder)) if (path.endsWith('.ts')) files.addSourceFileAtPath(join(root, path));

const sources = files.getSourceFiles().map((file) => ({ path: posix.relative(root, file.getFilePath()), file }));
const paths = new Set(sources.map((source) => source.path));

describe('architecture', () => {
  it('gives every file a place in the order', () => {
    expect(sources.map((source) => source.path).filter((path) => placeOf(path) === undefined)).toEqual([]);
  });

  it('imports only what stands above', () => {
    const faults: string[] = [];
    for (const { path, file } of sources) {
      const own = placeOf(path);
      for (const target of imports(path, file)) {
        const other = placeOf(target);
        if (own === undefined || other === undefined || own === other) continue;
        const allowed = own.only === undefined ? order.indexOf(other) < order.indexOf(own) : own.only.includes(other.at);
        if (!allowed) faults.push(`${path} imports ${target}: ${own.at} may not see ${other.at}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('has no import cycle, types included', () => {
    expect(cycles(new Map(sources.map(({ path, file }) => [path, imports(path, file)])))).toEqual([]);
  });

  it('resolves every relative import to a file, with its ending', () => {
    const faults: string[] = [];
    for (const { path, file } of sources) {
      for (const specifier of specifiers(file)) {
        if (!specifier.startsWith('.')) continue;
        const target = resolve(path, specifier);
        if (!paths.has(target) && !exists(target)) faults.push(`${path}: ${specifier}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('keeps packages and node: where they belong', () => {
    const faults: string[] = [];
    for (const { path, file } of sources) {
      for (const specifier of specifiers(file)) {
        if (specifier.startsWith('.')) continue;
        const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
        const places = specifier.startsWith('node:') ? impure : packages[name];
        if (places === undefined) faults.push(`${path}: the package ${name} is in no table`);
        else if (!places.some((place) => isIn(path, place))) faults.push(`${path} may not import ${specifier}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('reads no clock, no environment, no chance and no locale', () => {
    const faults: string[] = [];
    for (const { path, file } of sources) {
      const free = impure.some((place) => isIn(path, place));
      // Few files hold such a word at all, and walking every tree is slow.
      if (!suspicious.test(file.getFullText())) continue;
      for (const identifier of file.getDescendantsOfKind(SyntaxKind.Identifier)) {
        const name = identifier.getText();
        const parent = identifier.getParent();
        const member = Node.isPropertyAccessExpression(parent) && parent.getNameNode() === identifier;
        const call = member && Node.isCallExpression(parent.getParent()) ? parent.getParentIfKindOrThrow(SyntaxKind.CallExpression) : undefined;
        const where = `${path}:${identifier.getStartLineNumber()}`;
        if ((name === 'sort' || name === 'toSorted') && call?.getArguments().length === 0) faults.push(`${where}: ${name}() without an order`);
        if (name === 'random' && parent?.getText() === 'Math.random') faults.push(`${where}: Math.random`);
        const isGlobal = !member && isReference(identifier) && !isLocal(file, name);
        const isMethod = member && /^(to)?[lL]ocale/.test(name);
        if (Object.hasOwn(banned, name) && (isMethod || (isGlobal && !free))) faults.push(`${where}: ${name}; use ${banned[name]}`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('has no hand-written file over 400 lines', () => {
    const faults: string[] = [];
    for (const folder of ['compiler', 'grammar', 'stdlib', 'scripts', 'bin', 'test', 'tools', 'just', 'labs']) {
      for (const path of walk(folder)) {
        if (!/\.(ts|mjs|js|lab|just|sh|py)$/.test(path) || /\.gen\.\w+$/.test(path)) continue;
        const lines = readFileSync(join(root, path), 'utf8').split('\n').length - 1;
        if (lines > 400) faults.push(`${path}: ${lines} lines`);
      }
    }
    expect(faults).toEqual([]);
  });

  it('opens every file with its contract', () => {
    const faults = sources.filter(({ path, file }) => !path.endsWith('.gen.ts') && !/^(#!.*\n)?\/\*\*/.test(file.getFullText())).map(({ path }) => path);
    expect(faults).toEqual([]);
  });

  it('names files in kebab-case', () => {
    expect([...paths].filter((path) => !/^[a-z0-9-]+(\.gen)?\.ts$/.test(posix.basename(path)))).toEqual([]);
  });
});

function placeOf(path: string): (typeof order)[number] | undefined {
  return order.filter((place) => isIn(path, place.at)).reduce<(typeof order)[number] | undefined>((best, place) => (best === undefined || place.at.length > best.at.length ? place : best), undefined);
}

function isIn(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

const specifiersOf = new Map<SourceFile, string[]>();

function specifiers(file: SourceFile): string[] {
  const known = specifiersOf.get(file);
  if (known !== undefined) return known;
  const out = [...file.getImportDeclarations(), ...file.getExportDeclarations()].map((declaration) => declaration.getModuleSpecifierValue());
  const text = file.getFullText();
  for (const call of /\bimport\(/.test(text) ? file.getDescendantsOfKind(SyntaxKind.CallExpression) : []) {
    const argument = call.getArguments()[0];
    if (call.getExpression().getKind() === SyntaxKind.ImportKeyword && Node.isStringLiteral(argument)) out.push(argument.getLiteralValue());
  }
  for (const type of /\bimport\(/.test(text) ? file.getDescendantsOfKind(SyntaxKind.ImportType) : []) {
    const argument = type.getArgument();
    if (Node.isLiteralTypeNode(argument)) out.push(argument.getLiteral().getText().slice(1, -1));
  }
  const found = out.filter((specifier) => specifier !== undefined);
  specifiersOf.set(file, found);
  return found;
}

function imports(path: string, file: SourceFile): string[] {
  return specifiers(file).filter((specifier) => specifier.startsWith('.')).map((specifier) => resolve(path, specifier)).filter((target) => paths.has(target));
}

function resolve(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
}

/** An identifier that is a use of a value, not the name of a property, a parameter or a declaration. */
function isReference(identifier: Node): boolean {
  const parent = identifier.getParent();
  if (parent === undefined) return false;
  if (Node.isPropertyAssignment(parent) || Node.isPropertySignature(parent) || Node.isMethodDeclaration(parent) || Node.isMethodSignature(parent)) {
    return !('getNameNode' in parent) || parent.getNameNode() !== identifier;
  }
  return !Node.isQualifiedName(parent) && !Node.isImportSpecifier(parent) && !Node.isTypeReference(parent) && !Node.isInterfaceDeclaration(parent);
}

/** A name that the file declares or imports stands for itself. */
function isLocal(file: SourceFile, name: string): boolean {
  const declared = new RegExp(`\\b(const|let|function|class|interface|type)\\s+${name}\\b|import[^;]*\\b${name}\\b|[({,]\\s*${name}\\s*\\??:`);
  return declared.test(file.getFullText());
}

/** Strongly connected components with more than one file, and files that import themselves (Tarjan). */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const component = stack.splice(stack.indexOf(node));
    if (component.length > 1 || graph.get(node)?.includes(node)) found.push(component);
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

function walk(folder: string): string[] {
  if (!exists(folder)) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
    return entry.isDirectory() ? walk(path) : entry.isFile() ? [path] : [];
  });
}

function exists(path: string): boolean {
  return statSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
}
