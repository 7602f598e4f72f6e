/** What the lab leaves to allocation before anything reads it: VMIDs, addresses, MACs, disk slots. */
import type { Want } from '../allocation/allocate.js';
import { printIp4 } from '../base/net.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Evaluator } from '../eval/evaluator.js';
import { readIp } from '../eval/literals.js';
import type { Obj, Value } from '../eval/model.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { Builder } from '../structure/builder.js';
import { sortedBy } from '../base/text.js';
import { DATA_VMIDS } from './guests.js';

const GUESTS = ['vm', 'lxc', 'appliance'];
const MACHINES = [...GUESTS, 'metal'];

export function groundWants(ev: Evaluator): Want[] {
  const all = (words: readonly string[]): Obj[] => words.flatMap((word) => ev.byWord.get(word) ?? []);
  return [...all(GUESTS).flatMap((machine) => guestWants(ev, machine)), ...all(MACHINES).flatMap((machine) => nicWants(ev, machine)), ...all(['network']).flatMap((network) => reservedAddresses(ev, network, all(['device', 'node'])))];
}

/** Addresses of a network that machines may not get: its gateway's, and those of devices and nodes, wherever they stand. */
function reservedAddresses(ev: Evaluator, network: Obj, others: readonly Obj[]): Want[] {
  const holders = [{ obj: network, name: 'gateway' }, ...others.map((obj) => ({ obj, name: 'address' }))];
  return holders.flatMap(({ obj, name }): Want[] => {
    const address = read(ev, obj, name);
    return isObject(address) && address.t === 'ip' ? [{ space: `address/${network.key}`, id: name === 'gateway' ? `the gateway of ${obj.key}` : `${obj.kind.word} ${obj.key}`, fixed: address.text, reserved: true, pool: NOTHING, span: obj.span }] : [];
  });
}

/** VMIDs of the machines that own kept disks, which follow from those of their machines. */
export function dataWants(ev: Evaluator, values: ReadonlyMap<string, string>): Want[] {
  return GUESTS.flatMap((word) => ev.byWord.get(word) ?? []).flatMap((machine): Want[] => {
    const node = read(ev, machine, 'node');
    const cluster = isObject(node) && node.t === 'obj' ? (node.parent?.key ?? '') : '';
    const vmid = values.get(`vmid ${cluster}/${machine.key}`);
    if (vmid === undefined || !machine.childrenOf('disk').some((disk) => read(ev, disk, 'keep') === true)) return [];
    return [{ space: `vmid/${cluster}`, id: `the data of ${machine.key}`, fixed: String(DATA_VMIDS + Number(vmid)), reserved: true, pool: NOTHING, span: machine.span }];
  });
}

const NOTHING = { kind: 'list', items: [] } as const;

function read(ev: Evaluator, obj: Obj, name: string): Value {
  return obj.param(name) === undefined ? null : ev.attempt(() => ev.attribute(obj, name, obj.span), null);
}

function fixed(value: Value): { fixed?: string } {
  const text = value === null ? undefined : plainText(value);
  return text === undefined ? {} : { fixed: text };
}

function guestWants(ev: Evaluator, machine: Obj): Want[] {
  const node = read(ev, machine, 'node');
  const cluster = isObject(node) && node.t === 'obj' ? node.parent : null;
  const wants: Want[] = [];
  if (cluster !== null) {
    const range = read(ev, cluster, 'vmids');
    const [from, to] = isObject(range) && range.t === 'range' ? [Number(range.from), Number(range.to)] : [200, 899];
    wants.push({ space: `vmid/${cluster.key}`, id: machine.key, ...fixed(read(ev, machine, 'vmid')), pool: { kind: 'range', from, to }, span: machine.span });
  }
  const taken = machine.childrenOf('passthrough');
  for (const item of taken) wants.push({ space: `slot/${machine.key}`, id: `passthrough.${item.key}`, fixed: item.key, pool: slots, span: item.span });
  const disks = sortedBy(machine.childrenOf('disk'), (disk) => disk.key);
  const others = disks.filter((disk) => disk.key !== 'root');
  for (const disk of disks) {
    const slot = read(ev, disk, 'slot');
    const preferred = disk.key === 'root' ? 'scsi0' : `scsi${others.indexOf(disk) + 1}`;
    wants.push({ space: `slot/${machine.key}`, id: disk.key, ...(slot === null ? { preferred } : fixed(slot)), pool: slots, span: disk.span });
  }
  return wants;
}

/** The last slot is the cloud-init drive's. */
const slots = { kind: 'list', items: Array.from({ length: 30 }, (_, i) => `scsi${i}`) } as const;

function nicWants(ev: Evaluator, machine: Obj): Want[] {
  return machine.childrenOf('nic').flatMap((nic) => {
    const network = read(ev, nic, 'network');
    const address = read(ev, nic, 'address');
    const wants: Want[] = [];
    if (machine.kind.roles.has('guest')) {
      const id = `${machine.key}/${nic.key}`;
      wants.push({ space: 'mac', id, ...fixed(read(ev, nic, 'mac')), pool: { kind: 'mac' }, seed: ev.root.key, span: nic.span });
    }
    if (!isObject(network) || network.t !== 'obj') return wants;
    const written = isObject(address) && address.t === 'ip' ? address.text : null;
    const range = read(ev, network, 'allocate');
    const ends = isObject(range) && range.t === 'range' ? [plainText(range.from) ?? '', plainText(range.to) ?? ''] : ['0.0.0.1', '0.0.0.0'];
    const auto = isObject(address) && address.t === 'enum' && address.member === 'auto';
    if (auto && !(isObject(range) && range.t === 'range')) {
      ev.report(noPool(ev, machine, network, nic));
      return wants;
    }
    if (written !== null || auto) {
      wants.push({ space: `address/${network.key}`, id: machine.key, ...(written === null ? {} : { fixed: written }), pool: { kind: 'addresses', from: ends[0] ?? '', to: ends[1] ?? '' }, span: nic.span });
    }
    return wants;
  });
}

/** Nothing says where addresses of the network come from: the middle of it is as good as any. */
function noPool(ev: Evaluator, machine: Obj, network: Obj, nic: Obj): Diagnostic {
  const cidr = read(ev, network, 'cidr');
  const base = isObject(cidr) && cidr.t === 'cidr' && cidr.ip.version === 4 ? Number(cidr.ip.n) : 0;
  const size = isObject(cidr) && cidr.t === 'cidr' ? 2 ** (32 - cidr.prefix) : 256;
  const at = nic.defs.get('address')?.[0]?.span ?? nic.span;
  return lab.create.noPool(at, { network: network.key, machine: machine.key, from: printIp4(base + Math.floor(size / 2)), to: printIp4(base + Math.floor(size / 2) + Math.max(1, Math.floor(size / 4)) - 1) });
}

/** Writes allocated addresses where the lab said `auto`; where nothing was left, nobody reads what is missing. */
export function settleAddresses(ev: Evaluator, builder: Builder, values: ReadonlyMap<string, string>): void {
  for (const machine of MACHINES.flatMap((word) => ev.byWord.get(word) ?? [])) {
    for (const nic of machine.childrenOf('nic')) {
      const address = read(ev, nic, 'address');
      if (!isObject(address) || address.t !== 'enum' || address.member !== 'auto' || machine.kindFrame === null) continue;
      const value = values.get(`address ${nic.key}/${machine.key}`);
      const ip = value === undefined ? null : readIp(value);
      const found = ip === null || 'why' in ip ? { lost: true as const } : { value: ip.value };
      builder.define(nic, 'address', { op: '=', expr: null, body: null, ...found, scope: machine.kindFrame, rank: LOCK, by: null, span: nic.span });
    }
  }
  ev.forget();
}

/** The lock's word about what the lab left open outranks the word that left it open. */
const LOCK = 9;
