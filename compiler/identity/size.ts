/** Sizes as the lock writes them: the largest unit that leaves nothing over, `32GiB`. */
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function printSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (unit < UNITS.length - 1 && value !== 0 && value % 1024 === 0) {
    value /= 1024;
    unit++;
  }
  return `${value}${UNITS[unit] ?? 'B'}`;
}

/** 0 for what is no size. */
export function parseSize(text: string): number {
  const match = /^(\d+)(B|KiB|MiB|GiB|TiB)$/.exec(text);
  return match === null ? 0 : Number(match[1]) * 1024 ** UNITS.findIndex((unit) => unit === match[2]);
}
