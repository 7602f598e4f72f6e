import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate, keyOf, type Want } from '../../compiler/allocation/allocate.js';
import { emptyLock, parseLock, printLock, type Lock } from '../../compiler/allocation/lock.js';
import type { Pool } from '../../compiler/allocation/pool.js';

const span = { file: 'machines.lab', start: 0, end: 1 };
const vmids: Pool = { kind: 'range', from: 200, to: 899 };
const addresses: Pool = { kind: 'addresses', from: '192.168.86.250', to: '192.168.87.5' };
const want = (space: string, id: string, pool: Pool, more: Partial<Want> = {}): Want => ({ space, id, pool, span, ...more });
const locked = (text: string): Lock => parseLock(text, 'lab.lock').value;
const values = (wants: readonly Want[], lock: Lock = emptyLock) => Object.fromEntries(allocate(wants, lock).values);

describe('allocate', () => {
  test('keeps what the lock holds, drops what nobody wants, keeps libraries', () => {
    const lock = locked('lock 1\nvmid pve/carrie 228\nvmid pve/gone 229\nlibrary shared 1234\n');
    const { values: got, lock: after } = allocate([want('vmid/pve', 'carrie', vmids)], lock);
    expect([...got]).toEqual([['vmid pve/carrie', '228']]);
    expect([...after.facts.keys()]).toEqual(['library shared', 'vmid pve/carrie']);
  });

  test('what is written down wins, is recorded, and moves others with a warning', () => {
    const wants = [want('vmid/pve', 'a', vmids, { fixed: '228' }), want('vmid/pve', 'carrie', vmids)];
    const { values: got, lock, diagnostics } = allocate(wants, locked('vmid pve/carrie 228'));
    expect(got.get('vmid pve/a')).toBe('228');
    expect(got.get('vmid pve/carrie')).not.toBe('228');
    expect(lock.facts.get('vmid pve/a')?.value).toBe('228');
    expect(diagnostics.map((d) => [d.code, d.severity])).toEqual([['LAB5902', 'warning']]);
  });

  test('what is reserved is given to nobody, and is not the lock\'s business', () => {
    const two: Pool = { kind: 'addresses', from: '192.168.86.250', to: '192.168.86.251' };
    const router = want('address/lan', 'the gateway of lan', two, { fixed: '192.168.86.250', reserved: true });
    const got = allocate([router, want('address/lan', 'carrie', two)], emptyLock);
    expect([...got.values]).toEqual([['address lan/carrie', '192.168.86.251']]);
    expect([...got.lock.facts.keys()]).toEqual(['address lan/carrie']);
    expect(allocate([router, want('address/lan', 'carrie', two)], locked('address lan/carrie 192.168.86.250')).diagnostics.map((d) => d.code)).toEqual(['LAB5902']);
    expect(allocate([router, want('address/lan', 'a', two), want('address/lan', 'b', two)], emptyLock).diagnostics.map((d) => d.help)).toEqual(['make `allocate` of the network lan larger']);
  });

  test('a preferred value is taken when free, else one of the pool', () => {
    const pool: Pool = { kind: 'range', from: 20000, to: 29999 };
    const got = values([want('port/carrie', 'a.http/tcp', pool, { preferred: '8080' }), want('port/carrie', 'b.http/tcp', pool, { preferred: '8080' }), want('port/misery', 'a.http/tcp', pool, { preferred: '8080' })]);
    expect(got['port carrie/a.http/tcp']).toBe('8080');
    expect(got['port misery/a.http/tcp']).toBe('8080');
    expect(Number(got['port carrie/b.http/tcp'])).toBeGreaterThanOrEqual(20000);
  });

  test('a locked value outside the pool is given up, save the preferred one', () => {
    const lock = locked('vmid pve/a 150\nport x/y 8080');
    const got = values([want('vmid/pve', 'a', vmids), want('port/x', 'y', vmids, { preferred: '8080' })], lock);
    expect(Number(got['vmid pve/a'])).toBeGreaterThanOrEqual(200);
    expect(got['port x/y']).toBe('8080');
  });

  test('an empty pool is one diagnostic', () => {
    const pool: Pool = { kind: 'list', items: ['scsi1', 'scsi2'] };
    const result = allocate(['a', 'b', 'c', 'd'].map((id) => want('slot/carrie', id, pool)), emptyLock);
    expect(result.values.size).toBe(2);
    expect(result.diagnostics.map((d) => d.message)).toEqual(['no slot is left in scsi1, scsi2']);
    expect(values([want('address/x', 'a', { kind: 'addresses', from: 'x', to: 'y' })])).toEqual({});
  });

  test('two machines that hold one value in the lock stay, and a person decides', () => {
    const lock = locked('vmid pve/a 201\nvmid pve/b 201');
    const result = allocate([want('vmid/pve', 'a', vmids), want('vmid/pve', 'b', vmids)], lock);
    expect(Object.fromEntries(result.values)).toEqual({ 'vmid pve/a': '201', 'vmid pve/b': '201' });
    expect(result.diagnostics.map((d) => d.code)).toEqual(['LAB4012']);
    expect(result.diagnostics[0]!.labels).toHaveLength(1);
  });

  test('MACs are unicast, locally administered, and differ between labs', () => {
    const one = values([want('mac', 'misery/lan', { kind: 'mac' }, { seed: 'home' })])['mac misery/lan'];
    const two = values([want('mac', 'misery/lan', { kind: 'mac' }, { seed: 'away' })])['mac misery/lan'];
    expect(one).toMatch(/^02(:[0-9A-F]{2}){5}$/);
    expect(two).not.toBe(one);
  });

  const pools: Readonly<Record<string, Pool>> = { 'vmid/pve': { kind: 'range', from: 200, to: 212 }, 'address/lan': addresses, 'slot/x': { kind: 'list', items: ['a', 'b', 'c'] }, mac: { kind: 'mac' } };
  const anyWant = fc.tuple(fc.constantFrom(...Object.keys(pools)), fc.string({ unit: fc.constantFrom(...'abcdef'), minLength: 1, maxLength: 3 }), fc.option(fc.constantFrom('a', '205', '192.168.87.1')))
    .map(([space, id, preferred]) => want(space, id, pools[space]!, preferred === null || space === 'mac' ? {} : { preferred }));
  const anyWants = fc.uniqueArray(anyWant, { selector: keyOf, maxLength: 14 });

  test('order means nothing, spaces stay unique, and a second run changes nothing', () => {
    fc.assert(fc.property(anyWants, fc.infiniteStream(fc.nat()), (wants, dice) => {
      const first = allocate(wants, emptyLock);
      const shuffled = wants.map((item) => ({ item, key: dice.next().value as number })).sort((a, b) => a.key - b.key).map((x) => x.item);
      const again = allocate(shuffled, emptyLock);
      expect(printLock(again.lock)).toBe(printLock(first.lock));
      expect(again.diagnostics).toEqual(first.diagnostics);
      const taken = wants.flatMap((w) => (first.values.has(keyOf(w)) ? [`${w.space} ${first.values.get(keyOf(w))}`] : []));
      expect(new Set(taken).size).toBe(taken.length);
      expect(printLock(allocate(wants, first.lock).lock)).toBe(printLock(first.lock));
    }));
  });

  test('adding or removing wants never moves another', () => {
    fc.assert(fc.property(anyWants, anyWants, (before, added) => {
      const { values: old, lock } = allocate(before, emptyLock);
      const now = allocate([...before, ...added.filter((w) => !before.some((b) => keyOf(b) === keyOf(w)))], parseLock(printLock(lock), 'lab.lock').value).values;
      for (const [key, value] of old) expect(now.get(key)).toBe(value);
      const fewer = allocate(before.slice(1), lock).values;
      for (const [key, value] of fewer) if (old.has(key)) expect(value).toBe(old.get(key));
    }));
  });
});
