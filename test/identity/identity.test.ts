/** What the sources say of the past, what is refused, and what the lock and the plan say of it afterwards. */
import { describe, expect, test } from 'vitest';
import { parseLock, printLock } from '../../compiler/allocation/lock.js';
import { applyEdits } from '../../compiler/diagnostics/fix-diff.js';
import { forget } from '../../compiler/identity/listing.js';
import { build, check, edited } from '../e2e/lab-kit.js';
import { built, codes, facts, lab, NOTES, rebuilt, told } from './support.js';

const vm = (name: string, body = '', head = 'box_base'): string => `vm ${name} : ${head} {\n  nic lan { address = auto }\n  ${body}\n}\n`;
const CARRIE = NOTES + vm('carrie', 'run notes');

describe('was', () => {
  test('a machine keeps its VMID, addresses, slots and the serial numbers of its disks', () => {
    const before = built(CARRIE);
    const after = rebuilt(CARRIE, NOTES + vm('misery', 'was carrie\n  run notes'));
    for (const kind of ['vmid', 'mac', 'slot', 'address', 'port']) {
      const old = facts(before.lock, 'carrie').filter((line) => line.startsWith(kind));
      expect(facts(after.lock, 'misery').filter((line) => line.startsWith(kind))).toEqual(old.map((line) => line.replace('carrie', 'misery')));
    }
    expect(after.plan.machines.find(({ name }) => name === 'misery')?.guest?.disks.map(({ serial }) => serial)).toEqual(['carrie-root', 'carrie-data']);
    expect(after.plan.identity.renames).toMatchObject([{ sort: 'machine', name: 'misery', was: ['carrie'] }]);
    expect(after.lock).not.toMatch(/^\w+ (\w+\/)?carrie/m);
  });

  test('an instance keeps its secrets and volumes, whose names are no part of it any more', () => {
    const after = rebuilt(CARRIE, NOTES + vm('carrie', 'run memos = notes { was notes }'));
    expect(after.plan.secrets.find(({ key }) => key === 'memos.key')?.from).toMatchObject({ entry: 'notes/key' });
    expect(after.plan.instances[0]?.volumes).toEqual([{ name: 'server_tmp', external: 'notes_server_tmp' }]);
    expect(facts(after.lock, 'state memos')).toEqual(['state memos/server/data carrie,/srv/memos/server/data']);
  });

  test('machine, disk, network, instance, container, state and secret in one edit', () => {
    const text = (NOTES.replace('secret key', 'secret token').replace('from = generated(32)', 'from = generated(32)\n    was key').replace('KEY = key', 'KEY = token')
      .replace('container server {', 'container app {\n    was server').replace('state data = /data { quiesce = stop }', 'state files = /data {\n      quiesce = stop\n      was data\n    }')
      + 'network home {\n  was lan\n  cidr = 10.0.0.0/24  gateway = 10.0.0.1  bridge = vmbr0  resolvers = [10.0.0.1]  allocate = 10.0.0.100 .. 10.0.0.219 }\n'
      + `vm misery : base_debian {\n  was carrie\n  nic home { address = auto }\n  node = pve1  cores = 2  memory = 4GiB  has docker\n  disk root = 16GiB { on = local-lvm }\n  disk media = 32GiB { on = local-lvm  mount = /srv  keep = true\n    was data\n  }\n  run memos = notes { was notes }\n}\n`);
    const before = built(CARRIE);
    const after = rebuilt(CARRIE, text);
    const value = (lock: string, start: string): string | undefined => facts(lock, start)[0]?.split(' ')[2];
    for (const [old, now] of [['vmid pve/carrie', 'vmid pve/misery'], ['address lan/carrie', 'address home/misery'], ['mac carrie/lan', 'mac misery/home'], ['slot carrie/data', 'slot misery/media']] as const) expect(value(after.lock, now)).toBe(value(before.lock, old));
    expect(facts(after.lock, 'entry memos.token')).toEqual(['entry memos.token notes/key']);
    expect(facts(after.lock, 'volume ')).toEqual(['volume memos/app_tmp notes_server_tmp']);
    expect(facts(after.lock, 'serial misery/media')).toEqual(['serial misery/media carrie-data']);
    expect(after.plan.identity.renames.map(({ sort, name, was }) => `${sort} ${name} was ${was.join(', ')}`)).toEqual([
      'container memos.app was memos.server', 'disk misery.media was misery.data', 'instance memos was notes', 'machine misery was carrie', 'network home was lan', 'secret memos.token was memos.key', 'state memos.app.files was memos.app.data',
    ]);
  });

  test('a chain composes: a was b and then c was a is c was a, b', () => {
    const steps = rebuilt(NOTES + vm('b', 'run notes'), NOTES + vm('a', 'was b\n  run notes'));
    const twice = built(NOTES + vm('c', 'was a, b\n  run notes'), steps.lock);
    const once = built(NOTES + vm('c', 'was a, b\n  run notes'), built(NOTES + vm('b', 'run notes')).lock);
    expect(twice.lock).toBe(once.lock);
    expect(twice.files).toEqual(once.files);
  });

  test('a cluster has the name that the lab gives it', () => {
    const before = built(CARRIE);
    const sources = lab(CARRIE, before.lock);
    const renamed = (text: string): string => text.replace('cluster pve {', 'cluster home {');
    const told = check(edited(sources, renamed)).diagnostics.map(({ code }) => code);
    expect(told).toEqual(['LAB6112']);
    const after = build(edited(sources, (text) => renamed(text).replace('cluster home {', 'cluster home {\n  was pve')));
    expect(facts(after.lock, 'carrie')).toEqual(facts(before.lock, 'carrie').map((line) => line.replace('pve/', 'home/').replace('pve,', 'home,')));
  });

  test('a machine and what runs on it may be renamed while it moves', () => {
    const text = NOTES + vm('b', '') + vm('misery', 'was carrie\n  run memos = notes { was notes }');
    const moved = rebuilt(CARRIE + vm('b', ''), NOTES + vm('b', 'run memos = notes { was notes }') + vm('misery', 'was carrie') + 'move memos { from = carrie }\n');
    expect(moved.plan.identity.moves).toMatchObject([{ sort: 'instance', name: 'memos', from: 'misery', to: 'b', states: [{ name: 'memos.server.data', from: '/srv/notes/server/data', to: '/srv/memos/server/data' }] }]);
    expect(codes(CARRIE + vm('b', ''), text)).toEqual([]);
  });

  test('what cannot have been is an error', () => {
    expect(told(CARRIE, CARRIE + vm('misery', 'was carrie'))).toEqual(['LAB6002 `misery` cannot have been `carrie`: the lab still has a vm of that name | rename or remove that one, or remove `was carrie`']);
    expect(codes(CARRIE, NOTES + vm('a', 'was carrie\n  run notes') + vm('b', 'was carrie'))).toEqual(['LAB6003']);
    expect(codes(CARRIE, NOTES + vm('carrie', 'was carrie\n  run notes'))).toEqual(['LAB6002']);
    expect(codes(vm('a') + vm('b'), vm('a', 'was b') + vm('b', 'was a'))).toEqual(['LAB6002']);
    expect(codes(vm('a') + vm('b'), vm('a', 'was b'))).toEqual(['LAB6005']);
    expect(codes(CARRIE, `persona odd : box_base { L2 { was x } }\n${NOTES}${vm('carrie', 'run notes', 'odd')}`)).toEqual(['LAB6004']);
    expect(codes(CARRIE, NOTES + vm('carrie', 'run notes\n  package nano { was vim }'))).toEqual(['LAB6004']);
  });
});

describe('removals', () => {
  test('a machine with data is refused, and passes when it is retired', () => {
    expect(told(CARRIE + vm('other'), NOTES + vm('other'))).toEqual(['LAB6101 the machine `carrie` left the lab, and it holds the kept disk `data` (32GiB) and the data of `notes` | write `retire carrie { data = keep }` to leave the data where it is, or `{ data = destroy }`']);
    const after = rebuilt(CARRIE + vm('other'), NOTES + vm('other') + 'retire carrie { data = keep }\n');
    const vmid = Number(facts(built(CARRIE + vm('other')).lock, 'vmid pve/carrie')[0]?.split(' ')[2]);
    expect(after.plan.identity.retired).toMatchObject([{
      sort: 'machine', name: 'carrie', data: 'keep', machine: 'carrie', guest: { kind: 'vm', cluster: 'pve', node: 'pve1', vmid, dataVmid: 90_000 + vmid },
      disks: [{ name: 'data', slot: 'scsi1', datastore: 'local-lvm', size: 32 * 1024 ** 3, keep: true }, { name: 'root', keep: false }],
      states: [{ name: 'notes.server.data', path: '/srv/notes/server/data' }], origin: { file: 'main.lab' },
    }]);
    const without = built(NOTES + vm('other'), after.lock);
    expect(without.plan.identity.retired).toMatchObject([{ name: 'carrie', origin: null }]);
    expect(without.lock).toBe(after.lock);
    const destroyed = built(NOTES + vm('other') + 'retire carrie { data = destroy }\n', after.lock);
    expect(destroyed.plan.identity.retired).toMatchObject([{ name: 'carrie', data: 'destroy', guest: { vmid } }]);
  });

  test('the slot of a disk that left is nobody else\'s until the lock forgets the disk', () => {
    const disks = (names: readonly string[]): string => `${NOTES}${vm('carrie', `run notes\n${names.map((name) => `  disk ${name} = 8GiB { on = local-lvm  keep = true }`).join('\n')}`)}`;
    const retired = 'retire carrie.disk.old { data = keep }\n';
    const first = built(disks(['old']));
    const slot = (lock: string, disk: string): string | undefined => facts(lock, `slot carrie/${disk} `)[0]?.split(' ')[2];
    const second = built(disks(['new']) + retired, first.lock);
    expect(slot(first.lock, 'old')).toBe('scsi2');
    expect(slot(second.lock, 'new')).toMatch(/^scsi[3-9]\d*$|^scsi[1-9]\d+$/);
    const third = built(disks(['new', 'newer']) + retired, second.lock);
    const fourth = built(disks(['new', 'newer', 'newest']), third.lock);
    expect(['new', 'newer', 'newest'].map((name) => slot(fourth.lock, name))).not.toContain('scsi2');
    expect(slot(fourth.lock, 'new')).toBe(slot(second.lock, 'new'));
    const without = fourth.lock.split('\n').filter((line) => !/^(retired|freed)/.test(line)).join('\n');
    expect(slot(built(disks(['new', 'newer', 'newest', 'last']), without).lock, 'last')).toBe('scsi2');
  });

  test('a slot that a disk left is given away last, and back to a disk of that name', () => {
    const disks = (names: readonly string[], slot = ''): string => `${NOTES}${vm('carrie', `run notes\n${names.map((name) => `  disk ${name} = 8GiB { on = local-lvm${slot} }`).join('\n')}`)}`;
    const slots = (lock: string): Readonly<Record<string, string>> => Object.fromEntries(facts(lock, 'slot carrie/').flatMap((line) => [line.slice('slot carrie/'.length).split(' ') as [string, string]]));
    const first = built(disks(['logs']));
    expect(slots(first.lock)['logs']).toBe('scsi2');
    const less = built(disks([]), first.lock);
    expect(facts(less.lock, 'freed')).toEqual(['freed disk/carrie.logs scsi2']);
    expect(built(disks([]), less.lock).lock).toBe(less.lock);
    // Nobody has applied anything between.
    const other = built(disks(['cache']), less.lock);
    expect(slots(other.lock)['cache']).not.toBe('scsi2');
    expect(slots(built(disks(['cache', 'logs']), other.lock).lock)['logs']).toBe('scsi2');
    expect(facts(built(disks(['cache', 'logs']), other.lock).lock, 'freed')).toEqual([]);
    expect(facts(printLock(forget(parseLock(other.lock, 'lab.lock').value, 'carrie.disk.logs')!), 'freed')).toEqual([]);
    // Written down, it is the author's word; all others taken, it is better than none.
    expect(slots(built(disks(['cache'], '  slot = "scsi2"'), less.lock).lock)['cache']).toBe('scsi2');
    const many = Array.from({ length: 28 }, (_, i) => `d${i}`);
    const full = slots(built(disks(many), less.lock).lock);
    expect(many.map((name) => full[name]).sort()).toEqual(Array.from({ length: 28 }, (_, i) => `scsi${i + 2}`).sort());
  });

  test('a machine that holds nothing may go', () => {
    const bare = 'vm bare : base_debian {\n  node = pve1\n  nic lan { address = auto }\n  disk root = 16GiB { on = local-lvm }\n}\n';
    expect(codes(CARRIE + bare, CARRIE)).toEqual([]);
    expect(rebuilt(CARRIE + bare, CARRIE).lock).toBe(built(CARRIE).lock);
  });

  test('what was more likely renamed is told so', () => {
    expect(told(CARRIE, NOTES + vm('misery', 'run notes'))[0]).toContain('if it is `misery` now, write `vm misery { was carrie }`; if not, write `retire carrie { data = keep }`');
    expect(told(CARRIE, NOTES + vm('carrie', 'run memos = notes'))).toEqual(['LAB6103 `notes` left the lab, and it has data in /srv/notes/server/data of carrie | if it is `memos` now, write `run memos = notes { was notes }`; if not, write `retire run.notes { data = keep }` to leave the data where it is, or `{ data = destroy }`']);
    expect(told(CARRIE, NOTES.replace('container server', 'container app') + vm('carrie', 'run notes'))[0]).toContain('write `container app { was server }`');
  });

  test('an instance, a disk and a state', () => {
    expect(codes(CARRIE, NOTES + vm('carrie'))).toEqual(['LAB6103']);
    const after = rebuilt(CARRIE, NOTES + vm('carrie') + 'retire run.notes { data = destroy }\n');
    expect(after.plan.identity.retired).toMatchObject([{ sort: 'instance', name: 'notes', data: 'destroy', machine: 'carrie', guest: null, disks: [], states: [{ name: 'notes.server.data' }] }]);
    expect(after.plan.machines[0]?.converge?.retired).toEqual(['stack:notes']);
    const two = 'disk more = 8GiB { on = local-lvm  keep = true }\n';
    expect(codes(vm('carrie', two), vm('carrie'))).toEqual(['LAB6102']);
    expect(rebuilt(vm('carrie', two), vm('carrie') + 'retire carrie.disk.more { data = keep }\n').plan.identity.retired).toMatchObject([{ sort: 'disk', name: 'carrie.more', machine: 'carrie', disks: [{ name: 'more' }] }]);
    const stateless = NOTES.replace('    state data = /data { quiesce = stop }\n', '');
    expect(codes(CARRIE, stateless + vm('carrie', 'run notes'))).toEqual(['LAB6104']);
    expect(rebuilt(CARRIE, stateless + vm('carrie', 'run notes') + 'retire notes.server.data { data = keep }\n').plan.identity.retired).toMatchObject([{ sort: 'state', name: 'notes.server.data' }]);
  });

  test('misuse', () => {
    expect(told(CARRIE, CARRIE + 'retire carri { data = keep }\n')).toEqual(['LAB6006 `retire carri` names nothing that lab.lock or the lab knows | did you mean `carrie`?']);
    expect(codes(CARRIE, CARRIE + 'retire carrie { data = keep }\n')).toEqual(['LAB6008']);
    expect(codes(CARRIE, NOTES + vm('b') + 'retire carrie\n')).toEqual(['LAB6007']);
    expect(codes(CARRIE, NOTES + vm('b') + 'retire carrie { data = burn }\n')).toEqual(['LAB6007']);
    const retired = rebuilt(CARRIE + vm('b'), NOTES + vm('b') + 'retire carrie { data = keep }\n');
    expect(() => built(CARRIE + vm('b'), retired.lock)).toThrow('LAB6011');
  });
});

describe('changes', () => {
  const one = (disk: string, more = ''): string => `vm carrie : base_debian {\n  node = pve1\n  nic lan { address = auto }\n  disk root = 16GiB { on = local-lvm }\n  disk data = ${disk}\n  ${more}\n}\n`;
  const DISK = '32GiB { on = local-lvm  mount = /srv  keep = true }';
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['LAB6105', DISK, one(DISK.replace('32', '30')), 'allow carrie.disk.data { change = shrink }'],
    ['LAB6106', DISK, one(DISK.replace('keep', 'slot = "scsi7"  keep')), 'allow carrie.disk.data { change = slot }'],
    ['LAB6107', DISK, one(DISK, 'vmid = 4711'), 'allow carrie { change = vmid }'],
    ['LAB6108', DISK, one(DISK.replace('local-lvm', 'tank')), 'move carrie.disk.data { from = local-lvm }'],
    ['LAB6110', DISK, one(DISK).replace('vm carrie', 'appliance carrie').replace(': base_debian', '').replace('node =', 'image = debian_12  node ='), 'allow carrie { change = kind }'],
    ['LAB6112', DISK, one(DISK).replace('pve1', 'pve2'), 'move carrie { from = pve1 }'],
    ['LAB6114', DISK, one(DISK.replace('keep = true', 'keep = false')), 'allow carrie.disk.data { change = keep }'],
  ];
  test.each(cases)('%s', (code, before, after, statement) => {
    const [first, ...more] = told(one(before), after);
    expect(first).toContain(code);
    expect(more).toEqual([]);
    expect(first).toContain(statement);
    expect(codes(one(before), `${after}${statement}\n`)).toEqual([]);
    rebuilt(one(before), `${after}${statement}\n`);
  });

  test('growing, other addresses and promotions are free', () => {
    expect(codes(one(DISK), one(DISK.replace('32', '64')).replace('address = auto', 'address = 10.0.0.77'))).toEqual([]);
  });

  test('an instance goes to another machine with its data', () => {
    const text = (a: string, b: string): string => NOTES + vm('carrie', a) + vm('misery', b);
    expect(codes(text('run notes', ''), text('', 'run notes'))).toEqual(['LAB6111']);
    const after = rebuilt(text('run notes', ''), text('', 'run notes') + 'move notes { from = carrie }\n');
    expect(after.plan.identity.moves).toMatchObject([{ sort: 'instance', name: 'notes', from: 'carrie', to: 'misery', machine: 'misery', states: [{ name: 'notes.server.data', from: '/srv/notes/server/data', to: '/srv/notes/server/data' }], origin: { file: 'main.lab' } }]);
    const later = built(text('', 'run notes'), after.lock);
    expect(later.plan.identity.moves).toMatchObject([{ name: 'notes', origin: null }]);
    expect(later.lock).toBe(after.lock);
    expect(codes(text('run notes', ''), text('', 'run notes') + 'move notes { from = misery }\n')).toEqual(['LAB6009']);
    expect(codes(text('run notes', ''), text('run notes', '') + 'move notes { from = misery }\n')).toEqual(['LAB6009']);
  });

  test('a state below another mount', () => {
    const before = NOTES + one(DISK, 'has docker\n  run notes');
    const after = NOTES + one(DISK.replace('/srv', '/data'), 'has docker\n  run notes');
    expect(told(before, after)).toEqual(['LAB6113 the data of `notes.server.data` lies below /srv and would be looked for below /data | write `move notes.server.data { from = /srv/notes/server/data }`, and the data is carried over first; or leave the mount and the names as they were']);
    expect(rebuilt(before, `${after}move notes.server.data { from = /srv/notes/server/data }\n`).plan.identity.moves).toMatchObject([{ sort: 'state', from: '/srv/notes/server/data', to: '/data/notes/server/data', machine: 'carrie' }]);
  });

  test('an `allow` that permits nothing is told', () => {
    expect(codes(one(DISK), `${one(DISK)}allow carrie.disk.data { change = [shrink, slot] }\n`)).toEqual(['LAB6010', 'LAB6010']);
    expect(codes(one(DISK), `${one(DISK)}allow carrie.disk.dta { change = shrink }\n`)).toEqual(['LAB6006']);
  });
});

describe('states of capabilities', () => {
  const vpn = (state = 'state identity = /srv/vpn/identity'): string => `capability vpn {\n  ${state}\n}\n`;
  const HUB = vpn() + vm('hub', 'has vpn');

  test('are recorded, and shown with the states of workloads', () => {
    const lab = built(HUB);
    expect(facts(lab.lock, 'state hub')).toEqual(['state hub/has/vpn/identity hub,/srv/vpn/identity']);
    expect(lab.plan.machines[0]?.states).toMatchObject([{ name: 'identity', container: 'vpn', path: '/srv/vpn/identity', repository: 'nas' }]);
    expect([...lab.files].find(([path]) => path.endsWith('README.md'))?.[1]).toMatch(/\| hub\.has\.vpn\.identity +\| hub +\| `\/srv\/vpn\/identity`/);
  });

  test('leave when that is said', () => {
    const without = vpn('package wireguard-tools') + vm('hub', 'has vpn');
    expect(told(HUB, without).join()).toMatch(/^LAB6104 the state `hub\.has\.vpn\.identity` left the lab \| write `retire hub\.has\.vpn\.identity \{ data = keep \}`/);
    expect(codes(HUB, vm('hub'))).toEqual(['LAB6104']);
    const after = rebuilt(HUB, `${without}retire hub.has.vpn.identity { data = keep }\n`);
    expect(after.plan.identity.retired).toMatchObject([{ sort: 'state', name: 'hub.has.vpn.identity', data: 'keep', machine: 'hub', states: [{ name: 'hub.has.vpn.identity', path: '/srv/vpn/identity' }] }]);
    expect(told(HUB, vpn() + vm('other')).join()).toMatch(/^LAB6101 .*the data of `vpn`/);
  });

  test('move and are renamed when that is said', () => {
    const moved = vpn('state identity = /srv/wireguard') + vm('hub', 'has vpn');
    expect(codes(HUB, moved)).toEqual(['LAB6113']);
    const after = rebuilt(HUB, `${moved}move hub.has.vpn.identity { from = /srv/vpn/identity }\n`);
    expect(after.plan.identity.moves).toMatchObject([{ sort: 'state', name: 'hub.has.vpn.identity', machine: 'hub', from: '/srv/vpn/identity', to: '/srv/wireguard' }]);
    expect([...after.files].some(([path, text]) => path.endsWith('.md') && text.includes('cp -a -T /srv/vpn/identity /srv/wireguard'))).toBe(true);
    const renamed = rebuilt(HUB, vpn('state keys = /srv/vpn/identity { was identity }') + vm('gate', 'was hub\n  has vpn'));
    expect(facts(renamed.lock, 'state ')).toEqual(['state gate/has/vpn/keys gate,/srv/vpn/identity']);
    expect(told(HUB, vpn('state keys = /srv/vpn/identity') + vm('hub', 'has vpn')).join()).toContain('write `state keys { was identity }`');
  });

  test('lie on a disk that is kept', () => {
    const at = (path: string): string[] => check(lab(vpn(`state identity = ${path}`) + vm('hub', 'has vpn'))).diagnostics.map(({ code, help }) => `${code} ${help ?? ''}`);
    expect(at('/srv/keys')).toEqual([]);
    expect(at('/etc/vpn')).toEqual(['LAB4017 write `state identity = /srv/vpn/identity`, or `disposable` where losing it does no harm']);
  });
});

describe('fixes', () => {
  /** The lab after its one fix, checked again. */
  const mended = (before: string, after: string): { readonly text: string; readonly codes: readonly string[] } => {
    const { lock } = built(before);
    const [diagnostic] = check(lab(after, lock)).diagnostics;
    const edits = diagnostic?.fixes[0]?.edits ?? [];
    const files = ['ground.lab', 'main.lab'].map((file) => edits.filter(({ span }) => span.file.endsWith(file)));
    const text = applyEdits(after, files[1] ?? []);
    const said = (files[0] ?? []).map((edit) => edit.text).join('');
    return { text: text + said, codes: edits.length === 0 ? ['none'] : codes(before, text + said) };
  };

  test('retire what left where nothing is new', () => {
    expect(mended(CARRIE, NOTES + vm('carrie'))).toEqual({ text: `${NOTES}${vm('carrie')}retire run.notes { data = keep }\n`, codes: [] });
  });

  test('say `was` in the one thing that is new', () => {
    expect(mended(CARRIE, NOTES + vm('misery', 'run notes'))).toEqual({ text: NOTES + vm('misery', 'run notes').replace('{\n', '{\n  was carrie\n'), codes: [] });
    expect(mended(CARRIE, NOTES + vm('carrie', 'run memos = notes'))).toMatchObject({ codes: [], text: expect.stringContaining('run memos = notes { was notes }\n') as string });
    expect(mended(CARRIE, NOTES.replace('state data', 'state files') + vm('carrie', 'run notes'))).toMatchObject({ codes: [], text: expect.stringContaining('state files = /data {\n      was data\n      quiesce = stop }') as string });
    expect(mended(CARRIE, NOTES + vm('misery', 'run notes') + vm('derry')).codes).toEqual(['none']);
  });
});
