/**
 * The real tools that tests run: where they are, and what happens when one is not there.
 *
 * Tools come from the PATH or from the cache that `tools/prepare.sh` fills (its env.sh is read once). A test file says
 * which tool it needs with `describeWithTool('terraform', (tool) => { ... })`: the tests run where the tool is, and
 * elsewhere one skipped test names what is missing. With LABC_REQUIRE_TOOLS=1, as in CI, a missing tool is a failing
 * test. Children get an environment without the variables of this machine that disturb them (see `cleanEnvironment`).
 */
import { execFileSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { describe, test } from 'vitest'

/** Every tool that a test may ask for. `python` has PyYAML and ansible's collections; `machine` is the booted rig of test/rig. */
export type ToolName =
  | 'terraform'
  | 'ansible-playbook'
  | 'ansible-lint'
  | 'ansible-doc'
  | 'ansible-inventory'
  | 'python'
  | 'docker compose'
  | 'dockerd'
  | 'just'
  | 'sops'
  | 'age-keygen'
  | 'systemd-nspawn'
  | 'restic'
  | 'shellcheck'
  | 'nft'
  | 'sshd'
  | 'machine'

export interface Tool {
  readonly name: ToolName
  /** The absolute path of the program. `docker compose` is its plugin, which runs alone and takes the same arguments. */
  readonly path: string
  /** The whole environment of a child: pass it with `extendEnv: false`, or use `run`. */
  readonly env: Readonly<Record<string, string>>
  /** Runs the program to its end; a non-zero exit code is in the result, not thrown. */
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>
}

export interface RunOptions {
  readonly cwd?: string
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds after which the child is killed and the run counts as failed (120,000 when not given). */
  readonly timeout?: number
}

export interface RunResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** Both streams in the order of writing: what a failing assertion should show. */
  readonly all: string
}

export const repositoryRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** The folder that `tools/prepare.sh` fills, whether or not it did. */
export const toolsCache: string =
  process.env.LABC_TOOLS_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'labc-tools')

/** The tool, or undefined where this machine has none that tests can use. */
export function tool(name: ToolName): Tool | undefined {
  const path = locate(name)
  if (path === undefined) return undefined
  const env = cleanEnvironment()
  return { name, path, env, run: (args, options) => runProgram(path, args, { ...options, env: { ...env, ...options?.env } }) }
}

/** The tool, or an error that names it and says how to get it. */
export function requireTool(name: ToolName): Tool {
  const found = tool(name)
  if (found === undefined) throw new Error(`${name} not found: run tools/prepare.sh`)
  return found
}

/**
 * A group of tests that needs tools. The body gets the first tool; the others come from `requireTool` inside it.
 * Where one is missing the body is never called.
 */
export function describeWithTool(names: ToolName | readonly ToolName[], body: (tool: Tool) => void): void {
  const wanted = typeof names === 'string' ? [names] : names
  const missing = wanted.filter((name) => tool(name) === undefined)
  if (missing.length === 0) {
    describe(`with ${wanted.join(' and ')}`, () => body(requireTool(wanted[0]!)))
  } else if (process.env.LABC_REQUIRE_TOOLS === '1') {
    test(`required: ${missing.join(', ')}`, () => {
      throw new Error(`${missing.join(', ')} not found: run tools/prepare.sh`)
    })
  } else {
    test.skip(`skipped: ${missing.join(', ')} not found`, () => {})
  }
}

/** Runs any program to its end with exactly the environment given (the clean one when none is). */
export async function runProgram(path: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const result = await execa(path, [...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
    env: { ...(options.env ?? cleanEnvironment()) },
    extendEnv: false,
    reject: false,
    all: true,
    stripFinalNewline: false,
    maxBuffer: 256 * 1024 * 1024,
    timeout: options.timeout ?? 120_000,
  })
  const failure = result.exitCode === undefined ? `${result.shortMessage ?? 'did not run'}\n` : ''
  return {
    exitCode: result.exitCode ?? 255,
    stdout: result.stdout,
    stderr: result.stderr + failure,
    all: result.all + failure,
  }
}

let environment: Record<string, string> | undefined

/**
 * The environment of this process with the cache's env.sh applied, without NODE_EXTRA_CA_CERTS (Node 20 loads it at
 * every start, which more than doubles the time of a short child) and without a TF_CLI_CONFIG_FILE that is not ours.
 */
export function cleanEnvironment(): Readonly<Record<string, string>> {
  if (environment !== undefined) return environment
  const { NODE_EXTRA_CA_CERTS: _certificates, TF_CLI_CONFIG_FILE: _terraform, ...inherited } = process.env
  const script = join(toolsCache, 'env.sh')
  environment = existsSync(script)
    ? readVariables(execFileSync('bash', ['-c', 'source "$1" && env -0', 'bash', script], { env: inherited, encoding: 'utf8' }))
    : (inherited as Record<string, string>)
  return environment
}

function readVariables(text: string): Record<string, string> {
  const lines = text.split('\0').filter((line) => line.includes('='))
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

function locate(name: ToolName): string | undefined {
  switch (name) {
    case 'terraform':
      // Without the provider's mirror, terraform can neither init nor validate a generated file.
      return existsSync(join(toolsCache, 'terraform', 'mirror')) ? onPath('terraform') : undefined
    case 'python':
      return executable(join(toolsCache, 'python', 'bin', 'python'))
    case 'docker compose':
      return composePlugins().map(executable).find((path) => path !== undefined)
    case 'just':
      return executable(join(repositoryRoot, 'node_modules', 'rust-just-linux-x64', 'bin', 'just')) ?? onPath('just')
    case 'machine':
      // Booting a machine takes root, nspawn, and the tree and packages that tools/prepare.sh made.
      return process.getuid?.() === 0 && existsSync(join(toolsCache, 'machine', 'packages.ready')) ? onPath('systemd-nspawn') : undefined
    default:
      return onPath(name)
  }
}

function composePlugins(): string[] {
  const folders = [join(toolsCache, 'docker'), join(homedir(), '.docker'), '/usr/local/lib/docker', '/usr/libexec/docker', '/usr/lib/docker']
  return folders.map((folder) => join(folder, 'cli-plugins', 'docker-compose'))
}

function onPath(program: string): string | undefined {
  const folders = [...(cleanEnvironment().PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => executable(join(folder, program)))
    .find((path) => path !== undefined)
}

function executable(path: string): string | undefined {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile() ? path : undefined
  } catch {
    return undefined
  }
}

/** The versions that `tools/` pins, for tests that prove what they ran against. */
export function pinnedVersion(of: 'provider' | 'compose'): string {
  const text = readFileSync(join(repositoryRoot, 'tools', of, 'go.mod'), 'utf8')
  const pattern = of === 'provider' ? /terraform-provider-proxmox v(\S+)/ : /docker\/compose\/v5 v(\S+)/
  return pattern.exec(text)?.[1] ?? ''
}
