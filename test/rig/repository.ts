/**
 * The package repositories of the rig over HTTP, on the gateway address of a network: what `tools/machine.sh` made,
 * served as static files. A machine booted with one has it as its Debian source; Docker's repository is beside it.
 */
import { createReadStream, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join, normalize } from 'node:path'
import { toolsCache } from '../support/tools.js'
import { addressOf, closeNetwork, openNetwork } from './host.js'
import type { Interface } from './host.js'

export interface Repository {
  /** Debian's packages, suite bookworm, component main. */
  readonly debianUrl: string
  /** Docker's repository, suite bookworm, component stable: what `docker { mirror = ... }` takes. */
  readonly dockerUrl: string
  /** The armoured public key that signs both: what goes into `Signed-By`. */
  readonly key: string
  /** The paths asked for so far, in order. */
  readonly requests: readonly string[]
  stop(): Promise<void>
}

export interface RepositoryOptions {
  /** The gateway of the network it is served on, with the prefix length: `10.20.0.1/24`. */
  readonly gateway: Interface
  /** The port, fixed so that a lab can name it in its sources; 3142 when not given. */
  readonly port?: number
}

export async function serveRepository(options: RepositoryOptions): Promise<Repository> {
  const root = join(toolsCache, 'machine', 'repository')
  const requests: string[] = []
  const server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0]!)
    requests.push(path)
    const file = join(root, normalize(path))
    const size = file.startsWith(root) ? sizeOf(file) : undefined
    if (size === undefined) {
      response.writeHead(404).end()
    } else {
      response.writeHead(200, { 'content-length': size, 'content-type': 'application/octet-stream' })
      if (request.method === 'HEAD') response.end()
      else createReadStream(file).pipe(response)
    }
  })
  openNetwork(options.gateway)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port ?? 3142, addressOf(options.gateway), resolve)
    })
  } catch (error) {
    closeNetwork(options.gateway)
    throw error
  }
  const base = `http://${addressOf(options.gateway)}:${options.port ?? 3142}`
  return {
    debianUrl: `${base}/debian`,
    dockerUrl: `${base}/linux/debian`,
    key: readFileSync(join(root, 'key.asc'), 'utf8'),
    requests,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      closeNetwork(options.gateway)
    },
  }
}

function sizeOf(file: string): number | undefined {
  try {
    const found = statSync(file)
    return found.isFile() ? found.size : undefined
  } catch {
    return undefined
  }
}
