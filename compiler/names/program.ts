/**
 * S1: what is declared where. A program is the standard library and one lab; each library has declarations by sort and name.
 * Declarations come in any order and any file. `use` holds for the whole lab; files of one library see each other, and
 * what a file of a library uses comes along with whatever the lab uses of it.
 * Nothing is evaluated here, and statements that make objects (vm, network, image, ...) are only collected.
 */
import { isLibraryFile } from '../base/library-file.js';
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
import { suggest } from '../base/suggest.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { names } from '../diagnostics/catalogue/names.js';
import { shadowed } from './shadowing.js';
import type { Entry, File, Head, Item, Label, RefLabel } from '../syntax/ast.js';

export type DeclSort = 'kind' | 'contract' | 'type' | 'fn' | 'os' | 'persona' | 'capability' | 'workload' | 'part' | 'let' | 'object';
const DECLARING: ReadonlySet<string> = new Set(['kind', 'contract', 'type', 'fn', 'os', 'persona', 'capability', 'workload', 'part', 'let']);

/** What labs take from a library; functions and types beside them are its own. */
const USABLE: ReadonlySet<DeclSort> = new Set(['persona', 'capability', 'workload', 'part', 'object']);

/** The nearest name of a folder, and all others while they are few: whoever guesses a name wants to see them. */
function usable(name: string, known: readonly string[]): string {
  const all = [...known].sort(compareText).map((other) => `\`${other}\``).join(', ');
  const [near] = suggest(name, known);
  return near === undefined ? `there is ${all}; what is missing, the lab can declare itself` : known.length === 1 || known.length > 6 ? `did you mean \`${near}\`?` : `did you mean \`${near}\`? There is ${all}`;
}

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

/** A parsed library: `std`, `lab`, or one that the lab names. */
export interface Library {
  readonly name: string;
  readonly files: readonly File[];
}

export class Program {
  /** library, then sort, then name. */
  readonly #decls = new Map<string, Map<DeclSort, Map<string, Decl[]>>>();
  /** library, then sort and name: what its `use` brings. */
  readonly #used = new Map<string, Map<string, Decl>>();
  /** File of a library, then what its own `use` brings. */
  readonly #usedByFile = new Map<string, Decl[]>();
  /** Statements of the lab that make objects, in order of file and place. */
  readonly statements: { readonly item: Item; readonly library: string }[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(libraries: readonly Library[]) {
    const uses: { readonly head: Head; readonly library: string }[] = [];
    for (const library of libraries) {
      if (library.name !== 'std') this.diagnostics.push(...shadowed(library.files));
      for (const file of [...library.files].sort((a, b) => compareText(a.span.file, b.span.file))) {
        for (const item of file.items) this.#collect(item, library.name, moduleOf(file.span.file), uses);
      }
    }
    for (const use of uses) this.#use(use.head, use.library);
  }

  #collect(item: Item, library: string, module: string, uses: { readonly head: Head; readonly library: string }[]): void {
    if (item.kind === 'head' && item.word.text === 'use') {
      uses.push({ head: item, library });
      return;
    }
    if (item.kind === 'head' && item.word.text === 'library') {
      // What a lab says of its libraries is read before, by names/libraries.ts.
      if (library !== 'lab') this.diagnostics.push(names.create.notAllowedHere(item.word.span, { what: 'a library names no other library', help: 'write what it needs into the library itself, or name both libraries in the lab' }));
      return;
    }
    if (item.kind === 'head' && DECLARING.has(item.word.text)) {
      for (const entry of item.entries) this.#add(item.word.text as DeclSort, item, entry, library, module);
      if (item.entries.length === 0) this.diagnostics.push(names.create.missingLabel(item.word.span, { word: item.word.text }));
      return;
    }
    if (library === 'lab') this.statements.push({ item, library });
    else if (item.kind === 'head') for (const entry of item.entries) this.#add('object', item, entry, library, module);
    else this.diagnostics.push(names.create.notAllowedHere(item.span, { what: 'a library declares things and sets nothing', help: 'put it into a declaration' }));
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

  #use(head: Head, library: string): void {
    for (const entry of head.entries) {
      if (entry.label.kind !== 'ref-label') continue;
      const parts = entry.label.parts;
      const last = parts[parts.length - 1];
      const folder = parts.slice(0, -1).map((part) => (part.kind === 'name' ? part.text : '')).join('/');
      if (last === undefined) continue;
      const wanted = last.kind === 'name' ? [last] : last.names;
      for (const name of wanted) {
        const found = this.#inModule(folder, name.text, library);
        if (found.length === 0) {
          const known = this.#moduleNames(folder, library);
          this.diagnostics.push(names.create.unknownUse(name.span, {
            name: folder === '' ? name.text : `${folder}.${name.text}`,
            help: known.length > 0 ? usable(name.text, known) : folder === '' ? this.#wholeName(name.text) : `there is ${this.modules(library).map((module) => `\`${module}\``).join(', ')}`,
          }));
        }
        const used = getOr(this.#used, library, () => new Map<string, Decl>());
        for (const decl of found) used.set(`${decl.sort} ${decl.name}`, decl);
        if (library !== 'lab') getOr(this.#usedByFile, head.span.file, () => []).push(...found);
      }
    }
  }

  /** Libraries that a `use` of this one may name: a lab's own and the standard one; a library knows the standard one only. */
  #sources(library: string): string[] {
    return library === 'lab' ? [...this.#decls.keys()].filter((other) => other !== 'lab') : ['std'];
  }

  #inModule(module: string, name: string, from: string): Decl[] {
    const out: Decl[] = [];
    for (const library of this.#sources(from)) {
      for (const byName of this.#decls.get(library)?.values() ?? []) {
        for (const decl of byName.get(name) ?? []) if (decl.module === module) out.push(decl);
      }
    }
    return out;
  }

  #moduleNames(module: string, from: string): string[] {
    return this.#sources(from).flatMap((library) => this.#all(library)).filter((decl) => decl.module === module && USABLE.has(decl.sort)).map((decl) => decl.name);
  }

  #all(library: string): Decl[] {
    return [...(this.#decls.get(library)?.values() ?? [])].flatMap((byName) => [...byName.values()].flat());
  }

  /** Folders that a `use` of this library may name, as it names them: `apps`, `shared.apps`. */
  modules(library: string): string[] {
    const modules = this.#sources(library).flatMap((other) => this.#all(other)).map((decl) => decl.module.replaceAll('/', '.'));
    return [...new Set(modules.filter((module) => module !== 'prelude'))].sort(compareText);
  }

  /** What to type where a `use` names no folder. */
  #wholeName(name: string): string {
    const where = (['persona', 'capability', 'workload', 'part', 'object'] as const).map((sort) => this.whereInLibrary(sort, name)).find((found) => found !== undefined);
    return where === undefined ? 'write `use FOLDER.NAME`, such as `use apps.traefik`' : `write \`use ${where}\``;
  }

  /** What `library` sees under that name: its own, what it uses, and what is always there. */
  find(sort: DeclSort, name: string, library: string): Decl | undefined {
    const own = this.#decls.get(library)?.get(sort)?.get(name)?.[0];
    if (own !== undefined || library === 'std') return own;
    const used = this.#used.get(library)?.get(`${sort} ${name}`);
    if (used !== undefined) return used;
    const prelude = this.#decls.get('std')?.get(sort)?.get(name)?.[0];
    return prelude !== undefined && (prelude.module === 'prelude' || sort === 'type' || sort === 'os') ? prelude : undefined;
  }

  /** Names of one sort that `library` may write, for suggestions. */
  visible(sort: DeclSort, library: string): string[] {
    const own = [...(this.#decls.get(library)?.get(sort)?.keys() ?? [])];
    return [...own, ...[...(this.#used.get(library)?.values() ?? [])].filter((decl) => decl.sort === sort).map((decl) => decl.name)];
  }

  /** Where a library keeps it, when one has it: `apps.traefik`. */
  whereInLibrary(sort: DeclSort, name: string): string | undefined {
    for (const library of this.#sources('lab')) {
      const decl = this.#decls.get(library)?.get(sort)?.get(name)?.[0];
      if (decl !== undefined) return `${decl.module.replaceAll('/', '.')}.${decl.name}`;
    }
    return undefined;
  }

  /** Kinds and contracts are words of the whole program. */
  all(sort: DeclSort): Decl[] {
    return [...this.#decls.keys()].flatMap((library) => [...(this.#decls.get(library)?.get(sort)?.values() ?? [])].flat());
  }

  /** Objects of libraries (images) that the lab uses. What only comes along gives way to the lab's own of that kind and name. */
  usedObjects(): Decl[] {
    const used = [...(this.#used.get('lab')?.values() ?? [])];
    const own = new Set(this.statements.flatMap(({ item }) => (item.kind === 'head' ? item.entries.map((entry) => `${item.word.text} ${labelText(entry.label)}`) : [])));
    return [...new Set([...used, ...this.#alongWith(used).filter((decl) => !own.has(`${decl.head.word.text} ${decl.name}`))])].filter((decl) => decl.sort === 'object');
  }

  /** What the files of these declarations use, and those of what they inherit from: a persona needs the image that it names. */
  #alongWith(decls: readonly Decl[]): Decl[] {
    const out = new Set<Decl>();
    const waiting = [...decls];
    for (let decl = waiting.pop(); decl !== undefined; decl = waiting.pop()) {
      const { sort, library } = decl;
      const parents = decl.head.types.flatMap((type) => (type.kind === 'type-ref' ? (this.find(sort, type.parts.map((part) => part.text).join('.'), library) ?? []) : []));
      for (const other of [...(this.#usedByFile.get(decl.span.file) ?? []), ...parents]) {
        if (out.has(other)) continue;
        out.add(other);
        waiting.push(other);
      }
    }
    return [...out];
  }
}

/** `stdlib/apps/traefik.lab` lies in `apps`, `vendor/shared/apps/notes.lab` in `shared/apps`; what lies deeper in prelude is prelude. */
function moduleOf(path: string): string {
  const parts = path.split('/');
  if (!isLibraryFile(path)) return '';
  return path.startsWith('stdlib/prelude/') ? 'prelude' : parts.slice(1, -1).join('/');
}

/** The text of a label as it is written; strings with holes have none, and give their first piece. */
export function labelText(label: Label): string {
  switch (label.kind) {
    case 'ref-label': return label.parts.length === 1 ? nameIn(label.parts[0]) : label.parts.map(nameIn).join('.');
    case 'str-label': return label.value.parts.map((part) => (typeof part === 'string' ? part : '')).join('');
    default: return label.text;
  }
}

function nameIn(part: RefLabel['parts'][number] | undefined): string {
  return part?.kind === 'name' ? part.text : '';
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
