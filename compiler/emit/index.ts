/**
 * Everything that a plan becomes: the files of `out/<lab>/`, by path. Emitters know nothing of each other's files, so
 * two of them writing one path is a bug in labc and is found here, before anything is written.
 */
import { sortedBy } from '../base/text.js';
import type { EmittedFile } from '../plan/emitted.js';
import type { Plan } from '../plan/plan.js';
import { emitAnsible } from './ansible/index.js';
import { emitCompose } from './compose/index.js';
import { emitDocs } from './docs/index.js';
import { emitJust } from './just/index.js';
import { emitTerraform } from './terraform/index.js';

export function emitAll(plan: Plan): readonly EmittedFile[] {
  const terraform = emitTerraform(plan);
  const ignored = terraform.length === 0 ? [] : [IGNORED];
  const files = sortedBy([...terraform, ...ignored, ...emitAnsible(plan), ...emitCompose(plan), ...emitJust(plan), ...emitDocs(plan), ATTRIBUTES], (file) => file.path);
  const paths = new Set<string>();
  for (const { path } of files) {
    if (paths.has(path)) throw new Error(`two emitters write ${path}`);
    paths.add(path);
  }
  for (const { path } of files) {
    for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
      if (paths.has(path.slice(0, end))) throw new Error(`${path.slice(0, end)} is a file and a folder`);
    }
  }
  return files;
}

/** Hosts of Git fold these files in reviews, and no checkout changes their line ends. */
const ATTRIBUTES: EmittedFile = { path: '.gitattributes', text: '* -text linguist-generated\n' };

/** What Terraform leaves beside its files: a state holds secrets, and one that a backend did not take lands here too. */
const IGNORED: EmittedFile = { path: 'terraform/.gitignore', text: '.terraform/\n*.tfstate\n*.tfstate.*\n' };
