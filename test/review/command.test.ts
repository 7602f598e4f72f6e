/** `labc review` over a real repository: revisions, the exit code, JSON, Markdown, width and colour; and that nothing is nothing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePrograms } from '../../compiler/cli/node-programs.js';
import { parts } from '../../compiler/cli/parts.js';
import { run } from '../../compiler/cli/run.js';
import { wrap } from '../../compiler/diagnostics/terminal-text.js';
import { reviewText } from '../../compiler/review/text.js';
import { reviewPlans } from '../../compiler/review/review.js';
import { check, labOf } from '../e2e/lab-kit.js';
import { generateLab } from '../support/generate-lab.js';
import { MemoryDisk } from '../support/memory-disk.js';
import { reviewOf, since } from './support.js';

const folder = mkdtempSync(join(tmpdir(), 'labc-review-'));
const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.net', ...args], { cwd: folder, encoding: 'utf8' });
const files = generateLab(3);

/** The working tree in memory, the history in the folder. */
async function labc(argv: readonly string[], tree: Readonly<Record<string, string>> = files, screen = { colour: false, width: 80 }) {
  const disk = MemoryDisk.of(Object.fromEntries(Object.entries(tree).map(([path, text]) => [`labs/generated/${path}`, text])));
  const programs: typeof nodePrograms = { ...nodePrograms, run: (program, args, options) => nodePrograms.run(program, args, { ...options, folder: join(folder, options?.folder ?? '.') }) };
  let out = '';
  let err = '';
  const exit = await run(argv, {
    disk, parts, programs, version: '0.0.0-test',
    stdout: { write: (text) => void (out += text), ...screen }, stderr: { write: (text) => void (err += text), ...screen },
  });
  expect(disk.tree('out')).toEqual({});
  return { exit, out: out.replace(/\(([0-9a-f]{7})\)/g, '(3f2c1a9)'), err };
}

const edited = (change: (text: string) => string): Record<string, string> => Object.fromEntries(Object.entries(files).map(([path, text]) => [path, change(text)]));

beforeAll(() => {
  git('init', '--quiet');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, 'labs/generated', path)), { recursive: true });
    writeFileSync(join(folder, 'labs/generated', path), text);
  }
  git('add', '.');
  git('commit', '--quiet', '-m', 'one');
  git('tag', 'v1');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('labc review', () => {
  it('says that nothing changes where nothing does, with exit code 0', async () => {
    expect(await labc(['review'])).toEqual({ exit: 0, err: '', out: 'labs/generated since HEAD (3f2c1a9): nothing changes\n' });
    expect((await labc(['review', 'v1', 'labs'])).exit).toBe(0);
  });

  it('ends with the code of the worst impact', async () => {
    expect((await labc(['review'], edited((text) => text.replace('memory = 4GiB', 'memory = 8GiB')))).exit).toBe(11);
    expect((await labc(['review'], edited((text) => text.replace('disk data = 16GiB', 'disk data = 32GiB')))).exit).toBe(0);
    expect((await labc(['review'], edited((text) => text.replace('host = "vault-3.', 'host = "safe.')))).exit).toBe(10);
  });

  it('gives a document with places, data and steps', async () => {
    const { out } = await labc(['review', '--json'], edited((text) => text.replace('memory = 4GiB', 'memory = 8GiB')));
    const document = JSON.parse(out) as { ok: boolean; labs: { worst: string; exit: number; commit: string; findings: Record<string, unknown>[]; steps: unknown[] }[] };
    expect(document.ok).toBe(true);
    expect(document.labs[0]).toMatchObject({ source: 'labs/generated', lab: 'generated', revision: 'HEAD', worst: 'reboot', exit: 11 });
    expect(document.labs[0]?.findings[0]).toMatchInlineSnapshot(`
      {
        "data": [],
        "impact": "reboot",
        "instance": null,
        "kind": "setting",
        "layer": "L2",
        "machine": "m0001",
        "name": "memory",
        "note": "the machine has more memory at its next start: hotplug of memory is off",
        "place": {
          "file": "labs/generated/site.lab",
          "line": 32,
        },
        "source": "bpg/proxmox 0.112.0, proxmoxtf/resource/vm/vm.go, vmUpdate, isHotpluggable",
        "what": "4 GiB -> 8 GiB",
      }
    `);
  });

  it('is Markdown for a pull request', async () => {
    expect((await labc(['review', '--markdown'], edited((text) => text.replace('cores = 2', 'cores = 4')))).out).toMatchInlineSnapshot(`
      "### \`labs/generated\` since HEAD (3f2c1a9): reboots 3 machines

      - **m0001, m0002, m0003**, reboot: cores 2 -\\> 4 (\`labs/generated/site.lab:32\`)

      \`\`\`sh
      labc build labs/generated  # then commit the sources, lab.lock and out/
      cd out/generated  # where the recipes of the lab are
      just plan  # read what Terraform is about to do
      just apply  # carry it out; it refuses to destroy
      just m0001 reboot  # when it suits: m0001 sees its changes at its next start; it asks first
      just m0002 reboot  # when it suits: m0002 sees its changes at its next start; it asks first
      just m0003 reboot  # when it suits: m0003 sees its changes at its next start; it asks first
      \`\`\`
      "
    `);
  });

  it('refuses what is no revision, and writes nothing', async () => {
    expect((await labc(['review', 'v2'])).err).toContain('LAB9024');
    expect((await labc(['review', 'HEAD:labs'])).err).toContain('LAB9024');
    expect((await labc(['review', '--', '--all'])).err).toContain('LAB9023');
  });
});

describe('the text', () => {
  const vm = (memory: string): string => `vm carrie : box_base {\n  nic lan { address = auto }\n  memory = ${memory}\n}\n`;
  const review = reviewOf(vm('4GiB'), vm('8GiB'));

  it('fits the terminal', () => {
    for (const width of [40, 60, 80, 120]) {
      const lines = reviewText(review, since, false, { colour: false, width, wrap }).split('\n');
      expect(lines.filter((line) => line.length > width && !line.includes('#'))).toEqual([]);
    }
  });

  it('has colours only where they are wanted', () => {
    expect(reviewText(review, since, false, { colour: false, width: 80, wrap })).not.toContain('\u001b');
    expect(reviewText(review, since, false, { colour: true, width: 80, wrap })).toContain('carrie: \u001b[33mreboot\u001b[0m: ');
  });
});

describe('a review of nothing', () => {
  it('is empty for labs of any size', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 12 }), (count) => {
      const plan = planOf(generateLab(count));
      expect(reviewPlans(plan, planOf(generateLab(count)))).toEqual({ findings: [], steps: [], worst: null });
    }), { numRuns: 4 });
  });
});

function planOf(texts: Readonly<Record<string, string>>) {
  const { plan } = check(labOf('generated', texts));
  if (plan === undefined) throw new Error('the lab does not compile');
  return plan;
}
