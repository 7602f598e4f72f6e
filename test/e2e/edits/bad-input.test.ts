/** What labc says of a lock, a revision, a folder or a manifest that it cannot go by: one sentence, and nothing is written. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBundle, type Bundle, type Repository } from './repository.js';

let bundle: Bundle;
let built: Readonly<Record<string, string>>;
beforeAll(() => {
  bundle = openBundle();
  const repository = bundle.repository({ 'labs/tiny/site.lab': SITE });
  expect(repository.labc('build')).toMatchObject({ code: 0, err: '' });
  built = Object.fromEntries([...repository.snapshot()].filter(([path]) => /^(labs|out)\//.test(path)));
});
afterAll(() => bundle.close());

const SITE = `lab tiny { domain = "tiny.example.net" }
operator ops { uid = 1000  keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQgAH7H4L4OX22+EYuiUuTNSCot5S7It6Q7uGH//BvD ops@desk"] }
use images.debian_12, personas.base_debian
secret proxmox_token { from = env("PROXMOX_VE_API_TOKEN") }
cluster pve {
  endpoint = "https://10.0.0.2:8006"  token = proxmox_token
  node pve1 {
    address = 10.0.0.2  cores = 4  memory = 16GiB
    datastore local     { type = dir      content = [import] }
    datastore local-lvm { type = lvmthin  content = [images] }
    bridge vmbr0
  }
}
network lan { cidr = 10.0.0.0/24  gateway = 10.0.0.1  bridge = vmbr0  resolvers = [10.0.0.1]  allocate = 10.0.0.100 .. 10.0.0.199 }
vm box : base_debian {
  nic lan
  disk root = 8GiB { on = local-lvm }
}
`;
const LOCK = 'labs/tiny/lab.lock';
const MANIFEST = 'out/tiny/manifest.json';
const replaced = (path: string, from: RegExp | string, to: string): Readonly<Record<string, string>> => ({ ...built, [path]: built[path]!.replace(from, to) });

/** Runs a command that must fail with one error of this code, and change no file. */
function refuses(repository: Repository, code: string, ...command: readonly string[]): void {
  const before = repository.snapshot();
  const ran = repository.labc(...command);
  expect(ran.code, ran.err).toBe(1);
  expect(ran.out).toBe('');
  expect(ran.err.match(/^error\[(LAB\d+)\]/gm), ran.err).toEqual([`error[${code}]`]);
  expect(repository.snapshot()).toEqual(before);
}

const locks: readonly (readonly [what: string, code: string, files: () => Readonly<Record<string, string>>])[] = [
  ['a line that is no fact', 'LAB4011', () => replaced(LOCK, /^vmid .*$/m, 'vmid')],
  ['a conflict marker of Git', 'LAB4011', () => replaced(LOCK, /^vmid /m, '<<<<<<< HEAD\nvmid ')],
  ['a newer form', 'LAB5901', () => replaced(LOCK, /^lock \d+/m, 'lock 99')],
  ['a line that somebody edited', 'LAB6001', () => replaced(LOCK, /^(vmid pve\/box) \d+/m, '$1 777')],
];

test.each(locks)('a lock with %s', (_, code, files) => {
  const repository = bundle.repository(files(), { git: false });
  refuses(repository, code, 'check');
  refuses(repository, code, 'build');
});

test('a manifest that names paths outside of out/', () => {
  const repository = bundle.repository(replaced(MANIFEST, '"files": {\n', `"files": {\n    "../../../victim": { "sha256": "${'0'.repeat(64)}" },\n`), { git: false });
  repository.write('victim', 'stays\n');
  refuses(repository, 'LAB9012', 'build');
  expect(repository.read('victim')).toBe('stays\n');
});

test('a manifest with the conflict markers of a merge', () => {
  const repository = bundle.repository({ ...built, [MANIFEST]: `<<<<<<< HEAD\n${built[MANIFEST]}` }, { git: false });
  refuses(repository, 'LAB9012', 'build');
  expect(repository.labc('build', '--force')).toMatchObject({ code: 0, err: '' });
  expect(repository.read(MANIFEST)).toBe(built[MANIFEST]);
});

test('a review without a past to compare with', () => {
  const outside = bundle.repository(built, { git: false });
  const before = outside.snapshot();
  const ran = outside.labc('review');
  expect(ran.err, ran.err).toMatch(/^error\[LAB\d+\]/);
  expect(ran.err.match(/^error\[/gm)).toHaveLength(1);
  expect(ran.code).not.toBe(0);
  expect(outside.snapshot()).toEqual(before);

  const inside = bundle.repository(built);
  inside.git('add', '--all');
  inside.git('commit', '--quiet', '--message', 'Lab');
  const unknown = inside.labc('review', 'nowhere');
  expect(unknown.err.match(/^error\[LAB\d+\]/gm), unknown.err).toHaveLength(1);
  expect(unknown.err).toContain('nowhere');
  expect(unknown.code).not.toBe(0);
  // And of nothing, nothing is said.
  expect(inside.labc('review')).toMatchObject({ code: 0, err: '' });
});
