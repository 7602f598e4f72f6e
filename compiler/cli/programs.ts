/** What a command may ask of the machine beside its disk: other programs, variables, chance. Only `labc secrets`, `labc review` and `labc fetch` do. */

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  /** The folder to run in; the working folder where none is given. */
  readonly folder?: string;
  readonly input?: string;
  /** Each byte of `out` and `err` is a character of its own, for what may be no text. */
  readonly bytes?: boolean;
  /** Variables beside labc's own. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface Programs {
  /** Runs a program of the PATH to its end; undefined where there is none of that name. */
  run(program: string, args: readonly string[], options?: RunOptions): Ran | undefined;
  variable(name: string): string | undefined;
  /** Bytes that nobody can guess. */
  random(bytes: number): Uint8Array;
  /** A command line that overwrites the file named after it by what the variable holds. */
  readonly writer: (variable: string) => string;
}
