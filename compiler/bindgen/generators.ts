/** Every generator of the repository, in order: one that reads what another makes comes after it. */
import { ansibleBindings, ansibleSchema } from './ansible/generate.js';
import { composeBindings, composeSchema } from './compose/generate.js';
import { generateLookahead } from '../../grammar/analysis.js';
import { generateTextmate } from '../../grammar/textmate.js';
import { impactReference } from './impact.js';
import { justModules } from './just-modules.js';
import { kindsReference } from './kinds.js';
import { libraryReference } from './library-reference.js';
import type { Generator } from './generator.js';
import { standardLibrary } from './standard-library.js';
import { terraformBindings, terraformSchema } from './terraform/generate.js';

const textmate: Generator = { name: 'TextMate grammar', run: async () => generateTextmate() };
const lookahead: Generator = { name: 'lookahead', run: async () => generateLookahead() };

export const GENERATORS: readonly Generator[] = [lookahead, terraformSchema, terraformBindings, ansibleSchema, ansibleBindings, composeSchema, composeBindings, justModules, textmate, kindsReference, libraryReference, impactReference, standardLibrary];
