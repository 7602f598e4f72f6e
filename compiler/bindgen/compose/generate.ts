/** The two generators of Compose bindings: the schema from the Go module, types from the schema. */
import { distilledText, parseDistilled } from '../distilled.js';
import type { Generator } from '../generator.js';
import { emitCompose } from './emit.js';
import { readCompose } from './read.js';
import type { ComposeSchema } from './schema.js';

const SCHEMA = 'compiler/bindings/compose.schema.json';

export const composeSchema: Generator = {
  name: 'compose schema',
  run: async (repository) => [{ path: SCHEMA, text: await distilledText(await readCompose(repository)) }],
};

export const composeBindings: Generator = {
  name: 'compose bindings',
  run: async (repository) => {
    const schema = parseDistilled<ComposeSchema>(SCHEMA, await repository.read(SCHEMA));
    return [{ path: 'compiler/bindings/compose.gen.ts', text: await emitCompose(schema) }];
  },
};
