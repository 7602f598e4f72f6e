/** `labc review` where folders of labs went, came or moved since the revision, over a real repository and its working tree. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeDisk } from '../../compiler/cli/node-host.js';
import { nodePrograms } from '../../compiler/cli/node-programs.js';
import { parts } from '../../compiler/cli/parts.js';
import { run } from '../../compiler/cli/run.js';
import { generateLab } from '../support/generate-lab.js';

let folder = '';
const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.net', ...args], { cwd: folder, encoding: 'utf8' });

function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, root, path)), { recursive: true });
    writeFileSync(join(folder, root, path), text);
  }
}

async function review(...operands: string[]): Promise<{ exit: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const screen = { colour: false, width: 100 };
  const exit = await run(['review', 'HEAD', ...(operands.length === 0 ? ['labs'] : operands).map((path) => (path.startsWith('-') ? path : join(folder, path)))], {
    disk: nodeDisk, parts, programs: nodePrograms, version: '0.0.0-test',
    stdout: { write: (text) => void (out += text), ...screen }, stderr: { write: (text) => void (err += text), ...screen },
  });
  const plain = (text: string): string => text.replaceAll(`${folder}/`, '').replace(/\(([0-9a-f]{7})\)/g, '(3f2c1a9)');
  return { exit, out: plain(out), err: plain(err) };
}

const named = (name: string): Record<string, string> => Object.fromEntries(Object.entries(generateLab(2)).map(([path, text]) => [path, text.replace('lab generated', `lab ${name}`)]));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labc-review-'));
  git('init', '--quiet');
  write('labs/one', named('one'));
  write('labs/two', named('two'));
  write('labs/ground', { 'site.lab': 'lab ground { domain = "ground.example.net" }\n' });
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
});

afterEach(() => rmSync(folder, { recursive: true }));

it('says what a lab leaves behind whose folder is gone', async () => {
  rmSync(join(folder, 'labs/two'), { recursive: true });
  expect(await review()).toMatchInlineSnapshot(`
    {
      "err": "error[LAB9030]: \`labs/two\` is gone since HEAD, but what it built runs on and
                    nothing manages it: 2 machines (\`m0001\`, \`m0002\`), with the kept disk \`data\` of
                    \`m0001\`, the kept disk \`data\` of \`m0002\`
       = help: bring it back with \`git checkout HEAD -- labs/two\`; take its
               machines out there, with \`retire\` for what holds data, build and apply; then delete the
               folder

    1 error. More about one: labc explain LAB9030
    ",
      "exit": 1,
      "out": "labs/ground since HEAD (3f2c1a9): nothing changes
    labs/one since HEAD (3f2c1a9): nothing changes
    ",
    }
  `);
  expect(await review('labs/two')).toMatchObject({ exit: 1, out: '', err: expect.stringContaining('LAB9030') as string });
  expect(await review('labs/one')).toMatchObject({ exit: 0, err: '' });
  expect(JSON.parse((await review('labs/two', '--json')).out)).toMatchObject({ ok: false, labs: [{ lab: 'two', isGone: true }] });
});

it('says it too where no lab is left', async () => {
  rmSync(join(folder, 'labs'), { recursive: true });
  const { exit, err, out } = await review();
  expect({ exit, out }).toEqual({ exit: 1, out: 'labs/ground since HEAD: gone, and it had no machines\n' });
  expect(err.match(/LAB\d{4}/g)).toEqual(['LAB9030', 'LAB9030', 'LAB9030']);
});

it('compares a lab that moved to another folder with what it was', async () => {
  renameSync(join(folder, 'labs/two'), join(folder, 'labs/second'));
  const { exit, err, out } = await review();
  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  expect(out).toContain('description Managed by labc, source labs/two. ->\n    Managed by labc, source labs/second.');
  expect(out).not.toContain('added');
});
