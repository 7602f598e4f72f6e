/** Generated secrets that come where another one went: a rename that nobody said, as likely as not, and a value that its database does not know. */
import type { Lock } from '../allocation/lock.js';
import { sortedBy } from '../base/text.js';
import { identity } from '../diagnostics/catalogue/identity.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Plan } from '../plan/plan.js';
import { spanOf } from './subjects.js';

/** `lock` is under present names: a secret that says what it was has its entry there. */
export function replacedSecrets(plan: Plan, lock: Lock): readonly Diagnostic[] {
  const present = new Set(plan.secrets.map(({ key }) => key));
  const before = [...lock.facts.keys()].flatMap((fact) => (fact.startsWith(ENTRY) ? [fact.slice(ENTRY.length)] : []));
  const made = plan.secrets.filter(({ key, from }) => from.source === 'generated' && !before.includes(key));
  return made.flatMap(({ key, origin }) => {
    const gone = sortedBy(before.filter((other) => placeOf(other) === placeOf(key) && !present.has(other)), (other) => other);
    if (gone[0] === undefined) return [];
    return [identity.create.secretReplaced(spanOf(origin), { name: key, gone: gone.map((other) => `\`${other}\``).join(', '), former: gone[0].slice(placeOf(gone[0]).length) })];
  });
}

const ENTRY = 'entry ';

/** `immich.` of `immich.db_password`. */
function placeOf(key: string): string {
  return key.slice(0, key.lastIndexOf('.') + 1);
}
