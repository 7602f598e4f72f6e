/** Tags come back from Proxmox as they were written. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import { guestsOf } from './ground.js';
import { TAG } from './pve-limits.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'tags',
  doc: 'Tags have the form that Proxmox keeps.',
  check({ plan }) {
    return guestsOf(plan).flatMap(({ guest }) => guest.tags.filter((tag) => !TAG.test(tag)).map((tag) => proofs.create.tagForm(spanOf(guest.origin), { tag, suggestion: suggested(tag) })));
  },
};

function suggested(tag: string): string {
  return tag.toLowerCase().replace(/[^a-z0-9_\-+.]+/g, '-').replace(/^[^a-z0-9_]+/, '') || 'tag';
}
