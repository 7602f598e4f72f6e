import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contains, hosts, lastOf, networkOf, overlap, parseCidr4, parseIp4, printCidr4, printIp4 } from '../../compiler/base/net.js';

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const prefix = fc.integer({ min: 0, max: 32 });

test('addresses and networks read back as they print', () => {
  fc.assert(fc.property(address, prefix, (ip, length) => {
    expect(parseIp4(printIp4(ip))).toBe(ip);
    const network = networkOf(ip, length);
    expect(parseCidr4(printCidr4(network))).toEqual(network);
    expect(contains(network, ip)).toBe(true);
    expect(hosts(network).first).toBeLessThanOrEqual(hosts(network).last);
  }));
});

test('networks overlap when they share an address', () => {
  fc.assert(fc.property(address, prefix, address, prefix, (a, m, b, n) => {
    const [x, y] = [networkOf(a, m), networkOf(b, n)];
    expect(overlap(x, y)).toBe(Math.max(x.base, y.base) <= Math.min(lastOf(x), lastOf(y)));
  }));
});

test('what is no address is null', () => {
  for (const text of ['', '1.2.3', '1.2.3.4.5', '01.2.3.4', '256.1.1.1', '1.2.3.-4', ' 1.2.3.4', '1.2.3.4\n', '1e1.2.3.4']) expect(parseIp4(text)).toBe(null);
  for (const text of ['1.2.3.4', '1.2.3.4/33', '1.2.3.4/', '1.2.3.4/08', '1.2.3.4/8/9', '::/0']) expect(parseCidr4(text)).toBe(null);
});
