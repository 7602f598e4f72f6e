/** Two branches that add different machines: Git merges the lock with the repository's own attributes, and labc goes on. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ground } from './source.js';
import { openBundle, type Bundle, type Repository } from './repository.js';

let bundle: Bundle;
beforeAll(() => {
  bundle = openBundle();
});
afterAll(() => bundle.close());

const files = Object.fromEntries(ground.files.map(({ path, text }) => [`labs/edits/${path}`, text]));
const machine = (name: string): string => `vm ${name} : host {\n  node = pve1  cores = 1  memory = 1GiB\n  nic lan\n  disk data = 8GiB { on = local-lvm  mount = /srv  keep = true }\n}\n`;

/** A branch on which one machine was added, built and committed. */
function branch(repository: Repository, name: string): void {
  repository.git('switch', '--quiet', '--create', name, 'main');
  repository.write(`labs/edits/${name}.lab`, machine(name));
  expect(repository.labc('build')).toMatchObject({ code: 0, err: '' });
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--message', `Add ${name}`);
}

test('two branches that add machines merge, and what each was given stays', () => {
  const repository = bundle.repository(files);
  expect(repository.labc('build')).toMatchObject({ code: 0, err: '' });
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--message', 'Lab');
  branch(repository, 'ada');
  branch(repository, 'bob');
  const facts = (revision: string): readonly string[] => repository.git('show', `${revision}:labs/edits/lab.lock`).split('\n');
  const wanted = new Set([...facts('ada'), ...facts('bob')]);

  repository.tryGit('merge', '--quiet', 'ada');
  expect(repository.git('diff', '--name-only', '--diff-filter=U').split('\n').filter((path) => path.startsWith('labs/'))).toEqual([]);
  expect(new Set(repository.read('labs/edits/lab.lock').split('\n'))).toEqual(wanted);
  expect(repository.labc('check')).toMatchObject({ code: 0, err: '' });

  // What is generated may conflict: it is made anew from the merged sources.
  expect(repository.labc('build', '--force')).toMatchObject({ code: 0, err: '' });
  expect(repository.labc('check', '--frozen')).toMatchObject({ code: 0, err: '' });
  expect(new Set(repository.read('labs/edits/lab.lock').split('\n'))).toEqual(wanted);
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--message', 'Merge ada');
}, 120_000);
