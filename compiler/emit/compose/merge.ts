/**
 * The author's own Compose, laid over what the emitter made: records field by field, everything else replaced, as `=`
 * does in the language.
 */
import type { PlanRecord } from '../../plan/data.js';

export function mergeRaw(made: Readonly<Record<string, unknown>>, raw: PlanRecord): Record<string, unknown> {
  const merged = new Map(Object.entries(made));
  for (const [key, value] of Object.entries(raw)) {
    const below = merged.get(key);
    merged.set(key, isRecord(below) && isRecord(value) ? mergeRaw(below, value) : value);
  }
  return Object.fromEntries(merged);
}

function isRecord(value: unknown): value is PlanRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !('$' in value);
}
