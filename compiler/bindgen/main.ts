/**
 * `npm run gen`: runs every generator and writes what changed. `npm run gen -- --check` writes nothing and fails when
 * a file is stale. A word more runs the generators with it in their names only: `npm run gen -- library` after an edit in
 * `stdlib/`. A generator whose tool is missing is skipped by name; the rest runs from the committed schemas.
 * Exit codes: 0 all fresh or written, 1 stale or failed, 2 usage.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MissingTool, type GeneratedFile, type Generator } from './generator.js';
import { GENERATORS } from './generators.js';
import { openRepository } from './repository.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes('--check');
  const words = args.filter((arg) => arg !== '--check');
  const generators = GENERATORS.filter(({ name }) => words.every((word) => name.includes(word)));
  if (generators.length === 0) {
    console.error(`usage: npm run gen [-- [--check] [WORD]]; a WORD is of ${GENERATORS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const made = new Map<string, string>();
  const repository = openRepository(root, made);
  const onDisk = openRepository(root);
  let status = 0;
  for (const generator of generators) {
    const files = await runGenerator(generator);
    if (files === null) continue;
    for (const { path, text } of files) {
      made.set(path, text);
      if ((await onDisk.read(path).catch(() => null)) === text) console.log(`${generator.name}: ${path} is fresh`);
      else if (check) {
        console.log(`${generator.name}: ${path} is stale`);
        status = 1;
      } else {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), text);
        console.log(`${generator.name}: ${path} written`);
      }
    }
  }
  return status;

  async function runGenerator(generator: Generator): Promise<readonly GeneratedFile[] | null> {
    try {
      return await generator.run(repository);
    } catch (error) {
      if (!(error instanceof MissingTool)) throw error;
      console.log(`${generator.name}: skipped (${error.message})`);
      return null;
    }
  }
}

process.exitCode = await main(process.argv.slice(2));
