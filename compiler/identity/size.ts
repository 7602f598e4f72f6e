/** Sizes of facts read back: the units that `sizeText` writes. */
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** 0 for what is no size. */
export function parseSize(text: string): number {
  const match = /^(\d+)(B|KiB|MiB|GiB|TiB)$/.exec(text);
  return match === null ? 0 : Number(match[1]) * 1024 ** UNITS.findIndex((unit) => unit === match[2]);
}
