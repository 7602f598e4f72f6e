/**
 * Reads one lab: every `.lab` file below its folder, the lock, and a lookup for named files.
 * What cannot be read is reported and left out, so that the rest can still be checked.
 * Links inside the folder are read under their own name only where their target is not read anyway.
 */
import { vendorFolder } from '../base/library-file.js';
import type { SourceFile } from '../base/span.js';
import { compareText } from '../base/text.js';
import { host as faults } from '../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { attempt, HostError, reason, type Host } from '../host/host.js';
import { baseName, isWithin, joinPath } from '../host/paths.js';
import { assetsOf } from './assets.js';
import { decodeUtf8 } from './decode.js';
import { isHidden, place } from './find-labs.js';
import { lockFileName, maximumFileSize, type LabSources } from './lab-sources.js';
import type { Vendored } from './vendored.js';

export interface Collected {
  readonly sources: LabSources;
  /** Places are relative to the lab's folder. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text of files that are not part of the sources, with their faults made visible, for showing. */
  readonly shown: readonly SourceFile[];
}

/** Everything that the lab in the folder `root` is made of. */
export function collectLab(host: Host, root: string): Collected {
  const reader = new Reader(host, root);
  reader.walk('', [host.realPath(root)]);
  const vendored = reader.vendored();
  const lock = host.stat(joinPath(root, lockFileName)) === undefined ? undefined : reader.text(lockFileName);
  return {
    sources: {
      name: baseName(host.realPath(root)), root, assets: assetsOf(host, root), lock,
      files: reader.files.sort((a, b) => compareText(a.path, b.path)), ...(vendored.length === 0 ? {} : { vendored }),
    },
    diagnostics: reader.diagnostics,
    shown: reader.shown,
  };
}

class Reader {
  readonly files: SourceFile[] = [];
  readonly shown: SourceFile[] = [];
  readonly diagnostics: Diagnostic[] = [];

  constructor(private readonly host: Host, private readonly root: string) {}

  /** Reads the folder at `path`, relative to the root; `above` holds the real paths down to and including it. */
  walk(path: string, above: readonly string[]): void {
    const entries = attempt(() => this.host.list(joinPath(this.root, path)));
    if (entries instanceof HostError) return this.refuse(path, entries);
    for (const entry of entries) {
      if (isHidden(entry.name)) continue;
      const child = path === '' ? entry.name : `${path}/${entry.name}`;
      if (child === vendorFolder && entry.type === 'folder') continue;
      if (entry.type === 'folder') this.walk(child, [...above, `${above.at(-1)}/${entry.name}`]);
      else if (entry.type === 'link') this.follow(child, above);
      else if (entry.name.endsWith('.lab')) this.add(child);
    }
  }

  /** The libraries that lie beside the lab, every file of them; links are none of theirs. */
  vendored(): readonly Vendored[] {
    const folders = attempt(() => (this.host.stat(joinPath(this.root, vendorFolder))?.type === 'folder' ? this.host.list(joinPath(this.root, vendorFolder)) : []));
    if (folders instanceof HostError) {
      this.refuse(vendorFolder, folders);
      return [];
    }
    const names = folders.filter((entry) => entry.type === 'folder' && !isHidden(entry.name)).map((entry) => entry.name);
    return names.sort(compareText).map((name) => ({ name, files: this.#below(`${vendorFolder}/${name}`).sort((a, b) => compareText(a.path, b.path)) }));
  }

  #below(path: string): SourceFile[] {
    const entries = attempt(() => this.host.list(joinPath(this.root, path)));
    if (entries instanceof HostError) {
      this.refuse(path, entries);
      return [];
    }
    return entries.flatMap((entry) => {
      const child = `${path}/${entry.name}`;
      if (isHidden(entry.name) || (entry.type !== 'file' && entry.type !== 'folder')) return [];
      if (entry.type === 'folder') return this.#below(child);
      const text = this.text(child);
      return text === undefined ? [] : [{ path: child, text }];
    });
  }

  /** The text of a file that must be UTF-8 and of bearable size. */
  text(path: string): string | undefined {
    const full = joinPath(this.root, path);
    const read = attempt(() => {
      const stat = this.host.stat(this.host.realPath(full));
      // A pipe or a device would be read for ever.
      if (stat?.type === 'other') return 'it is neither a file nor a folder';
      return stat !== undefined && stat.size > maximumFileSize ? stat.size : this.host.read(full);
    });
    if (read instanceof HostError) return void this.refuse(path, read);
    if (typeof read === 'string') return void this.diagnostics.push(faults.create.unreadable(place(path), { path, reason: read }));
    if (typeof read === 'number' || read.length > maximumFileSize) {
      const size = typeof read === 'number' ? read : read.length;
      return void this.diagnostics.push(faults.create.tooLarge(place(path), { path, size: mebibytes(size), limit: mebibytes(maximumFileSize) }));
    }
    const decoded = decodeUtf8(read);
    if (decoded.valid) return decoded.text;
    this.shown.push({ path, text: decoded.text });
    this.diagnostics.push(faults.create.invalidUtf8({ file: path, start: decoded.at, end: decoded.at + 1 }, {
      path, byte: `0x${decoded.byte.toString(16).toUpperCase().padStart(2, '0')}`, offset: String(decoded.offset),
    }));
    return undefined;
  }

  private add(path: string): void {
    const text = this.text(path);
    if (text !== undefined) this.files.push({ path, text });
  }

  private follow(path: string, above: readonly string[]): void {
    const full = joinPath(this.root, path);
    const isSource = path.endsWith('.lab');
    const real = attempt(() => this.host.realPath(full));
    if (real instanceof HostError) {
      // A broken link may be of no concern (an editor's lock); one that ends in .lab or runs in a circle is.
      if (real.fault === 'loop') this.diagnostics.push(faults.create.linkLoop(place(path), { path }));
      else if (isSource && real.fault === 'missing') this.diagnostics.push(faults.create.linkBroken(place(path), { path }));
      else if (isSource) this.refuse(path, real);
      return;
    }
    const base = above[0] ?? '';
    const stat = attempt(() => this.host.stat(real));
    const isFolder = !(stat instanceof HostError) && stat?.type === 'folder';
    if (above.includes(real)) this.diagnostics.push(faults.create.linkLoop(place(path), { path }));
    else if (!isWithin(base, real)) {
      if (isSource || isFolder) this.diagnostics.push(faults.create.linkLeaves(place(path), { path, target: baseName(real) }));
    } else if (isSource && !isFolder && !isRead(real.slice(base.length + 1))) this.add(path);
  }

  private refuse(path: string, error: HostError): void {
    this.diagnostics.push(faults.create.unreadable(place(path), { path: path === '' ? this.root : path, reason: reason(error) }));
  }
}

/** The walk reads this path by itself. */
function isRead(path: string): boolean {
  return path.endsWith('.lab') && !path.split('/').some(isHidden);
}

/** `52.0 MiB`. */
function mebibytes(size: number): string {
  return `${(size / 1024 / 1024).toFixed(1)} MiB`;
}
