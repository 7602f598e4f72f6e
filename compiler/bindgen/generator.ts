/**
 * What a generator is: a name, and a function from the repository to the files that belong in it.
 * A generator reads other generated files through the repository, so that a schema read in the same run is seen
 * before it is written. It writes nothing itself: `main.ts` writes, or with `--check` compares.
 */

export interface GeneratedFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Generator {
  readonly name: string;
  run(repository: Repository): Promise<readonly GeneratedFile[]>;
}

/** The repository as this run leaves it: files that earlier generators made, else those on disk. */
export interface Repository {
  readonly root: string;
  read(path: string): Promise<string>;
  /** Paths of the files on disk below `folder`, in order. */
  list(folder: string): Promise<readonly string[]>;
}

/** Thrown by a generator that needs a tool which this machine lacks: the run skips it by name. */
export class MissingTool extends Error {
  constructor(readonly tool: string, reason: string) {
    super(`${tool}: ${reason}`);
  }
}
