/** What no table of `compiler/impact` knows is said to be unknown, never harmless; and the worst of several. */
import { worse, type ImpactOf } from '../impact/impact.js';

export const UNKNOWN_TERRAFORM: ImpactOf = { impact: 'replace', note: 'labc does not know what this raw Terraform does: read the plan', source: 'raw Terraform' };
export const UNKNOWN_COMPOSE: ImpactOf = { impact: 'restart', note: 'labc does not know this key: Compose makes the container anew for any change of it', source: 'raw Compose' };

/** The first of the worst; `in_place` where there is none. */
export function worstOf(impacts: readonly ImpactOf[]): ImpactOf {
  return impacts.reduce((worst, next) => (worse(worst.impact, next.impact) === worst.impact ? worst : next), impacts[0] ?? { impact: 'in_place', note: '', source: '' });
}
