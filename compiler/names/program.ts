/**
 * S1: what is declared where. A program is the standard library and one lab; each library has declarations by sort and name.
 * Declarations come in any order and any file. `use` holds for the whole lab; files of one library see each other.
 * Nothing is evaluated here, and statements that make objects (vm, network, image, ...) are only collected.
 */
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
import { suggestHelp } from '../base/suggest.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { names } from '../diagnostics/catalogue/names.js';
import { shadowed } from './shadowing.js';
import type { Entry, File, Head, Item, Label } from '../syntax/ast.js';

export type DeclSort = 'kind' | 'contract' | 'type' | 'fn' | 'os' | 'persona' | 'capability' | 'workload' | 'part' | 'let' | 'object';
const DECLARING: ReadonlySet<string> = new Set(['kind', 'contract', 'type', 'fn', 'os', 'persona', 'capability', 'workload', 'part', 'let']);

export interface Decl {
  readonly sort: DeclSort;
  readonly name: string;
  readonly head: Head;
  readonly entry: Entry;
  readonly library: string;
  /** Folder of a library's file: `apps` for stdlib/apps/traefik.lab, `prelude` for what is always there. */
  readonly module: string;
  readonly span: Span;
}

/** A parsed library: `name` is `std` or `lab`. */
export interface Library {
  readonly name: string;
  readonly files: readonly File[];
}

export class Program {
  /** library, then sort, then name. */
  readonly #decls = new Map<string, Map<DeclSort, Map<string, Decl[]>>>();
  readonly #used = new Map<string, Decl>();
  /** Statements of the lab that make objects, in order of file and place. */
  readonly statements: { readonly item: Item; readonly library: string }[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(libraries: readonly Library[]) {
    const uses: Head[] = [];
    for (const library of libraries) {
      if (library.name === 'lab') this.diagnostics.push(...shadowed(library.files));
      for (const file of [...library.files].sort((a, b) => compareText(a.span.file, b.span.file))) {
        for (const item of file.items) this.#collect(item, library.name, moduleOf(file.span.file), uses);
      }
    }
    for (const use of uses) this.#use(use);
  }

  #collect(item: Item, library: string, module: string, uses: Head[]): void {
    if (item.kind === 'head' && item.word.text === 'use') {
      uses.push(item);
      return;
    }
    if (item.kind === 'head' && DECLARING.has(item.word.text)) {
      for (const entry of item.entries) this.#add(item.word.text as DeclSort, item, entry, library, module);
      if (item.entries.length === 0) this.diagnostics.push(names.create.missingLabel(item.word.span, { word: item.word.text }));
      return;
    }
    if (library === 'lab') this.statements.push({ item, library });
    else if (item.kind === 'head') for (const entry of item.entries) this.#add('object', item, entry, library, module);
  }

  #add(sort: DeclSort, head: Head, entry: Entry, library: string, module: string): void {
    const name = labelText(entry.label);
    const decl: Decl = { sort, name, head, entry, library, module, span: entry.label.span };
    const sorts = getOr(this.#decls, library, () => new Map<DeclSort, Map<string, Decl[]>>());
    const list = getOr(getOr(sorts, sort, () => new Map<string, Decl[]>()), name, () => []);
    const clash = sort === 'kind' ? undefined : list[0];
    if (clash !== undefined) {
      this.diagnostics.push(names.create.duplicateDeclaration(decl.span, { sort, name }, { labels: [{ span: clash.span, text: 'the other one is here' }] }));
    }
    list.push(decl);
  }

  #use(head: Head): void {
    for (const entry of head.entries) {
      if (entry.label.kind !== 'ref-label') continue;
      const parts = entry.label.parts;
      const last = parts[parts.length - 1];
      const folder = parts.slice(0, -1).map((part) => (part.kind === 'name' ? part.text : '')).join('/');
      if (last === undefined) continue;
      const wanted = last.kind === 'name' ? [last] : last.names;
      for (const name of wanted) {
        const found = this.#inModule(folder, name.text);
        if (found.length === 0) {
          const known = this.#moduleNames(folder);
          this.diagnostics.push(names.create.unknownUse(name.span, {
            name: folder === '' ? name.text : `${folder}.${name.text}`,
            help: known.length > 0 ? suggestHelp(name.text, known) : `the library has ${this.modules().join(', ')}`,
          }));
        }
        for (const decl of found) this.#used.set(`${decl.sort} ${decl.name}`, decl);
      }
    }
  }

  #inModule(module: string, name: string): Decl[] {
    const out: Decl[] = [];
    for (const byName of this.#decls.get('std')?.values() ?? []) {
      for (const decl of byName.get(name) ?? []) if (decl.module === module) out.push(decl);
    }
    return out;
  }

  #moduleNames(module: string): string[] {
    return this.#all('std').filter((decl) => decl.module === module).map((decl) => decl.name);
  }

  #all(library: string): Decl[] {
    return [...(this.#decls.get(library)?.values() ?? [])].flatMap((byName) => [...byName.values()].flat());
  }

  /** Folders that `use` may name. */
  modules(): string[] {
    return [...new Set(this.#all('std').map((decl) => decl.module).filter((module) => module !== 'prelude'))].sort(compareText);
  }

  /** What `library` sees under that name. */
  find(sort: DeclSort, name: string, library: string): Decl | undefined {
    const own = this.#decls.get(library)?.get(sort)?.get(name)?.[0];
    if (own !== undefined || library !== 'lab') return own;
    const used = this.#used.get(`${sort} ${name}`);
    if (used !== undefined) return used;
    const prelude = this.#decls.get('std')?.get(sort)?.get(name)?.[0];
    return prelude !== undefined && (prelude.module === 'prelude' || sort === 'type' || sort === 'os') ? prelude : undefined;
  }

  /** Names of one sort that `library` may write, for suggestions. */
  visible(sort: DeclSort, library: string): string[] {
    const own = [...(this.#decls.get(library)?.get(sort)?.keys() ?? [])];
    if (library !== 'lab') return own;
    return [...own, ...[...this.#used.values()].filter((decl) => decl.sort === sort).map((decl) => decl.name)];
  }

  /** Where the standard library keeps it, when it has it: `apps.traefik`. */
  whereInLibrary(sort: DeclSort, name: string): string | undefined {
    const decl = this.#decls.get('std')?.get(sort)?.get(name)?.[0];
    return decl === undefined ? undefined : `${decl.module}.${decl.name}`;
  }

  /** Kinds and contracts are words of the whole program. */
  all(sort: DeclSort): Decl[] {
    return [...this.#decls.keys()].flatMap((library) => [...(this.#decls.get(library)?.get(sort)?.values() ?? [])].flat());
  }

  /** Library objects (images) that the lab uses. */
  usedObjects(): Decl[] {
    return [...this.#used.values()].filter((decl) => decl.sort === 'object');
  }
}

/** `stdlib/apps/traefik.lab` lies in `apps`; what lies deeper in prelude is prelude. */
function moduleOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] !== 'stdlib') return '';
  return parts[1] === 'prelude' ? 'prelude' : parts.slice(1, -1).join('/');
}

/** The text of a label as it is written; strings with holes have none, and give their first piece. */
export function labelText(label: Label): string {
  switch (label.kind) {
    case 'ref-label': return label.parts.map((part) => (part.kind === 'name' ? part.text : '')).join('.');
    case 'str-label': return label.value.parts.map((part) => (typeof part === 'string' ? part : '')).join('');
    default: return label.text;
  }
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
