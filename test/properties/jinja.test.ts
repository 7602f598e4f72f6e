/** Hostile text through the real Ansible: in arguments, in variables, in sealed files, as a secret's value, nothing is interpreted and nothing changes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderSealed, SEALED_DELIMITERS, secretVariable } from '../../compiler/emit/ansible/sealed.js';
import { literalValue, literalText } from '../../compiler/emit/ansible/task.js';
import { writeYaml } from '../../compiler/emit/yaml/write.js';
import type { PlanData, PlanText } from '../../compiler/plan/data.js';
import { HOSTILE, text } from '../fixtures/plan-ansible.js';
import { describeWithTool, requireTool } from '../support/tools.js';

const escapes = ['none', 'json', 'yaml', 'url', 'env', 'shell'] as const;
const SECRETS = HOSTILE.filter((secret) => secret !== '');

/** Pieces of syntax in any order: what breaks an escape is seldom one character. */
const soup = fc.sample(
  fc.array(fc.constantFrom('{', '}', '%', '#', '<', '>', '!', "'", '"', '\\', '{{', '}}', '{%', '%}', '<<%', '%>>', '<<!', 'raw', 'endraw', ' ', '\n', '\r', 'x', '-', '+', '#jinja2:', '~', '|', '`', '$', '\u2028'), { maxLength: 12 }).map((parts) => parts.join('')),
  { numRuns: 250, seed: 3 },
);
const SEPARATOR = '\n== next ==\n';
const ALONE = ['', '\n', ' ', '#jinja2: trim_blocks:True', '#jinja2: x\ny', 'x\r', '<<', '<<%', 'x\n\n', '{"a": 1}', 'yes'];
const LITERALS = [...HOSTILE, ...soup];

describeWithTool(['ansible-playbook', 'python'], (ansible) => {
  let folder = '';
  let arrived: Record<string, string[]> = {};

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'labc-jinja-'));
    mkdirSync(join(folder, 'sealed'));
    mkdirSync(join(folder, 'out'));
    const around = (secret: string, escape: (typeof escapes)[number]): PlanText => text(`<<% {{ "\n`, { secret, escape }, '\r\n%>>');
    const sealed = [
      ...LITERALS.map((literal): PlanText => literal),
      ...LITERALS.map((literal): PlanText => text(literal, { secret: 'k.x-0' }, literal)),
      ...SECRETS.flatMap((_, index) => escapes.map((escape) => around(`k.x-${index}`, escape))),
    ];
    // A task for each would take minutes: most share one file, what start and end of a file matter to has its own.
    writeFileSync(join(folder, 'sealed', 'all'), renderSealed({ $: 'template', parts: sealed.flatMap((content) => [...(typeof content === 'string' ? [content] : content.parts), SEPARATOR]) }));
    ALONE.forEach((content, index) => writeFileSync(join(folder, 'sealed', String(index)), renderSealed(content)));
    const echo = 'import json, sys; print(json.dumps(sys.argv[1:]))';
    const environment = 'import json, os; print(json.dumps([os.environ["T%d" % i] for i in range(int(os.environ["N"]))]))';
    const python = requireTool('python').path;
    const task = (name: string, argv: unknown, more: object = {}): object => ({ name, 'ansible.builtin.command': { argv, expand_argument_vars: false }, register: `got_${name}`, changed_when: false, ...more });
    const play = [{
      name: 'Hostile', hosts: 'localhost', connection: 'local', gather_facts: false,
      vars: {
        literals: LITERALS.map(literalText),
        ...Object.fromEntries(SECRETS.map((_, index) => [secretVariable(`k.x-${index}`), `{{ lookup('ansible.builtin.env', 'SECRET_${index}') }}`])),
      },
      tasks: [
        task('arguments', [python, '-c', echo, ...literalValue(LITERALS) as unknown[]]),
        task('variables', `{{ ['${python}', '-c', '${echo}'] + literals }}`),
        task('environment', [python, '-c', environment], {
          environment: {
            N: String(LITERALS.length + SECRETS.length),
            ...Object.fromEntries(LITERALS.map((literal, index) => [`T${index}`, literalValue(literal)])),
            ...Object.fromEntries(SECRETS.map((_, index) => [`T${LITERALS.length + index}`, literalValue(text('{{ ', { secret: `k.x-${index}` }, '\\"\'\r\n') as PlanData)])),
          },
        }),
        { name: 'Fill in', 'ansible.builtin.template': { src: 'sealed/{{ item }}', dest: 'out/{{ item }}', mode: '0600', ...SEALED_DELIMITERS }, loop: ['all', ...ALONE.keys()], no_log: true },
        ...['arguments', 'variables', 'environment'].map((name) => ({ name: `Save ${name}`, 'ansible.builtin.copy': { content: `{{ got_${name}.stdout }}`, dest: `out/${name}.json`, mode: '0600' } })),
      ],
    }];
    writeFileSync(join(folder, 'play.yml'), writeYaml(play, { width: 160 }));
    const result = await ansible.run(['-i', 'localhost,', 'play.yml'], {
      cwd: folder, timeout: 280_000, env: { ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_PIPELINING: 'True', ANSIBLE_PYTHON_INTERPRETER: python, ...Object.fromEntries(SECRETS.map((secret, index) => [`SECRET_${index}`, secret])) },
    });
    expect(result.exitCode, result.all.slice(-3000)).toBe(0);
    arrived = Object.fromEntries(['arguments', 'variables', 'environment'].map((name) => [name, JSON.parse(readFileSync(join(folder, 'out', `${name}.json`), 'utf8')) as string[]]));
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const sealedFile = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8');
  const sealedText = (index: number): string => (texts ??= sealedFile('all').split(SEPARATOR))[index] ?? 'missing';
  let texts: string[] | undefined;

  test('arguments of tasks', () => expect(arrived.arguments).toEqual(LITERALS));
  test('variables of roles', () => expect(arrived.variables).toEqual(LITERALS));
  test('environments, secrets in the midst of text included', () => {
    expect(arrived.environment).toEqual([...LITERALS, ...SECRETS.map((secret) => `{{ ${secret}\\"'\r\n`)]);
  });
  test('sealed files', () => {
    expect(ALONE.map((_, index) => sealedFile(String(index)))).toEqual(ALONE);
    expect(LITERALS.map((_, index) => sealedText(index))).toEqual(LITERALS);
    expect(LITERALS.map((_, index) => sealedText(LITERALS.length + index))).toEqual(LITERALS.map((literal) => literal + SECRETS[0] + literal));
  });
  test('values of secrets, each escaped for its place', async () => {
    const holes = SECRETS.flatMap((secret, index) => escapes.map((escape, at) => {
      const whole = sealedText(2 * LITERALS.length + index * escapes.length + at);
      expect(whole.startsWith('<<% {{ "\n') && whole.endsWith('\r\n%>>')).toBe(true);
      return { secret, escape, hole: whole.slice(9, -5) };
    }));
    for (const { secret, escape, hole } of holes) {
      const read = { none: () => hole, json: () => JSON.parse(`"${hole}"`) as unknown, yaml: () => parse(`"${hole}"`) as unknown, url: () => decodeURIComponent(hole), env: () => hole, shell: () => secret }[escape];
      expect({ escape, value: read() }).toEqual({ escape, value: secret });
      if (escape === 'url') expect(hole).toMatch(/^[A-Za-z0-9._~%-]*$/);
    }
    const words = holes.filter(({ escape }) => escape === 'shell');
    const shell = await requireTool('python').run(['-c', 'import json, shlex, sys; print(json.dumps([shlex.split(w, posix=True) for w in json.load(sys.stdin)]))'], { input: JSON.stringify(words.map(({ hole }) => hole)) });
    expect(JSON.parse(shell.stdout)).toEqual(words.map(({ secret }) => [secret]));
  });
});
