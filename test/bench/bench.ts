/**
 * `npm run bench`: how long a cold `labc check` and `labc build` take, as ratios to a bare `node -e 0` of the same run, with
 * peak memory. Runs are interleaved, so that a slow minute of the machine slows all of them; minima and medians are shown.
 * `npm run bench -- --rounds 5 --sizes 10,100` does less, `--json` prints numbers.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateLab } from '../support/generate-lab.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' }, sizes: { type: 'string', default: '10,100,1000' }, json: { type: 'boolean', default: false } } });
const rounds = Number(values.rounds);
const sizes = values.sizes.split(',').filter((size) => size !== '').map(Number);
const folder = mkdtempSync(join(tmpdir(), 'labc-bench-'));

/** One command that is timed; `prepare` runs before each round, untimed. */
interface Case {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly prepare?: () => void;
  /** Milliseconds of each round. */
  readonly times: number[];
  /** Bytes. */
  peak: number;
}

interface Line {
  readonly name: string;
  readonly minimum: number;
  readonly median: number;
  /** Times bare node, minimum by minimum and median by median. */
  readonly ratios: readonly [number, number];
  readonly peak: number;
}

// Writes its peak memory to a file when it ends: the only place where a process knows it.
const probe = join(folder, 'probe.cjs');
const peakFile = join(folder, 'peak');
writeFileSync(probe, `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peakFile)}, String(process.resourceUsage().maxRSS)));\n`);

try {
  const bundled = spawnSync(process.execPath, [join(root, 'scripts', 'bundle.mjs')], { encoding: 'utf8' });
  if (bundled.status !== 0) throw new Error(bundled.stderr);
  const cases = allCases();
  for (const one of cases) measurePeak(one);
  for (let round = 0; round < rounds; round++) for (const one of cases) one.times.push(time(one));
  const lines = report(cases);
  process.stdout.write(values.json ? `${JSON.stringify({ rounds, node: process.version, lines }, null, 2)}\n` : table(lines));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function allCases(): readonly Case[] {
  const bare: Case = { name: 'node -e 0', argv: ['-e', '0'], cwd: folder, times: [], peak: 0 };
  const labs: { readonly name: string; readonly cwd: string }[] = [];
  if (existsSync(join(root, 'labs', 'home'))) {
    const cwd = join(folder, 'home');
    cpSync(join(root, 'labs', 'home'), join(cwd, 'labs', 'home'), { recursive: true });
    labs.push({ name: 'labs/home', cwd });
  }
  for (const size of sizes) {
    const cwd = join(folder, String(size));
    mkdirSync(join(cwd, 'labs', 'generated'), { recursive: true });
    for (const [path, text] of Object.entries(generateLab(size))) writeFileSync(join(cwd, 'labs', 'generated', path), text);
    labs.push({ name: `${size} machines`, cwd });
  }
  const labc = join(root, 'bin', 'labc.cjs');
  return [bare, ...labs.flatMap(({ name, cwd }): Case[] => [
    { name: `check ${name}`, argv: [labc, 'check'], cwd, times: [], peak: 0 },
    { name: `build ${name}`, argv: [labc, 'build'], cwd, prepare: () => setAside(join(cwd, 'out')), times: [], peak: 0 },
  ])];
}

/**
 * Every build is a first one. What was built before is kept until the end: ext4 looks at each inode that was deleted in the last
 * minutes before it gives a new one, and a build after a removal would measure that.
 */
function setAside(folder: string): void {
  for (let n = 1; existsSync(folder); n++) if (!existsSync(`${folder}-${n}`)) renameSync(folder, `${folder}-${n}`);
}

function time(one: Case): number {
  one.prepare?.();
  const start = process.hrtime.bigint();
  run(one, []);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** A run of its own: the probe costs a little time. */
function measurePeak(one: Case): void {
  one.prepare?.();
  run(one, ['--require', probe]);
  one.peak = Number(readFileSync(peakFile, 'utf8')) * 1024;
}

function run(one: Case, options: readonly string[]): void {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const ran = spawnSync(process.execPath, [...options, ...one.argv], { cwd: one.cwd, env: { ...env, NO_COLOR: '1' }, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (ran.status !== 0) throw new Error(`${one.name} ended with ${ran.status ?? ran.signal}:\n${ran.stderr.slice(0, 4000)}`);
}

function report(cases: readonly Case[]): readonly Line[] {
  const sorted = (one: Case): readonly number[] => [...one.times].sort((a, b) => a - b);
  const minimum = (one: Case): number => sorted(one)[0] ?? NaN;
  const median = (one: Case): number => sorted(one)[Math.floor(one.times.length / 2)] ?? NaN;
  const bare = cases[0];
  if (bare === undefined) return [];
  return cases.map((one) => ({
    name: one.name, minimum: minimum(one), median: median(one), peak: one.peak,
    ratios: [minimum(one) / minimum(bare), median(one) / median(bare)],
  }));
}

function table(lines: readonly Line[]): string {
  const head = ['', 'minimum', 'median', 'x bare (min)', 'x bare (med)', 'peak memory'];
  const rows = lines.map((line) => [
    line.name, `${line.minimum.toFixed(0)} ms`, `${line.median.toFixed(0)} ms`, line.ratios[0].toFixed(1), line.ratios[1].toFixed(1), `${(line.peak / 1e6).toFixed(0)} MB`,
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const text = [head, ...rows].map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ').trimEnd());
  return `${rounds} rounds, interleaved, node ${process.version}\n${text.join('\n')}\n${growth(lines)}`;
}

/** How much ten times the machines cost, by minima: linear is at most 11. */
function growth(lines: readonly Line[]): string {
  const out: string[] = [];
  for (const command of ['check', 'build']) {
    for (const [i, size] of sizes.entries()) {
      const next = sizes[i + 1];
      const a = lines.find((line) => line.name === `${command} ${size} machines`);
      const b = lines.find((line) => line.name === `${command} ${next} machines`);
      if (next !== undefined && a !== undefined && b !== undefined) out.push(`${command}: ${size} -> ${next} machines takes ${(b.minimum / a.minimum).toFixed(1)} times as long`);
    }
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}
