/**
 * Container images without a registry and without an engine on this side: archives in the form of `docker save`, made
 * of a static busybox and whatever files a test gives, under any name. `httpImage`, `postgresImage` and `valkeyImage`
 * are ready-made stand-ins; what answers in them is busybox, so they prove the wiring of a lab, not the apps.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { cleanEnvironment } from '../support/tools.js'
import { rigFolder } from './host.js'

export interface ImageSpec {
  /** The name that Compose files use, with its tag: `docker.io/library/postgres:17`. */
  readonly name: string
  /** Absolute paths and what is there: a text, or one with a mode. Folders come into being by themselves. */
  readonly files?: Readonly<Record<string, string | ImageFile>>
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly user?: string
  readonly workdir?: string
  /** Ports as Docker writes them: `8080/tcp`. */
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
}

export interface ImageFile {
  readonly text: string
  readonly mode: number
}

/** A service that answers HTTP: each of `ports`, each path of `pages` (and `/`) with its text. */
export function httpImage(name: string, options: { ports: readonly number[]; pages?: Readonly<Record<string, string>> }): ImageSpec {
  const pages = { '/': `${name}\n`, ...options.pages }
  const files = Object.entries(pages).map(([path, text]) => [`/www${path.endsWith('/') ? `${path}index.html` : path}`, text])
  return {
    name,
    files: { ...Object.fromEntries(files), '/bin/serve': script(options.ports.map((port) => `httpd -f -p ${port} -h /www &`).join('\n')), '/bin/curl': curl },
    // Whatever an app's command line says, this answers: Compose's `command` is only appended.
    entrypoint: ['/bin/serve'],
    ports: options.ports.map((port) => `${port}/tcp`),
  }
}

/** A PostgreSQL that wants its password, keeps a data folder and answers `pg_isready`; it speaks no SQL. */
export function postgresImage(name: string): ImageSpec {
  return {
    name,
    files: {
      '/bin/serve': script(
        [
          'if [ -n "$POSTGRES_PASSWORD_FILE" ]; then POSTGRES_PASSWORD="$(cat "$POSTGRES_PASSWORD_FILE")" || exit 1; fi',
          'if [ -z "$POSTGRES_PASSWORD" ]; then echo "Database is uninitialized and superuser password is not specified." >&2; exit 1; fi',
          'data="${PGDATA:-/var/lib/postgresql/data}"',
          'mkdir -p "$data"',
          'if [ ! -f "$data/PG_VERSION" ]; then echo fake > "$data/PG_VERSION"; date +%s > "$data/born"; fi',
          'httpd -f -p 5432 -h "$data" &',
        ].join('\n'),
      ),
      '/bin/pg_isready': script('exec nc -w 2 127.0.0.1 5432 < /dev/null', false),
      '/bin/pg_dump': script('echo fake dump', false),
    },
    entrypoint: ['/bin/serve'],
    command: ['postgres'],
    env: { PGDATA: '/var/lib/postgresql/data' },
    ports: ['5432/tcp'],
  }
}

/** A Valkey (or Redis) that answers `valkey-cli ping` and `redis-cli ping`. */
export function valkeyImage(name: string): ImageSpec {
  const ping = script('nc -w 2 127.0.0.1 6379 < /dev/null && echo PONG', false)
  return {
    name,
    files: { '/bin/serve': script('httpd -f -p 6379 -h /tmp &'), '/bin/valkey-cli': ping, '/bin/redis-cli': ping },
    entrypoint: ['/bin/serve'],
    ports: ['6379/tcp'],
  }
}

/** One archive with all of them, for `machine.loadImages`. Returns its path, inside the rig's folder. */
export function buildImages(images: readonly ImageSpec[]): string {
  const work = mkdtempSync(join(rigFolder(), 'images-'))
  const archive = `${work}.tar`
  const base = addLayer(work, baseLayer)
  const manifest = images.map((image) => {
    const own = addLayer(work, (root) => writeImageFiles(root, image))
    return { Config: addConfig(work, image, [base, own]), RepoTags: [image.name], Layers: [base, own].map((layer) => layer.path) }
  })
  writeFileSync(join(work, 'manifest.json'), JSON.stringify(manifest))
  tar(work, archive)
  rmSync(work, { recursive: true, force: true })
  return archive
}

interface Layer {
  readonly path: string
  readonly digest: string
}

function addLayer(work: string, fill: (root: string) => void): Layer {
  const root = mkdtempSync(join(rigFolder(), 'layer-'))
  fill(root)
  tar(root, `${root}.tar`)
  const bytes = readFileSync(`${root}.tar`)
  const hex = createHash('sha256').update(bytes).digest('hex')
  const path = `${hex}/layer.tar`
  mkdirSync(join(work, hex), { recursive: true })
  writeFileSync(join(work, path), bytes)
  rmSync(root, { recursive: true, force: true })
  rmSync(`${root}.tar`)
  return { path, digest: `sha256:${hex}` }
}

function addConfig(work: string, image: ImageSpec, layers: readonly Layer[]): string {
  const config = JSON.stringify({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: {
      Env: Object.entries({ PATH: '/bin', ...image.env }).map(([name, value]) => `${name}=${value}`),
      Entrypoint: image.entrypoint ?? null,
      Cmd: image.command ?? null,
      User: image.user ?? '',
      WorkingDir: image.workdir ?? '/',
      ExposedPorts: Object.fromEntries((image.ports ?? []).map((port) => [port, {}])),
      Volumes: Object.fromEntries((image.volumes ?? []).map((volume) => [volume, {}])),
    },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.digest) },
  })
  const name = `${createHash('sha256').update(config).digest('hex')}.json`
  writeFileSync(join(work, name), config)
  return name
}

/** Busybox under all of its names, and what programs expect of a root file system. */
function baseLayer(root: string): void {
  for (const folder of ['bin', 'etc', 'tmp', 'root', 'var/lib', 'run']) mkdirSync(join(root, folder), { recursive: true })
  execFileSync('chmod', ['1777', join(root, 'tmp')])
  copyFileSync('/usr/bin/busybox', join(root, 'bin', 'busybox'))
  const applets = execFileSync('/usr/bin/busybox', ['--list'], { encoding: 'utf8' }).split('\n')
  for (const applet of applets.filter((name) => name !== '' && name !== 'busybox')) symlinkSync('busybox', join(root, 'bin', applet))
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n')
  writeFileSync(join(root, 'etc', 'group'), 'root:x:0:\nnogroup:x:65534:\n')
}

function writeImageFiles(root: string, image: ImageSpec): void {
  for (const [path, file] of Object.entries(image.files ?? {})) {
    const target = join(root, path)
    mkdirSync(dirname(target), { recursive: true })
    if (typeof file === 'string') writeFileSync(target, file, { mode: 0o644 })
    else writeFileSync(target, file.text, { mode: file.mode })
  }
}

/** A shell program. A server's runs until it is told to stop, at once: the first process gets no default handlers. */
function script(body: string, isServer = true): ImageFile {
  const text = isServer ? `#!/bin/sh\ntrap 'exit 0' TERM INT QUIT\n${body}\nwait\n` : `#!/bin/sh\n${body}\n`
  return { text, mode: 0o755 }
}

/** Enough of curl for health checks: the last argument is the address. */
const curl = script('for last in "$@"; do :; done\nexec wget -q -O - "$last"', false)

/** Without times and owners, so that an image keeps its layers as long as its files are the same. */
function tar(folder: string, archive: string): void {
  execFileSync('tar', ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '-C', folder, '-cf', archive, '.'], {
    env: cleanEnvironment(),
  })
}
