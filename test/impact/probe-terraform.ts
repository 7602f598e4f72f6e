/**
 * Asks the real provider what each change does: the fixture lab, which has one of everything, is applied to the simulated
 * Proxmox, and then every attribute and block that the emitter can write is changed in turn and planned.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
      for (const resource of own) {
        const ignored = printFile([], [blockAt(resource, ['lifecycle']) ?? { item: 'block', type: 'lifecycle', labels: [], body: [] }]);
        if (new RegExp(`ignore_changes\\s*=\\s*\\[[^\\]]*\\b${path.split('.')[0]}\\b[,\\]]`).test(ignored)) continue;
        for (const edit of block ? blockEdits(resource, path, own) : valueEdits(type, resource, path, own)) {
          if (!found.has(edit.change)) found.set(edit.change, { ...edit, type, path, label: resource.labels[1] ?? '' });
        }
      }
      probes.push(...found.values());
    }
  }
  return probes;
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
  if (typeof value === 'number') return [to('up', value * 2 + 1), to('down', Math.max(1, Math.floor(value / 2))), removed];
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
  if (here !== undefined && another !== undefined) return [...removed, { change: 'added', block: withBlock(resource, names, withValue(here, [another[0]], another[1])) }];
  const model = here === undefined && blockAt(resource, names.slice(0, -1)) !== undefined ? all.map((one) => blockAt(one, names)).find((one) => one !== undefined) : undefined;
  return model === undefined ? removed : [...removed, { change: 'added', block: withBlock(resource, names, model) }];
}

export interface Prober {
  /** What a plan says of the lab with one block changed, over all its resources: the worst of it. */
  ask(probe: Probe): Promise<{ readonly seen: Observed; readonly said: string }>;
  close(): Promise<void>;
}

/** Applies the lab to a simulated Proxmox; throws where Terraform does not take it. */
export async function startProber(plan: Plan): Promise<Prober> {
  const terraform = requireTool('terraform');
  const sim = await startProxmoxSim(simOptionsOf(plan));
  const folder = mkdtempSync(join(tmpdir(), 'labc-impact-'));
  const resources = resourcesOf(plan);
  const write = (items: readonly HclItem[]): void => writeFileSync(join(folder, 'lab.tf'), printFile([], items));
  const run = (...args: string[]) => terraform.run([...args, '-no-color'], { cwd: folder, env: { PROXMOX_VE_API_TOKEN: sim.token } });
  mkdirSync(folder, { recursive: true });
  const override = providerOverride(sim);
  writeFileSync(join(folder, 'main.tf'), `${printFile([], versionsFile({ type: 'local', settings: {} }))}\nprovider "proxmox" {\n}\n`);
  writeFileSync(join(folder, override.name), override.text);
  write(resources);
  for (const args of [['init'], ['apply', '-auto-approve']]) {
    const result = await run(...args);
    if (result.exitCode !== 0) throw new Error(result.all);
  }
  return {
    async ask(probe) {
      write(resources.map((block) => (block.labels.join('.') === `${probe.type}.${probe.label}` ? probe.block : block)));
      const { exitCode, all } = await run('plan', '-refresh=false', '-lock=false');
      const seen: Observed = exitCode !== 0 ? 'refused' : /^ {2}# \S+ (must be replaced|will be (replaced|destroyed))/m.test(all) ? 'replace' : /^ {2}# \S+ will be updated in-place/m.test(all) ? 'update' : 'no-op';
      return { seen, said: all };
    },
    async close() {
      await sim.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
