/**
 * What the rig makes on the machine that runs the tests, and how it goes away: one folder per process, bridges with the
 * gateway addresses of networks. All of it is gone after `close`, at the exit of the process, and at the latest at the
 * next run, which removes what a killed process left.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const prefix = 'labc-rig-'

/** How the folders of machines begin, inside the folder of a process. */
export const machinePrefix = 'machine-'

/** An IPv4 address with its prefix length, such as `10.20.0.1/24`. */
export type Interface = string

export function addressOf(value: Interface): string {
  return value.split('/')[0]!
}

let folder: string | undefined

/** The folder of this process's rig. The first call removes what dead processes left. */
export function rigFolder(): string {
  if (folder !== undefined) return folder
  sweep()
  folder = mkdtempSync(join(tmpdir(), prefix))
  writeFileSync(join(folder, 'owner'), identity(process.pid))
  writeFileSync(join(folder, 'bridges'), '')
  writeFileSync(join(folder, 'machines'), '')
  const made = folder
  process.once('exit', () => existsSync(made) && remove(made))
  return folder
}

/** Notes a child that must not outlive this process. */
export function noteMachine(pid: number): void {
  appendFileSync(join(rigFolder(), 'machines'), `${identity(pid)}\n`)
}

const networks = new Map<string, number>()

/** The bridge whose address is a gateway: made at first use, shared inside the process, gone after as many `closeNetwork`. */
export function openNetwork(gateway: Interface): string {
  const bridge = bridgeOf(gateway)
  const users = networks.get(gateway) ?? 0
  if (users === 0) {
    const directory = rigFolder()
    if (existsSync(`/sys/class/net/${bridge}`)) throw new Error(`the rig's network ${gateway} is in use by another process (${bridge})`)
    appendFileSync(join(directory, 'bridges'), `${bridge}\n`)
    ip('link', 'add', bridge, 'type', 'bridge')
    ip('addr', 'add', gateway, 'dev', bridge)
    ip('link', 'set', bridge, 'up')
  }
  networks.set(gateway, users + 1)
  return bridge
}

export function closeNetwork(gateway: Interface): void {
  const users = networks.get(gateway) ?? 0
  if (users > 1) {
    networks.set(gateway, users - 1)
  } else if (users === 1) {
    networks.delete(gateway)
    ip('link', 'del', bridgeOf(gateway))
  }
  // The last one out takes the folder along; a worker of vitest does not live to see its own exit.
  if (networks.size === 0 && folder !== undefined) {
    remove(folder)
    folder = undefined
  }
}

/** Short enough for the name of an interface, and the same in every process. */
function bridgeOf(gateway: Interface): string {
  return `labc-${createHash('sha256').update(gateway).digest('hex').slice(0, 8)}`
}

/** Removes the cgroups of a machine, which boot.sh named after its folder. */
export function removeCgroups(machineFolder: string): void {
  const found = execFileSync('find', ['/sys/fs/cgroup', '-type', 'd', '-name', basename(machineFolder)], { encoding: 'utf8' })
  for (const group of found.split('\n').filter((line) => line !== '')) {
    // Processes that were just killed leave their group a little later.
    for (let attempt = 0; attempt < 40 && existsSync(group); attempt += 1) {
      if (attempt > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
      spawnSync('find', [group, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';'], { stdio: 'ignore' })
    }
  }
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** A process by its number and start time: numbers are used again. Empty when there is no such process. */
function identity(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
    return `${pid} ${fields[19]}`
  } catch {
    return ''
  }
}

function isAlive(noted: string): boolean {
  return noted !== '' && identity(Number(noted.split(' ')[0])) === noted
}

/** Ends a machine without asking: its boot script and nspawn are one group, and the kernel ends what runs inside. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}

function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(prefix))) {
    const directory = join(tmpdir(), name)
    if (existsSync(join(directory, 'owner')) && !isAlive(lines(directory, 'owner')[0] ?? '')) remove(directory)
  }
}

/** Synchronous, because it also runs while the process exits. */
function remove(directory: string): void {
  if (!basename(directory).startsWith(prefix)) return
  for (const noted of lines(directory, 'machines').filter(isAlive)) {
    killGroup(Number(noted.split(' ')[0]))
  }
  for (const entry of readdirSync(directory, { withFileTypes: true })) if (entry.isDirectory() && entry.name.startsWith(machinePrefix)) removeCgroups(entry.name)
  for (const bridge of lines(directory, 'bridges').filter((each) => existsSync(`/sys/class/net/${each}`))) ip('link', 'del', bridge)
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

function lines(directory: string, file: string): string[] {
  const path = join(directory, file)
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter((line) => line !== '') : []
}
