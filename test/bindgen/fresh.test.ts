/** The committed bindings are what the committed schemas give, and the schemas are what the real tools say. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { MODULES } from '../../compiler/bindings/ansible.gen.js';
import { PROVIDER } from '../../compiler/bindings/terraform.gen.js';
import { ansibleBindings, ansibleSchema } from '../../compiler/bindgen/ansible/generate.js';
import type { AnsibleSchema } from '../../compiler/bindgen/ansible/distil.js';
import { composeBindings, composeSchema } from '../../compiler/bindgen/compose/generate.js';
import { contentHash, parseDistilled } from '../../compiler/bindgen/distilled.js';
import { MissingTool, type Generator } from '../../compiler/bindgen/generator.js';
import { GENERATORS } from '../../compiler/bindgen/generators.js';
import { openRepository } from '../../compiler/bindgen/repository.js';
import { standardLibrary } from '../../compiler/bindgen/standard-library.js';
import { terraformBindings, terraformSchema } from '../../compiler/bindgen/terraform/generate.js';
import { describeWithTool, pinnedVersion } from '../support/tools.js';

const repository = openRepository(fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, ''));
const schemas = ['terraform', 'ansible', 'compose'].map((name) => `compiler/bindings/${name}.schema.json`);

async function expectFresh(generator: Generator): Promise<void> {
  for (const { path, text } of await generator.run(repository)) {
    expect(text === (await repository.read(path)), `${path} is stale: run npm run gen`).toBe(true);
  }
}

describe('committed bindings', () => {
  it.each([terraformBindings, ansibleBindings, composeBindings])('$name follow from the committed schema', expectFresh, 30_000);

  it.each(schemas)('%s has the hash it states', async (path) => {
    const text = await repository.read(path);
    const schema = parseDistilled<unknown>(path, text);
    expect(schema.sha256).toBe(contentHash(schema.content));
    expect(() => parseDistilled(path, text.replace(schema.sha256, '0'.repeat(64)))).toThrow(path);
  });

  it('are for the provider that tools/ builds', () => {
    expect(PROVIDER).toEqual({ name: 'proxmox', source: 'bpg/proxmox', version: pinnedVersion('provider') });
  });

  it('carry every module of the schema in the run-time table', async () => {
    const path = 'compiler/bindings/ansible.schema.json';
    const { modules } = parseDistilled<AnsibleSchema>(path, await repository.read(path)).content;
    expect({ ...MODULES }).toEqual(modules);
  });
});

describe('the packed standard library', () => {
  it('is what stdlib/ says', () => expectFresh(standardLibrary), 30_000);
});

describe('generators', () => {
  it('have different names', () => {
    const names = GENERATORS.map((generator) => generator.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describeWithTool('terraform', () => {
  it('the provider says what terraform.schema.json says', () => expectFresh(terraformSchema), 60_000);
});

describeWithTool('ansible-doc', () => {
  it('ansible-doc says what ansible.schema.json says', () => expectFresh(ansibleSchema), 60_000);
});

describe('with the Go module of compose-spec', () => {
  it('it says what compose.schema.json says', async ({ skip }) => {
    try {
      await expectFresh(composeSchema);
    } catch (error) {
      if (error instanceof MissingTool && process.env.LABC_REQUIRE_TOOLS !== '1') skip(error.message);
      throw error;
    }
  }, 60_000);
});
