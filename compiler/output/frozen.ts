/**
 * Whether `out/<lab>/` and the lock are, byte for byte, what the sources produce. Reads the disk and writes nothing: recipes
 * ask before anything runs. What labc never wrote into the folder is nobody's difference.
 */
import { compareText } from '../base/text.js';
import type { Disk } from '../host/disk.js';
import { attempt, HostError } from '../host/host.js';
import { joinPath } from '../host/paths.js';
import { FolderView } from './folder-view.js';
import { exists, journalName } from './journal.js';
import { manifestName, parseManifest, printManifest, type Manifest } from './manifest.js';
import { stageName } from './stage.js';
import type { Build } from './write-lab.js';

export interface Difference {
  /** Relative to the folder of the lab in `out/`; the lock's own path. */
  readonly path: string;
  /** `outdated`: the sources say something else now; `edited`: it is not even what labc wrote last. */
  readonly is: 'missing' | 'edited' | 'outdated' | 'unbuilt' | 'unreadable' | 'interrupted';
}

const encoder = new TextEncoder();

/** Differences by path; none where everything is fresh. */
export function frozenDifferences(disk: Disk, build: Build, out: string): readonly Difference[] {
  const output = joinPath(out, build.lab);
  if (exists(disk, joinPath(out, stageName(build.lab), journalName))) return [{ path: output, is: 'interrupted' }];
  if (disk.stat(output)?.type !== 'folder') return [{ path: output, is: 'missing' }];
  const view = new FolderView(disk, output);
  const found: Difference[] = [];
  const entries = new Map(build.files.map((file) => {
    const bytes = encoder.encode(file.text);
    return [file.path, { bytes, sha256: disk.sha256(bytes), executable: file.executable === true }] as const;
  }));
  const manifest = readManifest(disk, joinPath(output, manifestName));
  for (const [path, entry] of entries) {
    const written = manifest?.files.get(path);
    const now = attempt(() => view.present(path, entry.executable || written?.executable === true));
    if (now instanceof HostError) found.push({ path, is: 'unreadable' });
    else if (now.is !== 'file') found.push({ path, is: now.is === 'absent' ? 'missing' : 'edited' });
    else if (now.sha256 !== entry.sha256 || now.executable !== entry.executable) found.push({ path, is: written === undefined || now.sha256 === written.sha256 ? 'outdated' : 'edited' });
  }
  for (const path of manifest?.files.keys() ?? []) if (!entries.has(path) && exists(disk, joinPath(output, path))) found.push({ path, is: 'unbuilt' });
  const wanted = printManifest({ lab: build.lab, source: build.source, files: entries });
  if (found.length === 0 && textOf(disk, joinPath(output, manifestName)) !== wanted) found.push({ path: manifestName, is: manifest === undefined ? 'missing' : 'outdated' });
  if (textOf(disk, build.lock.path) !== build.lock.text) found.push({ path: build.lock.path, is: exists(disk, build.lock.path) ? 'outdated' : 'missing' });
  return found.sort((a, b) => compareText(a.path, b.path));
}

function readManifest(disk: Disk, path: string): Manifest | undefined {
  const text = textOf(disk, path);
  const manifest = text === undefined ? undefined : parseManifest(text);
  return typeof manifest === 'object' ? manifest : undefined;
}

function textOf(disk: Disk, path: string): string | undefined {
  const bytes = attempt(() => (exists(disk, path) ? disk.read(path) : undefined));
  return bytes === undefined || bytes instanceof HostError ? undefined : new TextDecoder().decode(bytes);
}
