/** The system of an image or machine as the plan names it. */
import type { Value } from '../eval/model.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { PlanOs } from '../plan/plan-os.js';

export function osOf(value: Value | undefined): PlanOs {
  if (value === undefined || !isObject(value) || value.t !== 'os') return { id: 'unknown', version: null, codename: null };
  const fact = (name: string): string | null => plainText(value.facts.get(name) ?? null) ?? null;
  return { id: value.id, version: fact('version'), codename: fact('codename') };
}
