/** Asks the real provider for its schema: `terraform init` against the mirror of tools/prepare.sh, then `providers schema`. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MissingTool, type Repository } from '../generator.js';
import { distilled, type Distilled } from '../distilled.js';
import { exists, runTool, toolsFolder } from '../tools.js';
import { distilTerraform } from './distil.js';
import { RESOURCES, type TerraformSchema } from './schema.js';

const SOURCE = 'bpg/proxmox';
const ADDRESS = `registry.terraform.io/${SOURCE}`;
const MODULE = 'github.com/bpg/terraform-provider-proxmox';

export async function readTerraform(repository: Repository): Promise<Distilled<TerraformSchema>> {
  const version = await pinnedVersion(repository);
  const mirror = join(toolsFolder(repository.root), 'terraform/mirror', ADDRESS, version);
  if (!(await exists(mirror))) throw new MissingTool(`${SOURCE} ${version}`, 'not found; tools/prepare.sh builds it');
  const folder = await mkdtemp(join(tmpdir(), 'labc-schema-'));
  try {
    await writeFile(join(folder, 'main.tf.json'), JSON.stringify({ terraform: { required_providers: { proxmox: { source: SOURCE, version } } } }));
    await runTool(repository.root, 'terraform', ['init', '-input=false', '-no-color'], folder);
    const json: unknown = JSON.parse(await runTool(repository.root, 'terraform', ['providers', 'schema', '-json'], folder));
    return distilled({ [SOURCE]: version }, distilTerraform(json, ADDRESS, RESOURCES));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The provider's version is pinned in one place, the Go module that tools/prepare.sh builds it from. */
async function pinnedVersion(repository: Repository): Promise<string> {
  const text = await repository.read('tools/provider/go.mod');
  const version = new RegExp(`${MODULE.replaceAll('.', '\\.')} v([0-9.]+)`).exec(text)?.[1];
  if (version === undefined) throw new Error(`tools/provider/go.mod requires no ${MODULE}`);
  return version;
}
