/** L0 to L3 as the language has them: networks, images, disks, states, retirement, primitives, systems. */
import { describe, expect, it } from 'vitest';
import { app, box, lab } from './support.js';

describe('ground', () => {
  it('two labs in one folder, none, and a repeated declaration are located', () => {
    expect(lab('lab other { domain = "x.example.net" }').errors).toEqual([expect.stringMatching(/LAB2003/)]);
    expect(lab('vm a : box_base { nic lan { address = 10.0.0.41 } }\nvm a : box_base { nic lan { address = 10.0.0.42 } }').errors).toEqual([expect.stringMatching(/LAB2003/)]);
    expect(lab('device a { address = 10.0.0.41 }\ndevice b { address = 10.0.0.41 }').errors.length).toBe(1);
    expect(lab('workload a() { }\nworkload a() { }').errors).toEqual([expect.stringMatching(/LAB2003/)]);
  });
  it('addresses are allocated, held by the lock, and stay when others come', () => {
    const one = lab('vm a : box_base { nic lan { address = auto } }');
    const address = one.machine('a').address;
    expect(address).toMatch(/^10\.0\.0\.2[01]\d$/);
    const two = lab('vm z : box_base { nic lan { address = auto } }\nvm a : box_base { nic lan { address = auto } }', { lock: one.result.lock ?? '' });
    expect(two.machine('a').address).toBe(address);
    expect(two.machine('z').address).not.toBe(address);
    expect(one.result.why('a.nic.lan.address')?.said[0]?.rank).toBe('lock');
    expect(lab('vm a : box_base { nic lan { address = 10.9.9.9 } }').errors).toEqual([expect.stringMatching(/LAB5/)]);
  });
  it('a machine in two networks, a gateway that is a machine', () => {
    const compiled = lab('network iot { cidr = 10.9.0.0/24  gateway = 10.9.0.1  vlan = 9  bridge = vmbr0 }\nvm gw : box_base { nic lan { address = 10.0.0.43 }\n provides gateway }\nvm a : box_base { nic lan { address = 10.0.0.44  gateway = gw }\n nic iot { address = 10.9.0.44 } }');
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine('a').nics.map((nic) => [nic.network, nic.address, nic.gateway, nic.vlan ?? null])).toEqual([['lan', '10.0.0.44', '10.0.0.43', null], ['iot', '10.9.0.44', null, 9]]);
    const order = compiled.plan.order.map((stage) => `${stage.machine} ${stage.layer}`);
    expect(order.indexOf('a L3')).toBeGreaterThan(order.indexOf('gw L3'));
    expect(compiled.value('a.address') ?? compiled.machine('a').address).toMatch(/10\.0\.0\.44/);
  });
});

describe('tags', () => {
  it('are labc, the personas that the machine names, and its own: in lower case, sorted, each once', () => {
    const compiled = lab('persona Web : box_base { L2 { tags = ["front"] } }\npersona spare {}\nvm a : Web, spare { nic lan\n tags += ["Zoo", "web"] }');
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine('a').guest?.tags).toEqual(['front', 'labc', 'spare', 'web', 'zoo']);
  });
});

describe('state', () => {
  it('needs a kept disk, unless it may be lost', () => {
    const source = (state: string, disk: string): ReturnType<typeof lab> => lab(`workload w() {\n needs container_runtime\n container main {\n image = "docker.io/library/alpine:3.22.1"\n ${state} } }\nvm m : base_debian { nic lan { address = 10.0.0.45 }\n cores = 1\n disk root = 8GiB { on = local-lvm }\n ${disk}\n has docker\n run w }`);
    expect(source('state s = /s', '').errors).toEqual([expect.stringMatching(/LAB4017/)]);
    expect(source('state s = /s { disposable = "why not" }', '').errors).toEqual([]);
    expect(source('state s = /s', 'disk data = 8GiB { on = local-lvm  mount = /data  keep = true }').instance('w').states[0]?.path).toBe('/data/w/main/s');
  });
  it('`retire` names what may go, and lasts in the plan', () => {
    const compiled = lab(`retire run.old\nretire box.package.nano\n${box('')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine().converge?.retired).toEqual(['package:nano', 'stack:old']);
  });
  it('what is no name is retired as `without` takes it away', () => {
    const compiled = lab(`retire box.mount = /srv/x\nretire box.filesystem = "/dev/sdb.1"\n${box('')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine().converge?.retired).toEqual(['filesystem:/dev/sdb.1', 'mount:/srv/x']);
  });
});

describe('items of L3', () => {
  it('a kind may say what a change of it disturbs, in one of three words', () => {
    const kind = (impact: string): ReturnType<typeof lab> => lab(`kind relay(name: Name) {\n layer = L3  phase = 9  key = name  parents = [machine]  impact = ${impact}\n task ansible.builtin.command { cmd = "relay"  play { changed_when = "false" } }\n}\n${box('relay one')}`);
    expect(kind('restart').machine().converge?.items.find((item) => item.kind === 'relay')).toMatchObject({ impact: 'restart' });
    expect(kind('chaos').errors).toEqual([expect.stringMatching(/LAB2004.*chaos/)]);
  });
  it('what holds data is told of when it leaves, and stays', () => {
    const items = lab(box('lvm data { devices = [/dev/sdb]  volumes { photos = 8GiB } }\n filesystem /dev/data/photos')).machine().converge?.items ?? [];
    for (const kind of ['lvm', 'filesystem']) expect(items.find((item) => item.kind === kind)?.undo).toMatchObject([{ verb: 'ensure_undo', only: 'retired' }]);
  });

  it('what a person has to do is told, each thing once, and is no step', () => {
    const compiled = lab(`capability dongle { by_hand "plug it into \${machine.name}" }\nmetal iron : base_debian { nic lan { address = 10.0.0.47 }\n has dongle\n by_hand "plug it into iron" }`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine('iron').converge?.byHand).toEqual([expect.stringMatching(/^Before the first converge, .* operator ops, its key/), 'plug it into iron']);
    expect(compiled.machine('iron').converge?.items.filter((item) => item.kind === 'by_hand')).toEqual([]);
  });
  it('a file system brings the tools that make it', () => {
    const compiled = lab(box('filesystem /dev/sdx { type = xfs }\nfilesystem /dev/sdy { type = btrfs }\nfilesystem /dev/sdz'));
    expect(compiled.errors).toEqual([]);
    const tools = compiled.tasks('ansible.builtin.apt').flatMap((task) => task.args['name']).filter((name) => /progs/.test(String(name)));
    expect(tools).toEqual(['btrfs-progs', 'xfsprogs']);
  });
  it('follow a change, once, by restart, reload, run and reboot', () => {
    const compiled = lab(box('service x\nfile /t/a = "1" { on_change = restart(x) }\nfile /t/b = "1" { on_change = [reload("y"), run(["z", "-q"])] }\nsysctl net.ipv4.ip_forward = 1 { on_change = reboot() }'));
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine().converge?.handlers.map((handler) => handler.id)).toEqual(expect.arrayContaining(['restart x', 'reload y', 'run z -q', 'reboot']));
  });
  it('labels may be dotted words, paths, numbers and strings', () => {
    const compiled = lab(box('sysctl net.ipv4.ip_forward = 1, "net.ipv4.conf.all.rp_filter" = 2\ndirectory /t/d\npackage nano, "g++"'));
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine().converge?.items.filter((item) => item.kind === 'sysctl' && item.owner === 'box').map((item) => item.key)).toEqual(['net.ipv4.conf.all.rp_filter', 'net.ipv4.ip_forward']);
  });
  it('a command needs a guard, a module its own options', () => {
    expect(lab(box('task ansible.builtin.command { argv = ["x"] }')).errors).toEqual([expect.stringMatching(/LAB4016/)]);
    expect(lab(box('task ansible.builtin.file { path = "/x"  sate = "directory" }')).helps).toEqual([expect.stringMatching(/`state`/)]);
    expect(lab(box('task ansible.builtin.fil { path = "/x" }')).errors).toEqual([expect.stringMatching(/LAB4015/)]);
  });
  it('a new kind, contract and system need no TypeScript', () => {
    const compiled = lab(`kind motd(text: String, mode: Mode = 0644) {\n layer = L3  phase = 4  key = text  parents = [capability, persona, machine]\n title = "Greet by \${text}"\n task ansible.builtin.copy { dest = "/etc/motd"  content = text  mode = mode }\n removal { undo file_absent { path = "/etc/motd" } }\n}\n${box('motd "hello"')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.tasks('ansible.builtin.copy').find((task) => task.args['dest'] === '/etc/motd')).toMatchObject({ name: 'Greet by hello', args: { content: 'hello', mode: '0644' } });
    const sid = lab(`os sid : debian { distribution = "Debian"  version "13" { codename = "trixie" } }\nimage sid_img { os = sid("13")  version "1" { url = "https://example.net/x.qcow2"  sha256 = "${'a'.repeat(64)}" }  stable = "1" }\n${box('image = sid_img\nfile /t/x = os.codename')}`);
    expect(sid.errors).toEqual([]);
    expect(sid.file('/t/x')).toBe('trixie\n');
  });
  it('a metal takes of L1 the system only, and nothing of L2', () => {
    const compiled = lab(`metal m : box_base { nic lan { address = 10.0.0.46 } }\npersona all : box_base { L2 { tags = ["t"] } }\nmetal n : all { nic lan { address = 10.0.0.47 } }`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.value('n.tags')).toBe('[]');
  });
});

it('texts end before the line of their closing quotes, and files end with a line break', () => {
  const compiled = lab(app('file /c/a = """\n  x\n  y\n  """\nfile /c/b = "z"\nfile /c/d = ""'));
  expect([compiled.config('/c/a'), compiled.config('/c/b')]).toEqual(['x\ny\n', 'z\n']);
});
