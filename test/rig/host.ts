/**
 * What the rig makes on the machine that runs the tests, and how it goes away: one folder per process, bridges with the
 * gateway addresses of networks. All of it is gone after `close`, at the exit of the process, and at the latest at the
 * next run, which removes what a killed process left.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const prefix = 'labc-rig-'

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
  process.once('exit', () => remove(folder!))
  return folder
}

/** Notes a child that must not outlive this process. */
export function noteMachine(pid: number): void {
  appendFileSync(join(rigFolder(), 'machines'), `${identity(pid)}\n`)
}

const networks = new Map<string, number>()

/** The bridge whose address is a gateway: made at first use, shared inside the process, gone after as many `closeNetwork`. */
export function openNetwork(gateway: Interface): string {
  const bridge = `labc-${createHash('sha256').update(gateway).digest('hex').slice(0, 8)}`
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
    ip('link', 'del', `labc-${createHash('sha256').update(gateway).digest('hex').slice(0, 8)}`)
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
    try {
      process.kill(Number(noted.split(' ')[0]), 'SIGKILL')
    } catch {
      // It ended by itself in the meantime.
    }
  }
  for (const bridge of lines(directory, 'bridges').filter((each) => existsSync(`/sys/class/net/${each}`))) ip('link', 'del', bridge)
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

function lines(directory: string, file: string): string[] {
  const path = join(directory, file)
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter((line) => line !== '') : []
}
