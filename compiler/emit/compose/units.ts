/** Compose's spelling of durations and sizes: the largest unit that says it exactly. */

export function composeDuration(milliseconds: number): string {
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}

/** Compose's units are binary whatever they are called. */
export function composeSize(bytes: number): string {
  for (const [suffix, unit] of UNITS) if (bytes !== 0 && bytes % unit === 0) return `${bytes / unit}${suffix}`;
  return `${bytes}b`;
}

const UNITS = [['g', 1024 ** 3], ['m', 1024 ** 2], ['k', 1024]] as const;
