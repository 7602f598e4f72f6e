/** Contracts: who asks, who answers, in which order, and what the asker reads back (contracts.md section 2). */
import { describe, expect, it } from 'vitest';
import { app, box, lab } from './support.js';

const IMAGE = 'image = "docker.io/library/alpine:3.22.1"';
const run = (name: string, body: string): string => `workload ${name}() {\n needs container_runtime\n${body}\n}\n`;
const hub = `contract spot(to: Endpoint, color: String = "red", size: Int? = none) { provider = one  unmet = error  unique = [color]\n offer(url: Url, rank: Int = 7) }
`;

describe('requests and offers', () => {
  const provider = run('hub_app', `container main { ${IMAGE}  port http = 80  env { ALL = [for r in requests.spot : "\${r.id}=\${r.color}"].join(" ")  N = requests.spot.length() } }\n fulfils spot { for_each = r => { url = "https://\${r.color}.example.net" } }`);
  const asker = `workload client(color: String) {\n needs container_runtime\n container main { ${IMAGE}  port http = 80  env { U = web.url  R = web.rank } }\n spot web = main.http { color = color } }\n`;
  it('a request is data, its offer is read back', () => {
    const compiled = lab(`${hub}${provider}${asker}${box('run hub_app\nrun client { color = "blue" }\nrun c2 = client { color = "green" }')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'client')).toEqual({ U: 'https://blue.example.net', R: '7' });
    expect(compiled.env('main', 'hub_app')).toEqual({ ALL: 'c2_web=green client_web=blue', N: '2' });
  });
  it('unmet, ambiguous, not unique, and a wrong `via`', () => {
    expect(lab(`${hub}${provider}${asker}${box('run client { color = "blue" }')}`).helps).toEqual([expect.stringMatching(/nothing answers this `spot` request.*\| add `run hub_app`/)]);
    const twice = lab(`${hub}${provider}${asker}${box('run hub_app\nrun hub2 = hub_app\nrun client { color = "blue" }')}`);
    expect(twice.errors).toEqual([expect.stringMatching(/LAB4005/)]);
    expect(twice.places.length).toBe(3);
    expect(lab(`${hub}${provider}${asker}${box('run hub_app\nrun client { color = "blue" }\nrun c2 = client { color = "blue" }')}`).errors).toEqual([expect.stringMatching(/LAB4006/)]);
    expect(lab(`${hub}${provider}${asker}${box('run hub_app\nrun hub2 = hub_app\nrun client { color = "blue"\n spot web { via = hub2 } }')}`).env('main', 'hub2')['N']).toBe('1');
    expect(lab(`${hub}${provider}${asker}${box('run hub_app\nrun client { color = "blue"\n spot web { via = client } }')}`).errors).toEqual([expect.stringMatching(/LAB4008/)]);
  });
  it('the same machine is nearer, `accepts` chooses, `via` outranks both', () => {
    const two = (more: string): ReturnType<typeof lab> => lab(`${hub}${provider}${asker}${box('run hub_app')}\nvm b2 : box_base { nic lan { address = 10.0.0.21 }\n run hub2 = hub_app\n run client { color = "blue"  ${more} } }`);
    expect(two('').env('main', 'hub2')['N']).toBe('1');
    expect(two('spot web { via = hub_app }').env('main', 'hub_app')['N']).toBe('1');
    const picky = provider.replace('fulfils spot {', 'fulfils spot { accepts = r => r.color == "blue"\n');
    expect(lab(`${hub}${picky}${asker}${box('run hub_app\nrun client { color = "green" }')}`).errors).toEqual([expect.stringMatching(/LAB4004/)]);
    expect(lab(`${hub}${picky}${asker}${box('run hub_app\nrun client { color = "blue" }')}`).errors).toEqual([]);
  });
  it('`decline` says no in the open, on a container, instance or machine', () => {
    for (const body of ['decline spot\nrun client { color = "blue" }', 'run client { color = "blue"\n decline spot }']) {
      const compiled = lab(`${hub}${asker}${box(body)}`);
      expect(compiled.errors, body).toEqual([]);
      expect(compiled.env('main', 'client')).toEqual({ R: '7' });
      expect(compiled.plan.escapes.map((item) => `${item.kind} ${item.what}`)).toEqual(['decline spot']);
    }
    expect(lab(`${hub}${asker}decline spot\n${box('run client { color = "blue" }')}`).errors).toEqual([]);
    expect(lab(box('decline spott')).errors).toEqual([expect.stringMatching(/LAB2001/)]);
  });
  it('a declined route publishes its endpoint, and its url is that', () => {
    const compiled = lab(`${run('w', `container main { ${IMAGE}  port http = 8080  env { U = web.url } }\n route web = main.http { host = "w.example.net" }`)}${box('decline route\nrun w')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'w')).toEqual({ U: 'http://10.0.0.20:8080' });
    expect(compiled.container('main', 'w').ports.map((port) => `${port.address}:${port.published}`)).toEqual(['10.0.0.20:8080']);
  });
  it('an unmet optional one is none, and fields of none are none', () => {
    const compiled = lab(`${run('w', `container main { ${IMAGE}  env { H = mail.host  X = mail == none  Y = mail.password ?? "no" } }\n smtp mail { from = "a@example.net" }`)}${box('run w')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'w')).toEqual({ X: 'true', Y: 'no' });
    expect(compiled.plan.notes.map((note) => note.text).join()).toMatch(/smtp/);
  });
  it('an unknown field, a missing one and a wrong type are located', () => {
    expect(lab(`${hub}${run('w', `container main { ${IMAGE}  port http = 80 }\n spot web = main.http { colour = "x" }`)}${box('run w')}`).helps[0]).toMatch(/did you mean `color`/);
    expect(lab(`${hub}${run('w', `container main { ${IMAGE} }\n spot web { color = "x" }`)}${provider}${box('run hub_app\nrun w')}`).errors[0]).toMatch(/LAB3004 .*`to`/);
    expect(lab(`${hub}${provider}${run('w', `container main { ${IMAGE}  port http = 80 }\n spot web = main.http { size = "x" }`)}${box('run hub_app\nrun w')}`).errors[0]).toMatch(/LAB3001/);
  });
});

describe('order', () => {
  const each = `contract ping(word: String) { provider = each  unmet = note\n offer(answer: String) }\n`;
  it('offers of an `each` request are a list, with `.from`; `for` runs over it at its turn', () => {
    const answer = (name: string): string => run(name, `container main { ${IMAGE} }\n fulfils ping { for_each = r => { answer = "${name} \${r.word}" } }`);
    const compiled = lab(`${each}${answer('p1')}${answer('p2')}${run('asker', `ping all { word = "hi" }\n container main { ${IMAGE}\n for p in all { file "/c/\${p.from.name}" = p.answer }\n env { N = all.length() } }`)}${box('run p1\nrun p2\nrun asker')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env('main', 'asker')).toEqual({ N: '2' });
    expect([compiled.config('/c/p1', 'asker'), compiled.config('/c/p2', 'asker')]).toEqual(['p1 hi\n', 'p2 hi\n']);
  });
  it('`derives` makes a request of each request, a written one ranks higher, and `self` is the request with its offer', () => {
    const source = (more: string): string => `contract a(word: String) { provider = one  unmet = error  derives = [b]\n offer(number: Int)\n b "\${word}" = "from \${self.number}" }\ncontract b(text: String) { provider = each  unmet = note }
      ${run('pa', `container main { ${IMAGE} }\n fulfils a { for_each = r => { number = 5 } }`)}${run('pb', `container main { ${IMAGE}  env { ALL = [for r in requests.b : r.text].join(",") } }\n fulfils b`)}${run('w', `a x { word = "k"  ${more} }\n container main { ${IMAGE} }`)}${box('run pa\nrun pb\nrun w')}`;
    expect(lab(source('')).env('main', 'pb')).toEqual({ ALL: 'from 5' });
    expect(lab(source('b k { text = "mine" }')).env('main', 'pb')).toEqual({ ALL: 'mine' });
  });
  it('a deferred provider asks for later contracts from inside its loop', () => {
    const compiled = lab(`use parts.postgres
      workload login(host: Hostname) {
        needs container_runtime
        secret key { from = generated(64) }
        for c in requests.oidc_client { secret "client_\${c.id}" { from = generated(64) } }
        container server {
          ${IMAGE}  port http = 9000
          env { CLIENTS = [for c in requests.oidc_client : c.id].join(","); KEY = "file://\${path(key)}" }
          state data = /data { owner = 1000:1000 }
        }
        container worker : server {
          command = ["worker"]  ready = none
          file /blueprints/lab.yaml = yaml({ entries = requests.auth.flat_map(a => entries(a)) + [for c in requests.oidc_client : { id = c.id, secret = tag("!File", path(secrets["client_\${c.id}"])) }] }) { reload = watched }
        }
        fulfils auth { for_each = a => { check = server.http  path = "/outpost"  headers = ["X-user"]  user_header = "X-user" } }
        fulfils oidc_client { for_each = c => { issuer = "https://\${host}/o/\${c.id}/"  client_id = c.id  client_secret = secrets["client_\${c.id}"] } }
        route web = server.http { host = host }
        for a in requests.auth { route "\${a.id}" = server.http { host = a.host  path = "/outpost" } }
      }
      fn entries(a: Ref(auth)): [Record] = [{ id = a.id, host = "https://\${a.host}", skip = a.bypass.map(p => "^\${p}").join("|") }]
      ${run('ingress', `container main { ${IMAGE}  publish web = 443\n file /c/routes = yaml({ for r in requests.route : r.id => { host = r.host, path = r.path, to = r.to.url, check = if r.auth == none then none else "\${r.auth.check.url}\${r.auth.path}" } }) }\n fulfils route { for_each = r => { url = "https://\${r.host}\${if r.path == "/" then "" else r.path}"  addresses = [machine.address] } }`)}
      workload wiki() {
        needs container_runtime
        container main { ${IMAGE}  port http = 80  env { ID = sso.client_id  ISSUER = sso.issuer  SECRET = sso.client_secret } }
        auth gate { host = "wiki.example.net"  bypass = ["/api"] }
        oidc_client sso { redirects = ["https://wiki.example.net/cb"] }
        route web = main.http { host = "wiki.example.net"  auth = gate }
      }
      ${box('run ingress\nrun login { host = "auth.example.net" }\nrun wiki')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.config('/c/routes', 'ingress')).toBe([
      'login_web:', '  host: auth.example.net', '  path: /', '  to: http://server.login.lab:9000', 'login_wiki_gate:', '  host: wiki.example.net', '  path: /outpost', '  to: http://server.login.lab:9000',
      'wiki_web:', '  host: wiki.example.net', '  path: /', '  to: http://main.wiki.lab:80', '  check: http://server.login.lab:9000/outpost', '',
    ].join('\n'));
    expect(compiled.env('main', 'wiki')).toEqual({ ID: 'wiki_sso', ISSUER: 'https://auth.example.net/o/wiki_sso/' });
    expect(compiled.secretEnv('main', 'wiki')).toEqual({ SECRET: '<login.client_wiki_sso|none>' });
    expect(compiled.env('server', 'login')['CLIENTS']).toBe('wiki_sso');
    expect(compiled.config('/blueprints/lab.yaml', 'login')).toContain('secret: !File /run/secrets/client_wiki_sso');
    expect(compiled.config('/blueprints/lab.yaml', 'login')).toContain('skip: "^/api"');
    expect(compiled.plan.secrets.map((secret) => secret.key)).toContain('login.client_wiki_sso');
  });
  it('a request that comes after its turn is refused', () => {
    const compiled = lab(`${run('p', `container main { ${IMAGE}  port http = 80 }\n fulfils dns\n for d in requests.dns { route "\${d.id}" = main.http { host = "\${d.id}.example.net" } }`)}${box('run p')}`);
    expect(compiled.errors.join()).toMatch(/LAB4007/);
  });
  it('`requests.K` is for those who fulfil K', () => {
    expect(lab(app('env { N = requests.route.length() }')).errors).toEqual([expect.stringMatching(/LAB2013.*requests.route/)]);
    expect(lab(app('env { N = requests.rout.length() }')).helps[0]).toMatch(/did you mean `route`/);
  });
});

describe('slots', () => {
  const capabilities = 'capability engine {\n slot settings: Record\n file /e.json = json({ own = 1 } + settings) }\n';
  it('keys merge, a clash shows both places, what is not there is no error', () => {
    const two = (b: string): ReturnType<typeof lab> => lab(`${capabilities}capability a { contribute engine.settings = { x = 1, deep = { p = 1 } } }\ncapability b { contribute engine.settings = ${b} }\n${box('has engine\nhas a\nhas b')}`);
    expect(JSON.parse(two('{ y = 2, deep = { q = 2 } }').file('/e.json'))).toEqual({ own: 1, x: 1, y: 2, deep: { p: 1, q: 2 } });
    expect(JSON.parse(two('{ x = 1 }').file('/e.json'))).toMatchObject({ x: 1 });
    const clash = two('{ x = 2 }');
    expect(clash.errors).toEqual([expect.stringMatching(/LAB3007.*settings\.x/)]);
    expect(clash.places.length).toBe(2);
    expect(two('{ deep = { p = 2 } }').errors).toEqual([expect.stringMatching(/LAB3007.*settings\.deep\.p/)]);
    expect(lab(`capability a { contribute engine.settings = { x = 1 } }\n${box('has a')}`).errors).toEqual([]);
    expect(JSON.parse(lab(`${capabilities}${box('has engine')}`).file('/e.json'))).toEqual({ own: 1 });
    expect(lab(`${capabilities}capability a { contribute engine.setings = { x = 1 } }\n${box('has engine\nhas a')}`).helps[0]).toMatch(/did you mean `settings`/);
  });
  it('two capabilities that declare one file, user or package differently are an error with both places', () => {
    const two = (a: string, b: string): ReturnType<typeof lab> => lab(`capability a { ${a} }\ncapability b { ${b} }\n${box('has a\nhas b')}`);
    expect(two('file /t/x = "1"', 'file /t/x = "1"').errors).toEqual([]);
    expect(two('package nano', 'package nano').errors).toEqual([]);
    expect(two('file /t/x = "1"', 'file /t/x = "2"').errors).toEqual([expect.stringMatching(/LAB/)]);
    expect(two('file /t/x = "1"', 'file /t/x = "2"').places.length).toBe(2);
    expect(two('package nano', 'package nano { absent = true }').errors).toEqual([expect.stringMatching(/LAB/)]);
    expect(two('user u { uid = 2000 }', 'user u { uid = 2001 }').errors).toEqual([expect.stringMatching(/LAB/)]);
  });
});

describe('needs, provides, demands', () => {
  it('say what is missing and where', () => {
    expect(lab(`${run('w', `container main { ${IMAGE} }`)}vm bare : base_debian { nic lan { address = 10.0.0.35 }  disk root = 8GiB { on = local-lvm }\n run w }`).helps).toEqual([expect.stringMatching(/container_runtime.*\| .*has docker/)]);
    expect(lab(`capability c { demands "needs \${machine.name} to have two cores" = machine.cores >= 8 }\n${box('has c')}`).errors).toEqual([expect.stringMatching(/LAB3020 .*needs box to have two cores/)]);
    expect(lab(`capability c { needs nothing_known }\n${box('has c')}`).errors).toEqual([expect.stringMatching(/LAB4003/)]);
  });
});
