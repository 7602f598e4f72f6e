/** The promise of faults.test.ts once more, over the real disk, with processes that are really killed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeDisk } from '../../compiler/cli/node-host.js';
import { recover } from '../../compiler/output/recover.js';
import { writeLab, type Build } from '../../compiler/output/write-lab.js';

const folder = mkdtempSync(join(tmpdir(), 'labc-kill-'));
const worker = join(folder, 'worker.cjs');
const out = join(folder, 'out');
const lock = join(folder, 'labs', 'lab.lock');
const first: Build = { lab: 'home', source: 'labs', files: [{ path: 'a', text: '1' }, { path: 'old/b', text: 'b' }], lock: { path: lock, text: 'one' } };
const second: Build = { ...first, files: [{ path: 'a', text: '2' }, { path: 'new/c', text: 'c', executable: true }], lock: { path: lock, text: 'two' } };

beforeAll(() => build({
  entryPoints: [fileURLToPath(new URL('../support/kill-worker.ts', import.meta.url))], outfile: worker, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error',
}));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The folder as it was built first, with a stranger's file in it. */
function start(): void {
  rmSync(out, { recursive: true, force: true });
  rmSync(join(folder, 'labs'), { recursive: true, force: true });
  mkdirSync(join(folder, 'labs'));
  writeLab(nodeDisk, first, { out, force: false });
  mkdirSync(join(out, 'home', '.terraform'));
  writeFileSync(join(out, 'home', '.terraform', 'state'), 's');
}

function tree(): Record<string, string> {
  const names = ['out', 'labs'].flatMap((top) => readdirSync(join(folder, top), { recursive: true, withFileTypes: true }));
  return Object.fromEntries(names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort().map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]));
}

describe('SIGKILL at each step', () => {
  it('leaves the old tree or the new one after the next command', () => {
    start();
    const before = tree();
    writeLab(nodeDisk, second, { out, force: false });
    const after = tree();
    const outcomes = new Set<string>();
    for (let step = 0; ; step++) {
      start();
      const ran = spawnSync(process.execPath, [worker, JSON.stringify(second), out, String(step)], { encoding: 'utf8' });
      if (ran.stdout === 'lived') {
        expect(step).toBeGreaterThan(15);
        break;
      }
      expect(ran.signal).toBe('SIGKILL');
      recover(nodeDisk, out);
      expect([before, after], `step ${step}`).toContainEqual(tree());
      outcomes.add(JSON.stringify(tree()) === JSON.stringify(before) ? 'old' : 'new');
    }
    expect(outcomes).toEqual(new Set(['old', 'new']));
  }, 120_000);
});
