/**
 * Asks the real provider what each change does: the fixture lab, which has one of everything, is applied to the simulated
 * Proxmox, and then every attribute and block that the emitter can write is changed in turn and planned.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HclBlock, HclItem, HclValue } from '../../compiler/bindings/hcl-value.js';
import { isHclExpression } from '../../compiler/bindings/hcl-value.js';
import { printFile } from '../../compiler/emit/hcl/print.js';
import { guestsOf } from '../../compiler/emit/terraform/guests.js';
import { imagesFile } from '../../compiler/emit/terraform/images.js';
import { lxcBlocks } from '../../compiler/emit/terraform/lxc.js';
import { versionsFile } from '../../compiler/emit/terraform/versions.js';
import { vmBlocks } from '../../compiler/emit/terraform/vm.js';
import type { Change } from '../../compiler/impact/change.js';
import type { Observed } from '../../compiler/impact/terraform-probes.gen.js';
import type { Plan } from '../../compiler/plan/plan.js';
import { terraformPlan } from '../fixtures/plan-terraform.js';
import { providerOverride, simOptionsOf, startProxmoxSim } from '../support/proxmox-sim.js';
import { requireTool } from '../support/tools.js';
import { blockAt, valueAt, withBlock, withoutBlock, withValue, type Edit } from './edits.js';
import { emittedAttributes } from './emitted.js';

export interface Probe extends Edit {
  readonly type: string;
  readonly label: string;
  readonly path: string;
}

export type Observations = Readonly<Record<string, Readonly<Record<string, Readonly<Partial<Record<Change, Observed>>>>>>>;

/** Other values that the provider takes, where adding a letter gives none. */
const OTHER: Readonly<Record<string, HclValue>> = {
  'node_name': 'it', 'bios': 'ovmf', 'machine': 'q35', 'scsi_hardware': 'virtio-scsi-pci', 'boot_order': ['net0'], 'tags': ['other'],
  'agent.timeout': '6m', 'cpu.type': 'kvm64', 'efi_disk.datastore_id': 'nas', 'efi_disk.file_format': 'qcow2', 'efi_disk.type': '2m',
  'disk.datastore_id': 'nas', 'disk.discard': 'ignore', 'disk.file_format': 'qcow2', 'disk.interface': 'scsi9', 'disk.path_in_datastore': 'vm-90211-disk-7',
  'disk.import_from': 'local:import/other.qcow2', 'hostpci.device': 'hostpci2', 'initialization.datastore_id': 'nas', 'initialization.interface': 'sata3',
  'initialization.dns.servers': ['192.0.2.53'], 'initialization.ip_config.ipv4.address': '192.0.2.7/24', 'initialization.ip_config.ipv4.gateway': '192.0.2.1',
  'initialization.user_account.keys': ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBlNHzsQ6kFNVsFBWq1cUzXoBaYpNqFmjVyJyoJTGDvA other'],
  'mount_point.path': '/mnt/other', 'mount_point.size': '900G', 'mount_point.volume': 'nas', 'network_device.mac_address': '02:4C:41:42:00:77', 'network_device.model': 'e1000',
  'network_interface.mac_address': '02:4C:41:42:00:77', 'operating_system.type': 'alpine', 'operating_system.template_file_id': 'local:vztmpl/other.tar.zst',
  'serial_device.device': '/dev/ttyS0', 'checksum': 'ef'.repeat(32), 'checksum_algorithm': 'sha512', 'content_type': 'iso', 'url': 'https://images.example.net/other.qcow2',
  'file_name': 'other.qcow2', 'input': { image: 'other', version: '1' }, 'datastore_id': 'nas',
};
/** Per type, where one name has other values in another. */
const OTHER_VM: Readonly<Record<string, HclValue>> = { 'operating_system.type': 'win11' };
/** What makes one more block of a kind different from the one it is copied from. */
const ANOTHER: Readonly<Record<string, readonly [attribute: string, value: HclValue]>> = {
  disk: ['interface', 'scsi8'], hostpci: ['device', 'hostpci3'], mount_point: ['path', '/mnt/another'], network_device: ['mac_address', '02:4C:41:42:00:78'],
  network_interface: ['name', 'eth7'], usb: ['mapping', 'another'], serial_device: ['device', 'socket'],
};

/** One of everything: a container with a volume and no folder of the node, beside which Terraform ignores every mount point, on a VLAN. */
export const probedPlan: Plan = {
  ...terraformPlan,
  machines: terraformPlan.machines.map((machine) => {
    if (machine.kind !== 'lxc' || machine.guest === null) return machine;
    const nics = machine.nics.map((nic) => ({ ...nic, vlan: 30, mtu: 1400 }));
    return { ...machine, nics, guest: { ...machine.guest, cores: 2, mountPoints: machine.guest.mountPoints.filter(({ source }) => !source.startsWith('/')) } };
  }),
};

/** The blocks of the fixture: every resource that Terraform makes of the plan. */
export function resourcesOf(plan: Plan): readonly HclBlock[] {
  const guests = guestsOf(plan).flatMap(({ machine, guest, image }) => (machine.kind === 'lxc' && image !== null ? lxcBlocks(plan, machine, guest, image) : vmBlocks(plan, machine, guest, image)));
  return [...imagesFile(plan), ...guests];
}

/** One probe for each attribute or block of the emitter and each thing that can happen to it in the fixture. */
export function probesOf(resources: readonly HclBlock[]): readonly Probe[] {
  const probes: Probe[] = [];
  for (const [type, attributes] of emittedAttributes()) {
    const own = resources.filter(({ labels: [kind, label = ''] }) => kind === type && !label.endsWith('_data'));
    for (const { path, block } of own.length === 0 ? [] : attributes) {
      if (/^(lifecycle|provider|depends_on|count|for_each)(\.|$)/.test(path)) continue;
      const found = new Map<Change, Probe>();
      // What one machine ignores another may not: who ignores it is asked last.
      for (const resource of [...own.filter((one) => !ignores(one, path)), ...own.filter((one) => ignores(one, path))]) {
        for (const edit of block && type !== 'terraform_data' ? blockEdits(resource, path, own) : valueEdits(type, resource, path, own)) {
          if (!found.has(edit.change)) found.set(edit.change, { ...edit, type, path, label: resource.labels[1] ?? '' });
        }
      }
      probes.push(...found.values());
    }
  }
  return probes;
}

function ignores(resource: HclBlock, path: string): boolean {
  const text = printFile([], [blockAt(resource, ['lifecycle']) ?? { item: 'block', type: 'lifecycle', labels: [], body: [] }]);
  return new RegExp(`ignore_changes\\s*=\\s*\\[[^=]*\\b${path.split('.')[0]}\\b[,\\]\\s]`).test(text);
}

function valueEdits(type: string, resource: HclBlock, path: string, all: readonly HclBlock[]): readonly Edit[] {
  const names = path.split('.');
  const value = valueAt(resource, names);
  if (value === undefined) {
    const other = all.map((one) => valueAt(one, names)).find((one) => one !== undefined && !isHclExpression(one));
    return other === undefined || blockAt(resource, names.slice(0, -1)) === undefined ? [] : [{ change: 'added', block: withValue(resource, names, other) }];
  }
  const removed: Edit = { change: 'removed', block: withValue(resource, names, null) };
  const to = (change: Change, next: HclValue): Edit => ({ change, block: withValue(resource, names, next) });
  const given = type.endsWith('_vm') ? (OTHER_VM[path] ?? OTHER[path]) : OTHER[path];
  if (typeof value === 'number') return [to('up', value * 2 + 1), ...(value > 1 ? [to('down', Math.floor(value / 2))] : []), removed];
  if (path === 'mount_point.size') return [to('up', '900G'), to('down', '1G'), removed];
  if (typeof value === 'boolean') return [to('changed', !value), removed];
  const swapped = given === value ? { ovmf: 'seabios', q35: 'pc' }[String(value)] : given;
  return [to('changed', swapped ?? (typeof value === 'string' ? `${value}x` : 'x')), removed];
}

function blockEdits(resource: HclBlock, path: string, all: readonly HclBlock[]): readonly Edit[] {
  const names = path.split('.');
  const here = blockAt(resource, names);
  const removed: readonly Edit[] = here === undefined ? [] : [{ change: 'removed', block: withoutBlock(resource, names) }];
  const another = ANOTHER[path];
  if (here !== undefined && another !== undefined && valueAt(here, [another[0]]) !== undefined) return [...removed, { change: 'added', block: withBlock(resource, names, withValue(here, [another[0]], another[1])) }];
  const model = here === undefined && blockAt(resource, names.slice(0, -1)) !== undefined ? all.map((one) => blockAt(one, names)).find((one) => one !== undefined) : undefined;
  return model === undefined ? removed : [...removed, { change: 'added', block: withBlock(resource, names, model) }];
}

export interface Answer {
  readonly probe: Probe;
  readonly seen: Observed;
  /** The provider's words where it refuses. */
  readonly said: string;
}

/**
 * Applies the lab to a simulated Proxmox, then plans all probes at once, each on a twin of its resource: a copy in the
 * state, and a copy with the change in the configuration. Who refuses is asked no more, and the rest is planned again.
 * A generation has no twin: its machine has to see the change.
 */
export async function ask(plan: Plan, probes: readonly Probe[]): Promise<readonly Answer[]> {
  const terraform = requireTool('terraform');
  const sim = await startProxmoxSim(simOptionsOf(plan));
  const folder = mkdtempSync(join(tmpdir(), 'labc-impact-'));
  const resources = resourcesOf(plan);
  const write = (items: readonly HclItem[]): void => writeFileSync(join(folder, 'lab.tf'), printFile([], items));
  const run = (...args: string[]) => terraform.run([...args, '-no-color'], { cwd: folder, env: { PROXMOX_VE_API_TOKEN: sim.token }, timeout: 300_000 });
  const override = providerOverride(sim);
  try {
    writeFileSync(join(folder, 'main.tf'), `${printFile([], versionsFile({ type: 'local', settings: {} }))}\nprovider "proxmox" {\n}\n`);
    writeFileSync(join(folder, override.name), override.text);
    write(resources);
    for (const args of [['init'], ['apply', '-auto-approve']]) {
      const result = await run(...args);
      if (result.exitCode !== 0) throw new Error(result.all);
    }
    const twins = probes.filter(({ type }) => type !== 'terraform_data').map((probe, at) => ({ probe, label: `probe${at}` }));
    twinState(join(folder, 'terraform.tfstate'), twins);
    const answers: Answer[] = [];
    let open = twins;
    for (let text = ''; text === '';) {
      write([...resources, ...open.map(({ probe, label }) => ({ ...probe.block, labels: [probe.type, label] }))]);
      const { exitCode, all } = await run('plan', '-refresh=false', '-lock=false');
      const refused = exitCode === 0 ? new Map<string, string>() : refusals(all);
      if (exitCode !== 0 && refused.size === 0) throw new Error(all);
      for (const { probe, label } of open) if (refused.has(label)) answers.push({ probe, seen: 'refused', said: refused.get(label)! });
      open = open.filter(({ label }) => !refused.has(label));
      if (exitCode === 0) text = all;
      if (exitCode === 0) for (const { probe, label } of open) answers.push({ probe, seen: verdict(text, `${probe.type}\\.${label}`), said: '' });
    }
    for (const probe of probes.filter(({ type }) => type === 'terraform_data')) {
      write([...resources.map((block) => (block.labels.join('.') === `${probe.type}.${probe.label}` ? probe.block : block)), ...open.map(({ probe: own, label }) => ({ ...resources.find(({ labels }) => labels.join('.') === `${own.type}.${own.label}`)!, labels: [own.type, label] }))]);
      const { exitCode, all } = await run('plan', '-refresh=false', '-lock=false');
      answers.push({ probe, seen: exitCode === 0 ? verdict(all, '\\S+') : 'refused', said: all });
    }
    return answers;
  } finally {
    await sim.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function verdict(plan: string, address: string): Observed {
  if (new RegExp(`^ {2}# ${address} (must be replaced|will be (replaced|destroyed|created))`, 'm').test(plan)) return 'replace';
  return new RegExp(`^ {2}# ${address} will be updated in-place`, 'm').test(plan) ? 'update' : 'no-op';
}

/** Labels of the twins that a failed plan complains of, with its words. */
function refusals(said: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of said.split(/^.?\s*Error: /m).slice(1)) {
    const label = /with \S+\.(probe\d+),/.exec(part)?.[1] ?? /in resource "\S+" "(probe\d+)"/.exec(part)?.[1];
    if (label !== undefined) found.set(label, part.split('\n')[0]!);
  }
  return found;
}

interface State {
  readonly resources: { readonly type: string; readonly name: string }[];
}

function twinState(path: string, twins: readonly { readonly probe: Probe; readonly label: string }[]): void {
  const state = JSON.parse(readFileSync(path, 'utf8')) as State;
  const copies = twins.map(({ probe, label }) => ({ ...state.resources.find(({ type, name }) => type === probe.type && name === probe.label)!, name: label }));
  writeFileSync(path, JSON.stringify({ ...state, resources: [...state.resources, ...copies] }));
}
