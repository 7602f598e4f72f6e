/** Every generator of the repository, in order: one that reads what another makes comes after it. */
import type { Generator } from './generator.js';
import { terraformBindings, terraformSchema } from './terraform/generate.js';

export const GENERATORS: readonly Generator[] = [terraformSchema, terraformBindings];
