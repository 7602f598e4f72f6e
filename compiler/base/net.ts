/**
 * IPv4 as numbers: addresses are integers from 0 to 2^32 - 1, networks a base and a prefix length. Text that is not
 * exactly an address, a leading zero included, is null; nothing here throws. No bit operator touches an address, since
 * those are signed in JavaScript.
 */

export interface Network4 {
  /** The network's own address. */
  readonly base: number;
  readonly prefix: number;
}

const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;

/** `192.168.1.10` as a number. */
export function parseIp4(text: string): number | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    const octet = Number(part);
    if (!OCTET.test(part) || octet > 255) return null;
    value = value * 256 + octet;
  }
  return value;
}

export function printIp4(value: number): string {
  return [16777216, 65536, 256, 1].map((unit) => Math.floor(value / unit) % 256).join('.');
}

/** `192.168.1.0/24`; host bits that are set are cut off. */
export function parseCidr4(text: string): Network4 | null {
  const [address = '', length = '', more] = text.split('/');
  const ip = parseIp4(address);
  if (ip === null || more !== undefined || !/^(?:[0-9]|[12][0-9]|3[0-2])$/.test(length)) return null;
  return networkOf(ip, Number(length));
}

/** The network that an address with a prefix length lies in. */
export function networkOf(address: number, prefix: number): Network4 {
  const size = 2 ** (32 - prefix);
  return { base: Math.floor(address / size) * size, prefix };
}

export function printCidr4(network: Network4): string {
  return `${printIp4(network.base)}/${network.prefix}`;
}

/** The last address; in anything wider than /31 it is the broadcast address. */
export function lastOf(network: Network4): number {
  return network.base + 2 ** (32 - network.prefix) - 1;
}

export function contains(network: Network4, address: number): boolean {
  return address >= network.base && address <= lastOf(network);
}

/** Networks are nested or apart, so an overlap is one holding the other's base. */
export function overlap(a: Network4, b: Network4): boolean {
  return contains(a, b.base) || contains(b, a.base);
}

/** Addresses that a machine may have: all but the network's own and broadcast; /31 and /32 have neither. */
export function hosts(network: Network4): { readonly first: number; readonly last: number } {
  return network.prefix >= 31
    ? { first: network.base, last: lastOf(network) }
    : { first: network.base + 1, last: lastOf(network) - 1 };
}
