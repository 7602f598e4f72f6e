/** A hostile text in every free slot of a lab arrives unchanged in what HCL, YAML, Compose, Ansible with its shell, and just read. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseToObject } from 'hcl2-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeYaml } from '../../compiler/emit/yaml/write.js';
import { hostileLab, texts } from '../e2e/hostile-lab.js';
import { build, writeTree } from '../e2e/lab-kit.js';
import { describeWithTool, requireTool } from '../support/tools.js';

const { files } = build(hostileLab());
const read = (path: string): string => files.get(path) ?? `no ${path}`;
const role = 'ansible/roles/box';
const stack = 'compose/box/app';
/** What differs, as pairs: the message of a failing test. */
const wrong = (got: readonly unknown[], want: readonly unknown[] = texts): unknown[] => want.flatMap((text, at) => (got[at] === text ? [] : [[text, got[at]]]));
/** The values of a record whose keys are numbered. */
const numbered = (record: Readonly<Record<string, unknown>>, prefix: string): unknown[] => texts.map((_, at) => record[`${prefix}${at}`]);

let folder = '';
beforeAll(() => { folder = writeTree(files); });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('files hold what was written, with the line end that a text file ends in', () => {
  const ended = texts.map((text) => (text === '' || text.endsWith('\n') ? text : `${text}\n`));
  expect(wrong(texts.map((_, at) => read(`${role}/files/etc/hostile/f${at}`)), ended)).toEqual([]);
  expect(wrong(texts.map((_, at) => read(`${stack}/files/server/conf/f${at}`)), ended)).toEqual([]);
});

test('JSON and YAML files', () => {
  expect(wrong(numbered(JSON.parse(read(`${stack}/files/server/conf/all.json`)) as Record<string, unknown>, 'k'))).toEqual([]);
  const yaml = parse(read(`${stack}/files/server/conf/all.yaml`)) as { keys: Record<string, unknown> } & Record<string, unknown>;
  expect(wrong(numbered(yaml, 'k'))).toEqual([]);
  expect(Object.keys(yaml.keys).sort()).toEqual(texts.filter((text) => text !== '').sort());
  const tiles = (parse(read('compose/box/homepage/files/server/app/config/services.yaml')) as Record<string, Record<string, { icon: string }>[]>[])
    .flatMap((group) => Object.entries(group).flatMap(([name, items]) => items.flatMap((item) => Object.entries(item).map(([title, { icon }]) => ({ name, title, icon })))));
  for (const [at, text] of texts.entries()) expect(tiles).toContainEqual({ name: `g ${text}`, title: `${at} ${text}`, icon: text });
});

test('HCL', () => {
  const text = read('terraform/box.tf');
  type Read = { readonly resource: { readonly proxmox_virtual_environment_vm: { readonly box: readonly { readonly description: string }[] } } };
  const description = (read: unknown): string => (read as Read).resource.proxmox_virtual_environment_vm.box[0]!.description;
  const [second] = parseToObject(text) as [unknown];
  // HCL reads text in NFC. What hcl2json gives back still has the escapes of templates: `hcl.test.ts` tells those apart.
  expect(description(second)).toContain(texts.join('').normalize('NFC'));
});

describeWithTool('python', (python) => {
  test('PyYAML reads every YAML file as the reader of YAML 1.2 does', async () => {
    const yamls = [...files].filter(([path]) => /\.ya?ml$/.test(path));
    const result = await python.run(['-c', 'import json, sys, yaml\nprint(json.dumps([yaml.safe_load(open(path, newline="")) for path in sys.argv[1:]]))', ...yamls.map(([path]) => path)], { cwd: folder });
    expect(result.stderr).toBe('');
    const seen = JSON.parse(result.stdout) as unknown[];
    for (const [at, [path, text]] of yamls.entries()) expect(seen[at], path).toEqual(JSON.parse(JSON.stringify(parse(text))));
  }, 60_000);
});

describeWithTool('docker compose', (compose) => {
  test('Compose: commands, environment, labels, options and health checks', async () => {
    const result = await compose.run(['config', '--format', 'json'], { cwd: join(folder, stack), env: { HOME: '/nowhere', E0: 'set' } });
    expect(result.stderr).toBe('');
    const service = (JSON.parse(result.stdout) as { services: { server: Record<string, never> & { command: string[]; entrypoint: string[]; environment: object; labels: object; logging: { options: object }; healthcheck: { test: string[] } } } }).services.server;
    const once = (values: readonly unknown[]): unknown[] => values.map((value) => (typeof value === 'string' ? value.replaceAll('$$', '$') : value));
    expect(wrong(once(service.command))).toEqual([]);
    expect(wrong(once(service.entrypoint))).toEqual([]);
    expect(wrong(once(service.healthcheck.test.slice(1)))).toEqual([]);
    expect(wrong(once(numbered(service.environment as Record<string, unknown>, 'E')))).toEqual([]);
    expect(wrong(once(numbered(service.labels as Record<string, unknown>, 'l')))).toEqual([]);
    expect(wrong(once(numbered(service.logging.options as Record<string, unknown>, 'o')))).toEqual([]);
  }, 60_000);
});

describeWithTool('just', (just) => {
  test('just: a description is one line of text and nothing more', async () => {
    const { stdout, stderr } = await just.run(['--dump', '--dump-format', 'json'], { cwd: folder });
    expect(stderr).toBe('');
    const { doc } = (JSON.parse(stdout) as { modules: { box: { doc: string } } }).modules.box;
    const squeezed = (text: string): string => text.replace(/[\s\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, '');
    expect(squeezed(doc)).toContain(squeezed(texts.join('')));
    const files = await just.run(['--fmt', '--check'], { cwd: folder });
    expect(files.all).toBe('');
  });
});

interface EmittedTask {
  readonly name: string;
  readonly [key: string]: unknown;
}
const tasks = (file: string): readonly EmittedTask[] => parse(read(`${role}/tasks/${file}.yml`)) as EmittedTask[];

describeWithTool(['ansible-playbook', 'python'], (ansible) => {
  test('Ansible and the shell: a command with its environment and input, comparisons, lines and blocks', async () => {
    const playground = join(folder, 'play');
    mkdirSync(playground);
    const python = requireTool('python').path;
    const argument = (task: EmittedTask, module: string, name: string): unknown => (task[module] as Record<string, unknown>)[name];
    const lines = tasks('files').flatMap((task) => ('ansible.builtin.lineinfile' in task ? [argument(task, 'ansible.builtin.lineinfile', 'line')] : []));
    const blocks = tasks('files').flatMap((task) => ('ansible.builtin.blockinfile' in task ? [argument(task, 'ansible.builtin.blockinfile', 'block')] : []));
    expect([lines.length, blocks.length]).toEqual([texts.length, texts.length]);
    const ensure = tasks('steps').find(({ name }) => name.includes('Ensure arguments'))!;
    const verify = tasks('verify').find(({ name }) => name.includes('Verify together'))!;
    const save = (name: string): EmittedTask => ({ name: `Save ${name}`, 'ansible.builtin.copy': { content: `{{ ${name}.stdout }}`, dest: `${playground}/${name}`, mode: '0600' } });
    const play = [{
      name: 'Hostile', hosts: 'localhost', connection: 'local', gather_facts: false,
      tasks: [
        { ...ensure, register: 'ensured', changed_when: false }, save('ensured'),
        verify,
        { name: 'Echo', 'ansible.builtin.command': { argv: [python, '-c', 'import json, sys; print(json.dumps(sys.argv[1:]))', ...lines, ...blocks], expand_argument_vars: false }, register: 'echoed', changed_when: false }, save('echoed'),
      ],
    }];
    writeFileSync(join(playground, 'play.yml'), writeYaml(play));
    const result = await ansible.run(['-i', 'localhost,', 'play.yml'], { cwd: playground, env: { ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_PYTHON_INTERPRETER: python } });
    expect(result.exitCode, result.all.slice(-3000)).toBe(0);
    expect(result.stderr).toBe('');
    const [ensured = '', echoed = ''] = await Promise.all(['ensured', 'echoed'].map(async (name) => (await requireTool('python').run(['-c', 'import sys; sys.stdout.write(open(sys.argv[1], newline="").read())', join(playground, name)])).stdout));
    const [words, environment, input] = JSON.parse(ensured.split('\n')[0]!) as [string[], string[], string];
    expect(wrong(words)).toEqual([]);
    expect(wrong(environment)).toEqual([]);
    expect(wrong(input.split('\u0001'))).toEqual([]);
    const heard = JSON.parse(echoed) as string[];
    // Items of one kind stand in the order of their names.
    expect(heard.slice(0, texts.length).sort()).toEqual([...texts].sort());
    expect(heard.slice(texts.length).sort()).toEqual([...texts].sort());
  }, 120_000);
});
