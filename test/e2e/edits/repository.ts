/** A Git repository with labs in it, and the bundle run there as people run it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { compareText } from '../../../compiler/base/text.js';
import { repositoryRoot } from '../../support/tools.js';

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Repository {
  readonly folder: string;
  /** Runs Git, which must succeed. */
  git(...args: readonly string[]): string;
  /** Runs Git, which may fail. */
  tryGit(...args: readonly string[]): Ran;
  labc(...args: readonly string[]): Ran;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Every file and its text, Git's own left out: what nothing may have changed. */
  snapshot(): ReadonlyMap<string, string>;
}

export interface Bundle {
  /** A new folder with these files in it, a Git repository unless told otherwise. */
  repository(files: Readonly<Record<string, string>>, options?: { readonly git?: boolean }): Repository;
  close(): void;
}

/** Bundles the compiler, below the package where a bundle belongs. */
export function openBundle(): Bundle {
  const cache = join(repositoryRoot, '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'edits-'));
  const dist = join(folder, 'dist');
  const ran = spawnSync(process.execPath, [join(repositoryRoot, 'scripts', 'bundle.mjs'), dist], { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(ran.stderr);
  return {
    repository: (files, { git = true } = {}) => {
      const made = openRepository(mkdtempSync(join(folder, 'work-')), join(dist, 'labc.cjs'));
      for (const [path, text] of Object.entries(files)) made.write(path, text);
      if (git) {
        copyFileSync(join(repositoryRoot, '.gitattributes'), join(made.folder, '.gitattributes'));
        made.git('init', '--quiet', '--initial-branch=main');
      }
      return made;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function openRepository(folder: string, program: string): Repository {
  // No settings of this machine's user, and no repository above the folder.
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_CEILING_DIRECTORIES: dirname(folder), GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.net', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.net' };
  const run = (command: string, args: readonly string[]): Ran => {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env });
    return { code: status, out: stdout, err: stderr };
  };
  const tryGit = (...args: readonly string[]): Ran => run('git', args);
  return {
    folder, tryGit,
    git: (...args) => {
      const { code, out, err } = tryGit(...args);
      if (code !== 0) throw new Error(`git ${args.join(' ')}: ${out}${err}`);
      return out;
    },
    labc: (...args) => run(process.execPath, [program, ...args]),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    snapshot: () => new Map(filesBelow(folder).map((path) => [relative(folder, path), readFileSync(path, 'utf8')])),
  };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder).sort(compareText).flatMap((name) => {
    const path = join(folder, name);
    if (name === '.git') return [];
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}
