/**
 * A fixture of diagnostics is a folder. With `scene.json` it is a play over a disk in memory with the stand-in compiler, for
 * faults of the host; otherwise its files are the lab `labs/fixture`, which the real compiler checks, or does with what `run.json` says. `expected.txt` is what
 * the last command prints.
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Parts } from '../../compiler/cli/compiler.js';
import type { Programs } from '../../compiler/cli/programs.js';
import { fakeParts, labc, noPrograms } from './fake-world.js';
import { fault, Killed, MemoryDisk } from './memory-disk.js';

type Content = string | { readonly link: string } | { readonly bytes: readonly number[] } | { readonly size: number };

/** One act of a scene; `run` comes last. */
interface Act {
  readonly put?: Readonly<Record<string, Content>>;
  readonly deny?: readonly string[];
  /** Processes that run beside. */
  readonly running?: readonly string[];
  /** Bytes that are left on the disk. */
  readonly room?: number;
  /** Operations of the disk that are refused from now on. */
  readonly refuse?: readonly string[];
  /** The process dies before its nth step of writing, and the next act begins with a new one. */
  readonly killed?: number;
  /** What programs answer, by their whole command line; any other is not installed. */
  readonly programs?: Readonly<Record<string, { readonly code?: number; readonly out?: string; readonly err?: string }>>;
  readonly run?: readonly string[];
}

/** What the last command of the fixture prints, below the command itself. `parts` loads the real compiler. */
export async function play(folder: string, parts: () => Promise<Parts>): Promise<string> {
  const files = walk(folder, '');
  const scene = files.includes('scene.json') ? (JSON.parse(readFileSync(join(folder, 'scene.json'), 'utf8')) as readonly Act[]) : undefined;
  if (scene !== undefined) return playScene(scene);
  const disk = new MemoryDisk();
  for (const file of files) if (file !== 'expected.txt' && file !== 'run.json') disk.put(`labs/fixture/${file}`, new Uint8Array(readFileSync(join(folder, file))));
  const argv = files.includes('run.json') ? (JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as readonly string[]) : ['check'];
  return printed(disk, argv, await parts());
}

async function playScene(acts: readonly Act[]): Promise<string> {
  let disk = new MemoryDisk();
  let text = '';
  for (const act of acts) {
    for (const [path, content] of Object.entries(act.put ?? {})) disk.put(path, contentOf(content));
    for (const path of act.deny ?? []) disk.deny(path);
    for (const word of act.running ?? []) disk.running.add(word);
    if (act.room !== undefined) disk.capacity = act.room + [...disk.entries.values()].reduce((sum, entry) => sum + (entry.type === 'file' ? entry.bytes.length : 0), 0);
    disk.steps = 0;
    disk.before = (step, operation, path) => {
      if (step === act.killed) throw new Killed();
      if (act.refuse?.includes(operation)) throw fault('read-only', path);
    };
    if (act.run === undefined) continue;
    try {
      const { programs = {} } = act;
      text = await printed(disk, act.run, fakeParts, {
        ...noPrograms,
        run: (program, args) => {
          const found = programs[[program, ...args].join(' ')];
          return found === undefined ? undefined : { code: 0, out: '', err: '', ...found };
        },
      });
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      disk = disk.restarted();
    }
  }
  return text;
}

async function printed(disk: MemoryDisk, argv: readonly string[], parts: Parts, programs?: Programs): Promise<string> {
  const { exit, out, err } = await labc(disk, argv, parts, programs);
  return `$ labc ${argv.join(' ')}\n${err}${out}(exit code ${exit})\n`;
}

function contentOf(content: Content): string | Uint8Array | { readonly link: string } {
  if (typeof content === 'string' || 'link' in content) return content;
  return 'bytes' in content ? new Uint8Array(content.bytes) : new Uint8Array(content.size).fill(0x20);
}

function walk(folder: string, path: string): readonly string[] {
  return readdirSync(join(folder, path)).flatMap((name) => {
    const child = path === '' ? name : `${path}/${name}`;
    return statSync(join(folder, child)).isDirectory() ? walk(folder, child) : [child];
  });
}
