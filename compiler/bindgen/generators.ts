/** Every generator of the repository, in order: one that reads what another makes comes after it. */
import { ansibleBindings, ansibleSchema } from './ansible/generate.js';
import { composeBindings, composeSchema } from './compose/generate.js';
import type { Generator } from './generator.js';
import { terraformBindings, terraformSchema } from './terraform/generate.js';

export const GENERATORS: readonly Generator[] = [terraformSchema, terraformBindings, ansibleSchema, ansibleBindings, composeSchema, composeBindings];
