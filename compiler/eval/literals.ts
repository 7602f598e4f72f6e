/** Reads literals: pure functions from text to values, with the reason when the text means nothing. */
import type { Cidr, Decimal, Duration, Ip, Mac, Mode, Owner, Percent, Port, Size, Time } from './model.js';

export type Read<T> = { readonly value: T } | { readonly why: string; readonly help: string };

const SIZES: Readonly<Record<string, number>> = {
  B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4,
};
const DURATIONS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 };
export const SIZE_UNITS = Object.keys(SIZES);
export const DURATION_UNITS = Object.keys(DURATIONS);

export function sizeUnit(unit: string): number | undefined {
  return Object.hasOwn(SIZES, unit) ? SIZES[unit] : undefined;
}

export function durationUnit(unit: string): number | undefined {
  return Object.hasOwn(DURATIONS, unit) ? DURATIONS[unit] : undefined;
}

/** `8GiB`, `1h30m`, `50%`. */
export function readQuantity(text: string): Read<Size | Duration | Percent> {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([A-Za-z]+|%)/g)];
  let kind: 'size' | 'duration' | null = null;
  let total = 0;
  for (const [, number = '', unit = ''] of parts) {
    if (unit === '%') return { value: { t: 'percent', value: Number(number) } };
    const size = sizeUnit(unit);
    const duration = durationUnit(unit);
    const factor = size ?? duration;
    if (factor === undefined) return { why: 'unit', help: unitHelp(number, unit) };
    const sort = size !== undefined ? 'size' : 'duration';
    if (kind !== null && kind !== sort) return { why: 'unit', help: 'write one dimension at a time' };
    kind = sort;
    total += exact(number, factor);
  }
  if (!Number.isSafeInteger(total)) return { why: 'unit', help: 'write a whole number of bytes or milliseconds below 2^53' };
  return { value: kind === 'size' ? { t: 'size', bytes: total } : { t: 'duration', ms: total } };
}

/** number × factor without rounding where the result is whole. */
function exact(number: string, factor: number): number {
  const [whole = '0', fraction = ''] = number.split('.');
  const scaled = BigInt(whole + fraction) * BigInt(factor);
  const divisor = 10n ** BigInt(fraction.length);
  return scaled % divisor === 0n ? Number(scaled / divisor) : Number.NaN;
}

function unitHelp(number: string, unit: string): string {
  const lower = unit.toLowerCase();
  const same = [...SIZE_UNITS, ...DURATION_UNITS].find((known) => known.toLowerCase() === lower);
  if (same !== undefined) return `write \`${number}${same}\``;
  const short: Readonly<Record<string, string>> = { k: 'KiB', g: 'GiB', t: 'TiB', gi: 'GiB', mi: 'MiB', ki: 'KiB', sec: 's', min: 'm', hours: 'h', days: 'd', hour: 'h', day: 'd' };
  const known = Object.hasOwn(short, lower) ? short[lower] : undefined;
  return known === undefined ? 'sizes end in GiB, MiB, GB, ...; durations in s, m, h, d' : `write \`${number}${known}\``;
}

export function readDecimal(text: string): Decimal {
  const [whole = '0', fraction = ''] = text.split('.');
  return { t: 'decimal', n: BigInt(whole + fraction), d: 10n ** BigInt(fraction.length), text };
}

/** IPv4 or IPv6 with or without prefix. */
export function readIp(text: string): Read<Ip | Cidr> {
  const [address = '', prefix] = text.split('/');
  const ip = address.includes(':') ? readIp6(address) : readIp4(address);
  if ('why' in ip || prefix === undefined) return ip;
  const length = Number(prefix);
  const most = ip.value.version === 4 ? 32 : 128;
  if (!/^\d+$/.test(prefix) || length > most) return { why: `a prefix length ends at ${most}`, help: `write \`/24\`, or a length up to ${most}` };
  return { value: { t: 'cidr', ip: ip.value, prefix: length } };
}

function readIp4(text: string): Read<Ip> {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part))) return { why: 'it has not four parts', help: 'write `192.168.1.10`' };
  if (parts.some((part) => part.length > 1 && part.startsWith('0'))) return { why: 'a part begins with 0', help: `write \`${parts.map(Number).join('.')}\`` };
  if (parts.some((part) => Number(part) > 255)) return { why: 'a part is larger than 255', help: 'each part lies between 0 and 255' };
  return { value: ip4(parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)) };
}

function readIp6(text: string): Read<Ip> {
  const halves = text.split('::');
  if (halves.length > 2) return { why: '`::` stands twice in it', help: 'write `::` once' };
  const words = halves.map((half) => (half === '' ? [] : half.split(':')));
  const left = words[0] ?? [];
  const right = words[1] ?? [];
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return { why: 'it has not eight groups', help: 'write eight groups, or `::` for the zeros' };
  const all = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (all.some((group) => !/^[0-9A-Fa-f]{1,4}$/.test(group))) return { why: 'a group is no hexadecimal number', help: 'write groups of one to four hexadecimal digits' };
  return { value: { t: 'ip', version: 6, n: all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n), text } };
}

export function ip4(n: bigint): Ip {
  return { t: 'ip', version: 4, n, text: [24n, 16n, 8n, 0n].map((shift) => String((n >> shift) & 255n)).join('.') };
}

/** An address of either family; IPv6 prints its longest run of zeros as `::`. */
export function ipOf(version: 4 | 6, n: bigint): Ip {
  if (version === 4) return ip4(n);
  const groups = Array.from({ length: 8 }, (_, i) => ((n >> BigInt(112 - 16 * i)) & 65535n).toString(16));
  const zeros = [...groups.join(':').matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  let text = groups.join(':');
  if (zeros !== undefined) text = `${text.slice(0, zeros.index)}::${text.slice(zeros.index + zeros[0].length).replace(/^:/, '')}`;
  return { t: 'ip', version: 6, n, text };
}

export function networkOf(cidr: Cidr): Ip {
  const bits = BigInt((cidr.ip.version === 4 ? 32 : 128) - cidr.prefix);
  return ipOf(cidr.ip.version, (cidr.ip.n >> bits) << bits);
}

export function inCidr(ip: Ip, cidr: Cidr): boolean {
  if (ip.version !== cidr.ip.version) return false;
  const bits = BigInt((ip.version === 4 ? 32 : 128) - cidr.prefix);
  return ip.n >> bits === cidr.ip.n >> bits;
}

export function lastOf(cidr: Cidr): bigint {
  const bits = BigInt((cidr.ip.version === 4 ? 32 : 128) - cidr.prefix);
  return networkOf(cidr).n + (1n << bits) - 1n;
}

/** MACs are upper case; a group address is no MAC of a card. */
export function readMac(text: string): Read<Mac> {
  const upper = text.toUpperCase();
  if (parseInt(upper.slice(0, 2), 16) % 2 === 1) return { why: 'its first byte is odd, which makes it a group address', help: 'begin it with `02:`' };
  return { value: { t: 'mac', text: upper } };
}

export function readPort(text: string): Read<Port> {
  const [number = '', protocol] = text.split('/');
  if (protocol !== undefined && protocol !== 'tcp' && protocol !== 'udp') return { why: `\`${protocol}\` is no protocol`, help: `write \`${number}/tcp\` or \`${number}/udp\`` };
  const port = Number(number);
  if (port < 1 || port > 65535) return { why: 'ports lie between 1 and 65535', help: 'write a port between 1 and 65535' };
  return { value: { t: 'port', port, protocol: protocol ?? null } };
}

export function readMode(text: string): Read<Mode> {
  if (!/^0[0-7]{3,4}$/.test(text)) {
    return /^[0-7]{3,4}$/.test(text) ? { why: 'it lacks the leading 0', help: `write \`0${text}\`` } : { why: 'it is not octal', help: 'write `0644`' };
  }
  return { value: { t: 'mode', text } };
}

export function readOwner(text: string): Read<Owner> {
  const match = /^(\d+):(\d+)$/.exec(text);
  if (match === null) return { why: 'an owner is user id and group id', help: 'write `1000:1000`' };
  return { value: { t: 'owner', uid: Number(match[1]), gid: Number(match[2]) } };
}

export function readTime(text: string): Read<Time> {
  const match = /^(\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (match === null || Number(match[1]) > 23 || Number(match[2]) > 59 || Number(match[3] ?? 0) > 59) return /^\d:\d{2}$/.test(text) ? { why: 'an hour has two digits', help: `write \`0${text}\`` } : { why: 'a day ends at 23:59:59', help: 'write `03:30`' };
  return { value: { t: 'time', hour: Number(match[1]), minute: Number(match[2]), second: Number(match[3] ?? 0) } };
}

/** Why a text is no host name, or null. Wildcards and trailing dots are none. */
export function hostnameFault(text: string): string | null {
  if (text.length === 0 || text.length > 253) return 'a host name has 1 to 253 characters';
  const bad = text.split('.').find((label) => !/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(label));
  return bad === undefined ? null : `\`${bad}\` is not made of letters, digits and inner \`-\``;
}

/** Why a text is no URL, or null. */
export function urlFault(text: string): string | null {
  return /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#][^\s]*$/i.test(text) || /^[a-z][a-z0-9+.-]*:[^\s/][^\s]*$/i.test(text) ? null : 'a URL begins with a scheme, such as `https://`';
}
