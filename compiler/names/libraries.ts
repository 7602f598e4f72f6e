/**
 * `library x { source = git("...")  rev = "..." }`: the libraries that a lab takes beside the standard one. They are read before
 * anything is evaluated, so both values are plain text. A library is believed only as `lab.lock` holds it: what is missing, edited
 * or of another revision is said at its statement, with the command that mends it.
 */
import { vendorFolder } from '../base/library-file.js';
import type { SourceFile, Span } from '../base/span.js';
import { names } from '../diagnostics/catalogue/names.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import { libraryDigest, libraryFact, type Vendored } from '../sources/vendored.js';
import type { Expr, File, Head, Item } from '../syntax/ast.js';
import { parseFile } from '../syntax/parse.js';
import { labelText, type Library } from './program.js';

/** One statement of a lab, well-formed. */
export interface LibraryStatement {
  readonly name: string;
  /** What git is to clone, as it is written. */
  readonly source: string;
  readonly rev: string;
  readonly span: Span;
}

const NAME = /^[a-z][a-z0-9_-]*$/;
const REV = /^[A-Za-z0-9][A-Za-z0-9._/+-]*$/;

/** The library statements of a lab. `taken` are names that mean something else in a `use`. */
export function libraryStatements(files: readonly File[], taken: readonly string[]): Result<readonly LibraryStatement[]> {
  const diagnostics: Diagnostic[] = [];
  const found = new Map<string, LibraryStatement>();
  for (const head of files.flatMap((file) => file.items).filter(isLibrary)) {
    const statement = read(head, taken, diagnostics);
    if (statement === undefined) continue;
    const other = found.get(statement.name);
    if (other === undefined) found.set(statement.name, statement);
    else diagnostics.push(names.create.duplicateDeclaration(statement.span, { sort: 'library', name: statement.name }, { labels: [{ span: other.span, text: 'the other one is here' }] }));
  }
  return { value: [...found.values()], diagnostics };
}

export function isLibrary(item: Item): item is Head {
  return item.kind === 'head' && item.word.text === 'library';
}

function read(head: Head, taken: readonly string[], out: Diagnostic[]): LibraryStatement | undefined {
  const [entry, more] = head.entries;
  const form = (name: string): string => `write \`library ${name} { source = git("https://example.net/lab.git")  rev = "v1" }\``;
  const refuse = (span: Span, name: string, why: string, help = form(name)): undefined => void out.push(names.create.badLibrary(span, { name, why, help }));
  if (entry === undefined) return refuse(head.word.span, 'NAME', 'has no name');
  const name = labelText(entry.label);
  if (more !== undefined) return refuse(more.span, labelText(more.label), 'shares a statement with another', `${form(labelText(more.label))}, one statement for each library`);
  if (!NAME.test(name)) return refuse(entry.label.span, name, 'has a name that no folder gets', 'use lower-case letters, digits, `_` and `-`, beginning with a letter');
  if (taken.includes(name)) return refuse(entry.label.span, name, 'has the name of a folder of the standard library', `give it another name: \`use ${name}.NAME\` means the standard library`);
  const values = new Map<string, Expr>();
  for (const item of head.body?.items ?? []) {
    if (item.kind !== 'assign' || !['source', 'rev'].includes(item.name.text)) return refuse(item.kind === 'assign' ? item.name.span : item.span, name, 'says more than `source` and `rev`');
    values.set(item.name.text, item.value);
  }
  const [source, rev] = [values.get('source'), values.get('rev')];
  if (source?.kind === 'missing' || rev?.kind === 'missing') return undefined;
  if (source === undefined) return refuse(entry.label.span, name, 'does not say where it comes from');
  const url = source.kind === 'call' && source.callee.kind === 'name-expr' && source.callee.text === 'git' && source.args.length === 1 ? plain(source.args[0]?.value) : undefined;
  if (url === undefined) return refuse(source.span, name, 'has a `source` that is not `git("...")` with plain text', 'write `source = git("https://example.net/lab.git")`, or any address that `git clone` takes');
  const fault = refusedUrl(url);
  if (fault !== undefined) return refuse(source.span, name, fault.why, fault.help);
  if (rev === undefined) return refuse(entry.label.span, name, 'does not say which revision', 'write `rev = "v1"`: a tag, or better a commit');
  const revision = plain(rev);
  if (revision === undefined || !REV.test(revision)) return refuse(rev.span, name, 'has a `rev` that names no revision', 'write `rev = "v1"`: a tag, a branch or a commit, in quotes');
  return { name, source: url, rev: revision, span: entry.label.span };
}

function plain(expr: Expr | undefined): string | undefined {
  if (expr?.kind !== 'str' || expr.parts.some((part) => typeof part !== 'string')) return undefined;
  return expr.parts.join('');
}

function refusedUrl(url: string): { readonly why: string; readonly help: string } | undefined {
  const help = 'write an address that `git clone` takes, such as `git("https://example.net/lab.git")`';
  if (url === '' || url.startsWith('-') || /[\s\p{C}]/u.test(url)) return { why: 'has a `source` that is no address', help };
  if (/^[a-z][a-z0-9+.-]*::/.test(url)) return { why: 'has a `source` that would run a program', help };
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/@]*:[^/@]*@/.test(url)) return { why: 'has a password in its `source`', help: 'take it out: git asks its credential helper, and this file is committed' };
  return undefined;
}

export interface Libraries {
  readonly libraries: readonly Library[];
  /** A library that the lab names is not here, so that what uses it cannot be judged. */
  readonly incomplete: boolean;
}

/** The libraries of a lab, parsed. `lockedOf` is what `lab.lock` holds of one, `lab` the path for the command that mends. */
export function readLibraries(statements: readonly LibraryStatement[], vendored: readonly Vendored[], lockedOf: (name: string) => string | undefined, lab: string): Result<Libraries> {
  const diagnostics: Diagnostic[] = [];
  const libraries: Library[] = [];
  let incomplete = false;
  for (const { name, source, rev, span } of statements) {
    const folder = `${vendorFolder}/${name}`;
    const files = vendored.find((other) => other.name === name)?.files ?? [];
    const locked = lockedOf(name);
    if (locked === undefined || files.length === 0) {
      diagnostics.push(names.create.libraryMissing(span, { name, folder, lab }));
      incomplete = true;
      continue;
    }
    const digest = libraryDigest(source, files.map((file) => ({ path: file.path.slice(folder.length + 1), text: file.text })));
    if (locked !== libraryFact(rev, digest)) {
      const held = locked.slice(0, locked.lastIndexOf('/'));
      const why = held === rev ? `\`${folder}\` is not what \`labc fetch\` brought from its \`source\`` : `\`${folder}\` holds \`${held}\`, and not \`${rev}\``;
      diagnostics.push(names.create.libraryChanged(span, { name, why, lab }));
    }
    const parsed = files.filter(isSource).map((file) => parseFile(file));
    diagnostics.push(...parsed.flatMap((result) => [...result.diagnostics]));
    libraries.push({ name, files: parsed.map((result) => result.value) });
  }
  return { value: { libraries, incomplete }, diagnostics };
}

function isSource(file: SourceFile): boolean {
  return file.path.endsWith('.lab');
}
