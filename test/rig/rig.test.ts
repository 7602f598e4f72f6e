/** The rig itself: a machine boots, installs Docker's packages offline, runs containers and goes away without a trace. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithTool } from '../support/tools.js'
import { bootMachine, buildImages, httpImage, postgresImage, serveRepository } from './index.js'
import type { Machine, Repository } from './index.js'

const gateway = '10.213.7.1/24'

describeWithTool('machine', () => {
  let repository: Repository
  let machine: Machine

  beforeAll(async () => {
    repository = await serveRepository({ gateway })
    machine = await bootMachine({ name: 'rigtest', address: '10.213.7.5/24', gateway, repository })
  }, 120_000)

  afterAll(async () => {
    await machine?.stop()
    await repository?.stop()
    expect(existsSync(machine.keyPath)).toBe(false)
    expect(execFileSync('ip', ['-br', 'addr'], { encoding: 'utf8' })).not.toContain('10.213.7.1')
  }, 60_000)

  test('boots to a running system with the given name', async () => {
    expect((await machine.ssh('systemctl is-system-running; systemctl --failed --plain --no-legend')).all).toBe('running\n')
    expect((await machine.ssh('hostname; whoami; sudo whoami')).stdout).toBe('rigtest\ndebian\nroot\n')
  })

  test('installs the engine and Compose under their upstream names', async () => {
    const source = `Types: deb\nURIs: ${repository.dockerUrl}\nSuites: bookworm\nComponents: stable\nSigned-By:\n${indent(repository.key)}`
    await succeeds('sudo tee /etc/apt/sources.list.d/docker.sources', source)
    await succeeds('sudo apt-get update')
    await succeeds(
      'sudo DEBIAN_FRONTEND=noninteractive apt-get install -y docker-ce docker-ce-cli containerd.io docker-buildx-plugin docker-compose-plugin',
    )
    expect(await succeeds('sudo docker compose version --short')).toBe('5.5.1\n')
    expect(await succeeds('sudo docker info --format "{{.Driver}}"')).toBe('overlay2\n')
    expect((await machine.ssh('echo "{" > /tmp/a; dockerd --validate --config-file=/tmp/a')).exitCode).not.toBe(0)
    await succeeds('echo "{}" > /tmp/a; dockerd --validate --config-file=/tmp/a')
  }, 180_000)

  test('runs containers and Compose projects from local images, reached from outside', async () => {
    await machine.loadImages(
      buildImages([httpImage('docker.io/traefik/whoami:v1.11', { ports: [80], pages: { '/health': 'fine\n' } }), postgresImage('docker.io/library/postgres:17')]),
    )
    expect(await succeeds('sudo docker run --rm --entrypoint echo traefik/whoami:v1.11 hello')).toBe('hello\n')
    await succeeds('mkdir -p app && cat > app/compose.yaml && sudo docker compose -f app/compose.yaml up -d --wait', project)
    const answer = await fetch(`http://${machine.address}:8080/health`)
    expect(await answer.text()).toBe('fine\n')
    await succeeds('sudo docker compose -f app/compose.yaml down -v')
  }, 120_000)

  test('comes back after a reboot, with its packages and its engine', async () => {
    const before = (await machine.ssh('cat /proc/sys/kernel/random/boot_id; systemctl show --value -p UserspaceTimestampMonotonic')).stdout
    await machine.ssh('sudo systemctl reboot')
    const again = async (): Promise<string> =>
      (await machine.ssh('cat /proc/sys/kernel/random/boot_id; systemctl show --value -p UserspaceTimestampMonotonic')).stdout
    await expect.poll(again, { timeout: 60_000, interval: 500 }).toSatisfy((text: string) => text !== '' && text !== before)
    await succeeds('systemctl is-system-running --wait && sudo docker images -q | grep .')
  }, 90_000)

  async function succeeds(command: string, input?: string): Promise<string> {
    const result = await machine.ssh(command, { ...(input === undefined ? {} : { input }), timeout: 170_000 })
    if (result.exitCode !== 0) throw new Error(`${command}\n${result.all}`)
    return result.stdout
  }
})

const project = `name: app
services:
  web:
    image: docker.io/traefik/whoami:v1.11
    ports: ["8080:80"]
    depends_on: {db: {condition: service_healthy}}
    healthcheck: {test: [CMD, wget, -q, -O, "-", "http://127.0.0.1/health"], interval: 1s}
  db:
    image: docker.io/library/postgres:17
    environment: {POSTGRES_PASSWORD: example}
    healthcheck: {test: [CMD, pg_isready, -U, app], interval: 1s}
    volumes: ["data:/var/lib/postgresql/data"]
volumes: {data: {}}
`

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? ' .' : ` ${line}`))
    .join('\n')
}
