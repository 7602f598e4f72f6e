/** Whatever goes into the YAML writer comes back out of a YAML 1.1 reader (PyYAML) and a YAML 1.2 reader (`yaml`). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { writeYaml } from '../../compiler/emit/yaml/write.js';
import { describeWithTool } from '../support/tools.js';

const WORDS = [
  'yes', 'No', 'on', 'OFF', 'y', 'N', 'true', 'False', 'null', 'Null', '~', '', ' ', '=', '<<', '-', '?', ':', '---', '...', '|', '>', '!x', '&a', '*a', '%x', '@x', '`x`',
  '22:22', '1_000', '0644', '0o17', '0x1F', '1e3', '1.', '.5', '.inf', '-.INF', '.nan', '2024-01-01', '2001-12-14t21:59:43.10-05:00', '+1', '-0', '0b11',
  'a: b', 'a #b', '#b', 'a:', ':a', '- a', '? a', '[a', '{a', 'a, b', "'a'", '"a"', 'a\\nb', 'a\tb', '\ta', 'a ', ' a', 'a\n', '\na', 'a\nb', 'a\n\nb\n\n', 'a\r\nb', 'a\n  b\n', 'a \nb',
  'a\u0085b', 'a\u2028b', 'a\u2029b', 'a\ufeffb', 'a\u007fb', 'a\u0000b', 'a\u0007b', 'a\ufffeb', '\ud83d\ude00', 'x'.repeat(1200), 'word '.repeat(60), `${'word '.repeat(60)}\nx`,
  'docker-ce', '/etc/docker/daemon.json', 'docker.io/library/traefik:v3.6', 'Install docker-ce and containerd.io', "docker | Say it isn't so", 'ünï çødé', '${x}', '%{x}', '{{ x }}', '<<% x %>>', '$HOME', 'x\u00a0y',
];
const text = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(' ', '\n', 'a', ':', '#', '-', "'", '"', '\\', '\t', '|', '{', '%', '1', '.', 'é', '\u2028', '[', ',') }),
);
const leaf = fc.oneof({ weight: 4, arbitrary: text }, { weight: 1, arbitrary: fc.integer() }, { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) }, { weight: 1, arbitrary: fc.constantFrom(true, false, null) });
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, leaf, tie('list'), tie('record')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  record: fc.dictionary(text.filter((key) => key !== '$' && key !== '__proto__'), tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));
const width = fc.constantFrom(0, 60, 160);

/** Negative zero is a number of its own to no reader that matters. */
const plain = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

describe('a YAML 1.2 reader', () => {
  test('reads every value back', () => {
    fc.assert(
      fc.property(value, width, (data, folded) => {
        expect(plain(parse(writeYaml(data, { width: folded }), { maxAliasCount: 0 }))).toEqual(plain(data));
      }),
      { numRuns: 2000, examples: WORDS.map((word): [unknown, number] => [{ [word === '$' ? 'x' : word]: [word, { a: word }] }, 60]) },
    );
  });

  test('sees a block style without flow, in the order given, byte-equal every time', () => {
    const data = { name: 'docker | Install', list: [{ b: 1, a: [1, [2]] }, [], {}], mode: '0644', when: 'a is changed', script: 'set -e\nx\n' };
    expect(writeYaml(data, { header: 'From labs/home.\n\nDo not edit.', start: true })).toMatchInlineSnapshot(`
      "# From labs/home.
      #
      # Do not edit.
      ---
      name: docker | Install
      list:
        - b: 1
          a:
            - 1
            - - 2
        - []
        - {}
      mode: "0644"
      when: a is changed
      script: |
        set -e
        x
      "
    `);
  });

  test('sees tags and the text of decimals', () => {
    const source = writeYaml({ a: { $: 'tag', tag: '!Find', value: [1, { b: 'yes' }] }, b: [{ $: 'tag', tag: '!unsafe', value: '{{ x }}' }], c: { $: 'decimal', text: '24.10' }, d: { $: 'decimal', text: '010' } });
    expect(source).toBe('a: !Find\n  - 1\n  - b: "yes"\nb:\n  - !unsafe "{{ x }}"\nc: 24.10\nd: "010"\n');
    expect(parseDocument(source, { logLevel: 'silent' }).errors).toEqual([]);
  });

  test('sees marks of holes in double quotes, whatever stands around them', () => {
    for (const around of ['Bearer ', 'a\n', 'word '.repeat(60), '']) expect(writeYaml({ a: `${around}%labc0:0%` }, { width: 60 })).toBe(`a: ${JSON.stringify(`${around}%labc0:0%`)}\n`);
  });

  test('a header cannot end its comment', () => {
    for (const end of ['\n', '\r', '\r\n', '\u2028', '\u0085']) expect(parse(writeYaml({ a: 1 }, { header: `x${end}b: 2` }))).toEqual({ a: 1 });
  });
});

describeWithTool('python', (python) => {
  test('PyYAML reads every value back', async () => {
    const values = [...WORDS.map((word) => ({ [word]: [word] })), ...fc.sample(value, { numRuns: 3000, seed: 11 })];
    const cases = values.flatMap((data) => [0, 60].map((folded) => ({ data, yaml: writeYaml(data, { width: folded }) })));
    const program = [
      'import json, sys, yaml',
      'for case in json.load(sys.stdin):',
      '    try:',
      '        got = yaml.load(case["yaml"], Loader=yaml.CSafeLoader if case["c"] else yaml.SafeLoader)',
      '    except Exception as error:',
      '        got = {"error": str(error)}',
      '    want = case["data"]',
      '    if got != want or type(got) is not type(want) and not isinstance(got, (int, float)):',
      '        print(json.dumps({"want": want, "got": repr(got), "yaml": case["yaml"]}))',
    ].join('\n');
    const hasLone = (data: unknown): boolean => /\\ud[89a-f]/i.test(JSON.stringify(data));
    // libyaml, the C reader that Ansible prefers, refuses lone surrogates; no file can hold them unescaped.
    const input = cases.flatMap(({ data, yaml }) => [false, true].filter((c) => !(c && hasLone(data))).map((c) => ({ data, yaml, c })));
    const result = await python.run(['-c', program], { input: JSON.stringify(input) });
    expect(result.all.slice(0, 2000)).toBe('');
  }, 120_000);
});
