/** A name of the lab's zone means one thing to those who see it. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Plan, PlanName } from '../plan/plan.js';
import { otherPlace } from './claims.js';
import { spanOf, type Rule } from './rule.js';

/** Types that say where a name is; of the others a name may have several. */
const PLACES: readonly string[] = ['A', 'AAAA', 'CNAME'];

export const rule: Rule = {
  name: 'dns-name',
  doc: 'A DNS name has one value of its type in each view, and a CNAME stands alone.',
  check({ plan }) {
    const firsts = new Map<string, PlanName[]>();
    const found: Diagnostic[] = [];
    const doubled = doubledNames(plan);
    for (const name of plan.names) {
      if (!PLACES.includes(name.type) || doubled.has(name.name.toLowerCase())) continue;
      const key = `${name.view} ${name.name.toLowerCase()}`;
      const others = firsts.get(key) ?? [];
      const other = others.find((before) => clash(before, name));
      if (other === undefined) firsts.set(key, [...others, name]);
      else {
        const labels = [otherPlace({ who: meaning(other), origin: other.origin })];
        found.push(proofs.create.conflictingName(spanOf(name.origin), { name: name.name, first: meaning(other), second: meaning(name) }, { labels }));
      }
    }
    return found;
  },
};

/** Names of machines that two machines have: the machines' own rule says so. */
function doubledNames(plan: Plan): ReadonlySet<string> {
  const all = plan.machines.map((machine) => `${machine.name}.${plan.lab.domain}`.toLowerCase());
  return new Set(all.filter((name, i) => all.indexOf(name) !== i));
}

function clash(a: PlanName, b: PlanName): boolean {
  if (a.type === b.type) return a.value.toLowerCase() !== b.value.toLowerCase();
  return a.type === 'CNAME' || b.type === 'CNAME';
}

function meaning(name: PlanName): string {
  return name.type === 'CNAME' ? `the alias ${name.value}` : name.value;
}
