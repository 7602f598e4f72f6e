/**
 * A Debian 12 machine, booted under systemd-nspawn with real systemd, sshd, sudo and room for a container engine, on a
 * network of its own that leads nowhere but to the test. See index.ts for how the parts of the rig play together.
 */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { cleanEnvironment, requireTool, toolsCache } from '../support/tools.js'
import type { RunOptions, RunResult } from '../support/tools.js'
import { addressOf, closeNetwork, killGroup, machinePrefix, noteMachine, openNetwork, removeCgroups, rigFolder } from './host.js'
import type { Interface } from './host.js'
import type { Repository } from './repository.js'

export interface MachineOptions {
  /** The host name. */
  readonly name: string
  /** The address with its prefix length: `10.20.0.5/24`. */
  readonly address: Interface
  /** The gateway with its prefix length: the address of the test's own end, `10.20.0.1/24`. */
  readonly gateway: Interface
  /** The machine's source of packages. Without one it has none. */
  readonly repository?: Repository
  /** The user that may log in with `keyPath` and become root without a password; `debian`, as on Debian's cloud images. */
  readonly user?: string
  /** A machine that the same key opens. Every machine has a key of its own otherwise. */
  readonly keyOf?: Machine
}

export interface Machine {
  readonly name: string
  /** Without the prefix length. */
  readonly address: string
  readonly user: string
  /** The private key of `user`. */
  readonly keyPath: string
  /** What `ansible-playbook` needs in its environment to reach the machine as `user` by its address. */
  readonly ansibleEnvironment: Readonly<Record<string, string>>
  /** Runs a shell command as `user` (write `sudo` yourself). A non-zero exit code is in the result, not thrown. */
  ssh(command: string, options?: SshOptions): Promise<RunResult>
  /** Loads an archive of `buildImages` into the machine's Docker engine. */
  loadImages(archive: string): Promise<void>
  /** What the machine wrote to its console so far. */
  console(): string
  /** Powers off, and takes everything of it away. Safe to call twice. */
  stop(): Promise<void>
}

export interface SshOptions extends RunOptions {
  /** A file that becomes the command's standard input. */
  readonly inputFile?: string
}

const bootScript = join(dirname(fileURLToPath(import.meta.url)), 'boot.sh')

/** Boots a machine and waits until it answers and systemd has finished starting. */
export async function bootMachine(options: MachineOptions): Promise<Machine> {
  requireTool('machine')
  const user = options.user ?? 'debian'
  const folder = mkdtempSync(join(rigFolder(), `${machinePrefix}${options.name}-`))
  const bridge = openNetwork(options.gateway)
  let child: ChildProcess | undefined
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= takeDown(child, folder, options.gateway))
  try {
    writeFiles(folder, user, options)
    if (options.keyOf === undefined) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'rig', '-f', join(folder, 'key')])
    else for (const end of ['', '.pub']) copyFileSync(`${options.keyOf.keyPath}${end}`, join(folder, `key${end}`))
    const log = openSync(join(folder, 'console.log'), 'a')
    // The kernel tells nspawn when this process dies, and nspawn's mounts are in a namespace that dies with it.
    const args = ['--pdeathsig', 'TERM', 'unshare', '--mount', '--propagation', 'private', bootScript]
    child = spawn('setpriv', [...args, join(toolsCache, 'machine', 'tree'), folder, options.name, bridge], {
      stdio: ['ignore', log, log],
      env: cleanEnvironment(),
      detached: true,
    })
    closeSync(log)
    if (child.pid !== undefined) noteMachine(child.pid)
    const machine = describeMachine(folder, user, options, stop)
    await untilBooted(machine, child)
    return machine
  } catch (error) {
    const log = tail(join(folder, 'console.log'))
    await stop()
    throw new Error(`${options.name} did not boot: ${error instanceof Error ? error.message : String(error)}\n${log}`)
  }
}

function describeMachine(folder: string, user: string, options: MachineOptions, stop: () => Promise<void>): Machine {
  const address = addressOf(options.address)
  const keyPath = join(folder, 'key')
  const trust = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR']
  const machine: Machine = {
    name: options.name,
    address,
    user,
    keyPath,
    ansibleEnvironment: {
      ANSIBLE_HOST_KEY_CHECKING: 'False',
      ANSIBLE_PRIVATE_KEY_FILE: keyPath,
      ANSIBLE_REMOTE_USER: user,
      // A shared connection halves the time of a run; it closes soon after, and lives in the machine's folder.
      ANSIBLE_SSH_ARGS: `${trust.join(' ')} -o ControlMaster=auto -o ControlPersist=10s`,
      ANSIBLE_SSH_CONTROL_PATH_DIR: folder,
      ANSIBLE_HOME: join(rigFolder(), 'ansible'),
      ANSIBLE_NOCOLOR: '1',
      // A machine that shares its cores with other tests may answer late.
      ANSIBLE_TIMEOUT: '60',
    },
    ssh: async (command, run = {}) => {
      const connection = ['-i', keyPath, '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=15', ...trust]
      const result = await execa('ssh', [...connection, `${user}@${address}`, command], {
        ...(run.inputFile !== undefined
          ? { inputFile: run.inputFile }
          : run.input !== undefined
            ? { input: run.input }
            : { stdin: 'ignore' as const }),
        env: { ...cleanEnvironment(), ...run.env },
        extendEnv: false,
        reject: false,
        all: true,
        stripFinalNewline: false,
        timeout: run.timeout ?? 120_000,
      })
      return { exitCode: result.exitCode ?? 255, stdout: result.stdout, stderr: result.stderr, all: result.all }
    },
    loadImages: async (archive) => {
      const result = await machine.ssh('sudo docker load', { inputFile: archive })
      if (result.exitCode !== 0) throw new Error(`docker load on ${options.name}: ${result.all}`)
    },
    console: () => readFileSync(join(folder, 'console.log'), 'utf8'),
    stop,
  }
  return machine
}

function writeFiles(folder: string, user: string, options: MachineOptions): void {
  const files: Record<string, string> = {
    'etc/hostname': `${options.name}\n`,
    'etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${options.name}\n::1 localhost ip6-localhost ip6-loopback\n`,
    'etc/resolv.conf': '',
    'etc/rig-network': `ADDRESS=${options.address}\nGATEWAY=${addressOf(options.gateway)}\n`,
    'etc/sudoers.d/rig': `${user} ALL=(ALL) NOPASSWD:ALL\n`,
  }
  if (options.repository !== undefined) {
    files['etc/apt/keyrings/rig.asc'] = options.repository.key
    files['etc/apt/sources.list.d/debian.sources'] =
      `Types: deb\nURIs: ${options.repository.debianUrl}\nSuites: bookworm\nComponents: main\nSigned-By: /etc/apt/keyrings/rig.asc\n`
  }
  writeFileSync(join(folder, 'user'), user)
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, 'files', path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
}

async function untilBooted(machine: Machine, child: ChildProcess): Promise<void> {
  let last = 'no answer'
  for (let attempt = 0; attempt < 120; attempt += 1) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`systemd-nspawn ended with ${child.exitCode ?? child.signalCode}`)
    // `degraded` is an answer too: the caller's assertions say what must run.
    const result = await machine.ssh('systemctl is-system-running --wait', { timeout: 30_000 })
    last = result.all.trim()
    if (['running', 'degraded'].includes(result.stdout.trim())) return
    await pause(250)
  }
  throw new Error(`no answer over SSH: ${last}`)
}

async function takeDown(child: ChildProcess | undefined, folder: string, gateway: Interface): Promise<void> {
  if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const impatient = setTimeout(() => killGroup(child.pid!), 30_000)
    await ended
    clearTimeout(impatient)
  }
  removeCgroups(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  closeNetwork(gateway)
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(-20).join('\n')
  } catch {
    return ''
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
