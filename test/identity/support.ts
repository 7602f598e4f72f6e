/** Labs that change: a first build, an edit, and what the second build says of it. Two nodes, two datastores, one workload with everything. */
import { build, check, labOf, sayDiagnostic, type BuiltLab } from '../e2e/lab-kit.js';

const GROUND = `lab t { domain = "example.net"  secrets = sops("secrets.yaml") }
operator ops { uid = 1000  keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQgAH7H4L4OX22+EYuiUuTNSCot5S7It6Q7uGH//BvD ops@desk"] }
use images.debian_12, personas.base_debian, capabilities.docker
secret proxmox_token   { from = env("PROXMOX_VE_API_TOKEN") }
secret restic_password { from = env("RESTIC_PASSWORD") }
cluster pve {
  endpoint = "https://10.0.0.2:8006"  token = proxmox_token
  node pve1 {
    address = 10.0.0.2  cores = 64  memory = 512GiB
    datastore local     { type = dir      content = [import, vztmpl] }
    datastore local-lvm { type = lvmthin  content = [images, rootdir] }
    datastore tank      { type = zfspool  content = [images, rootdir] }
    bridge vmbr0
    pci gpu0 { mapping = "card" }
    pci nic1 { mapping = "other" }
  }
  node pve2 {
    address = 10.0.0.3  cores = 64  memory = 512GiB
    datastore local     { type = dir      content = [import, vztmpl] }
    datastore local-lvm { type = lvmthin  content = [images, rootdir] }
    bridge vmbr0
  }
}
network lan { cidr = 10.0.0.0/24  gateway = 10.0.0.1  bridge = vmbr0  resolvers = [10.0.0.1]  allocate = 10.0.0.100 .. 10.0.0.219 }
repository nas { type = restic  url = "sftp:backup@10.0.0.5:/backups"  password = restic_password }
persona box_base : base_debian {
  L2 {
    node = pve1  cores = 2  memory = 4GiB
    disk root = 16GiB { on = local-lvm }
    disk data = 32GiB { on = local-lvm  mount = /srv  keep = true }
  }
  L3 { has docker }
}
decline dns, health
`;

/** A workload with a state, a cache and a secret of its own. */
export const NOTES = `workload notes() {
  needs container_runtime
  secret key { from = generated(32) }
  container server {
    image = "docker.io/library/busybox:1.36"
    env { KEY = key }
    state data = /data { quiesce = stop }
    cache tmp = /tmp/cache
    port http = 8080
  }
}
`;

export function lab(text: string, lock?: string): ReturnType<typeof labOf> {
  // A text that declares its own network does without the ground's.
  return labOf('t', { 'ground.lab': text.includes('network ') ? GROUND.replace(/^network .*\n/m, '') : GROUND, 'main.lab': text }, lock);
}

export function built(text: string, lock?: string): BuiltLab {
  return build(lab(text, lock));
}

/** What the edit is told: `CODE message | help` of each diagnostic. */
export function told(before: string, after: string): string[] {
  return check(lab(after, built(before).lock)).diagnostics.map(({ code, message, help }) => `${code} ${message} | ${help ?? ''}`);
}

/** Codes that the edit is refused with, or warned of. */
export function codes(before: string, after: string): string[] {
  return check(lab(after, built(before).lock)).diagnostics.map(({ code }) => code);
}

/** The second build, after a first one; and a third one must say the same. */
export function rebuilt(before: string, after: string): BuiltLab {
  const first = built(after, built(before).lock);
  const again = built(after, first.lock);
  if (again.lock !== first.lock) throw new Error(`the lock is no fixpoint:\n${difference(first.lock, again.lock)}`);
  for (const [path, text] of first.files) if (again.files.get(path) !== text) throw new Error(`${path} is no fixpoint:\n${difference(text, again.files.get(path) ?? '')}`);
  return first;
}

export function difference(a: string, b: string): string {
  const [left, right] = [a.split('\n'), b.split('\n')];
  return [...left.filter((line) => !right.includes(line)).map((line) => `- ${line}`), ...right.filter((line) => !left.includes(line)).map((line) => `+ ${line}`)].join('\n');
}

/** Lines of the lock without their checks, those with `word` in them. */
export function facts(lock: string, word: string): string[] {
  return lock.split('\n').filter((line) => line.includes(word)).map((line) => line.replace(/ ~\w+$/, ''));
}

export { sayDiagnostic };
