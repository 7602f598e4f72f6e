/**
 * A secret in any position of a lab is refused or is a name in `out/`: its value, set in the environment and lying beside
 * the sources while labc builds, is in no file, and what uses it asks for it when a play runs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { nodeDisk } from '../../compiler/cli/node-host.js';
import { collectLab } from '../../compiler/sources/collect.js';
import { box } from '../e2e/hostile-lab.js';
import { build, check, labs, readLab, sayDiagnostic } from '../e2e/lab-kit.js';

const marker = 'MARKER-of-a-secret-51a7';
/** The marker, as encodings that an emitter knows would show it. */
const shapes = [marker, Buffer.from(marker).toString('base64').slice(0, 24), Buffer.from(marker).toString('hex'), encodeURIComponent(marker)];

/** Where a secret may be written: `here` in a container, `there` beside it in the workload, `machine` in the machine. */
const uses: readonly (readonly [where: string, inside: { readonly here?: string; readonly there?: string; readonly machine?: string; readonly beside?: string }])[] = [
  ['an environment', { here: 'env { A = hidden  B = "x-${hidden}"  C = "https://u:${hidden}@h/" }' }],
  ['a path in an environment', { here: 'env { A_FILE = path(hidden) }' }],
  ['a file', { here: 'file /conf/a = "key ${hidden}"  ' }],
  ['a YAML file', { here: 'file /conf/a.yaml = yaml({ a = hidden, b = [hidden, "x ${hidden}"] })' }],
  ['a JSON file', { here: 'file /conf/a.json = json({ a = hidden })' }],
  ['a command', { here: 'command = ["run", hidden]' }],
  ['text of a command', { here: 'command = ["run", "--key=${hidden}"]' }],
  ['an entrypoint', { here: 'entrypoint = ["${hidden}"]' }],
  ['a label', { here: 'labels { a = "${hidden}" }' }],
  ['a name of a variable', { here: 'env { "${hidden}" = 1 }' }],
  ['a health check', { here: 'ready { run = ["x", "${hidden}"] }' }],
  ['an option of logging', { here: 'logging { driver = "journald"  options = { a = "${hidden}" } }' }],
  ['raw Compose', { here: 'compose { labels = { a = "${hidden}" } }' }],
  ['a path', { here: 'bind "/x/${hidden}" = /y' }],
  ['an image', { there: 'container other { image = "docker.io/library/${hidden}:1" }' }],
  ['a host', { there: 'route other = server.port.http { host = "${hidden}.lab.example.net" }' }],
  ['a header', { there: 'route other = server.port.http { host = "o.lab.example.net"  headers = { a = "${hidden}" } }' }],
  ['a title', { there: 'tile "${hidden}" { link = web }' }],
  ['a job', { there: 'job j { image = "docker.io/library/busybox:1.36"  command = ["x"]  env { A = hidden } }' }],
  ['a command of a job', { there: 'job j { image = "docker.io/library/busybox:1.36"  command = ["x", "${hidden}"] }' }],
  ['a description', { machine: 'description = "${hidden}"' }],
  ['a tag', { machine: 'tags = ["${hidden}"]' }],
  ['Terraform', { beside: 'terraform "output \\"x\\" { value = \\"${hidden}\\" }"' }],
  ['a file of the system', { machine: 'file /etc/a { content = "key ${hidden}" }' }],
  ['a unit', { machine: 'unit "a.service" { content = ini({ Service = { Environment = "A=${hidden}" } }) }' }],
  ['the input of a command', { machine: 'ensure a { command = ["cat"]  stdin = "${hidden}"  env { A = hidden } }' }],
  ['an argument of a command', { machine: 'ensure a { command = ["cat", "${hidden}"] }' }],
  ['a condition of a command', { machine: 'ensure a { command = ["cat"]  unless = "test ${hidden}" }' }],
  ['a timer', { machine: 'timer a { command = ["/bin/echo", "${hidden}"] }' }],
  ['what is verified', { machine: 'verify a { run = ["echo"]  is = "${hidden}" }' }],
  ['a question of a package', { machine: 'debconf "a/b" { package = "a"  type = password  value = hidden }' }],
  ['a line', { machine: 'line a { path = /etc/a  text = "${hidden}" }' }],
  ['a key of a user', { machine: 'authorized_keys ops { keys = ["ssh-ed25519 ${hidden}"] }' }],
  ['a raw task', { machine: 'has raw', beside: 'capability raw() { task ansible.builtin.copy { content = "${hidden}"  dest = "/etc/a"  mode = "0600" } }' }],
  ['arguments of a raw command', { machine: 'has raw', beside: 'capability raw() { task ansible.builtin.command { argv = ["echo", "${hidden}"]  play { changed_when = false } } }' }],
  ['a sentence', { beside: 'check "${hidden}" = true' }],
  ['an address of a repository', { beside: 'repository r { url = "rest:https://u:${hidden}@h/"  password = hidden }' }],
];

/** Where a secret may stand; everywhere else it is refused. */
const admitted: ReadonlySet<string> = new Set([
  'an environment', 'a path in an environment', 'a file', 'a YAML file', 'a JSON file', 'a job', 'a file of the system', 'a unit', 'the input of a command',
  'a question of a package', 'a raw task', 'an address of a repository',
]);

describe('a secret of the environment and of a store', () => {
  let folder = '';
  beforeAll(() => {
    vi.stubEnv('HIDDEN', marker);
    folder = mkdtempSync(join(tmpdir(), 'labc-secret-'));
    writeFileSync(join(folder, 'secrets.yaml'), `hidden: ${marker}\nnested:\n  key: ${marker}\n`);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  describe.each([['env', 'env("HIDDEN")'], ['sops', 'sops("secrets.yaml", key = "nested/key")']])('from %s', (_source, from) => {
    test.each(uses)('in %s is refused or a name', (where, { here = '', there = '', machine = '', beside = '' }) => {
      const workload = `workload app() {\n needs container_runtime\n container server {\n image = "docker.io/library/busybox:1.36"\n port http = 80\n ${here}\n }\n route web = server.port.http { host = "app.lab.example.net" }\n ${there}\n}`;
      writeFileSync(join(folder, 'lab.lab'), box(`run app\nrun traefik { tls = internal() }\n${machine}`, `secret hidden { from = ${from} }\n${workload}\n${beside}`));
      const sources = { ...collectLab(nodeDisk, folder).sources, root: 'labs/secret' };
      const { plan, diagnostics } = check(sources);
      const said = diagnostics.map(sayDiagnostic).join('\n');
      for (const shape of shapes) expect(said).not.toContain(shape);
      expect(plan !== undefined, said).toBe(admitted.has(where));
      if (plan === undefined) return;
      const { files } = build(sources);
      for (const [path, text] of files) for (const shape of shapes) expect(text.includes(shape), path).toBe(false);
      // What a play fills in comes from a lookup, named once for each secret.
      // That it can be had is asked first, by its length, which an assertion does not print.
      const used = [...files].map(([path, text]) => [path, text.replace('- lab_secret_hidden | string | length > 0\n', '')] as const).filter(([path, text]) => text.includes('lab_secret_hidden') && !path.endsWith('secrets.yml'));
      if (used.length === 0) return;
      const variables = parse(files.get('ansible/inventory/group_vars/all/secrets.yml') ?? '') as Record<string, string>;
      expect(variables.lab_secret_hidden).toMatch(/lookup\(\s*'(ansible\.builtin\.env|community\.sops\.sops)'/);
      for (const [path, text] of used) {
        expect(text, path).toMatch(/<<% .*lab_secret_hidden|\{\{[^}]*lab_secret_hidden/);
        if (!path.includes('/tasks/')) continue;
        for (const task of parse(text) as { no_log?: boolean }[]) if (JSON.stringify(task).includes('lab_secret_hidden')) expect(task.no_log, path).toBe(true);
      }
    });
  });
});

test('the labs of this repository hold no value of a secret that is set while they build', () => {
  const names = labs.flatMap((name) => readLab(`labs/${name}`).files.flatMap(({ text }) => [...text.matchAll(/env\("(\w+)"\)/g)].map(([, variable]) => variable!)));
  for (const variable of names) vi.stubEnv(variable, marker);
  for (const name of labs) for (const [path, text] of build(readLab(`labs/${name}`)).files) expect(text.includes(marker), path).toBe(false);
  vi.unstubAllEnvs();
});
