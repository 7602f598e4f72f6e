/** The bundle as a process: streams, exit codes, a reader that goes away, a bug in labc. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Below the package, where the bundle belongs: a bundle elsewhere is a damaged installation.
const cache = fileURLToPath(new URL('../../.cache/', import.meta.url));
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'process-'));
const dist = join(folder, 'dist');
const work = join(folder, 'work');
beforeAll(() => {
  const ran = spawnSync(process.execPath, [fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url)), dist], { encoding: 'utf8' });
  expect(ran.stderr).toBe('');
  mkdirSync(join(work, 'labs', 'broken'), { recursive: true });
  writeFileSync(join(work, 'labs', 'broken', 'site.lab'), 'lab broken {\n  domain = "a\n}\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const labc = (argv: readonly string[], env: Record<string, string> = {}): { code: number | null; out: string; err: string } => {
  const ran = spawnSync(process.execPath, [join(dist, 'labc.cjs'), ...argv], { cwd: work, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', ...env } });
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
};

describe('the process', () => {
  it('answers with the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(labc(['--version'])).toEqual({ code: 0, out: `labc ${version}\n`, err: '' });
  });

  it('ends with 1 for diagnostics and 2 for wrong usage, and says why on standard error', () => {
    const broken = labc(['check']);
    expect(broken.code).toBe(1);
    expect(broken.out).toBe('');
    expect(broken.err).toContain('labs/broken/site.lab:2:12');
    expect(labc(['chekc'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('did you mean `labc check`?') });
    expect(labc(['build', 'nowhere'])).toMatchObject({ code: 1, err: expect.stringContaining('LAB9001') });
    expect(readdirSync(work)).toEqual(['labs']);
  });

  it('colours where it is told to, and no pipe unasked', () => {
    const escape = '\u001b[';
    expect(labc(['check']).err).not.toContain(escape);
    expect(labc(['check'], { FORCE_COLOR: '1' }).err).toContain(escape);
    expect(labc(['check'], { FORCE_COLOR: '1', NO_COLOR: '1' }).err).not.toContain(escape);
  });

  it('prints JSON and nothing else', () => {
    const ran = labc(['check', '--json']);
    expect(ran.err).toBe('');
    expect(JSON.parse(ran.out)).toMatchObject({ command: 'check', ok: false });
  });

  it('leaves quietly when the reader does', () => {
    const ran = spawnSync('sh', ['-c', `'${process.execPath}' '${join(dist, 'labc.cjs')}' explain | head -n 1`], { cwd: work, encoding: 'utf8' });
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('LAB1001'), stderr: '' });
  });

  it('reports a bug with code 70, the version and the stack', () => {
    const ran = spawnSync(process.execPath, ['-e', `process.argv = ['node', 'labc', 'explain', 'LAB9001']; String.prototype.match = () => { throw new Error('boom'); }; require(${JSON.stringify(join(dist, 'labc.cjs'))})`], { cwd: work, encoding: 'utf8' });
    expect(ran.status).toBe(70);
    expect(ran.stderr).toMatch(/labc has a bug[\s\S]+labc \d+\.\d+\.\d+, node v\d+[\s\S]+labc explain LAB9001\n[\s\S]+boom[\s\S]+ at /);
  });

  it('loads emitters and formatter only when they are used', () => {
    rmSync(join(dist, 'labc-emit.cjs'));
    rmSync(join(dist, 'labc-format.cjs'));
    rmSync(join(dist, 'labc-store.cjs'));
    expect(labc(['check']).code).toBe(1);
    expect(labc(['explain', 'LAB9001']).code).toBe(0);
    expect(labc(['fmt'])).toMatchObject({ code: 70 });
  });
});
