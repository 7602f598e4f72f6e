/** Sizes as people write them. */

const UNITS = [['TiB', 2 ** 40], ['GiB', 2 ** 30], ['MiB', 2 ** 20], ['KiB', 2 ** 10]] as const;

/** `24GiB`, `1.5TiB`, `512MiB`: the largest unit that is reached, at most one decimal. */
export function printSize(bytes: number): string {
  const [name, unit] = UNITS.find(([, size]) => bytes >= size) ?? ['B', 1];
  const rounded = Math.round((bytes / unit) * 10) / 10;
  return `${rounded}${name}`;
}
