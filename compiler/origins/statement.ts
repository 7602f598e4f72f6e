/** What a place in a generated file is about, before anybody asks the compiler: attributes by their paths, or statements. */
import type { Origin } from '../plan/data.js';

export interface Subject {
  /** Attributes as `labc why` takes them, the likeliest first; the first that somebody wrote is the one. */
  readonly paths?: readonly string[];
  /** The statements, the nearest first, where no attribute says it. */
  readonly origins: readonly Origin[];
}

/** A subject of statements only; what is unknown is left out. */
export function of(...origins: readonly (Origin | null | undefined)[]): Subject {
  return { origins: origins.filter((origin) => origin !== null && origin !== undefined) };
}

/** A subject whose value attributes say. */
export function said(paths: readonly (string | undefined)[], ...origins: readonly (Origin | null | undefined)[]): Subject {
  return { ...of(...origins), paths: paths.filter((path) => path !== undefined) };
}
