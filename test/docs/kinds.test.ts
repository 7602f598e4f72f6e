/** docs/kinds.md says what the prelude says, docs/library.md what the standard library says, docs/impact.md what the tables say. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { impactReference } from '../../compiler/bindgen/impact.js';
import { kindsReference } from '../../compiler/bindgen/kinds.js';
import { libraryReference } from '../../compiler/bindgen/library-reference.js';
import { openRepository } from '../../compiler/bindgen/repository.js';

it.each([kindsReference, libraryReference, impactReference])('the $name is fresh', async (reference) => {
  const repository = openRepository(fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, ''));
  for (const { path, text } of await reference.run(repository)) {
    expect(text === (await repository.read(path)), `${path} is stale: run npm run gen`).toBe(true);
  }
});
