/** Takes the compose-spec schema out of the Go module that Docker Compose itself is built from, at the version tools/ pins. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError } from 'execa';
import { distilled, type Distilled } from '../distilled.js';
import { MissingTool, type Repository } from '../generator.js';
import { runTool } from '../tools.js';
import { distilCompose, type ComposeSchema } from './schema.js';

const MODULE = 'github.com/compose-spec/compose-go/v2';

export async function readCompose({ root }: Repository): Promise<Distilled<ComposeSchema>> {
  const { Dir, Version } = await download(root);
  const raw: unknown = JSON.parse(await readFile(join(Dir, 'schema/compose-spec.json'), 'utf8'));
  return distilled({ 'compose-go': Version }, distilCompose(raw));
}

async function download(root: string): Promise<{ readonly Dir: string; readonly Version: string }> {
  try {
    return JSON.parse(await runTool(root, 'go', ['mod', 'download', '-json', MODULE], join(root, 'tools/compose')));
  } catch (error) {
    if (error instanceof ExecaError) throw new MissingTool(MODULE, 'the Go module cannot be downloaded');
    throw error;
  }
}
