/**
 * Writes what was built from one lab: its folder in `out/` and its lock, whole or not at all.
 * Everything is staged first, then a journal says what goes where, then files are moved, the manifest last.
 * A step that fails takes back what was moved. Files that labc did not write, or that a person changed, stay.
 */
import { host as faults } from '../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Disk } from '../host/disk.js';
import { attempt, HostError, reason } from '../host/host.js';
import { joinPath, parentPath, relativePath } from '../host/paths.js';
import type { EmittedFile } from '../plan/emitted.js';
import { FolderView, folderObstacle, type Obstacle } from './folder-view.js';
import { besideLock, exists, finish, journalName, printJournal, tidy, tried, type Journal, type Step } from './journal.js';
import { isInside, manifestName, parseManifest, printManifest, type Manifest, type ManifestEntry } from './manifest.js';
import { discard, ownerName, printOwner, runningOwner, stageName, takeBack } from './stage.js';
import { diffTree, type TreeDiff } from './tree-diff.js';

export interface Build {
  /** The name of the lab, and of its folder. */
  readonly lab: string;
  /** The folder of the sources. */
  readonly source: string;
  readonly files: readonly EmittedFile[];
  readonly lock: { readonly path: string; readonly text: string };
}

export interface WriteOptions {
  /** The folder that holds the outputs. */
  readonly out: string;
  /** Overwrite files that a person changed or put there. */
  readonly force: boolean;
}

export interface Written {
  readonly diagnostics: readonly Diagnostic[];
  /** What was done; undefined where nothing was written because of an error. */
  readonly diff: TreeDiff | undefined;
  readonly lockChanged: boolean;
}

/** Brings `out/<lab>` and the lock to what `build` says. */
export function writeLab(disk: Disk, build: Build, options: WriteOptions): Written {
  const output = joinPath(options.out, build.lab);
  try {
    return write(disk, build, options, output);
  } catch (error) {
    if (error instanceof Refusal) return { diagnostics: error.diagnostics, diff: undefined, lockChanged: false };
    if (!(error instanceof HostError)) throw error;
    return { diagnostics: [faults.create.writeFailed(whole(output), { output, path: error.path, reason: reason(error) })], diff: undefined, lockChanged: false };
  }
}

/** Leaves `writeLab` with nothing written. */
class Refusal extends Error {
  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super('refused');
  }
}

const encoder = new TextEncoder();

function write(disk: Disk, build: Build, options: WriteOptions, output: string): Written {
  const missing = missingAbove(disk, options.out);
  for (const folder of [options.out, output]) {
    const blocked = folderObstacle(disk, folder);
    if (blocked !== undefined) throw new Refusal([obstacleDiagnostic(blocked, '')]);
  }

  const contents = new Map(build.files.map((file) => [file.path, { bytes: encoder.encode(file.text), executable: file.executable === true }]));
  for (const path of contents.keys()) if (!isInside(path) || path === manifestName) throw new Error(`an emitter made a file of the name ${JSON.stringify(path)}`);
  if (contents.size !== build.files.length) throw new Error('two emitters made a file of the same name');
  const after = new Map<string, ManifestEntry>([...contents].map(([path, file]) => [path, { sha256: disk.sha256(file.bytes), executable: file.executable }]));
  const manifest = printManifest({ lab: build.lab, source: build.source, files: after });
  const before = readManifest(disk, output, build, options.force);

  const view = new FolderView(disk, output);
  const obstacles = [...after.keys(), manifestName].map((path) => view.obstacle(path)).filter((obstacle) => obstacle !== undefined);
  if (obstacles.length > 0) throw new Refusal(obstacles.map((obstacle) => obstacleDiagnostic(obstacle, output)));
  const diff = diffTree(before?.files ?? new Map(), after, (path) => view.present(path, before?.files.get(path)?.executable === true || after.get(path)?.executable === true), options.force);

  const lock = lockState(disk, build.lock);
  const manifestOld = view.present(manifestName, false);
  const manifestChanged = manifestOld.is !== 'file' || manifestOld.sha256 !== disk.sha256(encoder.encode(manifest));
  const kept = keptDiagnostics(diff, output);
  if (diff.added.length + diff.changed.length + diff.removed.length > 0 || lock.changed || manifestChanged) {
    const transaction = new Transaction(disk, options.out, build.lab, missing);
    transaction.run(() => {
      for (const [paths, isNew] of [[diff.added, true], [diff.changed, false]] as const) {
        for (const path of paths) {
          const file = contents.get(path);
          const sha256 = after.get(path)?.sha256;
          if (file === undefined || sha256 === undefined) continue;
          const folders = isNew ? view.missingFolders(path).map((folder) => `${build.lab}/${folder}`) : [];
          transaction.write(`${build.lab}/${path}`, { ...file, sha256, isNew }, folders);
        }
      }
      for (const path of diff.removed) transaction.remove(`${build.lab}/${path}`);
      if (lock.changed) transaction.writeBeside(build.lock.path, textContent(disk, build.lock.text, lock.isNew));
      if (manifestChanged) transaction.write(`${build.lab}/${manifestName}`, textContent(disk, manifest, manifestOld.is === 'absent'), []);
    });
  }
  return { diagnostics: kept, diff, lockChanged: lock.changed };
}

/** The manifest of the last build, if there is one and it is this lab's. */
function readManifest(disk: Disk, output: string, build: Build, force: boolean): Manifest | undefined {
  const path = joinPath(output, manifestName);
  if (disk.stat(path)?.type !== 'file') return undefined;
  const manifest = parseManifest(new TextDecoder().decode(disk.read(path)));
  if (typeof manifest === 'string') {
    if (force) return undefined;
    throw new Refusal([faults.create.manifestBroken(whole(path), { path, reason: manifest })]);
  }
  if (manifest.source !== build.source && !force) {
    throw new Refusal([faults.create.outputTaken(whole(path), { output, other: manifest.source, source: build.source })]);
  }
  return manifest;
}

function lockState(disk: Disk, lock: Build['lock']): { readonly changed: boolean; readonly isNew: boolean } {
  const stat = disk.stat(lock.path);
  if (stat === undefined) return { changed: true, isNew: true };
  if (stat.type !== 'file') throw new Refusal([obstacleDiagnostic({ path: lock.path, found: stat.type, needed: 'file' }, '')]);
  const wanted = encoder.encode(lock.text);
  return { changed: stat.size !== wanted.length || disk.sha256(disk.read(lock.path)) !== disk.sha256(wanted), isNew: false };
}

function keptDiagnostics(diff: TreeDiff, output: string): readonly Diagnostic[] {
  const each = (paths: readonly string[], create: typeof faults.create.editedByHand): readonly Diagnostic[] =>
    paths.map((path) => create(whole(joinPath(output, path)), { path: joinPath(output, path) }));
  return [...each(diff.edited, faults.create.editedByHand), ...each(diff.foreign, faults.create.notOurs), ...each(diff.stale, faults.create.staleEdited)];
}

function obstacleDiagnostic(obstacle: Obstacle, output: string): Diagnostic {
  const path = obstacle.path === '' ? output : joinPath(output, obstacle.path);
  const found = obstacle.found === 'other' ? 'neither a file nor a folder' : `a ${obstacle.found}`;
  return faults.create.outputBlocked(whole(path), { path, found, needed: `a ${obstacle.needed}` });
}

/** The folders down to `out` that do not exist, the outermost first. */
function missingAbove(disk: Disk, out: string): readonly string[] {
  const missing: string[] = [];
  for (let at = joinPath(out); !exists(disk, at); at = parentPath(at)) missing.unshift(at);
  return missing;
}

function whole(path: string): { file: string; start: number; end: number } {
  return { file: path, start: 0, end: 0 };
}

/** What a file is to hold; `isNew` says that nothing stands in its place. */
interface Content {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
  readonly sha256: string;
  readonly isNew: boolean;
}

function textContent(disk: Disk, text: string, isNew: boolean): Content {
  const bytes = encoder.encode(text);
  return { bytes, executable: false, sha256: disk.sha256(bytes), isNew };
}

/** One build's way through stage, journal and moves. Paths in it are relative to the folder of outputs. */
class Transaction {
  private readonly stage: string;
  private readonly base: string;
  private readonly folders = new Set<string>();
  private readonly steps: Step[] = [];
  private readonly beside: string[] = [];
  private readonly made: string[] = [];

  constructor(private readonly disk: Disk, private readonly out: string, private readonly lab: string, missing: readonly string[]) {
    this.stage = joinPath(out, stageName(lab));
    const running = exists(disk, this.stage) ? runningOwner(disk, this.stage) : undefined;
    if (running !== undefined) {
      const output = joinPath(out, lab);
      throw new Refusal([faults.create.buildRunning(whole(output), { output, process: running, stage: this.stage })]);
    }
    try {
      for (const folder of missing) this.makeFolder(folder);
      this.base = disk.realPath(out);
      if (!exists(disk, joinPath(out, lab))) this.folders.add(lab);
      // From here on the stage is this process's own; a stage that is there already is not.
      this.makeFolder(this.stage);
    } catch (error) {
      this.removeMade();
      throw error;
    }
  }

  /** Stages what `fill` asks for and moves it in place; on a refusal of the disk everything is as it was. */
  run(fill: () => void): void {
    try {
      this.claim();
      fill();
      this.put('journal.tmp', encoder.encode(printJournal(this.journal)));
      this.disk.rename(this.at(`${stageName(this.lab)}/journal.tmp`), joinPath(this.stage, journalName));
    } catch (error) {
      this.clear();
      throw error;
    }
    try {
      finish(this.disk, this.base, this.journal, false);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      const failed = attempt(() => takeBack(this.disk, this.base, this.stage));
      const output = joinPath(this.out, this.lab);
      if (failed instanceof HostError) throw new Refusal([faults.create.halfWritten(whole(output), { output, path: error.path, reason: reason(error) })]);
      this.clear();
      throw error;
    }
    tidy(this.disk, this.base, this.journal);
    // Everything is in place: what cannot be cleaned up now, the next command cleans up.
    tried(() => discard(this.disk, this.base, this.stage));
  }

  write(to: string, content: Content, folders: readonly string[]): void {
    for (const folder of folders) this.folders.add(folder);
    this.stageStep(`${stageName(this.lab)}/${this.steps.length}`, to, content);
  }

  /** A file that lies elsewhere, maybe on another file system, is staged beside where it goes. */
  writeBeside(path: string, content: Content): void {
    const to = relativePath(this.base, joinPath(this.disk.realPath(parentPath(path)), path.slice(path.lastIndexOf('/') + 1)));
    const from = besideLock(to, stageName(this.lab));
    if (from === undefined) throw new Error(`${path} is no lock`);
    this.beside.push(from, `${from}.old`);
    this.claim();
    this.stageStep(from, to, content);
  }

  remove(to: string): void {
    this.steps.push({ do: 'remove', to, trash: `${stageName(this.lab)}/${this.steps.length}.old` });
  }

  private stageStep(from: string, to: string, { bytes, executable, sha256, isNew }: Content): void {
    this.disk.write(this.at(from), bytes, executable);
    const backup = isNew ? null : `${from}.old`;
    if (backup !== null) this.disk.write(this.at(backup), this.disk.read(this.at(to)), this.disk.stat(this.at(to))?.executable === true);
    this.steps.push({ do: 'write', from, to, backup, sha256 });
  }

  private claim(): void {
    this.put(ownerName, encoder.encode(printOwner({ process: this.disk.process, beside: this.beside })));
  }

  private get journal(): Journal {
    return { output: this.lab, folders: [...this.folders], steps: this.steps };
  }

  private put(name: string, bytes: Uint8Array): void {
    this.disk.write(joinPath(this.stage, name), bytes, false);
  }

  private at(path: string): string {
    return joinPath(this.base, path);
  }

  private makeFolder(folder: string): void {
    this.disk.createFolder(folder);
    this.made.push(folder);
  }

  /** Removes the stage and the folders made for it, as far as the disk lets it. */
  private clear(): void {
    tried(() => discard(this.disk, this.base, this.stage));
    this.removeMade();
  }

  private removeMade(): void {
    for (const folder of [...this.made].reverse()) tried(() => this.disk.removeFolder(folder));
  }
}
