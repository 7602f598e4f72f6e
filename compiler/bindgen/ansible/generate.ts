/** The two generators of Ansible bindings: the schema from ansible-doc, types and table from the schema. */
import { distilledText, parseDistilled } from '../distilled.js';
import type { Generator } from '../generator.js';
import type { AnsibleSchema } from './distil.js';
import { emitAnsible } from './emit.js';
import { readAnsible } from './read.js';

const SCHEMA = 'compiler/bindings/ansible.schema.json';

export const ansibleSchema: Generator = {
  name: 'ansible schema',
  run: async (repository) => [{ path: SCHEMA, text: await distilledText(await readAnsible(repository)) }],
};

export const ansibleBindings: Generator = {
  name: 'ansible bindings',
  run: async (repository) => {
    const schema = parseDistilled<AnsibleSchema>(SCHEMA, await repository.read(SCHEMA));
    return [{ path: 'compiler/bindings/ansible.gen.ts', text: await emitAnsible(schema) }];
  },
};
