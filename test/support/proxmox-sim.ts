/**
 * A Proxmox API on loopback, as much of it as the real provider asks for while it plans and applies what labc emits.
 * It keeps guests and volumes in memory, refuses a token what Proxmox refuses it, frees only what a destroyed guest
 * owns, and notes every call that changes something. `providerOverride` points a generated configuration at it.
 */
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Plan } from '../../compiler/plan/plan.js'
import { checkFeatures, configJson, detach, diskKey, makeDisk, makeMount, makeNet, moveDisk, Refused, resizeDisk, Volumes, type SimGuest, type SimStorage } from './proxmox-guests.js'
import { selfSigned } from './self-signed.js'

export interface ProxmoxSim {
  readonly endpoint: string
  readonly token: string
  /** `POST /nodes/pve1/qemu 228`: calls that changed something, in order. */
  readonly changes: string[]
  /** Calls that nobody taught it: a test wants none. */
  readonly unknown: string[]
  readonly guests: ReadonlyMap<number, SimGuest>
  readonly volumes: Volumes
  /** Files that every node has, `local:import/x.qcow2`, with their size: what Terraform downloads is each node's own. */
  readonly files: Map<string, number>
  /** What people do beside Terraform: sets a property of a guest as root. */
  set(id: number, key: string, value: string): void
  /** What people do on a node: takes a guest to another one. */
  migrate(id: number, target: string): void
  /** Keeps what there is now; the function that comes back puts it there again, with no calls noted since. */
  save(): () => void
  close(): Promise<void>
}

export interface SimOptions {
  readonly nodes: readonly string[]
  readonly storages: readonly SimStorage[]
  /** Files that are there from the start: `local:import/haos.qcow2`. */
  readonly files?: readonly string[]
  /** Size of what is downloaded and imported, 3 GiB when not given. */
  readonly imageSize?: number
}

/** The clusters of a lab as they are before its first apply, with the images that it expects to find. */
export function simOptionsOf(plan: Plan): SimOptions {
  const nodes = plan.clusters.flatMap((cluster) => cluster.nodes)
  const storages = new Map(nodes.flatMap((node) => node.datastores.map(({ name, type }) => [name, { name, type }] as const)))
  return { nodes: nodes.map(({ name }) => name), storages: [...storages.values()], files: plan.images.flatMap(({ file }) => (file === null ? [] : [file])) }
}

type Form = URLSearchParams
type Handler = (match: readonly string[], form: Form, query: URLSearchParams) => unknown

const token = 'labc@pve!test=00000000-0000-0000-0000-000000000000'

export async function startProxmoxSim(options: SimOptions): Promise<ProxmoxSim> {
  const guests = new Map<number, SimGuest>()
  const volumes = new Volumes(options.storages)
  const imageSize = options.imageSize ?? 3 * 2 ** 30
  const files = new Map((options.files ?? []).map((file) => [file, imageSize]))
  const downloads = new Map<string, number>()
  const changes: string[] = []
  const unknown: string[] = []
  let tasks = 0

  const task = (node: string, kind: string): string => `UPID:${node}:0000${(tasks += 1).toString(16).padStart(4, '0').toUpperCase()}:00000000:65000000:${kind}:0:labc@pve!test:`
  const guestOf = (id: string): SimGuest => {
    const guest = guests.get(Number(id))
    if (guest === undefined) throw new Missing(`Configuration file 'nodes/x/qemu-server/${id}.conf' does not exist`)
    return guest
  }
  const sizeOf = (node: string, volid: string): number | undefined => downloads.get(`${node} ${volid}`) ?? files.get(volid)
  const importSize = (node: string) => (volid: string): number => {
    const size = sizeOf(node, volid)
    if (size === undefined) throw new Refused(`volume '${volid}' does not exist`)
    return size
  }
  const apply = (guest: SimGuest, form: Form): void => {
    for (const [key, value] of form) {
      if (['vmid', 'ostemplate', 'storage', 'start', 'delete', 'password', 'ssh-public-keys', 'digest', 'force', 'background_delay', 'pool'].includes(key)) continue
      if (guest.kind === 'lxc' && key === 'features') checkFeatures(value, form.get('unprivileged') === '1' || guest.config.get('unprivileged') === '1')
      const kept =
        guest.kind === 'qemu' && diskKey.test(key) ? makeDisk(volumes, guest.id, key, value, importSize(guest.node))
        : guest.kind === 'qemu' && /^net\d+$/.test(key) ? makeNet(value)
        : guest.kind === 'lxc' && /^(rootfs|mp\d+)$/.test(key) ? makeMount(volumes, guest.id, value)
        : guest.kind === 'lxc' && key === 'description' ? `${value.replace(/\n*$/, '')}\n`
        : value
      guest.config.set(key, kept)
    }
    // A parameter that is given several times is a list, as one with commas is.
    for (const key of form.getAll('delete').flatMap((keys) => keys.split(',')).filter((entry) => entry !== '')) detach(volumes, guest, key)
  }
  const create = (kind: 'qemu' | 'lxc', node: string, form: Form): string => {
    const id = Number(form.get('vmid'))
    if (guests.has(id)) throw new Refused(`unable to create VM ${id} - VM ${id} already exists`)
    if (!options.nodes.includes(node)) throw new Refused(`no such node '${node}'`)
    const guest: SimGuest = { id, node, kind, running: form.get('start') === '1', config: new Map() }
    if (kind === 'lxc' && sizeOf(node, form.get('ostemplate') ?? '') === undefined) throw new Refused(`volume '${form.get('ostemplate')}' does not exist`)
    if (kind === 'lxc' && !form.has('rootfs')) form.set('rootfs', `${form.get('storage')}:4`)
    apply(guest, form)
    if (kind === 'qemu' && !guest.config.has('smbios1')) guest.config.set('smbios1', `uuid=00000000-0000-4000-8000-${String(id).padStart(12, '0')}`)
    guests.set(id, guest)
    return task(node, kind === 'qemu' ? 'qmcreate' : 'vzcreate')
  }
  const destroy = (id: string): string => {
    const guest = guestOf(id)
    if (guest.config.get('protection') === '1') throw new Refused(`can't remove VM ${id} - protection mode enabled`)
    for (const [volid, volume] of volumes.all) if (volume.owner === guest.id) volumes.all.delete(volid)
    guests.delete(guest.id)
    return task(guest.node, 'qmdestroy')
  }
  /** With its disks, which must all be its own: Proxmox refuses to take along what another guest owns. */
  const migrate = (guest: SimGuest, target: string): void => {
    if (!options.nodes.includes(target)) throw new Refused(`no such node '${target}'`)
    for (const [key, value] of guest.config) {
      const volume = diskKey.test(key) ? volumes.all.get(value.split(',')[0] ?? '') : undefined
      if (volume !== undefined && volume.owner !== guest.id) throw new Refused(`can't migrate VM - owned by other VM (owner = VM ${volume.owner})`)
    }
    guest.node = target
  }
  const status = (id: string) => {
    const guest = guestOf(id)
    const state = guest.running ? 'running' : 'stopped'
    return { vmid: guest.id, name: guest.config.get('name'), status: state, qmpstatus: state, ha: { managed: 0 }, ...(guest.running ? { pid: 1000 + guest.id } : {}) }
  }

  const routes: readonly (readonly [method: string, path: RegExp, handler: Handler])[] = [
    ['GET', /^\/version$/, () => ({ version: '9.1.4', release: '9.1', repoid: '00000000' })],
    ['GET', /^\/pools$/, () => []],
    ['GET', /^\/nodes$/, () => options.nodes.map((node) => ({ node, status: 'online', type: 'node' }))],
    ['GET', /^\/cluster\/resources$/, () => [...guests.values()].map((guest) => ({ id: `${guest.kind}/${guest.id}`, type: guest.kind, vmid: guest.id, node: guest.node, status: guest.running ? 'running' : 'stopped' }))],
    ['GET', /^\/nodes\/([^/]+)\/tasks\/([^/]+)\/status$/, () => ({ status: 'stopped', exitstatus: 'OK', pid: 1 })],
    ['GET', /^\/nodes\/([^/]+)\/tasks\/([^/]+)\/log$/, () => []],
    ['GET', /^\/nodes\/([^/]+)\/query-url-metadata$/, (_, __, query) => ({ filename: query.get('url')?.split('/').at(-1), mimetype: 'application/octet-stream', size: imageSize })],
    ['GET', /^\/nodes\/([^/]+)\/storage\/([^/]+)\/content$/, ([, node = '', storage], _, query) =>
      [...files, ...[...downloads].flatMap(([key, size]) => (key.startsWith(`${node} `) ? [[key.slice(node.length + 1), size] as const] : []))].filter(([id]) => id.startsWith(`${storage}:${query.get('content')}/`)).map(([volid, size]) => ({ volid, size, content: query.get('content'), format: volid.split('.').at(-1) }))],
    ['GET', /^\/nodes\/([^/]+)\/storage\/([^/]+)\/content\/(.+)$/, ([, , , volid = '']) => {
      const volume = volumes.all.get(volid)
      if (volume === undefined) throw new Missing(`volume '${volid}' does not exist`)
      return { path: `/dev/${volid.replace(':', '/')}`, format: volume.format, size: volume.size, used: volume.size }
    }],
    ['POST', /^\/nodes\/([^/]+)\/storage\/([^/]+)\/download-url$/, ([, node = '', storage], form) => {
      const volid = `${storage}:${form.get('content')}/${form.get('filename')}`
      if (sizeOf(node, volid) !== undefined) throw new Refused(`refusing to override existing file '${form.get('filename')}'`)
      if (form.get('content') === 'import' && !/^[\w.\-+=]+\.(qcow2|raw|vmdk)$/.test(form.get('filename') ?? '')) throw new Refused('wrong file extension')
      if (form.get('content') === 'vztmpl' && !/\.tar\.(gz|xz|zst)$/.test(form.get('filename') ?? '')) throw new Refused('wrong file extension')
      downloads.set(`${node} ${volid}`, imageSize)
      return task(node, 'download')
    }],
    ['DELETE', /^\/nodes\/([^/]+)\/storage\/([^/]+)\/content\/(.+)$/, ([, node = '', storage, path = '']) => {
      const volid = path.includes(':') ? path : `${storage}:${path}`
      if (!downloads.delete(`${node} ${volid}`) && !files.delete(volid)) throw new Missing('no such volume')
      return task(node, 'imgdel')
    }],
    ['POST', /^\/nodes\/([^/]+)\/(qemu|lxc)$/, ([, node = '', kind], form) => create(kind as 'qemu' | 'lxc', node, form)],
    ['GET', /^\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)\/config$/, ([, id = '']) => configJson(guestOf(id))],
    ['GET', /^\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)\/status\/current$/, ([, id = '']) => status(id)],
    ['GET', /^\/nodes\/[^/]+\/lxc\/(\d+)\/interfaces$/, ([, id = '']) => {
      const nets = [...guestOf(id).config].filter(([key]) => /^net\d+$/.test(key)).map(([, value]) => new Map(value.split(',').map((part) => part.split('=') as [string, string])))
      return nets.map((net) => ({ 'name': net.get('name'), 'hardware-address': net.get('hwaddr'), 'ip-addresses': [{ 'ip-address-type': 'inet', 'ip-address': net.get('ip')?.split('/')[0] ?? '192.0.2.1', 'prefix': 24 }] }))
    }],
    ['PUT', /^\/nodes\/([^/]+)\/(?:qemu|lxc)\/(\d+)\/resize$/, ([, node = '', id = ''], form) => {
      resizeDisk(volumes, guestOf(id), form.get('disk') ?? '', form.get('size') ?? '')
      return task(node, 'resize')
    }],
    ['PUT', /^\/nodes\/[^/]+\/qemu\/(\d+)\/cloudinit$/, ([, id = '']) => (guestOf(id), null)],
    ['POST', /^\/nodes\/([^/]+)\/qemu\/(\d+)\/move_disk$/, ([, node = '', id = ''], form) => {
      moveDisk(volumes, guestOf(id), form.get('disk') ?? '', form.get('storage') ?? '')
      return task(node, 'qmmove')
    }],
    ['POST', /^\/nodes\/([^/]+)\/(?:qemu|lxc)\/(\d+)\/status\/(start|stop|shutdown|reboot)$/, ([, node = '', id = '', what = '']) => {
      guestOf(id).running = what === 'start' || what === 'reboot'
      return task(node, `qm${what}`)
    }],
    ['GET', /^\/cluster\/ha\/resources\/(.+)$/, ([, id]) => {
      throw new Missing(`no such resource '${id}'`)
    }],
    ['POST', /^\/nodes\/([^/]+)\/qemu\/(\d+)\/migrate$/, ([, node = '', id = ''], form) => (migrate(guestOf(id), form.get('target') ?? ''), task(node, 'qmigrate'))],
    ['PUT', /^\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)\/config$/, ([, id = ''], form) => (apply(guestOf(id), form), null)],
    ['POST', /^\/nodes\/([^/]+)\/qemu\/(\d+)\/config$/, ([, node = '', id = ''], form) => (apply(guestOf(id), form), task(node, 'qmconfig'))],
    ['DELETE', /^\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)\/?$/, ([, id = '']) => destroy(id)],
  ]

  function answer(method: string, url: URL, form: Form): { readonly code: number; readonly body: unknown } {
    const path = decodeURIComponent(url.pathname.replace(/^\/api2\/json/, ''))
    for (const [wanted, pattern, handler] of routes) {
      const match = wanted === method ? pattern.exec(path) : null
      if (match === null) continue
      const vmid = form.get('vmid')
      try {
        const data = handler([...match].map((part) => part ?? ''), form, url.searchParams)
        if (method !== 'GET') changes.push(`${method} ${path}${vmid === null ? '' : ` ${vmid}`}`)
        return { code: 200, body: { data } }
      } catch (error) {
        if (error instanceof Refused || error instanceof Missing) return { code: error instanceof Missing ? 500 : 400, body: { data: null, message: error.message } }
        throw error
      }
    }
    unknown.push(`${method} ${path}`)
    return { code: 501, body: { data: null, message: `Method '${method} ${path}' not implemented` } }
  }

  const server = createServer({ ...selfSigned(), minVersion: 'TLSv1.3' }, (request, response) => {
    void read(request).then((text) => {
      const allowed = request.headers.authorization === `PVEAPIToken=${token}`
      const result = allowed ? answer(request.method ?? '', new URL(request.url ?? '', 'https://sim'), new URLSearchParams(text)) : { code: 401, body: { data: null, message: 'no ticket' } }
      response.writeHead(result.code, { 'content-type': 'application/json' }).end(JSON.stringify(result.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `https://127.0.0.1:${port}`, token, changes, unknown, guests, volumes, files,
    set: (id, key, value) => void guestOf(String(id)).config.set(key, value),
    migrate: (id, target) => migrate(guestOf(String(id)), target),
    save: () => {
      const kept = structuredClone({ guests, volumes: volumes.all, files, downloads })
      return () => {
        for (const [target, source] of [[guests, kept.guests], [volumes.all, kept.volumes], [files, kept.files], [downloads, kept.downloads]] as const) refill(target, structuredClone(source))
        changes.length = 0
        unknown.length = 0
      }
    },
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  }
}

/**
 * A file beside a generated configuration that points its providers at the simulator and keeps the state in the folder;
 * Terraform merges it. `aliases` are the providers of clusters beyond the first.
 */
export function providerOverride(sim: ProxmoxSim, aliases: readonly string[] = []): { readonly name: string; readonly text: string } {
  const providers = [[], ...aliases.map((alias) => [`alias    = "${alias}"`])].map((lines) =>
    ['provider "proxmox" {', ...[...lines, `endpoint = "${sim.endpoint}"`, 'insecure = true'].map((line) => `  ${line}`), '}'].join('\n'),
  )
  return { name: 'sim_override.tf', text: [...providers, 'terraform {\n  backend "local" {}\n}'].join('\n\n') + '\n' }
}

class Missing extends Error {}

function refill(target: Map<unknown, unknown>, source: ReadonlyMap<unknown, unknown>): void {
  target.clear()
  for (const [key, value] of source) target.set(key, value)
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
