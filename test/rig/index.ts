/**
 * The machine rig: a Debian 12 host that boots, is reached over SSH, installs packages from a local repository and runs
 * containers, all on this machine and without a way out. It takes root, and what `tools/prepare.sh` made.
 *
 *   import { bootMachine, buildImages, httpImage, postgresImage, serveRepository } from './rig/index.js'
 *
 *   const gateway = '10.20.0.1/24'                              // the test's own end of the network
 *   const repository = await serveRepository({ gateway })       // debianUrl, dockerUrl, key; port 3142 unless given
 *   const machine = await bootMachine({ name: 'web', address: '10.20.0.5/24', gateway, repository })
 *   try {
 *     await machine.ssh('sudo apt-get update')                  // { exitCode, stdout, stderr, all }
 *     // ansible-playbook with env { ...tool.env, ...machine.ansibleEnvironment }: logs in as machine.user by address;
 *     // `docker { mirror = repository.dockerUrl }` with repository.key as its key installs the engine
 *     await machine.loadImages(buildImages([httpImage('docker.io/traefik/whoami:v1.11', { ports: [80] })]))
 *     // published ports answer at machine.address
 *   } finally {
 *     await machine.stop()
 *     await repository.stop()
 *   }
 *
 * Several machines may share a gateway: they see each other. Two processes cannot use one gateway at a time, so each
 * test file takes its own network. Machines know no name server: names that matter go into /etc/hosts or are addresses.
 * Use `describeWithTool('machine', ...)` and generous timeouts: a boot takes about five seconds, the engine's
 * installation half a minute. Everything is taken down by `stop`, at exit, and at the latest by the next run.
 *
 * What differs from a real host: no kernel of its own (no 802.1q, no wireguard, no vm.* sysctl, no modules); the
 * interface is eth0; the engine is Debian's 20.10 under the upstream package names; docker-buildx-plugin is empty.
 */
export { bootMachine } from './machine.js'
export type { Machine, MachineOptions, SshOptions } from './machine.js'
export { serveRepository } from './repository.js'
export type { Repository, RepositoryOptions } from './repository.js'
export { buildImages, httpImage, postgresImage, valkeyImage } from './images.js'
export type { ImageFile, ImageSpec } from './images.js'
