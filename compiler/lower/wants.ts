/** What the lab leaves to allocation before anything reads it: VMIDs, addresses, MACs, disk slots. */
import type { Want } from '../allocation/allocate.js';
import type { Evaluator } from '../eval/evaluator.js';
import { readIp } from '../eval/literals.js';
import type { Obj, Value } from '../eval/model.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { Builder } from '../structure/builder.js';
import { sortedBy } from '../base/text.js';

const GUESTS = ['vm', 'lxc', 'appliance'];
const MACHINES = [...GUESTS, 'metal'];

export function groundWants(ev: Evaluator): Want[] {
  return [...GUESTS.flatMap((word) => ev.byWord.get(word) ?? []).flatMap((machine) => guestWants(ev, machine)), ...MACHINES.flatMap((word) => ev.byWord.get(word) ?? []).flatMap((machine) => nicWants(ev, machine))];
}

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
    if (written !== null || auto) {
      wants.push({ space: `address/${network.key}`, id: machine.key, ...(written === null ? {} : { fixed: written }), pool: { kind: 'addresses', from: ends[0] ?? '', to: ends[1] ?? '' }, span: nic.span });
    }
    return wants;
  });
}

/** Writes allocated addresses where the lab said `auto`. */
export function settleAddresses(ev: Evaluator, builder: Builder, values: ReadonlyMap<string, string>): void {
  for (const machine of MACHINES.flatMap((word) => ev.byWord.get(word) ?? [])) {
    for (const nic of machine.childrenOf('nic')) {
      const value = values.get(`address ${nic.key}/${machine.key}`);
      const ip = value === undefined ? null : readIp(value);
      if (ip === null || 'why' in ip || machine.kindFrame === null) continue;
      const address = read(ev, nic, 'address');
      if (isObject(address) && address.t === 'enum') builder.define(nic, 'address', { op: '=', expr: null, body: null, value: ip.value, scope: machine.kindFrame, rank: LOCK, by: null, span: nic.span });
    }
  }
  ev.epoch++;
}

/** The lock's word about what the lab left open outranks the word that left it open. */
const LOCK = 9;
