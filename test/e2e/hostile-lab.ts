/** A lab with a hostile text in every slot that takes free text; the tests read it back with the tools that will. */
import { hostileTexts } from '../fixtures/hostile.js';
import { labOf } from './lab-kit.js';
import type { LabSources } from '../../compiler/sources/lab-sources.js';

/** What a source may hold and every target can carry: no file, argument or variable holds a NUL or half a surrogate pair. */
export const texts: readonly string[] = hostileTexts;

/** What a command may print for `verify` to compare, which is one line. */
const compared = texts.filter((text) => /^[ -~]+$/.test(text)).join(' ').trim();

/** A literal of `.lab` that says `text`. */
export const literal = (text: string): string =>
  `"${[...text].map((c) => (c === '"' || c === '\\' ? `\\${c}` : c === '$' ? '\\u{24}' : c >= ' ' && c <= '~' ? c : `\\u{${c.codePointAt(0)!.toString(16)}}`)).join('')}"`;

const list = (words: readonly string[]): string => `[${words.map(literal).join(', ')}]`;
const fields = (prefix: string): string => texts.map((text, at) => `"${prefix}${at}" = ${literal(text)}`).join('  ');

export const ground = `
lab hostile { domain = "lab.example.net"  timezone = "Etc/UTC"  secrets = sops("secrets.yaml") }
operator ops { uid = 1000  keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQgAH7H4L4OX22+EYuiUuTNSCot5S7It6Q7uGH//BvD ops@desk"] }
use images.debian_12, personas.base_debian, capabilities.docker, apps.{traefik, homepage}
secret proxmox_token { from = env("PROXMOX_VE_API_TOKEN") }
cluster pve {
  endpoint = "https://192.168.1.10:8006"  token = proxmox_token
  node pve1 {
    address = 192.168.1.10
    datastore local     { type = dir      content = [import] }
    datastore local-lvm { type = lvmthin  content = [images] }
    bridge vmbr0
  }
}
network lan { cidr = 192.168.0.0/16  gateway = 192.168.1.1  resolvers = [192.168.1.1]  bridge = vmbr0  allocate = 192.168.2.0 .. 192.168.4.255 }
`;

/** A machine of the ground's with more in it, or more beside it. */
export const box = (inside = '', beside = ''): string => `${ground}
vm box : base_debian {
  cores = 2  memory = 4GiB
  nic lan { address = 192.168.1.20 }
  disk root = 16GiB { on = local-lvm }
  has docker
${inside}
}
${beside}
`;

/** Prints its arguments, its environment and its input, as JSON. */
const echo = 'import json, os, sys; print(json.dumps([sys.argv[1:], [os.environ.get("T%d" % i) for i in range(len(sys.argv) - 1)], sys.stdin.read()]))';

export function hostileLab(): LabSources {
  const inside = `
  run app
  run traefik { tls = internal() }
  run homepage { host = "home.lab.example.net"  title = ${literal(texts.join(''))} }
  has probe
  description = ${literal(texts.join(''))}
  ${texts.map((text, at) => `file /etc/hostile/f${at} { content = ${literal(text)} }`).join('\n  ')}
`;
  const beside = `
workload app() {
  needs container_runtime
  container server {
    image      = "docker.io/library/busybox:1.36"
    port http  = 80
    command    = ${list(texts)}
    entrypoint = ${list(texts)}
    env        { ${fields('E')} }
    labels     { ${fields('l')} }
    logging    { driver = "journald"  options = { ${fields('o')} } }
    ready      { run = ${list(texts)} }
    ${texts.map((text, at) => `file /conf/f${at} = ${literal(text)}`).join('\n    ')}
    file /conf/all.json = json({ ${fields('k')} })
    file /conf/all.yaml = yaml({ ${fields('k')}  keys = { ${texts.filter((text) => text !== '').map((text) => `${literal(text)} = 1`).join('  ')} } })
  }
  route web = server.port.http { host = "app.lab.example.net"  headers = { ${texts.map((text, at) => `"X-${at}" = ${literal(text)}`).join('  ')} } }
  ${texts.map((text, at) => `tile "t${at}" { title = ${literal(`${at} ${text}`)}  group = ${literal(`g ${text}`)}  icon = ${literal(text)}  link = web }`).join('\n  ')}
}
capability probe() {
  ensure arguments { command = ["python3", "-c", ${literal(echo)}, ${texts.map(literal).join(', ')}]  env { ${fields('T')} }  stdin = ${literal(texts.join('\u0001'))}  unless = "false" }
  verify together { run = ["printf", "%s", ${literal(compared)}]  is = ${literal(compared)} }
  ${texts.map((text, at) => `line l${at} { path = /etc/hostile/lines  text = ${literal(text)} }`).join('\n  ')}
  ${texts.map((text, at) => `block b${at} { path = /etc/hostile/blocks  text = ${literal(text)} }`).join('\n  ')}
}
`;
  return labOf('hostile', { 'site.lab': box(inside, beside) });
}
