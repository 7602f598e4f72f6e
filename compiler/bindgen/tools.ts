/**
 * The real tools that schemas are read from: terraform with the provider, ansible-doc, go.
 * They are looked for in the folder that tools/prepare.sh fills, then on the PATH; versions are pinned under tools/.
 */
import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa, ExecaError } from 'execa';
import { MissingTool } from './generator.js';

/** The folder of tools/prepare.sh: the same rule as there. */
export function toolsFolder(root: string, env: NodeJS.ProcessEnv = process.env): string {
  if (env['LABC_TOOLS_CACHE']) return env['LABC_TOOLS_CACHE'];
  if (env['XDG_CACHE_HOME']) return join(env['XDG_CACHE_HOME'], 'labc-tools');
  const home = homedir();
  return home ? join(home, '.cache/labc-tools') : join(root, '.cache/tools');
}

/** Runs a tool and returns what it printed; a tool that is not there is a `MissingTool`. */
export async function runTool(root: string, tool: string, args: readonly string[], cwd: string): Promise<string> {
  const { NODE_EXTRA_CA_CERTS: _, TF_CLI_CONFIG_FILE: __, ...inherited } = process.env;
  const folder = toolsFolder(root);
  const path = [join(folder, 'bin'), join(folder, 'python/bin'), process.env['PATH'] ?? ''].join(delimiter);
  const config = join(folder, 'terraform/terraform.rc');
  const env = { ...inherited, PATH: path, ...((await exists(config)) ? { TF_CLI_CONFIG_FILE: config } : {}) };
  try {
    const { stdout } = await execa(tool, [...args], { cwd, env, extendEnv: false, maxBuffer: 64 << 20, stdin: 'ignore' });
    return stdout;
  } catch (error) {
    if (error instanceof ExecaError && error.code === 'ENOENT') throw new MissingTool(tool, 'not found; tools/prepare.sh installs it');
    throw error;
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}
