/** Compose interpolates every string value of its file, so a dollar sign is written twice; keys are left alone by both. */

/** The same tree with every `$` of text doubled. Tagged forms pass. */
export function escapeDollars<T>(value: T): T {
  return escapeTree(value) as T;
}

function escapeTree(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('$') ? value.replaceAll('$', '$$$$') : value;
  if (Array.isArray(value)) return value.map(escapeTree);
  if (typeof value !== 'object' || value === null || '$' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeTree(item)]));
}
