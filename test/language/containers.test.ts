/** Workloads: containers that share, jobs, networks, ports, parts, instances (contracts.md sections 1 and 4). */
import { describe, expect, it } from 'vitest';
import { app, box, lab } from './support.js';

const IMAGE = 'image = "docker.io/library/alpine:3.22.1"';
const workload = (body: string): string => `workload app() {\n  needs container_runtime\n${body}\n}\n${box('run app')}`;

describe('a container that inherits', () => {
  const source = workload(`container main {
    ${IMAGE}  port http = 80
    env { A = "1" }
    state data = /data { owner = 1000:1000 }
    cache work = /work
    bind /m = /mnt
    scratch /tmp
    file /etc/a/b.conf = "x"
    ready { http = "/up" }
    health http { get = "/up" }
  }
  container cron : main { command = ["cron"]  ready = none  env { B = "2" } }`);
  it('shares states and caches, repeats no request', () => {
    const compiled = lab(source);
    expect(compiled.errors).toEqual([]);
    const cron = compiled.container('cron');
    expect(cron).toMatchObject({ image: 'docker.io/library/alpine:3.22.1', command: ['cron'], ready: null, environment: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }], ports: [] });
    expect(cron.mounts.map((mount) => `${mount.type} ${mount.target} ${'source' in mount ? mount.source : 'volume' in mount ? mount.volume : ''}`)).toEqual([
      'bind /data /srv/app/main/data', expect.stringContaining('bind /etc/a '), 'bind /m /mnt', 'tmpfs /tmp ', 'volume /work main_work',
    ]);
    expect(compiled.instance().states.map((state) => state.path)).toEqual(['/srv/app/main/data']);
    expect((compiled.plan.probes ?? []).filter((probe) => probe.name.includes('cron'))).toEqual([]);
  });
  it('reads a file again only by a restart where the file is mounted by itself', () => {
    const reloads = (rest: string): unknown => lab(workload(`container main { ${IMAGE}  port http = 80  ${rest}\nfile /conf/a.yaml = "x" { reload = watched }\nfile /conf/b.yaml = "y" { reload = post("/-/reload") }\nfile /etc/c.yaml = "z" { reload = watched } }`)).instance().files.map((file) => file.reload.how);
    expect(reloads('')).toEqual(['watched', 'post', 'restart']);
    expect(reloads('cache logs = /conf/logs')).toEqual(['restart', 'restart', 'restart']);
    expect(reloads('scratch /conf/logs')).toEqual(['watched', 'post', 'restart']);
  });
  it('has a place for memory inside a folder of configuration, which is read-only', () => {
    const compiled = lab(workload(`container main { ${IMAGE}  scratch /conf/logs\nfile /conf/a.yaml = "x" }`));
    const config = '/etc/labc/workloads/app/config/main';
    expect(compiled.container('main').mounts.map((mount) => `${mount.target} ${'source' in mount ? mount.source : mount.type}`)).toEqual([`/conf ${config}/conf`, '/conf/logs tmpfs']);
    expect(compiled.instance().folders.map((folder) => folder.path)).toContain(`${config}/conf/logs`);
  });
  it('may inherit from one that inherits, in any order of writing', () => {
    const compiled = lab(workload(`container c : b { env { C = "c" } }\ncontainer b : a { env { B = "b" } }\ncontainer a { ${IMAGE}  env { A = "a" }\n state data = /data }`));
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('c')).toEqual({ A: 'a', B: 'b', C: 'c' });
    expect(compiled.container('c').mounts.map((mount) => mount.target)).toEqual(['/data']);
  });
  it('never from itself', () => {
    expect(lab(workload(`container a : b { ${IMAGE} }\ncontainer b : a { ${IMAGE} }`)).errors[0]).toMatch(/LAB2010/);
    expect(lab(workload(`container a : a { ${IMAGE} }`)).errors[0]).toMatch(/LAB2010|LAB2008/);
  });
  it('follows what a lab refines in its base', () => {
    const compiled = lab(`workload app() {\n needs container_runtime\n container main { ${IMAGE} }\n container side : main { command = ["x"] } }\n${box('run app { container main { image = "docker.io/library/alpine:3.23.0"  env { Z = "z" } } }')}`);
    expect(compiled.container('side')).toMatchObject({ image: 'docker.io/library/alpine:3.23.0', environment: [{ name: 'Z', value: 'z' }] });
  });
});

describe('jobs', () => {
  it('run inside a container, beside one, once', () => {
    const compiled = lab(workload(`container main { ${IMAGE}  ready { run = ["true"] }  env { A = "1" }\n state data = /data }
      job inside { exec = main  command = ["occ", "upgrade"]  after = [ready(main)]  user = "www-data" }
      job beside : main { command = ["migrate"]  once = true }
      job alone { ${IMAGE}  command = ["x"] }`));
    expect(compiled.errors).toEqual([]);
    expect(compiled.instance().jobs.map((job) => [job.name, job.exec, job.once, job.command, job.container?.image ?? null, job.container?.environment.length ?? 0, job.user])).toEqual([
      ['alone', null, false, ['x'], 'docker.io/library/alpine:3.22.1', 0, null],
      ['beside', null, true, ['migrate'], 'docker.io/library/alpine:3.22.1', 1, null],
      ['inside', 'main', false, ['occ', 'upgrade'], null, 0, 'www-data'],
    ]);
    expect(compiled.instance().jobs.find((job) => job.name === 'beside')?.container?.mounts.map((mount) => mount.target)).toEqual(['/data']);
    expect(compiled.instance().jobs.find((job) => job.name === 'inside')?.after).toEqual([{ container: 'main', condition: 'ready' }]);
  });
  it('are waited for by `done`, and only containers by `ready`', () => {
    expect(lab(workload(`container main { ${IMAGE}  after = [done(init)] }\njob init { ${IMAGE}  command = ["x"] }`)).container().after).toEqual([expect.objectContaining({ container: 'init', condition: 'done' })]);
    expect(lab(workload(`container main { ${IMAGE}  after = [ready(other)] }\ncontainer other { ${IMAGE} }`)).errors).toEqual([expect.stringMatching(/LAB\d+ `.*other.*/)]);
  });
  it('need an image of their own or a container', () => {
    expect(lab(workload(`container main { ${IMAGE} }\njob x { command = ["y"] }`)).errors).toEqual([expect.stringMatching(/LAB/)]);
  });
});

describe('networks', () => {
  it('of another, of the machine, without a way out', () => {
    const compiled = lab(workload(`container tunnel { ${IMAGE} }\ncontainer main { ${IMAGE}  network = of(tunnel)  port web = 8080 }\ncontainer hosted { ${IMAGE}  network = of(machine) }\ncontainer shut { ${IMAGE}  egress = none }\ncontainer user { ${IMAGE}  env { U = main.web.url } }`));
    expect(compiled.errors).toEqual([]);
    expect(compiled.container().network).toEqual({ mode: 'container', of: 'tunnel' });
    expect(compiled.container('hosted').network).toEqual({ mode: 'machine' });
    expect(compiled.container('shut').egress).toBe('none');
    expect(compiled.env('user')).toEqual({ U: 'http://tunnel:8080' });
  });
  it('publish a fixed port on every address of the machine, or another', () => {
    const compiled = lab(workload(`container main { ${IMAGE}  publish web = 80 { host_port = 8080 }  publish dns = 53/udp }`));
    expect(compiled.container().ports.map((port) => `${port.address}:${port.published}:${port.target}/${port.protocol}`)).toEqual(['10.0.0.20:53:53/udp', '10.0.0.20:8080:80/tcp']);
  });
});

describe('endpoints', () => {
  const server = (more = ''): string => `workload server() {\n needs container_runtime\n container main { ${IMAGE}  port http = 8080${more} }\n offer_of: none\n}`.replace('\n offer_of: none', '');
  const client = `workload client(to: Endpoint) {\n needs container_runtime\n container main { ${IMAGE}  env { U = to.url  H = to.host  P = to.port  A = to.address } }\n}`;
  const other = (nic: string, body: string): string => `vm other : box_base {\n ${nic}\n${body}\n}`;
  it('on the same machine go by alias, nothing is published', () => {
    const compiled = lab(`${server()}\n${client}\n${box('run server\nrun client { to = server.main.http }')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'client')).toEqual({ U: 'http://main.server.lab:8080', H: 'main.server.lab', P: '8080', A: 'main.server.lab:8080' });
    expect(compiled.container('main', 'server').ports).toEqual([]);
    expect(compiled.container('main', 'server').labAliases).toEqual(['main.server.lab']);
  });
  it('on the host network go by the address of the machine', () => {
    const compiled = lab(`${server('  network = of(machine)')}\n${client}\n${box('run server\nrun client { to = server.main.http }')}`);
    expect(compiled.env('main', 'client')['A']).toBe('10.0.0.20:8080');
  });
  it('on another machine are published on the shared network only, with one rule', () => {
    const compiled = lab(`network iot { cidr = 10.9.0.0/24  gateway = 10.9.0.1  vlan = 9  bridge = vmbr0 }\n${server()}\n${client}
      vm box : box_base { nic lan { address = 10.0.0.20 }  nic iot { address = 10.9.0.20 }\n run server }\n${other('nic iot { address = 10.9.0.30 }', 'run client { to = server.main.http }')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'client')['A']).toBe('10.9.0.20:8080');
    expect(compiled.container('main', 'server').ports.map((port) => `${port.address}:${port.published}`)).toEqual(['10.9.0.20:8080']);
    expect(compiled.file('/etc/nftables.d/lab.nft').match(/dnat.*proto-dst 8080.*/g)?.length).toBe(1);
    expect(compiled.file('/etc/nftables.d/lab.nft')).toContain('ip saddr { 10.9.0.30 } ct status dnat meta l4proto tcp ct original proto-dst 8080');
  });
  it('without a shared network are routed, or an error that shows both', () => {
    const source = (gateway: string): ReturnType<typeof lab> => lab(`network iot { cidr = 10.9.0.0/24  ${gateway}  vlan = 9  bridge = vmbr0 }\n${server()}\n${client}
      ${box('run server')}\n${other('nic iot { address = 10.9.0.30 }', 'run client { to = server.main.http }')}`);
    expect(source('gateway = 10.9.0.1').env('main', 'client')['A']).toBe('10.0.0.20:8080');
    const lost = source('gateway = none');
    expect(lost.errors).toEqual([expect.stringMatching(/LAB.*other.*box|box.*other/)]);
    expect(lost.errors[0]).toMatch(/iot/);
    expect(lost.errors[0]).toMatch(/lan/);
  });
  it('get another host port where their own is taken', () => {
    const compiled = lab(`${server()}\n${client}\n${box('run server\nrun second = server')}\n${other('nic lan { address = 10.0.0.31 }', 'run client { to = server.main.http }\nrun client2 = client { to = second.main.http }')}`);
    expect(compiled.errors).toEqual([]);
    const ports = [compiled.env('main', 'client')['P'], compiled.env('main', 'client2')['P']];
    expect(ports).toContain('8080');
    expect(new Set(ports).size).toBe(2);
    expect(ports.map(Number).every((port) => port === 8080 || (port >= 20000 && port <= 29999))).toBe(true);
  });
  it('of the machine itself are `http(p)`, `tcp(p)`, `udp(p)`', () => {
    const compiled = lab(`${client}\n${box('run client { to = http(9100) }')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'client')['U']).toBe('http://10.0.0.20:9100');
  });
});

describe('instances and parts', () => {
  it('one app twice, each with a name of its own', () => {
    const source = (body: string): string => `workload w(n: Int = 1) {\n needs container_runtime\n container main { ${IMAGE}  env { N = n }\n state data = /data }\n}\n${box(body)}`;
    const compiled = lab(source('run w\nrun two = w { n = 2 }'));
    expect([compiled.env('main', 'w'), compiled.env('main', 'two')]).toEqual([{ N: '1' }, { N: '2' }]);
    expect(compiled.instance('two').states[0]?.path).toBe('/srv/two/main/data');
    expect(lab(`${source('run w')}\nvm b2 : box_base { nic lan { address = 10.0.0.33 }\n run w }`).helps).toEqual([expect.stringMatching(/instance.*w.*\| give it a name of its own/)]);
  });
  const parts = `part inner(word: String) { container box { ${IMAGE}  port p = 7000  env { W = word }\n state s = /s { disposable = "test" } }\n offer(p: Endpoint = box.p, word: String = word) }
    part outer(word: String) { with deep = inner(word = word)\n container front { ${IMAGE}  env { D = deep.p.address } }\n offer(front: Endpoint = deep.p) }`;
  it('parts inside parts, two of one kind in a workload', () => {
    const compiled = lab(`${parts}\nworkload app() {\n needs container_runtime\n with a = inner(word = "x")\n with b = inner("y")\n with c = outer(word = "z")\n container main { ${IMAGE}  env { A = a.p.address  B = b.p.address  C = c.front.address  W = "\${a.word}\${b.word}" } } }\n${box('run app')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env()).toEqual({ A: 'a:7000', B: 'b:7000', C: 'c-deep:7000', W: 'xy' });
    expect(compiled.instance().containers.map((item) => item.name)).toEqual(['a', 'b', 'c', 'c-deep', 'main']);
    expect(compiled.env('c')).toEqual({ D: 'c-deep:7000' });
    expect(compiled.instance().states.map((state) => state.path)).toEqual(['/srv/app/a/s', '/srv/app/b/s', '/srv/app/c-deep/s']);
  });
  it('a part that contains itself is refused', () => {
    expect(lab(`part p() { with q = p() }\nworkload app() {\n needs container_runtime\n with a = p()\n}\n${box('run app')}`).errors[0]).toMatch(/LAB2010/);
  });
  it('arguments are checked', () => {
    const source = (call: string): string => `${parts}\nworkload app() {\n needs container_runtime\n with a = ${call}\n}\n${box('run app')}`;
    expect(lab(source('inner(wrod = "x")')).helps).toEqual([expect.stringContaining('did you mean `word`')]);
    expect(lab(source('inner()')).errors).toEqual([expect.stringMatching(/LAB3004/)]);
    expect(lab(source('inner(word = 5)')).errors).toEqual([expect.stringMatching(/LAB3001/)]);
    expect(lab(source('innner(word = "x")')).helps).toEqual([expect.stringContaining('did you mean `inner`')]);
  });
});

describe('escapes', () => {
  it('`compose { }` is merged as it is, and listed', () => {
    const compiled = lab(app('compose { cgroup_parent = "x"  deploy = { replicas = 1 } }'));
    expect(compiled.container().compose).toEqual({ cgroup_parent: 'x', deploy: { replicas: 1 } });
    expect(compiled.plan.escapes.map((item) => `${item.kind} ${item.where} ${item.what}`)).toEqual(['compose app.main cgroup_parent, deploy']);
  });
  it('`task` and `terraform` on machine, lab and persona', () => {
    const compiled = lab(`persona p : box_base { L3 { task ansible.builtin.file { path = "/t"  state = "directory" } } }\nvm m : p {\n nic lan { address = 10.0.0.34 }\n terraform """
        resource "null" "x" {}
        """\n task ansible.builtin.file { path = "/u"  state = "directory" }\n}\nterraform """
      output "y" { value = 1 }
      """`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.tasks('ansible.builtin.file', 'm').map((task) => task.args['path']).filter((path) => path === '/t' || path === '/u')).toEqual(['/t', '/u']);
    expect(compiled.plan.escapes.map((item) => `${item.kind} ${item.where}`)).toEqual(['task m', 'task m', 'terraform m', 'terraform t']);
    expect(compiled.plan.lab.terraform).toEqual(['output "y" { value = 1 }']);
  });
});
