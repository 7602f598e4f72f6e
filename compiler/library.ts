/** The standard library as the compiler takes it: parsed files, named files, and texts for messages. */
import type { File } from './syntax/ast.js';

export interface StandardLibrary {
  readonly files: readonly File[];
  /** Text of a `.lab` file or of a file that one names, by path such as `stdlib/capabilities/docker.asc`. */
  text(path: string): string | undefined;
}
