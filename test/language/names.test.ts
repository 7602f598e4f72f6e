/** Names and shapes: spaces, ambients, `use`, `let`, `fn`, types, `if` and `for` over declarations, checks. */
import { describe, expect, it } from 'vitest';
import { app, box, expr, lab } from './support.js';

const IMAGE = 'image = "docker.io/library/alpine:3.22.1"';
const files = (compiled: ReturnType<typeof lab>, name = 'box'): string[] => (compiled.machine(name).converge?.items ?? []).filter((item) => item.kind === 'file').map((item) => item.key).filter((key) => key.startsWith('/t/'));

describe('use', () => {
  it('`use a.{b, c}`, several on a line, for the whole lab', () => {
    expect(lab(`use apps.{traefik, vaultwarden}, parts.postgres\nsecret adm { from = env("A") }\n${box('run traefik { tls = internal() }\nrun vaultwarden { host = "v.example.net"  admin = adm }')}`).errors).toEqual([]);
    expect(lab('use apps.{traefik, valtwarden}').helps).toEqual([expect.stringMatching(/apps\.valtwarden.*did you mean `vaultwarden`/)]);
    expect(lab('use aps.traefik').helps).toEqual([expect.stringMatching(/apps/)]);
    expect(lab(box('run traefik { tls = internal() }')).helps).toEqual([expect.stringMatching(/`use apps.traefik`/)]);
  });
  it('what a file of the library uses comes along, and gives way to the lab\'s own', () => {
    const machine = 'use personas.base_ubuntu\nvm u : base_ubuntu { nic lan\n disk root = 8GiB { on = local-lvm } }\n';
    expect(lab(machine).errors).toEqual([]);
    expect(lab(machine).machine('u').os).toMatchObject({ id: 'ubuntu', version: '24.04' });
    const own = lab(`${machine}image ubuntu_24_04 { os = ubuntu("24.04")  version "mine" { file = "local:import/mine.qcow2"  sha256 = "${'a'.repeat(64)}" }\n stable = "mine" }`);
    expect(own.errors).toEqual([]);
    expect(own.plan.images.find((image) => image.image === 'ubuntu_24_04')?.version).toBe('mine');
    expect(lab('vm u : base_ubuntu { nic lan\n disk root = 8GiB { on = local-lvm } }').helps).toEqual([expect.stringMatching(/`use personas.base_ubuntu`/)]);
  });
});

describe('spaces', () => {
  it('one name may stand in several, and `space.name` is the full form', () => {
    const source = (x: string): ReturnType<typeof lab> => lab(`workload pihole() {\n needs container_runtime\n container main { ${IMAGE}  env { X = ${x} } } }\nvm pihole : box_base { nic lan { address = 10.0.0.36 }\n run pihole }`);
    expect(source('machines.pihole.address').env('main', 'pihole')).toEqual({ X: '10.0.0.36' });
    expect(source('instances.pihole.machine.name').env('main', 'pihole')).toEqual({ X: 'pihole' });
    expect(source('run.pihole.app').env('main', 'pihole')).toEqual({ X: 'pihole' });
    expect(source('vm.pihole.cores').env('main', 'pihole')).toEqual({ X: '2' });
    const bare = source('pihole.name');
    expect(bare.errors).toEqual([expect.stringMatching(/LAB2002/)]);
    expect(bare.helps[0]).toMatch(/machines\.pihole|run\.pihole|instances\.pihole/);
    expect(source('networks.lan.cidr.prefix').env('main', 'pihole')).toEqual({ X: '24' });
    expect(source('machines.nope.address').errors).toEqual([expect.stringMatching(/LAB/)]);
  });
  it('children are `parent.kind.label`, `parent.label` where only one has it', () => {
    const compiled = lab(`workload w() {\n needs container_runtime\n container main { ${IMAGE}  port http = 81  env { A = main.http.name  B = main.port.http.name  C = self.name  D = machine.disk.data.size.in(GiB)  E = machine.nic.lan.address  F = box.disk.data.mount } }\n}\n${box('run w')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'w')).toEqual({ A: 'http', B: 'http', C: 'main', D: '32', E: '10.0.0.20', F: '/srv' });
  });
  it('ambient ones are `self machine os lab operator`', () => {
    const compiled = lab(app('env { A = lab.domain  B = lab.name  C = machine.name  D = os.id  E = os.codename  F = operator.name  G = operator.uid  H = self.parent.name  I = lab.timezone }'));
    expect(compiled.env()).toEqual({ A: 'example.net', B: 't', C: 'box', D: 'debian', E: 'bookworm', F: 'ops', G: '1000', H: 'app', I: 'Europe/Berlin' });
  });
  it('no shadowing: a local that is also a member of the expected enum is an error', () => {
    const compiled = lab(`vm m : box_base {\n let host = "x"\n nic lan { address = 10.0.0.37 }\n cpu = host\n}`);
    expect(compiled.errors.length).toBe(1);
    expect(compiled.errors[0]).toMatch(/LAB20\d\d .*`host`/);
    expect(lab(app('let any = "x"\negress = any')).errors).toEqual([expect.stringMatching(/LAB20\d\d .*`any`/)]);
    expect(lab(app('let any = "x"\nenv { X = any }')).env()).toEqual({ X: 'x' });
    expect(lab(`workload w(restart: String) {\n needs container_runtime\n container main { ${IMAGE}  env { X = restart } }\n}\n${box('run w { restart = "y" }')}`).env('main', 'w')).toEqual({ X: 'y' });
  });
  it('no shadowing: an inner local does not take the name of an outer one', () => {
    expect(lab(app('let x = 1\nenv { A = [1].map(x => x).length() }')).errors).toEqual([expect.stringMatching(/LAB20\d\d .*`x`/)]);
    expect(lab(app('for x in [1] { for x in [2] { file "/c/${x}" = "y" } }')).errors).toEqual([expect.stringMatching(/LAB20\d\d .*`x`/)]);
    expect(lab(`workload w(x: Int) {\n needs container_runtime\n let x = 2\n container main { ${IMAGE} }\n}\n${box('run w { x = 1 }')}`).errors).toEqual([expect.stringMatching(/LAB20\d\d .*`x`/)]);
    expect(lab(app('env { A = [1].map(x => x).length()  B = [1].map(x => x).length() }')).errors).toEqual([]);
  });
});

describe('let and fn', () => {
  it('lets have types, are lazy, see each other in any order', () => {
    const compiled = lab(`let base : Int = 5\nlet text = "n\${double(base)}"\nfn double(n: Int): Int = n * 2\n${app('let a = b + 1\nlet b : Int = base\nlet unused = 1 / 0\nenv { A = a  T = text }')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env()).toEqual({ A: '6', T: 'n10' });
    expect(lab(app('let a : Int = "x"\nenv { A = a }')).errors).toEqual([expect.stringMatching(/LAB3001/)]);
    expect(lab(app('let a = b\nlet b = a\nenv { A = a }')).errors).toEqual([expect.stringMatching(/LAB3006/)]);
  });
  it('functions check their arguments and what they give, and never recurse', () => {
    expect(expr('f(2)', 'fn f(n: Int, m: Int = n + 1): Int = n * m')).toBe('6');
    expect(expr('f(2, m = 5)', 'fn f(n: Int, m: Int = n + 1): Int = n * m')).toBe('10');
    expect(expr('f("x")', 'fn f(n: Int): Int = n')).toMatch(/LAB3001/);
    expect(expr('f(1, 2)', 'fn f(n: Int): Int = n')).toMatch(/LAB3005/);
    expect(expr('f()', 'fn f(n: Int): Int = n')).toMatch(/LAB3004/);
    expect(expr('f(1)', 'fn f(n: Int): Int = f(n)')).toMatch(/LAB2010/);
    expect(expr('f(1)', 'fn f(n: Int): String = n')).toMatch(/LAB3001/);
    expect(expr('f(1)', 'fn f(n: Int): Int = g(n)\nfn g(n: Int): Int = f(n)')).toMatch(/LAB2010/);
    expect(expr('[1, 2].map(f).join(",")', 'fn f(n: Int): Int = n + 1')).toBe('2,3');
  });
});

describe('types', () => {
  const shaped = (params: string, use: string, env = 'x', more = ''): ReturnType<typeof lab> => lab(`${more}\nworkload w(${params}) {\n needs container_runtime\n container main { ${IMAGE}  env { X = ${env} } }\n}\n${box(`run w { ${use} }`)}`);
  it('enums have wire spellings', () => {
    expect(shaped('x: enum(a, b = "bee")', 'x = b').env('main', 'w')).toEqual({ X: 'bee' });
    expect(shaped('x: enum(a, b = "bee")', 'x = "bee"').env('main', 'w')).toEqual({ X: 'bee' });
    expect(shaped('x: enum(a, b = "bee")', 'x = c').helps[0]).toMatch(/`a`, `b`|did you mean/);
    expect(shaped('x: enum(a, b)', 'x = b', 'if x == b then "yes" else "no"').env('main', 'w')).toEqual({ X: 'yes' });
    expect(shaped('x: enum(a, b)', 'x = b', 'if x in [a, b] then "yes" else "no"').env('main', 'w')).toEqual({ X: 'yes' });
  });
  it('refinements, unions, optionals, maps, lists', () => {
    expect(shaped('x: Small', 'x = 50', 'x', 'type Small : Int.where(n => n < 10)').errors).toEqual([expect.stringMatching(/LAB3013/)]);
    expect(shaped('x: Small', 'x = 5', 'x', 'type Small : Int.where(n => n < 10)').env('main', 'w')).toEqual({ X: '5' });
    expect(shaped('x: Int.where(n => n in 1 .. 4)', 'x = 9').errors).toEqual([expect.stringMatching(/LAB3013/)]);
    expect(lab('network v { cidr = 10.1.0.0/24  vlan = 5000 }').errors).toEqual([expect.stringMatching(/LAB3013/)]);
    expect(shaped('x: Ip4 | enum(auto)', 'x = auto').env('main', 'w')).toEqual({ X: 'auto' });
    expect(shaped('x: Ip4 | enum(auto)', 'x = 10.1.1.1').env('main', 'w')).toEqual({ X: '10.1.1.1' });
    expect(shaped('x: Ip4 | enum(auto)', 'x = 5').errors).toEqual([expect.stringMatching(/LAB3001/)]);
    expect(shaped('x: Int? = none', '', 'x ?? "none"').env('main', 'w')).toEqual({ X: 'none' });
    expect(shaped('x: Map(Size)', 'x = { a = 1GiB }', 'x.a.in(MiB)').env('main', 'w')).toEqual({ X: '1024' });
    expect(shaped('x: Map(Size)', 'x = { a = 1 }').errors).toEqual([expect.stringMatching(/LAB3001/)]);
    expect(shaped('x: [Int]', 'x = 4', 'x.length()').env('main', 'w')).toEqual({ X: '1' });
    expect(shaped('x: [[Int]]', 'x = [[1, 2], [3]]', 'x.map(l => l.length()).join(",")').env('main', 'w')).toEqual({ X: '2,1' });
  });
  it('records with defaults, closed; bodies and records alike', () => {
    const more = 'type Camera(name: String, rate: Int = 5, zone: String? = none)';
    expect(shaped('x: Camera', 'x = { name = "a" }', '"${x.name}${x.rate}${x.zone ?? "-"}"', more).env('main', 'w')).toEqual({ X: 'a5-' });
    expect(shaped('x: Camera', 'x { name = "a"  rate = 7 }', 'x.rate', more).env('main', 'w')).toEqual({ X: '7' });
    expect(shaped('x: Camera', 'x = Camera("a", rate = 9)', 'x.rate', more).env('main', 'w')).toEqual({ X: '9' });
    expect(shaped('x: Camera', 'x = { name = "a", rat = 7 }', 'x.rate', more).helps[0]).toMatch(/did you mean `rate`/);
    expect(shaped('x: Camera', 'x = { rate = 7 }', 'x.rate', more).errors).toEqual([expect.stringMatching(/LAB3004/)]);
    expect(shaped('x: [Camera]', 'x = [{ name = "a" }, { name = "b" }]', 'x.map(c => c.name).join(",")', more).env('main', 'w')).toEqual({ X: 'a,b' });
  });
  it('variants: a constructor each, `.variant`, fields of others are none', () => {
    const more = 'type Where {\n disk(path: Path, size: Size = 1GiB)\n cloud(url: Url)\n}';
    const source = (use: string, env: string): ReturnType<typeof lab> => shaped('x: Where', use, env, more);
    expect(source('x = disk(/a)', '"${x.path} ${x.size.in(GiB)} ${x.url ?? "-"} ${x.variant}"').env('main', 'w')).toEqual({ X: '/a 1 - disk' });
    expect(source('x = cloud(url = "https://x.y")', 'if x.variant == cloud then x.url else "-"').env('main', 'w')).toEqual({ X: 'https://x.y' });
    expect(source('x = tape(/a)', 'x.variant').errors.length).toBe(1);
    expect(source('x = disk(/a)', 'x.colour').errors).toEqual([expect.stringMatching(/LAB2007/)]);
    expect(source('x = disk(5)', 'x.path').errors).toEqual([expect.stringMatching(/LAB3001/)]);
  });
});

describe('if and for over declarations', () => {
  it('at the top level, over lists, ranges and records', () => {
    const compiled = lab('for n in 1 .. 2 { vm "m${n}" : box_base { nic lan { address = 10.0.0.50 + n } } }\nif 1 > 2 { device no { address = 10.0.0.60 } } else { device yes { address = 10.0.0.61 } }\nfor name in ["a", "b"] { device "d-${name}" { address = if name == "a" then 10.0.0.62 else 10.0.0.63 } }');
    expect(compiled.errors).toEqual([]);
    expect(compiled.plan.machines.map((machine) => `${machine.name} ${machine.address ?? ''}`)).toEqual(['d-a 10.0.0.62', 'd-b 10.0.0.63', 'm1 10.0.0.51', 'm2 10.0.0.52', 'yes 10.0.0.61']);
  });
  it('in machines, capabilities, workloads and containers, nested', () => {
    const compiled = lab(`capability c(names: [String]) { for n in names { if n != "skip" { file "/t/\${n}" = n } else { package nano } } }\n${app('for i in 1 .. 2 { for j in ["x", "y"] { bind "/b/${i}${j}" = /mnt } }').replace('run app', 'has c { names = ["p", "skip", "q"] }\nfor n in ["r"] { file "/t/${n}" = "1" }\nrun app')}`);
    expect(compiled.errors).toEqual([]);
    expect(files(compiled)).toEqual(['/t/r', '/t/p', '/t/q']);
    expect(compiled.container().mounts.map((mount) => mount.target)).toEqual(['/b/1x', '/b/1y', '/b/2x', '/b/2y']);
  });
  it('keys come from the values: two alike are one item, a difference is an error', () => {
    expect(files(lab(box('for n in ["a", "a"] { file "/t/${n}" = "x" }')))).toEqual(['/t/a']);
    expect(lab(box('for n in [1, 2] { file /t/a = "${n}" }')).errors).toEqual([expect.stringMatching(/LAB3007/)]);
  });
  it('read nothing of a later stratum', () => {
    expect(lab(app('if main.http.port == 80 { init = true }\nport http = 80')).errors).toEqual([expect.stringMatching(/LAB3015/)]);
    expect(lab(box('for n in 1 .. 200000 { file "/t/${n}" = "x" }')).errors).toEqual([expect.stringMatching(/LAB3017/)]);
    expect(lab(box('for n in 5 { file "/t/${n}" = "x" }')).errors).toEqual([expect.stringMatching(/LAB3009/)]);
    expect(lab(box('if "x" { file /t/a = "x" }')).errors).toEqual([expect.stringMatching(/LAB3009/)]);
  });
  it('a condition that adds what an earlier list has shown is refused, with both places', () => {
    const compiled = lab(box('for d in machine.disk { if d.key == "nothing" { package nano } }\nfor x in [1] { disk more = 1GiB { on = local-lvm } }'));
    expect(compiled.errors.length).toBeGreaterThan(0);
  });
});

describe('check', () => {
  it('holds, or shows its first witness with its place', () => {
    expect(lab(`check "fine" = machines.all(m => m.name != "x")\n${box('')}`).errors).toEqual([]);
    const compiled = lab(`check "small" = machines.all(m => m.cores < 4)\n${box('')}\nvm big : box_base { cores = 8  nic lan { address = 10.0.0.70 } }`);
    expect(compiled.errors).toEqual([expect.stringMatching(/LAB3021 .*small/)]);
    expect(`${compiled.helps.join()} ${compiled.places.join()}`).toMatch(/big/);
    const nested = lab(`check "named" = instances.where(i => true).all(i => i.container.all(c => c.image != "docker.io/library/alpine:3.22.1"))\n${app('')}`);
    expect(`${nested.helps.join()} ${nested.places.join()}`).toMatch(/main/);
    expect(lab('check "text" = 5').errors).toEqual([expect.stringMatching(/LAB3001/)]);
  });
});

describe('systems', () => {
  it('a nearest `on` wins, several that name it all apply, an unknown system is refused', () => {
    const capability = 'capability c {\n on debian { file /t/debian = "x" }\n on ubuntu { file /t/ubuntu = "x" }\n on debian, arch { file /t/both = "x" } }\nuse images.ubuntu_24_04\n';
    expect(files(lab(`${capability}${box('has c')}`))).toEqual(['/t/both', '/t/debian']);
    expect(files(lab(`${capability}${box('image = ubuntu_24_04\nhas c')}`))).toEqual(['/t/ubuntu']);
    expect(lab(`capability d { on arch { package x } }\n${box('has d')}`).errors).toEqual([expect.stringMatching(/LAB4001/)]);
    expect(lab(`capability d { on archlinux { package x } }\n${box('has d')}`).errors.length).toBe(1);
  });
});

describe('codecs', () => {
  it('write yaml with tags, json, toml, ini and env, with none left out', () => {
    const value = '{ a = 1, b = none, c = [1, none, "x"], d = { e = none }, f = 1.50, g = true, h = "yes", i = 10.0.0.1, j = /p }';
    const compiled = lab(app(`file /c/y = yaml({ t = tag("!Find", ["m", ["k", "v"]]), s = tag("!secret", "name") } + ${value})\nfile /c/j = json(${value})\nfile /c/t = toml({ top = 1, table = { x = "a\\"b", y = [1, 2] }, arr = [{ n = 1 }, { n = 2 }], no = none })\nfile /c/i = ini({ top = 1, Peer = [{ K = "a" }, { K = "b" }], S = { l = ["p", "q"], no = none } })\nfile /c/e = env({ A = "x y", B = none, C = 1 })`));
    expect(compiled.errors).toEqual([]);
    expect(compiled.config('/c/y')).toBe('t: !Find\n  - m\n  - - k\n    - v\ns: !secret name\na: 1\nc:\n  - 1\n  - x\nd: {}\nf: 1.50\ng: true\nh: "yes"\ni: "10.0.0.1"\nj: /p\n');
    expect(JSON.parse(compiled.config('/c/j'))).toEqual({ a: 1, c: [1, 'x'], d: {}, f: 1.5, g: true, h: 'yes', i: '10.0.0.1', j: '/p' });
    expect(compiled.config('/c/t')).toBe('top = 1\n\n[table]\nx = "a\\"b"\ny = [1, 2]\n\n[[arr]]\nn = 1\n\n[[arr]]\nn = 2\n');
    expect(compiled.config('/c/i')).toBe('top=1\n\n[Peer]\nK=a\n\n[Peer]\nK=b\n\n[S]\nl=p\nl=q\n');
    expect(compiled.config('/c/e')).toBe('A=x y\nC=1\n');
    expect(lab(app('file /c/i = ini({ S = { k = "a\\nb" } })')).errors).toEqual([expect.stringMatching(/LAB3016/)]);
    expect(lab(app('file /c/j = json({ k = 1GiB })')).errors).toEqual([expect.stringMatching(/LAB3010/)]);
  });
});

describe('libraries', () => {
  it('`library` is refused in the open', () => {
    expect(lab('library x { source = git("https://example.net/x")  rev = "v1" }').errors).toEqual([expect.stringMatching(/LAB.*library/)]);
  });
});
