/** The documents of a lab: `README.md` with tables of everything, and `topology.svg`, the picture that it shows. */
import type { EmittedFile } from '../../plan/emitted.js';
import type { Plan } from '../../plan/plan.js';
import { readme } from './readme.js';
import { topology } from './topology.js';

export function emitDocs(plan: Plan): readonly EmittedFile[] {
  return [{ path: 'README.md', text: readme(plan) }, { path: 'topology.svg', text: topology(plan) }];
}
