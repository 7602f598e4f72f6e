/**
 * `labc fetch`: brings the libraries that labs name into `vendor/` beside them, and their digests into `lab.lock`. The only command
 * that uses the network, by way of git. A lab gets all of its libraries or, when one cannot be had, none.
 */
import { vendorFolder } from '../../base/library-file.js';
import type { SourceFile } from '../../base/span.js';
import { parseLock, printLock, type Fact } from '../../allocation/lock.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import type { Disk } from '../../host/disk.js';
import { attempt, HostError, reason } from '../../host/host.js';
import { joinPath, parentPath } from '../../host/paths.js';
import type { LibraryStatement } from '../../names/libraries.js';
import { recover } from '../../output/recover.js';
import { replaceFile } from '../../output/replace-file.js';
import { collectLab, type Collected } from '../../sources/collect.js';
import { findLabs, place } from '../../sources/find-labs.js';
import { lockFileName } from '../../sources/lab-sources.js';
import { libraryDigest, libraryFact } from '../../sources/vendored.js';
import type { Options } from '../args.js';
import type { Compiler } from '../compiler.js';
import { Clone } from '../git.js';
import { outFolder, viewOf } from '../labs.js';
import { counted, type Report } from '../report.js';
import type { World } from '../world.js';

interface Fetched {
  readonly statement: LibraryStatement;
  readonly commit: string;
  readonly files: readonly SourceFile[];
  readonly fact: string;
}

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  report.add(recover(world.disk, outFolder(options)));
  const found = findLabs(world.disk, operands.length === 0 ? ['labs'] : operands);
  report.add(found.diagnostics);
  const compiler = await world.parts.compiler();
  report.set('labs', found.value.map((root) => ({ source: root, ...fetchLab(world, root, compiler, options.has('update'), report) })));
}

/** The names of what was fetched and what was there, for the JSON document. */
function fetchLab(world: World, root: string, compiler: Compiler, update: boolean, report: Report): { readonly fetched: readonly string[]; readonly present: readonly string[] } {
  const { disk } = world;
  const collected = collectLab(disk, root);
  const view = viewOf(collected, () => undefined);
  const named = compiler.libraries(collected.sources);
  const lock = parseLock(collected.sources.lock ?? '', lockFileName);
  report.add([...named.diagnostics, ...lock.diagnostics], view);
  if ([...named.diagnostics, ...lock.diagnostics].length > 0) return { fetched: [], present: [] };
  const facts = new Map<string, Fact>(lock.value.facts);
  const isPresent = (fact: string | undefined, held: string | undefined): boolean => fact !== undefined && fact === held;
  const present = named.value.filter((statement) => !update && isPresent(factOf(collected, statement), facts.get(`library ${statement.name}`)?.value));
  const wanted = named.value.filter((statement) => !present.includes(statement));
  const fetched: Fetched[] = [];
  let failed = false;
  const done = attempt(() => {
    for (const statement of wanted) {
      const result = bring(world, root, statement, compiler);
      const held = facts.get(`library ${statement.name}`)?.value;
      if ('why' in result) report.add([faults.create.fetchFault(statement.span, { name: statement.name, reason: result.why }, { help: result.help })], view);
      else if (!update && held !== undefined && held !== result.fact && held.slice(0, held.lastIndexOf('/')) === statement.rev) report.add([faults.create.libraryMoved(statement.span, { name: statement.name, rev: statement.rev, lab: root })], view);
      else {
        fetched.push(result);
        continue;
      }
      failed = true;
    }
    if (failed) return;
    for (const { statement, files, fact } of fetched) {
      put(disk, root, statement.name, files);
      facts.set(`library ${statement.name}`, { value: fact, span: null });
    }
    const names = new Set(named.value.map((statement) => statement.name));
    const gone = [...facts.keys()].filter((key) => key.startsWith('library ') && !names.has(key.slice('library '.length)));
    for (const key of gone) facts.delete(key);
    if (fetched.length > 0 || gone.length > 0) replaceFile(disk, joinPath(root, lockFileName), printLock({ facts }));
    for (const key of gone) report.say(`${root}: \`${key.slice('library '.length)}\` is no library of the lab any more: remove its folder from ${joinPath(root, vendorFolder)} when you like\n`);
  });
  if (done instanceof HostError) {
    report.add([faults.create.writeFailed(place(done.path), { output: joinPath(root, vendorFolder), path: done.path, reason: reason(done) })]);
    return { fetched: [], present: [] };
  }
  if (failed) return { fetched: [], present: [] };
  report.say(named.value.length === 0 ? `${root}: names no libraries\n` : `${root}: ${counted(fetched.length, 'library', 'libraries')} fetched, ${present.length} there already\n`);
  for (const { statement, commit, files } of fetched) report.say(`  + ${statement.name} ${statement.rev} (${commit.slice(0, 12)}): ${counted(files.length, 'file')} in ${joinPath(root, vendorFolder, statement.name)}\n`);
  if (fetched.length > 0) report.say(`  commit ${joinPath(root, vendorFolder)} and ${joinPath(root, lockFileName)}\n`);
  return { fetched: fetched.map(({ statement }) => statement.name), present: present.map((statement) => statement.name) };
}

/** What `lab.lock` would hold of the library as it lies there. */
function factOf(collected: Collected, { name, source, rev }: LibraryStatement): string | undefined {
  const folder = `${vendorFolder}/${name}/`;
  const files = collected.sources.vendored?.find((vendored) => vendored.name === name)?.files ?? [];
  return files.length === 0 ? undefined : libraryFact(rev, libraryDigest(source, files.map((file) => ({ path: file.path.slice(folder.length), text: file.text }))));
}

/** Clones into a folder that is gone afterwards, whatever happens. */
function bring({ disk, programs }: World, root: string, statement: LibraryStatement, compiler: Compiler): Fetched | { readonly why: string; readonly help: string } {
  const vendor = joinPath(root, vendorFolder);
  const fresh = disk.stat(vendor) === undefined;
  if (fresh) disk.createFolder(vendor);
  const into = `.labc-fetch-${disk.process}`;
  removeTree(disk, joinPath(vendor, into));
  try {
    const clone = Clone.of(programs, root, `${vendorFolder}/${into}`, statement.source, statement.rev);
    if (!(clone instanceof Clone)) return clone;
    const files = compiler.chooseFiles(clone.entries, (path) => clone.text(path));
    if ('why' in files) return { why: files.why, help: 'name a revision without it in `rev`, or mend the library where it comes from' };
    return { statement, commit: clone.commit, files, fact: libraryFact(statement.rev, libraryDigest(statement.source, files)) };
  } finally {
    removeTree(disk, joinPath(vendor, into));
    if (fresh && disk.list(vendor).length === 0) disk.removeFolder(vendor);
  }
}

/** Puts the files of a library in the place of those that are there. */
function put(disk: Disk, root: string, name: string, files: readonly SourceFile[]): void {
  const folder = joinPath(root, vendorFolder, name);
  removeTree(disk, folder);
  for (const file of files) {
    const path = joinPath(folder, file.path);
    folders(disk, parentPath(path));
    replaceFile(disk, path, file.text);
  }
}

function folders(disk: Disk, path: string): void {
  if (disk.stat(path) !== undefined) return;
  folders(disk, parentPath(path));
  disk.createFolder(path);
}

/** Removes a file, or a folder with all that it holds; links are not followed. */
function removeTree(disk: Disk, path: string): void {
  const stat = disk.stat(path);
  if (stat === undefined) return;
  if (stat.type !== 'folder') return disk.remove(path);
  for (const entry of disk.list(path)) removeTree(disk, joinPath(path, entry.name));
  disk.removeFolder(path);
}
