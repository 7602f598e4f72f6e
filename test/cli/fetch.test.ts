/** `labc fetch` with the real git, disk and compiler: a library from a repository beside the lab, what lab.lock holds of it, and what is refused. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeDisk } from '../../compiler/cli/node-host.js';
import { nodePrograms } from '../../compiler/cli/node-programs.js';
import { parts } from '../../compiler/cli/parts.js';
import type { Programs } from '../../compiler/cli/programs.js';
import { run } from '../../compiler/cli/run.js';
import { blocksOf } from '../docs/blocks.js';

const ground = blocksOf('docs/language.md').find(({ use }) => use === 'whole')?.code ?? '';
const APP = `/// A greeter.
workload greeter(host: Hostname) {
  needs container_runtime
  container server {
    image = "docker.io/traefik/whoami:v1.11"
    port http = 80
    file /etc/greeting = file("greeting.txt")
    env { SIZE = standard }
  }
  route web = server.port.http { host = host }
}
`;

let home = '';
const back = process.cwd();

function put(path: string, text: string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), text);
}
const get = (path: string): string => readFileSync(join(home, path), 'utf8');
const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.net', '-c', 'init.defaultBranch=main', ...args], { cwd: join(home, 'shared'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
function commit(tag?: string): void {
  git('add', '-A');
  git('commit', '-qm', 'x');
  if (tag !== undefined) git('tag', '-f', tag);
}
async function labc(argv: readonly string[], programs: Programs = nodePrograms): Promise<{ exit: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const exit = await run(argv, {
    disk: nodeDisk, parts, programs, version: '0',
    stdout: { write: (text) => void (out += text), colour: false, width: 1000 }, stderr: { write: (text) => void (err += text), colour: false, width: 1000 },
  });
  return { exit, out, err };
}
const statement = (rev = 'v1', source = '../../shared'): string => `library shared { source = git("${source}")  rev = "${rev}" }\n`;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'labc-fetch-'));
  process.chdir(home);
  put('shared/apps/greeter.lab', APP);
  put('shared/apps/greeting.txt', 'hello\n');
  put('shared/limits.lab', 'let standard = 4\n');
  put('shared/README.md', 'stays behind');
  put('shared/LICENSE', 'MIT');
  put('shared/example/lab.lab', 'lab example { }\nworkload greeter() { }\n');
  git('init', '-q');
  commit('v1');
  put('labs/home/home.lab', `${ground}\n${statement()}use shared.apps.greeter\nvm hall : base_debian {\n  nic lan\n  disk root = 8GiB { on = local-lvm }\n  has docker\n  run greeter { host = "hi.\${lab.domain}" }\n}\n`);
});
afterEach(() => {
  process.chdir(back);
  rmSync(home, { recursive: true, force: true });
});
const mend = (from: string, to: string): void => put('labs/home/home.lab', get('labs/home/home.lab').replace(from, to));

describe('labc fetch', () => {
  it('brings a library, and the lab then builds without it', async () => {
    expect(await labc(['check'])).toMatchObject({ exit: 1, err: expect.stringMatching(/LAB2018[^]*library shared[^]*run `labc fetch labs\/home`/) });
    const ran = await labc(['fetch']);
    expect(ran.err).toBe('');
    expect(ran.out.replace(/\([0-9a-f]{12}\)/, '(COMMIT)')).toMatchInlineSnapshot(`
      "labs/home: 1 library fetched, 0 there already
        + shared v1 (COMMIT): 4 files in labs/home/vendor/shared
        commit labs/home/vendor and labs/home/lab.lock
      "
    `);
    expect(get('labs/home/lab.lock')).toMatch(/^library shared v1\/[0-9a-f]{64}\b/m);
    expect(existsSync(join(home, 'labs/home/vendor/shared/LICENSE'))).toBe(true);
    for (const path of ['README.md', 'example', '.git']) expect(existsSync(join(home, 'labs/home/vendor/shared', path))).toBe(false);
    rmSync(join(home, 'shared'), { recursive: true });
    expect(await labc(['build'])).toMatchObject({ exit: 0, err: '' });
    expect(get('out/demo/compose/hall/greeter/compose.yaml')).toContain('SIZE: "4"');
    expect(get('labs/home/lab.lock')).toMatch(/^library shared v1\//m);
    expect(await labc(['fetch'])).toMatchObject({ exit: 0, out: 'labs/home: 0 libraries fetched, 1 there already\n' });
  });

  it('notices an edit by hand, a missing file and another revision, and mends them', async () => {
    await labc(['fetch']);
    const path = 'labs/home/vendor/shared/apps/greeting.txt';
    put(path, 'good day\n');
    expect((await labc(['check'])).err).toMatchInlineSnapshot(`
      "error[LAB2019]: the library \`shared\` is not the one of \`lab.lock\`: \`vendor/shared\` is not what \`labc fetch\` brought from its \`source\`
         ┌─ labs/home/home.lab:37:9
         │
      37 │ library shared { source = git("../../shared")  rev = "v1" }
         │         ^^^^^^
         │
         = help: run \`labc fetch labs/home\`: it puts back what the revision holds

      1 error. More about one: labc explain LAB2019
      "
    `);
    expect(await labc(['fetch'])).toMatchObject({ exit: 0 });
    expect(get(path)).toBe('hello\n');
    rmSync(join(home, path));
    expect(await labc(['check'])).toMatchObject({ exit: 1, err: expect.stringContaining('LAB2019') });
    await labc(['fetch']);
    put('shared/apps/greeting.txt', 'good day\n');
    commit('v2');
    mend('"v1"', '"v2"');
    expect((await labc(['check'])).err).toContain('`vendor/shared` holds `v1`, and not `v2`');
    await labc(['fetch']);
    expect(get(path)).toBe('good day\n');
    expect(await labc(['check'])).toMatchObject({ exit: 0 });
  });

  it('takes what a revision holds now only when asked', async () => {
    mend('"v1"', '"main"');
    expect(await labc(['fetch'])).toMatchObject({ exit: 0, err: '' });
    put('shared/apps/greeting.txt', 'good day\n');
    commit();
    rmSync(join(home, 'labs/home/vendor'), { recursive: true });
    const before = get('labs/home/lab.lock');
    expect((await labc(['fetch'])).err).toMatchInlineSnapshot(`
      "error[LAB9048]: \`main\` of the library \`shared\` holds other files than \`lab.lock\` says
         ┌─ labs/home/home.lab:37:9
         │
      37 │ library shared { source = git("../../shared")  rev = "main" }
         │         ^^^^^^
         │
         = help: look at what changed there; \`labc fetch --update labs/home\` takes it

      1 error. More about one: labc explain LAB9048
      "
    `);
    expect(get('labs/home/lab.lock')).toBe(before);
    expect(existsSync(join(home, 'labs/home/vendor'))).toBe(false);
    expect(await labc(['fetch', '--update'])).toMatchObject({ exit: 0 });
    expect(get('labs/home/vendor/shared/apps/greeting.txt')).toBe('good day\n');
  });

  it('says in one sentence what is in the way, and writes nothing', async () => {
    const wrong = async (rev: string, source: string): Promise<string> => {
      const before = get('labs/home/home.lab');
      mend(statement(), statement(rev, source));
      const ran = await labc(['fetch']);
      expect(ran.exit).toBe(1);
      expect(existsSync(join(home, 'labs/home/vendor'))).toBe(false);
      expect(existsSync(join(home, 'labs/home/lab.lock'))).toBe(false);
      put('labs/home/home.lab', before);
      return ran.err.split('\n').filter((line) => /^error|help/.test(line)).join('\n').replaceAll(home, 'HOME');
    };
    expect(await wrong('v9', '../../shared')).toMatchInlineSnapshot(`
      "error[LAB9047]: labc cannot fetch the library \`shared\`: \`v9\` is no tag, branch or commit of \`../../shared\`
         = help: name one that is there: \`git ls-remote\` lists tags and branches"
    `);
    expect(await wrong('v1', '../../nowhere')).toMatchInlineSnapshot(`
      "error[LAB9047]: labc cannot fetch the library \`shared\`: git cannot clone \`../../nowhere\`: repository '../../nowhere' does not exist
         = help: mend the address in \`source\`, the network or your rights there"
    `);
    expect(await wrong('v1', '-u evil')).toMatchInlineSnapshot(`
      "error[LAB2017]: the library \`shared\` has a \`source\` that is no address
         = help: write an address that \`git clone\` takes, such as \`git("https://example.net/lab.git")\`"
    `);
    expect(await wrong('v1', 'ext::sh')).toMatchInlineSnapshot(`
      "error[LAB2017]: the library \`shared\` has a \`source\` that would run a program
         = help: write an address that \`git clone\` takes, such as \`git("https://example.net/lab.git")\`"
    `);
    expect(await wrong('v1', 'https://me:hunter2@example.net/x.git')).toMatchInlineSnapshot(`
      "error[LAB2017]: the library \`shared\` has a password in its \`source\`
         = help: take it out: git asks its credential helper, and this file is committed"
    `);
    const none = await labc(['fetch'], { ...nodePrograms, run: () => undefined });
    expect(none.err).toContain('the program `git` is not on the PATH');
    symlinkSync('/etc/passwd', join(home, 'shared/apps/link.lab'));
    commit('v1');
    expect(await wrong('v1', '../../shared')).toContain('`apps/link.lab` is a link');
    rmSync(join(home, 'shared/apps/link.lab'));
    put('shared/apps/greeter.lab', APP.replace('greeting.txt', '../../secrets.yaml'));
    commit('v1');
    expect(await wrong('v1', '../../shared')).toContain('names `../../secrets.yaml`, which lies outside');
    writeFileSync(join(home, 'shared/apps/greeter.lab'), new Uint8Array([0x2f, 0x2f, 0xff, 0x0a]));
    commit('v1');
    expect(await wrong('v1', '../../shared')).toContain('`apps/greeter.lab` is not UTF-8');
    put('shared/root.lab', 'lab root { }\n');
    put('shared/apps/greeter.lab', APP);
    commit('v1');
    expect(await wrong('v1', '../../shared')).toContain('it is a lab, not a library');
  });
});
