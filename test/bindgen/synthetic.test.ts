/** A made-up provider with every kind of attribute and nesting: its builders compile, and refuse what is not in it. */
import { fileURLToPath } from 'node:url';
import { Project, ts } from 'ts-morph';
import { beforeAll, describe, expect, it } from 'vitest';
import { distilled } from '../../compiler/bindgen/distilled.js';
import { distilTerraform } from '../../compiler/bindgen/terraform/distil.js';
import { emitTerraform } from '../../compiler/bindgen/terraform/emit.js';

const types = {
  text: 'string', number: 'number', flag: 'bool', anything: 'dynamic',
  texts: ['list', 'string'], numbers: ['set', 'number'], labels: ['map', 'string'], matrix: ['list', ['list', 'bool']],
  pair: ['object', { left: 'string', right: ['list', 'number'] }],
} as const;
const flags = { required: { required: true }, optional: { optional: true }, either: { optional: true, computed: true }, output: { computed: true } };
const plain = Object.fromEntries(
  Object.entries(types).flatMap(([name, type]) =>
    Object.entries(flags).map(([flag, given]) => [`${name}_${flag}`, { type, ...given, description: 'Ends a comment */ and "quotes".' }]),
  ),
);
const nested = Object.fromEntries(
  ['single', 'list', 'set', 'map'].flatMap((nesting_mode) =>
    Object.entries(flags).map(([flag, given]) => [`in_${nesting_mode}_${flag}`, { nested_type: { nesting_mode, attributes: { name: { type: 'string', required: true } } }, ...given }]),
  ),
);
const leaf = { attributes: { size: { type: 'number', required: true } } };
const blocks = Object.fromEntries(
  ['single', 'group', 'list', 'set'].flatMap((nesting_mode) => [
    [`${nesting_mode}_block`, { nesting_mode, block: leaf }],
    [`${nesting_mode}_one`, { nesting_mode, min_items: 1, max_items: 1, block: leaf }],
    [`${nesting_mode}_deep`, { nesting_mode, block: { block_types: { inner: { nesting_mode, block: leaf } } } }],
  ]),
);
const odd = {
  id: { type: 'string', optional: true, computed: true },
  old: { type: 'string', optional: true, deprecated: true },
  as_blocks: { type: ['list', ['object', { bridge: 'string', mtu: 'number' }]], optional: true, computed: true },
  'kebab-name': { type: 'string', optional: true },
};
const schema = {
  provider_schemas: {
    'example.org/acme/thing': {
      provider: { block: { attributes: { endpoint: { type: 'string', required: true } } } },
      resource_schemas: {
        thing_bare: { block: {} },
        thing_small: { block: { attributes: { ...odd, name: { type: 'string', required: true } }, block_types: { disk: { nesting_mode: 'list', block: leaf } } } },
        thing_whole: { block: { attributes: { ...plain, ...nested, ...odd }, block_types: blocks } },
        thing_old: { block: { deprecated: true } },
      },
    },
  },
};
const distil = (...resources: string[]) => distilTerraform(schema, 'example.org/acme/thing', resources);

describe('a synthetic provider', () => {
  let generated = '';
  let project: Project;

  beforeAll(async () => {
    generated = await emitTerraform(distilled({ 'acme/thing': '1.0.0' }, distil('thing_bare', 'thing_small', 'thing_whole')));
    const tsConfigFilePath = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));
    project = new Project({ tsConfigFilePath, skipAddingFilesFromTsConfig: true });
    project.createSourceFile(place('synthetic'), generated, { overwrite: true });
  }, 60_000);

  it('generates code without a fault', () => expect(faults('synthetic')).toEqual([]), 60_000);

  it.each([
    ['the least there is', `b.thingSmall('a', { name: 'x' })`, 0],
    ['undefined for what is left out', `b.thingSmall('a', { name: 'x', 'kebab-name': undefined })`, 0],
    ['an expression', `b.thingSmall('a', { name: b.thingBareRef('c') })`, 0],
    ['blocks', `b.thingSmall('a', { name: 'x', disk: [{ size: 1 }], as_blocks: [{ mtu: 9000 }, {}] })`, 0],
    ['meta-arguments', `b.thingSmall('a', { name: 'x' }, { lifecycle: { ignoreChanges: ['disk'] }, comments: { name: 'Why.' } })`, 0],
    ['a reference to an output', `b.thingWholeRef('a', 'text_output')`, 0],
    ['a required attribute left out', `b.thingSmall('a', {})`, 2345],
    ['a required one as undefined', `b.thingSmall('a', { name: undefined })`, 2322],
    ['a misspelt attribute', `b.thingSmall('a', { name: 'x', kebab_name: 'y' })`, 2561],
    ['a misspelt one in a block', `b.thingSmall('a', { name: 'x', disk: [{ size: 1, sise: 2 }] })`, 2353],
    ['a required one in a block left out', `b.thingSmall('a', { name: 'x', disk: [{}] })`, 2741],
    ['one block where there are many', `b.thingSmall('a', { name: 'x', disk: { size: 1 } })`, 2353],
    ['a wrong type', `b.thingSmall('a', { name: 1 })`, 2322],
    ['a deprecated attribute', `b.thingSmall('a', { name: 'x', old: 'y' })`, 2353],
    ['an output as argument', `b.thingSmall('a', { name: 'x', id: 'y' })`, 2353],
    ['an ignored attribute that is not there', `b.thingSmall('a', { name: 'x' }, { lifecycle: { ignoreChanges: ['nam'] } })`, 2820],
    ['a reference to nothing', `b.thingSmallRef('a', 'nam')`, 2345],
    ['a provider without its endpoint', `b.thingProvider({})`, 2345],
  ])('%s: %s gives %d', (_, use, code) => {
    project.createSourceFile(place('use'), `import * as b from './synthetic.js';\nexport const made = ${use};\n`, { overwrite: true });
    expect(faults('use')).toEqual(code === 0 ? [] : [code]);
  }, 60_000);

  it('is refused where emitters could not use it', () => {
    expect(() => distil('thing_none')).toThrow('no resource thing_none');
    expect(() => distil('thing_old')).toThrow('deprecated');
    expect(() => distilTerraform(schema, 'example.org/other', [])).toThrow('no schema');
  });

  function place(name: string): string {
    return fileURLToPath(new URL(`../../compiler/bindings/${name}.ts`, import.meta.url));
  }

  function faults(name: string): number[] {
    const diagnostics = project.getSourceFileOrThrow(place(name)).getPreEmitDiagnostics();
    return diagnostics.filter((entry) => entry.getCategory() === ts.DiagnosticCategory.Error).map((entry) => entry.getCode());
  }
});
