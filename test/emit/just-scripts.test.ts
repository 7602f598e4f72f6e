/** What the recipes do, seen from outside: runway against an API that has faults, what only root may set, and Terraform's plan, apply and replace. */
import { createServer as createPlainServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emitJust } from '../../compiler/emit/just/index.js';
import { emitTerraform } from '../../compiler/emit/terraform/index.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { container, instance, origin } from '../fixtures/plan-base.js';
import { justPlan } from '../fixtures/plan-just.js';
import { promoted, terraformPlan } from '../fixtures/plan-terraform.js';
import { writeOut, writeProgram } from '../support/out-folder.js';
import { providerOverride, simOptionsOf, startProxmoxSim, type ProxmoxSim } from '../support/proxmox-sim.js';
import { selfSigned } from '../support/self-signed.js';
import { describeWithTool, type RunResult } from '../support/tools.js';

const TOKEN = 'labc@pve!test=00000000-secret';
const PRIVILEGES = [
  'Datastore.AllocateSpace', 'Datastore.AllocateTemplate', 'Datastore.Audit', 'Mapping.Use', 'SDN.Use', 'Sys.AccessNetwork', 'Sys.Audit', 'Sys.Modify', 'VM.Allocate', 'VM.Audit',
  'VM.Config.CPU', 'VM.Config.Cloudinit', 'VM.Config.Disk', 'VM.Config.HWType', 'VM.Config.Memory', 'VM.Config.Network', 'VM.Config.Options', 'VM.GuestAgent.Audit', 'VM.PowerMgmt',
];

describeWithTool('just', (just) => {
  let folder = '';
  let bin = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'labc-scripts-'));
    bin = join(folder, 'bin');
  });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunResult> =>
    just.run(['--yes', ...args], { cwd: join(folder, 'home'), env: { PATH: `${bin}:${just.env['PATH']}`, ...env } });

  describe('runway', () => {
    let server: Server;
    let answers: Record<string, unknown> = {};
    const asked: string[] = [];
    /** A registry that wants a token, knows `app:1` and nothing else. */
    const registry = createPlainServer((request, response) => {
      const { port } = registry.address() as AddressInfo;
      if (request.url === '/token?service=r&scope=repository%3Aapp%3Apull') response.end('{"token":"t"}');
      else if (request.headers.authorization !== 'Bearer t') response.writeHead(401, { 'WWW-Authenticate': `Bearer realm="http://127.0.0.1:${port}/token",service="r"` }).end();
      else response.writeHead(request.url === '/v2/app/manifests/1' ? 200 : 404).end();
    });
    const healthy = (): Record<string, unknown> => ({
      '/version': { version: '9.1.4' },
      '/nodes': [{ node: 'maturin', status: 'online' }, { node: 'gan', status: 'online' }],
      '/nodes/maturin/network?type=any_bridge': [{ iface: 'vmbr0' }],
      '/nodes/maturin/storage': [
        { storage: 'local', type: 'dir', active: 1, content: 'iso,import,vztmpl', avail: 50 * 2 ** 30 }, { storage: 'local-lvm', type: 'lvmthin', active: 1, content: 'images,rootdir', avail: 900 * 2 ** 30 },
      ],
      '/nodes/maturin/storage/local/content?content=vztmpl': [{ volid: 'local:vztmpl/debian-12.tar.zst' }],
      '/cluster/resources?type=vm': [{ vmid: 220 }],
      '/cluster/mapping/pci': [{ id: 'rtx4000' }],
    });
    beforeAll(async () => {
      server = createServer({ ...selfSigned() }, (request, response) => {
        const path = (request.url ?? '').replace('/api2/json', '');
        asked.push(`${request.method} ${path}`);
        const permissions = /^\/access\/permissions\?path=(.*)$/.exec(path);
        const found = permissions === null ? answers[path] : { [decodeURIComponent(permissions[1]!)]: Object.fromEntries(PRIVILEGES.map((name) => [name, 1])), ...(answers['permissions'] as object) };
        const known = request.headers.authorization === `PVEAPIToken=${TOKEN}`;
        response.writeHead(!known ? 401 : found === undefined ? 501 : 200);
        response.end(JSON.stringify({ data: found ?? null }));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
      const image = (name: string): string => `127.0.0.1:${(registry.address() as AddressInfo).port}/${name}`;
      const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const plan: Plan = {
        ...justPlan,
        lab: { ...justPlan.lab, source: 'sources' },
        clusters: justPlan.clusters.map((cluster) => ({ ...cluster, endpoint })),
        instances: [instance('app', 'carrie', { containers: [container('one', image('app:1')), container('two', image('app:2'))] })],
        secrets: [...justPlan.secrets, { key: 'vault', from: { source: 'onepassword', vault: 'Lab', item: 'a b', field: 'password' }, sinks: ['target'], origin: origin('site.lab') }],
      };
      mkdirSync(join(folder, 'sources'));
      writeFileSync(join(folder, 'sources', 'secrets.yaml'), 'sops: {}\n');
      writeOut(join(folder, 'home'), emitJust(plan));
      for (const [name, version] of [['terraform', 'Terraform v1.11.4'], ['ansible-playbook', 'ansible-playbook [core 2.21.5]'], ['ssh', '']]) writeProgram(bin, name!, `echo '${version}'`);
      writeProgram(bin, 'sops', `echo "$@" >>'${folder}/sops.log'; echo 'from the store'`);
      writeProgram(bin, 'op', 'if [ "$1" = --version ]; then echo 2.30.0; else test "$3" = "op://Lab/a b/password" && printf "from the vault"; fi');
    });
    afterAll(() => {
      server.close();
      registry.close();
    });
    const runway = (token = TOKEN): Promise<RunResult> => run(['runway'], { PROXMOX_VE_API_TOKEN: token, LABC_SOURCE: join(folder, 'sources') });

    test('says what is there, and names what is not', async () => {
      answers = healthy();
      const result = await runway();
      expect(result.stdout.match(/^FAIL.*$/gm)).toEqual([
        expect.stringContaining('image debian_12 20260129 cannot be downloaded from http://127.0.0.1:1/debian.qcow2'), expect.stringMatching(/image 127.0.0.1:\d+\/app:2 is not known to its registry/),
      ]);
      expect(result.stdout).toMatch(/ok {4}image 127.0.0.1:\d+\/app:1/);
      for (const key of ['proxmox_token', 'restic_password', 'vaultwarden_adm', 'vault']) expect(result.stdout).toContain(`ok    secret ${key} is there`);
      expect(readFileSync(join(folder, 'sops.log'), 'utf8')).toContain(`--decrypt --extract ["vaultwarden"]["admin"] ${join(folder, 'sources', 'secrets.yaml')}\n`);
      expect(result.all).not.toMatch(/from the (store|vault)/);
      expect(result.stdout).toContain('ok    terraform 1.11.4');
      expect(result.stdout).toContain('ok    image debian_12_lxc 12.12 is there');
      expect(result.stdout).toMatch(/ok {4}datastore local-lvm of maturin has 900\.0 GiB free, the disks still to be made are 272\.0 GiB/);
      expect(result.stdout).toMatch(/ok {4}the token has the \d+ privileges that the lab uses/);
      expect(asked.every((call) => /^(GET|HEAD) /.test(call))).toBe(true);
      expect(asked.join()).not.toContain('/nodes/gan/');
      expect(result.all).not.toContain(TOKEN);
    });

    test('finds what a lab trips over', async () => {
      answers = {
        ...healthy(),
        '/nodes/maturin/network?type=any_bridge': [{ iface: 'vmbr9' }],
        '/nodes/maturin/storage': [{ storage: 'local', type: 'dir', active: 1, content: 'iso,vztmpl', avail: 0 }, { storage: 'local-lvm', type: 'lvm', active: 1, content: 'images,rootdir', avail: 2 ** 30 }],
        '/cluster/mapping/pci': [],
        permissions: { '/vms/228': { 'VM.Audit': 1 } },
      };
      writeProgram(bin, 'terraform', 'echo Terraform v1.5.7');
      const { stdout, exitCode } = await runway();
      expect(exitCode).not.toBe(0);
      for (const fault of [
        'FAIL  terraform is 1.5.7, but 1.8.0 or newer is needed', 'FAIL  node maturin has no bridge vmbr0', 'FAIL  datastore local of maturin does not take import: on the node, `pvesm set local --content import,iso,vztmpl`',
        'FAIL  datastore local-lvm of maturin has 1.0 GiB free', 'FAIL  there is no pci mapping rtx4000', 'FAIL  the token lacks VM.Allocate, VM.Config.CPU',
      ]) expect(stdout).toContain(fault);
      writeProgram(bin, 'terraform', 'echo Terraform v1.11.4');
    });

    test('asks only for what the machine needs', async () => {
      answers = healthy();
      asked.length = 0;
      const result = await run(['pennywise', 'runway'], { PROXMOX_VE_API_TOKEN: TOKEN, LABC_SOURCE: join(folder, 'sources') });
      expect(result.all).toContain('Nothing is missing.');
      expect(asked.join()).not.toContain('mapping');
    });

    test('reboots through Proxmox, and only what runs', async () => {
      const reboot = (): Promise<RunResult> => run(['carrie', 'reboot'], { PROXMOX_VE_API_TOKEN: TOKEN, LABC_SOURCE: join(folder, 'sources') });
      const guest = '/nodes/maturin/qemu/228/status';
      answers = { [`${guest}/current`]: { status: 'running' }, [`${guest}/reboot`]: 'UPID:maturin:1', '/nodes/maturin/tasks/UPID%3Amaturin%3A1/status': { status: 'stopped', exitstatus: 'OK' } };
      asked.length = 0;
      expect((await reboot()).stdout).toBe('carrie was rebooted.\n');
      expect(asked).toEqual([`GET ${guest}/current`, `POST ${guest}/reboot`, 'GET /nodes/maturin/tasks/UPID%3Amaturin%3A1/status']);
      answers = { [`${guest}/current`]: { status: 'stopped' } };
      expect((await reboot()).stderr).toContain('error: carrie is off');
    });

    test('a wrong token and a missing secret are sentences', async () => {
      expect((await runway('nonsense')).stdout).toContain('FAIL  cluster pve: ');
      expect((await runway('nonsense')).stdout).toContain('the token is not accepted');
      expect((await runway('')).stdout).toContain('FAIL  secret proxmox_token is not set: export PROXMOX_VE_API_TOKEN');
    });
  });

  describe('what only root may set', () => {
    const node = (config: string, other = ''): void => {
      writeProgram(bin, 'ssh', [
        'for last; do :; done', `echo "$last" >>'${folder}/ssh.log'`,
        `case "$last" in "qm config"*) printf '${config}';; "pct config"*) echo 'features: nesting=1';; "test -b"*) exit 0;; "sh -c"*) printf '== /etc/pve/qemu-server/110.conf\\n${other}';; esac`,
      ].join('\n'));
      rmSync(join(folder, 'ssh.log'), { force: true });
    };
    const sent = (): string => readFileSync(join(folder, 'ssh.log'), 'utf8');
    beforeAll(() => { writeOut(join(folder, 'home'), emitJust(justPlan)); });

    test('is a plan first, and is set once', async () => {
      node('scsi0: local-lvm:vm-220-disk-0,size=16G\\n');
      expect((await run(['root-plan'])).stdout).toBe(
        'blaine: pct set 223 -features nesting=1,keyctl=1\nblaine: pct set 223 -mp0 /tank/data,mp=/data,ro=1\npennywise: qm set 220 -scsi3 /dev/disk/by-id/ata-ST8000VN004-2M2101_WSD74XFX,backup=0\n'
        + 'Nothing was changed; `just root-apply` runs this on the node.\n');
      expect(sent()).not.toContain(' set ');
      await run(['pennywise', 'root-apply']);
      expect(sent()).toContain('qm set 220 -scsi3 /dev/disk/by-id/ata-ST8000VN004-2M2101_WSD74XFX,backup=0\n');
      node('scsi3: /dev/disk/by-id/ata-ST8000VN004-2M2101_WSD74XFX,backup=0,size=7T\\n');
      expect((await run(['pennywise', 'root-plan'])).stdout).toBe('Everything that only root@pam may set is as the lab wants it.\n');
    });

    test('takes nothing from anyone', async () => {
      node('scsi3: local-lvm:vm-220-disk-3,size=1T\\n');
      expect((await run(['pennywise', 'root-apply'])).stderr).toContain('slot scsi3 holds local-lvm:vm-220-disk-3');
      node('', 'scsi1: /dev/disk/by-id/ata-ST8000VN004-2M2101_WSD74XFX\\n');
      expect((await run(['pennywise', 'root-apply'])).stderr).toContain('already belongs to guest 110');
      expect(sent()).not.toContain(' set ');
    });

    test('status asks a machine that no play enters whether it is there', async () => {
      writeProgram(bin, 'ping', 'exit 1');
      const gone = await run(['pennywise', 'status']);
      expect(gone.exitCode).not.toBe(0);
      expect(gone.stdout).toMatch(/^FAIL  pennywise: \S+ does not answer$/m);
      writeProgram(bin, 'ping', 'exit 0');
      expect((await run(['pennywise', 'status'])).stdout).toMatch(/^ok    pennywise: \S+ answers$/m);
    });

    test('captures an appliance while it is off, and says what to write', async () => {
      const plan: Plan = { ...justPlan, machines: justPlan.machines.map((machine) => (machine.name === 'pennywise' ? { ...machine, capture: { image: 'truenas', slot: 'scsi0', datastore: 'local', keep: 1 } } : machine)) };
      writeOut(join(folder, 'captured'), emitJust(plan));
      const capture = (recipe: string): ReturnType<typeof run> => just.run(['--yes', '--justfile', join(folder, 'captured', 'justfile'), 'pennywise', recipe], { env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } });
      writeProgram(bin, 'ssh', [
        'for last; do :; done', `echo "$last" >>'${folder}/ssh.log'`,
        'case "$last" in "qm config"*) echo "scsi0: local-lvm:vm-220-disk-0,size=16G";; "qm status"*) if grep -q "^qm shutdown" "${0%/*}/../ssh.log"; then echo "status: stopped"; else echo "status: running"; fi;; "qm start"*) test ! -e "${0%/*}/../no-start";; "test -e"*) exit 1;; "pvesm path local-lvm"*) echo /dev/pve/vm-220-disk-0;;'
        + ' "pvesm path"*) echo /var/lib/vz/import/new.qcow2;; sha256sum*) echo "abc123  x";; "pvesm list"*) printf "Volid Format\\nlocal:import/truenas-2020-01-01.qcow2 qcow2\\nlocal:import/truenas-2020-02-01.qcow2 qcow2\\n";; esac',
      ].join('\n'));
      rmSync(join(folder, 'ssh.log'), { force: true });
      const shown = await capture('capture-plan');
      expect(shown.stdout).toContain('qm shutdown 220 --timeout 600');
      expect(shown.stdout).toContain('Nothing was changed');
      expect(sent()).not.toContain('qm shutdown');
      const done = await capture('capture');
      expect(done.stdout).toContain('sha256 = "abc123" }');
      expect(done.stdout).toContain('pvesm free local:import/truenas-2020-01-01.qcow2');
      expect(sent()).toMatch(/qm shutdown 220 --timeout 600\nqemu-img convert -O qcow2 -c \/dev\/pve\/vm-220-disk-0 \/var\/lib\/vz\/import\/new.qcow2.part\nmv [^\n]*\nqm status 220\nqm start 220\n/);
      rmSync(join(folder, 'ssh.log'), { force: true });
      writeFileSync(join(folder, 'no-start'), '');
      expect((await capture('capture')).stderr).toContain('pennywise was shut down and did not start again: on maturin, `qm start 220`');
    });
  });
});

describeWithTool(['just', 'terraform'], (just) => {
  let sim: ProxmoxSim;
  const folder = mkdtempSync(join(tmpdir(), 'labc-recipes-'));
  const plan: Plan = {
    ...terraformPlan,
    secrets: terraformPlan.clusters.map(({ token, origin }) => ({ key: token, from: { source: 'env', variable: 'TOKEN_OF_CLUSTER' }, sinks: ['controller'], origin })),
  };
  beforeAll(async () => { sim = await startProxmoxSim(simOptionsOf(terraformPlan)); });
  afterAll(async () => {
    await sim.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const write = (built: Plan): void => {
    const override = providerOverride(sim);
    writeOut(join(folder, 'home'), [...emitJust(built), ...emitTerraform(built)]);
    mkdirSync(join(folder, 'home', 'terraform'), { recursive: true });
    writeFileSync(join(folder, 'home', 'terraform', override.name), override.text);
  };
  const run = (...args: readonly string[]): Promise<RunResult> =>
    just.run(['--yes', ...args], { cwd: join(folder, 'home'), env: { TF_CLI_ARGS_plan: '-no-color', TF_CLI_ARGS_apply: '-no-color', TOKEN_OF_CLUSTER: sim.token } });

  test('apply carries out what destroys nothing; a promotion waits for replace, which wants the plan to be the last one shown', async () => {
    write(plan);
    const first = await run('apply');
    expect(first.exitCode, first.all).toBe(0);
    expect(first.all).toContain('Apply complete!');
    expect(first.all).not.toContain(sim.token);
    expect((await run('plan')).all).toContain('No changes.');
    write(promoted(plan, 'ubuntu_noble_maturin', '20260401'));
    expect((await run('replace')).stderr).toContain('the lab was built again since that plan: run `just plan` and read it first');
    const before = sim.changes.length;
    const second = await run('apply');
    expect(second.exitCode).not.toBe(0);
    expect(second.stdout).toMatch(/^ {2}replaces proxmox_virtual_environment_vm\.\S+$/m);
    expect(second.stderr).toContain('nothing was applied');
    expect(sim.changes.length).toBe(before);
    const third = await run('replace');
    expect(third.exitCode, third.all).toBe(0);
    expect((await run('plan')).all).toContain('No changes.');
  }, 120_000);

  test('a machine is planned alone', async () => {
    const { name } = plan.machines.find((machine) => machine.guest !== null)!;
    const result = await run(name, 'plan');
    expect(result.exitCode, result.all).toBe(0);
  }, 60_000);
});
