/** How documents say sizes and secrets' places. */
import type { PlanSecret } from '../../plan/plan.js';

/** The largest binary unit that keeps at most one decimal. */
export function sizeText(bytes: number): string {
  for (const [unit, size] of UNITS) if (bytes >= size) return `${Math.round((bytes / size) * 10) / 10} ${unit}`;
  return `${bytes} B`;
}

const UNITS = [['TiB', 2 ** 40], ['GiB', 2 ** 30], ['MiB', 2 ** 20], ['KiB', 2 ** 10]] as const;

export function secretSource(secret: PlanSecret, store: string | null): string {
  const from = secret.from;
  switch (from.source) {
    case 'env': return `environment: ${from.variable}`;
    case 'sops': return `sops: ${from.key} in ${from.file}`;
    case 'onepassword': return `1Password: ${from.vault}/${from.item}/${from.field}`;
    case 'generated': return `generated: ${from.entry} in ${store ?? 'the store'}`;
    case 'derived': return `${from.hash} of ${from.of}: ${from.entry} in ${store ?? 'the store'}`;
  }
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
