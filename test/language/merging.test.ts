/** Personas, merging, removing: who says what about a machine, and who wins. */
import { describe, expect, it } from 'vitest';
import { app, box, lab } from './support.js';

const machine = (personas: string, head: string, body = ''): ReturnType<typeof lab> => lab(`${personas}\nvm m : ${head} {\n  nic lan { address = 10.0.0.30 }\n${body}\n}`);
const files = (compiled: ReturnType<typeof lab>, name: string): string[] => (compiled.machine(name).converge?.items ?? []).filter((item) => item.kind === 'file').map((item) => item.key).filter((key) => key.startsWith('/t/'));

describe('ranks', () => {
  it('kind default, library, lab persona, machine', () => {
    const compiled = machine('persona p : box_base { L2 { cores = 6 } }', 'p', 'memory = 9GiB');
    expect(compiled.errors).toEqual([]);
    expect([compiled.value('m.cores'), compiled.value('m.memory'), compiled.value('m.cpu')]).toEqual(['6', '9GiB', 'x86-64-v2-AES']);
    expect(compiled.result.why('m.memory')?.said.map((step) => `${step.rank} ${step.value}`)).toEqual(['machine 9GiB', 'lab 4GiB', 'default the default']);
  });

  it('at one rank equal values pass and differing ones show both places', () => {
    expect(machine('persona a : box_base { L2 { cpu = host } }\npersona b { L2 { cpu = host } }', 'a, b').errors).toEqual([]);
    const clash = machine('persona a : box_base { L2 { cpu = host } }\npersona b { L2 { cpu = kvm64 } }', 'a, b');
    expect(clash.errors).toEqual([expect.stringMatching(/LAB3007 `cpu`: `cpu` is given twice with different values/)]);
    expect(clash.places).toEqual(['`cpu`', '`cpu`']);
  });

  it('a persona wins over the ones it inherits from', () => {
    expect(machine('persona a : box_base { L2 { cpu = host } }\npersona b : a { L2 { cpu = kvm64 } }', 'b').value('m.cpu')).toBe('kvm64');
    expect(machine('persona a : box_base { L2 { cpu = host } }\npersona b : a { L2 { cpu = kvm64 } }', 'a, b').value('m.cpu')).toBe('kvm64');
  });

  it('a diamond counts once', () => {
    const compiled = machine('persona top : box_base { L2 { tags += ["top"] }  L3 { file /t/once = "x" } }\npersona l : top { L2 { tags += ["l"] } }\npersona r : top { L2 { tags += ["r"] } }', 'l, r', 'tags += ["m"]');
    expect(compiled.errors).toEqual([]);
    expect(compiled.value('m.tags')).toBe('["top", "l", "r", "m"]');
    expect(files(compiled, 'm')).toEqual(['/t/once']);
  });

  it('`=` replaces a list, `+=` extends it in base order', () => {
    const base = 'persona p : box_base { L2 { tags = ["p"] } }';
    expect(machine(base, 'p', 'tags += ["m"]').value('m.tags')).toBe('["p", "m"]');
    expect(machine(base, 'p', 'tags = ["m"]').value('m.tags')).toBe('["m"]');
    expect(machine('persona p : box_base { L2 { tags += ["p"] } }', 'p', 'tags += ["m"]').value('m.tags')).toBe('["p", "m"]');
  });

  it('a machine that says one thing twice is told so', () => {
    expect(machine('', 'box_base', 'cpu = host\ncpu = kvm64').errors).toEqual([expect.stringMatching(/LAB3007/)]);
    expect(machine('', 'box_base', 'nic lan { address = 10.0.0.31 }').errors).toEqual([expect.stringMatching(/LAB2003/)]);
  });
});

describe('children', () => {
  it('merge by kind and key over persona and machine', () => {
    const compiled = machine('persona p : box_base { L2 { disk extra = 8GiB { on = local-lvm  ssd = false } } }', 'p', 'disk extra { size = 20GiB }');
    expect(compiled.errors).toEqual([]);
    expect([compiled.value('m.disk.extra.size'), compiled.value('m.disk.extra.ssd')]).toEqual(['20GiB', 'false']);
    expect(compiled.machine('m').guest?.disks.map((disk) => disk.name)).toContain('extra');
  });

  it('`K a, b = v { }` is two items', () => {
    const compiled = machine('', 'box_base', 'file /t/a, /t/b { content = "x" }\nfile /t/c = "c", /t/d = "d" { mode = 0600 }');
    expect(compiled.errors).toEqual([]);
    expect(files(compiled, 'm')).toEqual(['/t/a', '/t/b', '/t/c', '/t/d']);
    expect([compiled.value('m./t/c.mode'), compiled.value('m./t/d.mode'), compiled.value('m./t/d.content')]).toEqual(['0600', '0600', '"d"']);
  });

  it('`without` takes away, by label and by path', () => {
    const base = 'persona p : box_base { L3 { file /t/a, /t/b { content = "x" }  package nano, htop } }';
    const compiled = machine(base, 'p', 'without file = /t/a\nwithout package.nano');
    expect(compiled.errors).toEqual([]);
    expect(files(compiled, 'm')).toEqual(['/t/b']);
    expect(machine(base, 'p', 'without package.nanoo').errors).toEqual([expect.stringMatching(/LAB2014 `package.nanoo`/)]);
    expect(machine(base, 'p', 'without file = /t/zz').errors).toEqual([expect.stringMatching(/LAB2014/)]);
  });

  it('`without` takes a capability, in the machine and in a persona', () => {
    expect(machine('', 'box_base', 'without has.docker\nfile /t/a = "x"').errors).toEqual([]);
    const compiled = machine('persona p : box_base { L3 { without has.docker } }', 'p');
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine('m').converge?.items.some((item) => item.owner === 'docker')).toBe(false);
  });

  it('`without` reaches into `if`, `for` and `on`', () => {
    const compiled = machine('persona p : box_base { L3 { for x in ["a", "b"] { file "/t/${x}" = x }  if true { package nano }  on debian { package htop } } }', 'p', 'without file = /t/a\nwithout package.nano\nwithout package.htop');
    expect(compiled.errors).toEqual([]);
    expect(files(compiled, 'm')).toEqual(['/t/b']);
  });

  it('inside a run, a library app is refined', () => {
    const source = (body: string): string => `use parts.valkey
      workload web() {
        needs container_runtime
        with cache = valkey()
        container main { image = "docker.io/library/alpine:3.22.1"  env { A = "1"  B = "2" }  bind /data = /mnt  port http = 80 }
        container side { image = "docker.io/library/alpine:3.22.1" }
      }
      ${box(`run web { ${body} }`)}`;
    const compiled = lab(source('container main { image = "docker.io/library/alpine:3.23.0"  env { B = "3"  C = "4" }  bind /more = /mnt/more  without bind = /data }\nwithout container.side'));
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'web')).toEqual({ A: '1', B: '3', C: '4' });
    expect(compiled.container('main', 'web')).toMatchObject({ image: 'docker.io/library/alpine:3.23.0' });
    expect(compiled.container('main', 'web').mounts.map((mount) => mount.target)).toEqual(['/more']);
    expect(compiled.instance('web').containers.map((item) => item.name)).toEqual(['cache', 'main']);
    expect(lab(source('container main { env = { Z = "1" } }')).env('main', 'web')).toEqual({ Z: '1' });
    expect(lab(source('with cache { container server { command = ["x"] } }')).container('cache', 'web').command).toEqual(['x']);
    expect(lab(source('container main { without bind = /nope }')).errors).toEqual([expect.stringMatching(/LAB2014/)]);
    expect(lab(source('container main { without env.A }')).errors.length).toBe(1);
  });
});

describe('fields', () => {
  it('`name { }` merges and `name = { }` replaces', () => {
    const base = 'workload a() { needs container_runtime; container main { image = "docker.io/library/alpine:3.22.1"  env { A = "1" }  stop { signal = "SIGINT" } } }';
    expect(lab(`${base}\n${box('run a { container main { env { B = "2" }  stop { grace = 9s } } }')}`).container('main', 'a')).toMatchObject({ environment: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }], stop: { signal: 'SIGINT', grace: 9000 } });
    expect(lab(`${base}\n${box('run a { container main { env = { B = "2" }  stop = { grace = 9s } } }')}`).container('main', 'a')).toMatchObject({ environment: [{ name: 'B', value: '2' }], stop: { signal: null, grace: 9000 } });
  });

  it('`= none` clears an optional, and is left out of environments', () => {
    const base = 'workload a() { needs container_runtime; container main { image = "docker.io/library/alpine:3.22.1"  shm = 64MiB  env { A = "1"  B = none } } }';
    expect(lab(`${base}\n${box('run a { container main { shm = none  env { A = none } } }')}`).container('main', 'a')).toMatchObject({ shm: null, environment: [] });
    expect(machine('', 'box_base', 'cores = none').errors).toEqual([expect.stringMatching(/LAB3001/)]);
  });

  it('a body with `if` and `for` fills a record', () => {
    expect(lab(app('env { if 1 > 2 { A = "no" } else { B = "yes" }  for x in ["p", "q"] { "K_${x.upper()}" = x } }')).env()).toEqual({ B: 'yes', K_P: 'p', K_Q: 'q' });
  });
});

describe('layers', () => {
  it('a persona has its blocks, and a kind of another layer is refused with both', () => {
    expect(machine('persona p { L3 { disk x = 1GiB { on = local-lvm } } }', 'box_base, p').errors).toEqual([expect.stringMatching(/LAB2015 `disk`: `disk` belongs to L2, not to L3/)]);
    expect(machine('persona p { L2 { package nano } }', 'box_base, p').errors).toEqual([expect.stringMatching(/LAB2015 `package`/)]);
    expect(machine('persona p { L3 { container x { image = "a:1" } } }', 'box_base, p').errors).toEqual([expect.stringMatching(/LAB2005/)]);
    expect(machine('persona p { L2 { has docker } }', 'box_base, p').errors).toEqual([expect.stringMatching(/LAB2015 `has`/)]);
    expect(machine('persona p { L3 { cores = 4 } }', 'box_base, p').errors).toEqual([expect.stringMatching(/LAB2015/)]);
  });

  it('a workload cannot install, a capability cannot run', () => {
    expect(lab(`workload w() { package nano }\n${box('run w')}`).errors).toEqual([expect.stringMatching(/LAB2005 `package`/)]);
    expect(lab(`capability c() { container x { image = "a:1" } }\n${box('has c')}`).errors).toEqual([expect.stringMatching(/LAB2005 `container`/)]);
    expect(lab(`capability c { run x }\n${box('has c')}`).errors).toEqual([expect.stringMatching(/LAB2005|LAB2008/)]);
  });

  it('metal takes of a persona its system and what is done on it', () => {
    const compiled = lab('metal iron : box_base { nic lan { address = 10.0.0.40 }  file /t/x = "y" }');
    expect(compiled.errors).toEqual([]);
    expect(compiled.machine('iron')).toMatchObject({ os: { id: 'debian', version: '12' }, guest: null });
    expect(compiled.machine('iron').converge?.items.some((item) => item.owner === 'docker')).toBe(true);
  });

  it('names in a persona are late: what a machine settles', () => {
    const two = 'cluster two { endpoint = "https://10.0.0.3:8006"  token = proxmox_token  node pve2 { address = 10.0.0.3  datastore local { type = dir  content = [import] }  datastore local-lvm { type = lvmthin  content = [images] }  bridge vmbr0 } }';
    const compiled = lab(`${two}\nvm a : box_base { node = pve2  nic lan { address = 10.0.0.41 } }\nvm b : box_base { node = pve1  nic lan { address = 10.0.0.42 } }`);
    expect(compiled.errors).toEqual([]);
    expect(lab(`${two}\nvm a : box_base { nic lan { address = 10.0.0.41 } }`).helps).toEqual([expect.stringMatching(/pve1, pve2 \| say which: `node = NAME`/)]);
    expect(lab('persona p : box_base { L2 { disk root { on = nowhere } } }\nvm a : p { nic lan { address = 10.0.0.41 } }').errors).toEqual([expect.stringMatching(/LAB2001 `nowhere`/)]);
  });
});
