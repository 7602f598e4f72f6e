/** The two generators of Terraform bindings: the schema from the real provider, the builders from the schema. */
import { distilledText, parseDistilled } from '../distilled.js';
import type { Generator } from '../generator.js';
import { emitTerraform } from './emit.js';
import { readTerraform } from './read.js';
import type { TerraformSchema } from './schema.js';

const SCHEMA = 'compiler/bindings/terraform.schema.json';

export const terraformSchema: Generator = {
  name: 'terraform schema',
  run: async (repository) => [{ path: SCHEMA, text: await distilledText(await readTerraform(repository)) }],
};

export const terraformBindings: Generator = {
  name: 'terraform bindings',
  run: async (repository) => {
    const schema = parseDistilled<TerraformSchema>(SCHEMA, await repository.read(SCHEMA));
    return [{ path: 'compiler/bindings/terraform.gen.ts', text: await emitTerraform(schema) }];
  },
};
