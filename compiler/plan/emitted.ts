/** What an emitter returns: files of `out/<lab>/`, as text. */
export interface EmittedFile {
  /** Relative to `out/<lab>/`, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly executable?: boolean;
}
