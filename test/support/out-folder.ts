/** A folder of `out/` as a build leaves it: emitted files and their manifest, for tests that run tools inside. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { printManifest } from '../../compiler/output/manifest.js';
import type { EmittedFile } from '../../compiler/plan/emitted.js';

/** Files that are there and not among `files` stay, as in a real build. */
export function writeOut(folder: string, files: readonly EmittedFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const entries = files.map(({ path, text, executable }) => [path, { sha256: createHash('sha256').update(text).digest('hex'), executable: executable === true }] as const);
  writeFileSync(join(folder, 'manifest.json'), printManifest({ lab: 'home', source: 'labs/home', files: new Map(entries) }));
}

/** A program for the PATH of a child, as a shell script. */
export function writeProgram(folder: string, name: string, script: string): void {
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}
