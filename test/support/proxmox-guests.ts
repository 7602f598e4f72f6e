/**
 * What Proxmox makes of the configuration that the provider sends: volumes are allocated, values take the form in which
 * Proxmox gives them back. From qemu-server (PVE::API2::Qemu, PVE::QemuServer::Drive, print_net, CloudInit) and
 * pve-container (PVE::API2::LXC); only what labc's Terraform sends is here.
 */

/** A volume of a datastore; `owner` is the VMID in its name, and only that guest's destruction frees it. */
export interface Volume {
  readonly id: string
  readonly owner: number
  size: number
  readonly format: string
}

export interface SimStorage {
  readonly name: string
  /** Proxmox's storage type. */
  readonly type: string
}

/** Storages that keep volumes as block devices: raw, and no ending in the name. */
const blockTypes = new Set(['lvm', 'lvmthin', 'zfspool', 'rbd'])

export interface SimGuest {
  readonly id: number
  node: string
  readonly kind: 'qemu' | 'lxc'
  running: boolean
  readonly config: Map<string, string>
}

export class Refused extends Error {}

const GiB = 2 ** 30

/** Keys of a disk of a VM. */
export const diskKey = /^(?:scsi|virtio|sata|ide|efidisk)\d+$/
/** Properties that Proxmox gives back as numbers. */
const numbers = new Set(['acpi', 'balloon', 'ciupgrade', 'cores', 'numa', 'onboot', 'protection', 'sockets', 'swap', 'tablet', 'template', 'tty', 'console', 'unprivileged', 'cpulimit'])

export class Volumes {
  readonly all = new Map<string, Volume>()
  constructor(private readonly storages: readonly SimStorage[]) {}

  /** `vm-ID-disk-N`, and in file storages a folder and an ending. */
  allocate(storage: string, owner: number, size: number, format: string | undefined, name?: string): Volume {
    const known = this.storages.find((entry) => entry.name === storage)
    if (known === undefined) throw new Refused(`storage '${storage}' does not exist`)
    const file = !blockTypes.has(known.type)
    const kind = format ?? (file ? 'qcow2' : 'raw')
    if (!file && kind !== 'raw') throw new Refused(`unsupported format '${kind}' at storage '${storage}'`)
    const idFor = (leaf: string): string => (file ? `${storage}:${owner}/${leaf}.${kind}` : `${storage}:${leaf}`)
    let id = name === undefined ? '' : idFor(name)
    for (let n = 0; id === ''; n += 1) if (!this.all.has(idFor(`vm-${owner}-disk-${n}`))) id = idFor(`vm-${owner}-disk-${n}`)
    const volume = { id, owner, size, format: kind }
    this.all.set(id, volume)
    return volume
  }

  get(id: string): Volume {
    const volume = this.all.get(id)
    if (volume === undefined) throw new Refused(`volume '${id}' does not exist`)
    return volume
  }
}

/** A disk as the provider asks for it, to the string that Proxmox keeps. Raw paths of the node are for root@pam. */
export function makeDisk(volumes: Volumes, id: number, key: string, value: string, importSize: (volid: string) => number): string {
  const { source, options } = parse(value, 'file')
  if (source.startsWith('/')) throw new Refused(`Only root can pass arbitrary filesystem paths.`)
  const option = (name: string): string | undefined => options.find(([key]) => key === name)?.[1]
  const [storage = '', what = ''] = source.split(':')
  if (what === 'none' || source === 'none') return value
  if (what === 'cloudinit') return `${volumes.allocate(storage, id, 4 * 2 ** 20, option('format'), `vm-${id}-cloudinit`).id},media=cdrom,size=4M`
  const from = option('import-from')
  const efi = key.startsWith('efidisk')
  const fresh = /^\d+$/.test(what)
  const size = efi ? 4 * 2 ** 20 : from !== undefined ? importSize(from) : Number(what) * GiB
  const volume = fresh ? volumes.allocate(storage, id, size, option('format')) : volumes.get(source)
  const kept = options.filter(([name]) => !['import-from', 'format', 'size'].includes(name)).map(([name, text]) => `${name}=${text}`)
  return [volume.id, ...kept, `size=${sizeText(volume.size)}`].join(',')
}

/** Takes a key out of a configuration. A volume of the guest's own stays as `unusedN`, and goes with that key. */
export function detach(volumes: Volumes, guest: SimGuest, key: string): void {
  const volid = (guest.config.get(key) ?? '').split(',')[0] ?? ''
  guest.config.delete(key)
  const volume = volumes.all.get(volid)
  if (volume === undefined || volume.owner !== guest.id) return
  if (/^unused\d+$/.test(key) || volid.includes('cloudinit')) volumes.all.delete(volid)
  else if (diskKey.test(key) || /^mp\d+$/.test(key)) {
    let n = 0
    while (guest.config.has(`unused${n}`)) n += 1
    guest.config.set(`unused${n}`, volid)
  }
}

/** A disk of the guest's own goes to another storage under a new name; the old volume is freed. */
export function moveDisk(volumes: Volumes, guest: SimGuest, key: string, storage: string): void {
  const [volid = '', ...options] = (guest.config.get(key) ?? '').split(',')
  const volume = volumes.get(volid)
  if (volume.owner !== guest.id) throw new Refused(`volume '${volid}' is owned by other VM`)
  if (volid.startsWith(`${storage}:`)) throw new Refused(`you can't move to the same storage with same format`)
  const moved = volumes.allocate(storage, guest.id, volume.size, undefined)
  volumes.all.delete(volid)
  guest.config.set(key, [moved.id, ...options].join(','))
}

export function resizeDisk(volumes: Volumes, guest: SimGuest, key: string, wanted: string): void {
  const value = guest.config.get(key) ?? ''
  const volume = volumes.get(value.split(',')[0] ?? '')
  const size = readSize(wanted)
  if (size < volume.size) throw new Refused(guest.kind === 'qemu' ? 'shrinking disks is not supported' : 'unable to shrink disk size')
  volume.size = size
  guest.config.set(key, value.replace(/size=\w+/, `size=${sizeText(size)}`))
}

/** A property string: one value may stand without its key, wherever it is. */
function parse(value: string, bare: string): { source: string; options: [string, string][] } {
  const pairs = value.split(',').map((part): [string, string] => (part.includes('=') ? [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] : [bare, part]))
  return { source: pairs.find(([name]) => name === bare)?.[1] ?? '', options: pairs.filter(([name]) => name !== bare) }
}

/** `virtio=MAC,bridge=...`, as print_net writes it. */
export function makeNet(value: string): string {
  const options = new Map(value.split(',').map((option) => option.split('=') as [string, string]))
  const head = `${options.get('model')}=${options.get('macaddr')?.toUpperCase()}`
  options.delete('model')
  options.delete('macaddr')
  return [head, ...[...options].map(([key, text]) => `${key}=${text}`)].join(',')
}

/** A volume of a container: `STORAGE:SIZE` is allocated; a folder of the node is for root@pam. */
export function makeMount(volumes: Volumes, id: number, value: string): string {
  const { source, options } = parse(value, 'volume')
  if (source.startsWith('/')) throw new Refused('mount point type bind is only allowed for root@pam')
  const [storage = '', what = ''] = source.split(':')
  const volume = /^\d+$/.test(what) ? volumes.allocate(storage, id, Number(what) * GiB, 'raw') : volumes.get(source)
  return [volume.id, ...options.filter(([name]) => name !== 'size').map(([name, text]) => `${name}=${text}`), `size=${sizeText(volume.size)}`].join(',')
}

/** Only nesting, and only on an unprivileged container, is for tokens. */
export function checkFeatures(value: string, unprivileged: boolean): void {
  const others = value.split(',').filter((feature) => feature !== '' && !/^nesting=/.test(feature) && !/=0$/.test(feature))
  if (others.length > 0 || (!unprivileged && value !== '')) throw new Refused(`changing feature flags (except nesting) is only allowed for root@pam`)
}

/** The configuration as JSON: some properties are numbers, the rest is text. */
export function configJson(guest: SimGuest): Record<string, string | number> {
  const entries = [...guest.config].map(([key, value]): [string, string | number] => [key, numbers.has(key) ? Number(value) : value])
  const memory = guest.kind === 'lxc' ? { memory: Number(guest.config.get('memory')) } : {}
  return { ...Object.fromEntries(entries), ...memory, digest: '0'.repeat(40) }
}

export function sizeText(bytes: number): string {
  if (bytes % GiB === 0) return `${bytes / GiB}G`
  return bytes % 2 ** 20 === 0 ? `${bytes / 2 ** 20}M` : `${Math.ceil(bytes / 1024)}K`
}

/** A plain number is bytes. */
export function readSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)([KMGT]?)$/.exec(text) ?? []
  return Number(number) * 1024 ** ' KMGT'.indexOf(unit === '' ? ' ' : unit)
}
