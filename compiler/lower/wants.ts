/** What the lab leaves to allocation before anything reads it: VMIDs, addresses, MACs, disk slots. */
import type { Want } from '../allocation/allocate.js';
import type { Pool } from '../allocation/pool.js';
import { parseIp4, printIp4 } from '../base/net.js';
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
  for (const network of all(['network'])) checkRange(ev, network);
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
  for (const [word, pool] of [['pci', cards], ['usb', ports]] as const) {
    sortedBy(machine.childrenOf(word), (item) => item.key).forEach((item, i) => wants.push({ space: `slot/${machine.key}`, id: `${word}.${item.key}`, ...(pool.items[i] === undefined ? {} : { preferred: pool.items[i] }), pool, span: item.span }));
  }
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

const cards = { kind: 'list', items: Array.from({ length: 16 }, (_, i) => `hostpci${i}`) } as const;
const nets = { kind: 'list', items: Array.from({ length: 32 }, (_, i) => `net${i}`) } as const;
const ports = { kind: 'list', items: Array.from({ length: 14 }, (_, i) => `usb${i}`) } as const;

function nicWants(ev: Evaluator, machine: Obj): Want[] {
  return machine.childrenOf('nic').flatMap((nic, i) => {
    const network = read(ev, nic, 'network');
    const address = read(ev, nic, 'address');
    const place = `net${nic.facts.place?.at ?? i}`;
    const wants: Want[] = [{ space: `slot/${machine.key}`, id: `nic.${nic.key}`, ...(nic.facts.place?.moved === true ? { fixed: place } : { preferred: place }), pool: nets, span: nic.span }];
    if (machine.kind.roles.has('guest')) {
      const id = `${machine.key}/${nic.key}`;
      wants.push({ space: 'mac', id, ...fixed(read(ev, nic, 'mac')), pool: { kind: 'mac' }, seed: ev.root.key, span: nic.span });
    }
    if (!isObject(network) || network.t !== 'obj') return wants;
    const written = isObject(address) && address.t === 'ip' ? address.text : null;
    const auto = isObject(address) && address.t === 'enum' && address.member === 'auto';
    const pool = poolOf(ev, network);
    if (auto && pool === null) ev.report(noPool(ev, machine, network, nic));
    if (written !== null || (auto && pool !== null && pool !== 'refused')) {
      wants.push({ space: `address/${network.key}`, id: machine.key, ...(written === null ? {} : { fixed: written }), pool: pool === null || pool === 'refused' ? NOTHING : pool, span: nic.span });
    }
    return wants;
  });
}

/** Where a network's addresses come from: null where it does not say, `refused` where what it says is reported already. */
function poolOf(ev: Evaluator, network: Obj): Pool | null | 'refused' {
  const range = ev.attempt(() => ev.attribute(network, 'allocate', network.span), undefined);
  if (range === undefined || network.facts.incomplete === true) return 'refused';
  if (!isObject(range) || range.t !== 'range') return null;
  return { kind: 'addresses', from: plainText(range.from) ?? '', to: plainText(range.to) ?? '' };
}

/** Refuses a range that no address can be chosen from. */
function checkRange(ev: Evaluator, network: Obj): void {
  const pool = poolOf(ev, network);
  if (pool === null || pool === 'refused' || pool.kind !== 'addresses') return;
  if (parseIp4(pool.from) !== null && parseIp4(pool.to) !== null) return;
  const at = network.defs.get('allocate')?.[0]?.span ?? network.span;
  network.facts.incomplete = true;
  const middle = middleOf(ev, network);
  ev.report(lab.create.badValue(at, { what: `\`allocate\` of the network ${network.key} is no range of IPv4 addresses`, help: middle === undefined ? 'labc chooses IPv4 addresses only: take the line out, and write the `address` of each machine' : `write \`allocate = ${middle.from} .. ${middle.to}\`` }));
}

/** Nothing says where addresses of the network come from: the middle of it is as good as any. */
function noPool(ev: Evaluator, machine: Obj, network: Obj, nic: Obj): Diagnostic {
  const at = nic.defs.get('address')?.[0]?.span ?? nic.span;
  const middle = middleOf(ev, network);
  const help = middle === undefined ? 'labc chooses IPv4 addresses only: write an `address` here' : `write \`allocate = ${middle.from} .. ${middle.to}\` on the network, or an \`address\` here`;
  return lab.create.noPool(at, { network: network.key, machine: machine.key, help });
}

/** A quarter of the network that begins in its middle; nothing for one that is not IPv4. */
function middleOf(ev: Evaluator, network: Obj): { readonly from: string; readonly to: string } | undefined {
  const cidr = read(ev, network, 'cidr');
  if (!isObject(cidr) || cidr.t !== 'cidr' || cidr.ip.version !== 4) return undefined;
  const size = 2 ** (32 - cidr.prefix);
  const first = Number(cidr.ip.n) + Math.floor(size / 2);
  return { from: printIp4(first), to: printIp4(first + Math.max(1, Math.floor(size / 4)) - 1) };
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
