/** docs/kinds.md says what the prelude says. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { kindsReference } from '../../compiler/bindgen/kinds.js';
import { openRepository } from '../../compiler/bindgen/repository.js';

it('docs/kinds.md follows from stdlib/prelude', async () => {
  const repository = openRepository(fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, ''));
  for (const { path, text } of await kindsReference.run(repository)) {
    expect(text === (await repository.read(path)), `${path} is stale: run npm run gen`).toBe(true);
  }
});
