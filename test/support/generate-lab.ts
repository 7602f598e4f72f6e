/** Labs of any size, always the same for a size: for benchmarks, and for tests of what must not grow. */

/** Files by path below the lab's folder: a lab of `count` machines in which every third runs an app, behind one ingress and one monitor. */
export function generateLab(count: number): Readonly<Record<string, string>> {
  const files: Record<string, string> = { 'site.lab': site(count) };
  for (let first = 1; first <= count; first += perFile) {
    const machines = Array.from({ length: Math.min(perFile, count - first + 1) }, (_, i) => machine(first + i));
    files[`machines-${String((first - 1) / perFile + 1).padStart(2, '0')}.lab`] = `${machines.join('\n')}`;
  }
  return files;
}

const perFile = 50;
const perNode = 40;

function site(count: number): string {
  const nodes = Array.from({ length: Math.ceil(count / perNode) }, (_, i) => `  node pve${i + 1} {
    address = 10.20.0.${i + 10}  cores = 64  memory = 512GiB
    datastore local     { type = dir      size = 500GiB  content = [import] }
    datastore local-lvm { type = lvmthin  size = 8TiB    content = [images] }
    bridge vmbr0
  }`);
  return `use images.debian_12
use personas.{base_debian, monitored}
use capabilities.docker
use images.debian_12
use apps.{gatus, prometheus, traefik, vaultwarden}

lab generated { domain = "lab.example.net"  timezone = "Etc/UTC"  secrets = sops("secrets.yaml") }
operator ops { uid = 1000  keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQgAH7H4L4OX22+EYuiUuTNSCot5S7It6Q7uGH//BvD ops@desk"] }

secret proxmox_token   { from = env("PROXMOX_VE_API_TOKEN") }
secret vault_admin     { from = env("VAULT_ADMIN") }
secret restic_password { from = env("RESTIC_PASSWORD") }

cluster pve {
  endpoint = "https://10.20.0.10:8006"  token = proxmox_token  vmids = 1000 .. 9999
${nodes.join('\n')}
}

network lan {
  cidr = 10.20.0.0/16  gateway = 10.20.0.1  resolvers = [10.20.0.1]  bridge = vmbr0
  allocate = 10.20.16.0 .. 10.20.31.255
}

repository nas { type = restic  url = "sftp:backup@10.20.0.5:/backups"  password = restic_password  every = daily at 03:30 }

persona worker : base_debian, monitored {
  L2 { cores = 2  memory = 4GiB  disk root = 16GiB { on = local-lvm } }
  L3 { has docker }
}
`;
}

function machine(n: number): string {
  const name = `m${String(n).padStart(4, '0')}`;
  const lines = [`vm ${name} : worker {`, `  node = pve${Math.ceil(n / perNode)}`];
  // Every tenth address is written down, the others are allocated.
  lines.push(n % 10 === 1 ? `  nic lan { address = 10.20.${1 + (n >> 8)}.${n & 255} }` : '  nic lan { address = auto }');
  lines.push('  disk data = 16GiB { on = local-lvm  mount = /srv  keep = true }');
  if (n === 1) lines.push('  run traefik { tls = internal() }', '  run prometheus', '  run gatus');
  else if (n % 3 === 0) lines.push(`  run vault_${n} = vaultwarden { host = "vault-${n}.\${lab.domain}"  admin = vault_admin }`);
  return `${lines.join('\n')}\n}\n`;
}
