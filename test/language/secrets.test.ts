/** Secrets: where they come from, where they may go, and what escapes them there (contracts.md section 3). */
import { describe, expect, it } from 'vitest';
import { app, box, lab } from './support.js';

const SECRETS = `secret a { from = env("A") }\nsecret b { from = sops("s.yaml", key = "x/y") }\nsecret c { from = onepassword(vault = "V", item = "I") }\nsecret d { from = generated(24) }\nsecret e { from = bcrypt(d) }\nsecret f { from = argon2id(a) }\nsecret g { from = generated(32, form = base64url) }\n`;

describe('sources', () => {
  it('are all in the plan, with what they derive from', () => {
    const compiled = lab(SECRETS + app('env { A = a  B = b  C = c  E = e  F = f  G = g }'));
    expect(compiled.errors).toEqual([]);
    expect(Object.fromEntries(compiled.plan.secrets.map((secret) => [secret.key, secret.from]))).toEqual({
      proxmox_token: { source: 'env', variable: 'PROXMOX_VE_API_TOKEN' },
      a: { source: 'env', variable: 'A' }, b: { source: 'sops', file: 's.yaml', key: 'x/y' }, c: { source: 'onepassword', vault: 'V', item: 'I', field: 'password' },
      d: { source: 'generated', length: 24, form: 'alphanumeric', entry: 'd' }, e: { source: 'derived', hash: 'bcrypt', of: 'd', entry: 'e' },
      f: { source: 'derived', hash: 'argon2id', of: 'a', entry: 'f' }, g: { source: 'generated', length: 32, form: 'base64url', entry: 'g' },
    });
  });
  it('a generated one needs a store', () => {
    expect(lab(`secret d { from = generated(24) }\n${app('env { D = d }')}`, { lab: 'lab t { domain = "example.net" }' }).helps).toEqual([expect.stringMatching(/secrets = sops\("secrets.yaml"\)/)]);
  });
  it('a private one belongs to its instance', () => {
    const compiled = lab(`workload w() {\n needs container_runtime\n secret db { from = generated(8) }\n container main { image = "docker.io/library/alpine:3.22.1"  env { D = secrets.db  F = path(db) } } }\n${box('run w\nrun two = w')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.plan.secrets.filter((secret) => secret.from.source === 'generated').map((secret) => [secret.key, 'entry' in secret.from ? secret.from.entry : ''])).toEqual([['two.db', 'two/db'], ['w.db', 'w/db']]);
    expect(compiled.instance('two').secretFiles).toEqual([{ name: 'db', secret: 'two.db', path: '/etc/labc/secrets/two/db' }]);
  });
});

describe('sinks', () => {
  it('`path(s)` is a file of the container, of the machine in a capability', () => {
    const compiled = lab(`${SECRETS}capability k { file /etc/k.conf = "key_file = \${path(a)}" }\n${app('env { A_FILE = path(a) }\ncommand = ["x", "--secret-file", "${path(b)}"]').replace('run app', 'has k\nrun app')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.env()).toEqual({ A_FILE: '/run/secrets/a' });
    expect(compiled.container().command).toEqual(['x', '--secret-file', '/run/secrets/b']);
    expect(compiled.container().secrets).toEqual(['a', 'b']);
    expect(compiled.file('/etc/k.conf')).toBe('key_file = /etc/labc/secrets/box/a\n');
    expect(compiled.file('/etc/labc/secrets/box/a')).toBe('<a|none>');
  });
  it('environment, alone and in text', () => {
    const compiled = lab(SECRETS + app('env { A = a  T = "x-${a}-${b}"  P = "plain"  L = [a, "y"]  M = ["p", 1] }'));
    expect(compiled.env()).toEqual({ P: 'plain', M: 'p,1' });
    expect(compiled.secretEnv()).toEqual({ A: '<a|none>', T: 'x-<a|none>-<b|none>', L: '<a|none>,y' });
  });
  it('codecs, each with the escape of its place', () => {
    const value = '{ s = { k = a, l = ["x ${b} y"] } }';
    const compiled = lab(SECRETS + app(`file /c/a.yaml = yaml(${value})\nfile /c/b.json = json(${value})\nfile /c/c.ini = ini({ s = { k = a, l = "x \${b} y" } })\nfile /c/d.toml = toml(${value})\nfile /c/e.env = env({ K = a })\nfile /c/f.txt = "p=\${a}"`));
    expect(compiled.errors).toEqual([]);
    expect(compiled.config('a.yaml')).toBe('s:\n  k: "<a|yaml>"\n  l:\n    - "x <b|yaml> y"\n');
    expect(compiled.config('b.json')).toBe('{\n  "s": {\n    "k": "<a|json>",\n    "l": [\n      "x <b|json> y"\n    ]\n  }\n}\n');
    expect(compiled.config('c.ini')).toBe('[s]\nk=<a|ini>\nl=x <b|ini> y\n');
    expect(compiled.config('d.toml')).toBe('[s]\nk = "<a|toml>"\nl = ["x <b|toml> y"]\n');
    expect(compiled.config('e.env')).toBe('K=<a|env>\n');
    expect(compiled.config('f.txt')).toBe('p=<a|none>');
  });
  it('in a URL it is percent-encoded, alone in the password and in a codec', () => {
    const compiled = lab(`${SECRETS}fn u(): Template = "https://\${a}.example.net/\${b}?k=\${c}"\n${app('env { U = "postgres://u:${a}@db:5432/x"  V = u()  W = "plain ${a}" }\nfile /c/a.yaml = yaml({ u = "redis://:${a}@c:6379" })\nfile /c/b.txt = "url = amqp://${a}:${b}@h\\nkey = ${c}"')}`);
    expect(compiled.errors).toEqual([]);
    expect(compiled.secretEnv()).toEqual({ U: 'postgres://u:<a|url>@db:5432/x', V: 'https://<a|url>.example.net/<b|url>?k=<c|url>', W: 'plain <a|none>' });
    expect(compiled.config('a.yaml')).toBe('u: "redis://:<a|url>@c:6379"\n');
    expect(compiled.config('b.txt')).toBe('url = amqp://<a|url>:<b|url>@h\nkey = <c|none>');
  });
  it('text of several lines is no variable', () => {
    expect(lab(SECRETS + app('env { X = "a\\n${a}" }')).errors).toEqual([expect.stringMatching(/LAB4018.*several lines/)]);
  });
  it('command, image and label refuse it', () => {
    expect(lab(SECRETS + app('command = ["x", "${a}"]')).errors).toEqual([expect.stringMatching(/LAB(4018|3\d+)/)]);
    expect(lab(SECRETS + app('labels { k = "${a}" }')).errors).toEqual([expect.stringMatching(/LAB(4018|3\d+)/)]);
    expect(lab(SECRETS + app('', '').replace('alpine:3.22.1"', 'alpine:${a}"')).errors).toEqual([expect.stringMatching(/LAB(4018|3\d+)/)]);
    expect(lab(SECRETS + app('ready { run = ["x", "${a}"] }')).errors).toEqual([expect.stringMatching(/LAB(4018|3\d+)/)]);
    expect(lab(SECRETS + app('compose { labels = { a = "${a}" } }')).errors).toEqual([expect.stringMatching(/LAB(4018|3\d+)/)]);
    expect(lab(`${SECRETS}${box('description = "${a}"')}`).errors).toEqual([expect.stringMatching(/LAB(4018|3\d+)/)]);
    expect(lab(`${SECRETS}${box('verify x { run = ["echo", "${a}"] }')}`).errors).toEqual([expect.stringMatching(/LAB/)]);
    expect(lab(`${SECRETS}terraform "x = \${a}"`).errors).toEqual([expect.stringMatching(/LAB/)]);
  });
  it('comparing, measuring, branching and keys are taint errors', () => {
    for (const source of ['a == "x"', 'a.length()', 'if a then 1 else 2', '{ for k in [a] : k => 1 }', '"${a}".upper()', '"${a}" == "x"', '"${a}" < "x"', '[a, b].sort()', '"x" in "${a}"', '{ k = 1 }["${a}"]', '"${a}".split(",")']) {
      expect(lab(SECRETS + app(`env { X = ${source} }`)).errors, source).toEqual([expect.stringMatching(/LAB3014/)]);
    }
    expect(lab(SECRETS + app('if "${a}" == "x" { init = true }')).errors).toEqual([expect.stringMatching(/LAB3014/)]);
    expect(lab(SECRETS + app('bind "/x/${a}" = /y')).errors).toEqual([expect.stringMatching(/LAB3014/)]);
    expect(lab(SECRETS + app('env { "${a}" = 1 }')).errors).toEqual([expect.stringMatching(/LAB3014/)]);
    expect(lab(SECRETS + app('env { X = a == none  Y = if a != none then "set" else "no" }')).env()).toEqual({ X: 'false', Y: 'set' });
  });
  it('a group id of the machine is late in the same places', () => {
    const compiled = lab(app('group_add = [gid("render"), 44]\nenv { G = gid("video") }'));
    expect(compiled.errors).toEqual([]);
    expect(compiled.container().groupAdd).toEqual([{ group: 'render' }, 44]);
  });
});

describe('named files', () => {
  const options = { assets: { 'a.txt': 'x ${name} ${other} {{ y }}\n', 'deep/b.txt': 'b\n' } };
  it('`file` is verbatim, `template` fills the given names only', () => {
    const compiled = lab(SECRETS + app('file /c/a = file("a.txt")\nfile /c/b = template("a.txt", { name = "n" })\nfile /c/c = template("a.txt", { name = a })\nfile /c/d = file("deep/b.txt")'), options);
    expect(compiled.errors).toEqual([]);
    expect([compiled.config('/c/a'), compiled.config('/c/b'), compiled.config('/c/c'), compiled.config('/c/d')]).toEqual(['x ${name} ${other} {{ y }}\n', 'x n ${other} {{ y }}\n', 'x <a|none> ${other} {{ y }}\n', 'b\n']);
  });
  it('a missing one, a computed path and a name that the text does not have are errors', () => {
    expect(lab(app('file /c/a = file("nope.txt")'), options).errors).toEqual([expect.stringMatching(/LAB3019/)]);
    expect(lab(app('let n = "a"\nfile /c/a = file("${n}.txt")'), options).errors).toEqual([expect.stringMatching(/LAB.*literal/)]);
    expect(lab(app('file /c/a = template("a.txt", { nmae = "n" })'), options).helps).toEqual([expect.stringMatching(/nmae.*\| did you mean `name`/)]);
  });
});
