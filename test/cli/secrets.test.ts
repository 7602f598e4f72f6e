/** `labc secrets init` with the real sops and age: what is missing is made, what is there stays, nothing is shown. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argon2Verify, bcryptVerify } from 'hash-wasm';
import { afterAll, expect, it } from 'vitest';
import { labc } from '../support/fake-world.js';
import { MemoryDisk } from '../support/memory-disk.js';
import { describeWithTool } from '../support/tools.js';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const LAB = `lab t { domain = "example.net"  secrets = sops("secrets.yaml") }
operator ops { keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQgAH7H4L4OX22+EYuiUuTNSCot5S7It6Q7uGH//BvD ops@desk"] }
use images.debian_12, personas.base_debian, capabilities.docker
network lan { cidr = 10.0.0.0/24  gateway = 10.0.0.1  resolvers = [10.0.0.1] }
secret chosen { from = env("CHOSEN") }
secret made { from = generated(24) }
secret key { from = generated(32, form = base64url) }
secret made_hash { from = bcrypt(made) }
secret chosen_hash { from = argon2id(chosen) }
workload app() {
  needs container_runtime
  secret inner { from = generated(12) }
  container main {
    image = "docker.io/library/alpine:3.22.1"
    env { A = made; B = key; C = made_hash; D = chosen_hash; E = inner }
  }
}
metal box : base_debian {
  nic lan { address = 10.0.0.20 }
  has docker
  run app
}
`;

describeWithTool('sops', (sops) => {
  const folder = mkdtempSync(join(tmpdir(), 'labc-secrets-'));
  const tools = dirname(sops.path);
  const keys = join(folder, 'keys.txt');
  spawnSync(join(tools, 'age-keygen'), ['-o', keys]);
  const recipient = /age1\w+/.exec(readFileSync(keys, 'utf8'))?.[0] ?? '';
  mkdirSync(join(folder, 'labs/t'), { recursive: true });
  writeFileSync(join(folder, '.sops.yaml'), `creation_rules:\n  - age: ${recipient}\n`);
  writeFileSync(join(folder, 'labs/t/lab.lab'), LAB);
  const env = { ...sops.env, PATH: `${tools}${delimiter}${process.env['PATH'] ?? ''}`, SOPS_AGE_KEY_FILE: keys, CHOSEN: 'correct horse' };
  const init = (more: Record<string, string> = {}): { code: number | null; text: string } => {
    const ran = spawnSync(process.execPath, ['--import', join(repository, 'node_modules/tsx/dist/esm/index.mjs'), join(repository, 'compiler/cli/main.ts'), 'secrets', 'init', 'labs/t'], { cwd: folder, env: { ...env, ...more }, encoding: 'utf8' });
    return { code: ran.status, text: ran.stdout + ran.stderr };
  };
  const read = (): Record<string, unknown> => JSON.parse(spawnSync(sops.path, ['decrypt', '--output-type', 'json', 'labs/t/secrets.yaml'], { cwd: folder, env, encoding: 'utf8' }).stdout) as Record<string, unknown>;
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes a store, then only what it lacks', async () => {
    const first = init();
    expect(first).toEqual({ code: 0, text: 'labs/t: 5 secrets made in secrets.yaml, 0 there already\n  + app/inner\n  + key\n  + made\n  + chosen_hash\n  + made_hash\n' });
    const values = read() as { made: string; key: string; made_hash: string; chosen_hash: string; app: { inner: string } };
    expect(values.made).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(Buffer.from(values.key, 'base64url').length).toBe(32);
    expect(values.app.inner).toMatch(/^[A-Za-z0-9]{12}$/);
    expect(await bcryptVerify({ password: values.made, hash: values.made_hash })).toBe(true);
    expect(await argon2Verify({ password: 'correct horse', hash: values.chosen_hash })).toBe(true);
    const text = readFileSync(join(folder, 'labs/t/secrets.yaml'), 'utf8');
    for (const value of [values.made, values.key, values.app.inner, values.chosen_hash]) expect(text + first.text).not.toContain(value);

    expect(init()).toEqual({ code: 0, text: 'labs/t: 0 secrets made in secrets.yaml, 5 there already\n' });
    expect(readFileSync(join(folder, 'labs/t/secrets.yaml'), 'utf8')).toBe(text);

    writeFileSync(join(folder, 'labs/t/lab.lab'), LAB.replace('secret inner', 'secret second { from = generated(9) }\n  secret inner').replace('E = inner', 'E = inner; F = second'));
    expect(init().text).toBe('labs/t: 1 secret made in secrets.yaml, 5 there already\n  + app/second\n');
    const later = read();
    expect(later).toMatchObject({ made: values.made, app: { inner: values.app.inner, second: expect.stringMatching(/^[A-Za-z0-9]{9}$/) } });
    const cipher = (file: string): string | undefined => /^made: (ENC.*)$/m.exec(file)?.[1];
    expect(cipher(readFileSync(join(folder, 'labs/t/secrets.yaml'), 'utf8'))).toBe(cipher(text));
  });

  it('says which variable lacks, and keeps what it could make', () => {
    rmSync(join(folder, 'labs/t/secrets.yaml'));
    const ran = init({ CHOSEN: '' });
    expect(ran.code).toBe(1);
    expect(ran.text).toMatch(/the variable\s+CHOSEN is not set/);
    expect(Object.keys(read())).toContain('made');
  });

  it('says what sops says when there is no key', () => {
    const ran = init({ SOPS_AGE_KEY_FILE: '/nowhere' });
    expect(ran.code).toBe(1);
    expect(ran.text).toMatch(/error\[LAB9046\].*decrypt secrets.yaml/);
  });
});

it('is one word, and nothing else', async () => {
  const ran = await labc(MemoryDisk.of({ 'labs/t/lab.lab': 'lab t { }\n' }), ['secrets', 'show']);
  expect(ran.exit).toBe(2);
  expect(ran.err).toContain('write `labc secrets init`');
});
