/** Certificates: what the `tls` contract gives, what Traefik asks for, what a monitor trusts, and `labc-certificates` with a lego that only notes what it is told. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { box, lab } from '../language/support.js';
import { writeProgram } from '../support/out-folder.js';
import { repositoryRoot, runProgram, type RunResult } from '../support/tools.js';

const SECRET = 'secret dns_token { from = env("DNS_TOKEN") }\n';

describe('the contract', () => {
  const has = (request: string, capability = 'has acme { by = letsencrypt(dns = dns_token, email = "ops@example.net") }'): ReturnType<typeof lab> =>
    lab(`use capabilities.acme\n${SECRET}${box(`${capability}\n${request}\nfile /etc/seen = "\${machine.mail.cert} \${machine.mail.key}"`)}`);

  it('is answered on the machine that asks, with paths; hosts side by side share a wildcard', () => {
    const compiled = has('tls mail { hosts = ["imap.example.net", "smtp.example.net", "mail.example.org"] }');
    expect(compiled.errors).toEqual([]);
    expect(compiled.file('/etc/seen')).toBe('/etc/labc/certificates/box_mail/fullchain.pem /etc/labc/certificates/box_mail/key.pem\n');
    expect(JSON.parse(compiled.file('/etc/labc/acme/jobs/box_mail.json'))).toEqual({
      id: 'box_mail', names: ['*.example.net', 'mail.example.org'], email: 'ops@example.net', provider: 'cloudflare', token: { CF_DNS_API_TOKEN_FILE: '/etc/labc/secrets/box/dns_token' },
      resolvers: ['1.1.1.1:53', '9.9.9.9:53'], cert: '/etc/labc/certificates/box_mail/fullchain.pem', key: '/etc/labc/certificates/box_mail/key.pem', owner: '0:0', reload: [],
    });
  });
  it('is installed where the request says', () => {
    const compiled = has('tls mail { hosts = ["imap.example.net"]  install { cert = /etc/dovecot/cert.pem  key = /etc/dovecot/key.pem  owner = 97:97  reload = ["systemctl", "reload", "dovecot"] } }');
    expect(compiled.errors).toEqual([]);
    expect(compiled.file('/etc/seen')).toBe('/etc/dovecot/cert.pem /etc/dovecot/key.pem\n');
    expect(JSON.parse(compiled.file('/etc/labc/acme/jobs/box_mail.json'))).toMatchObject({ names: ['imap.example.net'], owner: '97:97', reload: ['systemctl', 'reload', 'dovecot'] });
  });
  it('is refused where nobody answers, and where nobody is said to sign', () => {
    expect(has('tls mail { hosts = ["imap.example.net"] }', '').helps).toEqual([expect.stringMatching(/nothing answers this `tls` request.*\| add `has acme`/)]);
    expect(has('tls mail { hosts = ["imap.example.net"] }', 'has acme').errors).toEqual([expect.stringContaining('the certificate mail needs `by = letsencrypt(dns = ..., email = ...)`')]);
    expect(has('tls mail { hosts = ["imap.example.net"]  by = internal() }').errors).toEqual([expect.stringContaining('the certificate mail needs')]);
  });
});

describe('the ingress', () => {
  const served = (tls: string, ...hosts: string[]): ReturnType<typeof lab> =>
    lab(`use apps.{gatus, traefik}\n${SECRET}${box(`run traefik { tls = ${tls} }\nrun gatus\n${hosts.map((host, at) => `route r${at} = http(${9000 + at}) { host = "${host}" }`).join('\n')}`)}`);
  const routers = (compiled: ReturnType<typeof lab>): Record<string, unknown> => {
    const { http } = parse(compiled.config('dynamic/lab.yaml', 'traefik')) as { http: { routers: Record<string, { rule: string; tls: unknown }> } };
    return Object.fromEntries(Object.values(http.routers).map((router) => [router.rule, router.tls]));
  };
  const clients = (compiled: ReturnType<typeof lab>): unknown[] =>
    (parse(compiled.config('config/lab.yaml', 'gatus')) as { endpoints: { url: string; client: unknown }[] }).endpoints.filter(({ url }) => url.startsWith('https:')).map(({ client }) => client);

  it('asks for a wildcard where two hosts stand side by side in the lab\'s domain, and nowhere else', () => {
    const compiled = served('letsencrypt(dns = dns_token)', 'a.example.net', 'b.in.example.net', 'a.example.org', 'b.example.org');
    expect(compiled.errors).toEqual([]);
    expect(routers(compiled)).toEqual({
      'Host(`status.example.net`)': { certResolver: 'lab', domains: [{ main: '*.example.net' }] },
      'Host(`a.example.net`)': { certResolver: 'lab', domains: [{ main: '*.example.net' }] },
      'Host(`b.in.example.net`)': { certResolver: 'lab' },
      'Host(`a.example.org`)': { certResolver: 'lab' },
      'Host(`b.example.org`)': { certResolver: 'lab' },
    });
    expect(clients(compiled)).toEqual(Array(5).fill({ timeout: '10s' }));
  });
  it('with certificates of its own is visited by a monitor that does not verify them', () => {
    const compiled = served('internal()', 'a.example.net');
    expect(routers(compiled)).toEqual({ 'Host(`status.example.net`)': {}, 'Host(`a.example.net`)': {} });
    expect(clients(compiled)).toEqual(Array(2).fill({ timeout: '10s', insecure: true }));
  });
});

describe('labc-certificates', () => {
  let world = '';
  beforeEach(() => {
    world = mkdtempSync(join(tmpdir(), 'labc-certificates-'));
    for (const folder of ['jobs', 'run', 'out']) mkdirSync(join(world, folder));
    // The real one writes the certificate where the first name says, with `_` for the star.
    writeProgram(join(world, 'bin'), 'lego', [
      `echo "$CF_DNS_API_TOKEN_FILE $*" >> ${world}/calls`, `[ ! -e ${world}/broken ] || exit 1`,
      'mkdir -p "$2/certificates"', 'case "$*" in *" renew "*) [ -e "$2/due" ] || exit 0 ;; esac',
      'name=$(echo "$*" | grep -o -- "--domains [^ ]*" | head -1 | cut -d" " -f2 | tr "*" _)', 'echo "chain $*" > "$2/certificates/$name.crt"; echo key > "$2/certificates/$name.key"',
    ].join('\n'));
    writeFileSync(join(world, 'labc-certificates'), readFileSync(join(repositoryRoot, 'stdlib/capabilities/labc-certificates.py'), 'utf8')
      .replaceAll('/etc/labc/acme/jobs', `${world}/jobs`).replaceAll('/var/lib/labc/acme', `${world}/store`).replaceAll('/run/lock', `${world}/run`));
  });
  afterEach(() => { rmSync(world, { recursive: true, force: true }); });

  const job = (id: string, names: readonly string[]): void => writeFileSync(join(world, 'jobs', `${id}.json`), JSON.stringify({
    id, names, email: 'ops@example.net', provider: 'cloudflare', token: { CF_DNS_API_TOKEN_FILE: '/token' }, resolvers: ['1.1.1.1:53'],
    cert: join(world, 'out', `${id}.pem`), key: join(world, 'out', `${id}.key`), owner: `${process.getuid!()}:${process.getgid!()}`, reload: ['sh', '-c', `echo reloaded >> ${world}/calls`],
  }));
  const run = (...args: string[]): Promise<RunResult> => runProgram('/usr/bin/env', ['python3', join(world, 'labc-certificates'), ...args], { env: { PATH: `${world}/bin:${process.env['PATH'] ?? ''}` } });
  const calls = (): string[] => {
    const lines = existsSync(join(world, 'calls')) ? readFileSync(join(world, 'calls'), 'utf8').trim().split('\n') : [];
    rmSync(join(world, 'calls'), { force: true });
    return lines.map((line) => line.replaceAll(world, ''));
  };

  it('asks once, renews from then on, and tells the user of a certificate when it changed', async () => {
    job('mail', ['*.example.net', 'example.org']);
    const order = '/token --path /store/mail --accept-tos --email ops@example.net --dns cloudflare --dns.resolvers 1.1.1.1:53 --domains *.example.net --domains example.org';
    expect((await run()).exitCode).toBe(0);
    expect(calls()).toEqual([`${order} run`, 'reloaded']);
    expect(readFileSync(join(world, 'out/mail.key'), 'utf8')).toBe('key\n');
    expect([statSync(join(world, 'out/mail.key')).mode & 0o777, statSync(join(world, 'out/mail.pem')).mode & 0o777]).toEqual([0o400, 0o444]);
    expect((await run()).exitCode).toBe(0);
    expect(calls()).toEqual([`${order} renew --days 30 --no-random-sleep`]);
    writeFileSync(join(world, 'store/mail/due'), '');
    expect((await run('mail')).exitCode).toBe(0);
    expect(calls()).toEqual([`${order} renew --days 30 --no-random-sleep`, 'reloaded']);
    job('mail', ['example.net']);
    expect((await run()).exitCode).toBe(0);
    expect(calls().map((line) => line.split(' ').at(-1))).toEqual(['run', 'reloaded']);
  });
  it('a job that fails keeps nobody else back, and is said at the end', async () => {
    job('a', ['a.example.net']);
    job('b', ['b.example.net']);
    mkdirSync(join(world, 'out/a.key'));
    const done = await run();
    expect(done.exitCode).toBe(1);
    expect(done.stderr).toContain('labc-certificates: not in place: a\n');
    expect(existsSync(join(world, 'out/b.pem'))).toBe(true);
    expect((await run('c')).stderr).toContain('there is no c; there are: a, b');
  });
});
