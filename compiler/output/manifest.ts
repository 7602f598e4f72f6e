/** `manifest.json`: the hash of every file that labc wrote below `out/<lab>/`, itself excepted, and the lab it came from. */
import { sortedBy } from '../base/text.js';

export const manifestName = 'manifest.json';

export interface Manifest {
  readonly lab: string;
  /** The folder of the sources as it was named: `labs/home`. */
  readonly source: string;
  readonly files: ReadonlyMap<string, ManifestEntry>;
}

export interface ManifestEntry {
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly executable: boolean;
}

/** One file a line, by path. */
export function printManifest(manifest: Manifest): string {
  const lines = sortedBy(manifest.files, ([path]) => path).map(([path, entry]) =>
    `    ${JSON.stringify(path)}: { "sha256": "${entry.sha256}"${entry.executable ? ', "executable": true' : ''} }`);
  const head = [`  "format": 1`, `  "lab": ${JSON.stringify(manifest.lab)}`, `  "source": ${JSON.stringify(manifest.source)}`];
  return `{\n${head.join(',\n')},\n  "files": {${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}}\n}\n`;
}

/** The manifest, or a clause that says why the text is none. */
export function parseManifest(text: string): Manifest | string {
  const json = parseJson(text);
  if (!isRecord(json)) return /^<{7} /m.test(text) ? 'it has conflict markers of Git' : 'it is not JSON';
  if (json['format'] !== 1) return 'another version of labc wrote it';
  const { lab, source, files } = json;
  if (typeof lab !== 'string' || typeof source !== 'string' || !isRecord(files)) return 'it lacks the lab, the source or the files';
  const entries = new Map<string, ManifestEntry>();
  for (const [path, entry] of Object.entries(files)) {
    if (!isInside(path)) return `${JSON.stringify(path)} lies outside the folder`;
    if (!isRecord(entry) || typeof entry['sha256'] !== 'string' || !/^[0-9a-f]{64}$/.test(entry['sha256'])) return `the hash of ${JSON.stringify(path)} is damaged`;
    entries.set(path, { sha256: entry['sha256'], executable: entry['executable'] === true });
  }
  return { lab, source, files: entries };
}

/** A relative path of plain parts: it cannot leave the folder it is joined to. */
export function isInside(path: string): boolean {
  return path !== '' && !path.includes('\0') && !path.includes('\\') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
