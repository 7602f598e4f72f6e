/** What values may be allocated from: pools as numbered sequences of texts, without ever listing them. */
import { parseIp4, printIp4 } from '../base/net.js';

export type Pool =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'addresses'; readonly from: string; readonly to: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'mac' };

/** A pool as a sequence; `indexOf` is -1 for what does not belong to it. */
export interface Sequence {
  readonly size: number;
  at(index: number): string;
  indexOf(value: string): number;
}

/** Both ends belong to a range. A range that ends before it starts, or whose ends are no addresses, is empty. */
export function sequenceOf(pool: Pool): Sequence {
  switch (pool.kind) {
    case 'range': return numbers(pool.from, pool.to, String, (value) => (/^(?:0|[1-9][0-9]*)$/.test(value) ? Number(value) : null));
    case 'addresses': return numbers(parseIp4(pool.from) ?? 1, parseIp4(pool.to) ?? 0, printIp4, parseIp4);
    case 'list': return { size: pool.items.length, at: (index) => pool.items[index] ?? '', indexOf: (value) => pool.items.indexOf(value) };
    case 'mac': return numbers(0, 2 ** 40 - 1, printMac, parseMac);
  }
}

/** The pool as a person wrote it. */
export function printPool(pool: Pool): string {
  switch (pool.kind) {
    case 'range':
    case 'addresses': return `${pool.from} .. ${pool.to}`;
    case 'list': return pool.items.length <= 4 ? pool.items.join(', ') : `${pool.items[0]} .. ${pool.items[pool.items.length - 1]}`;
    case 'mac': return '02:00:00:00:00:00 .. 02:FF:FF:FF:FF:FF';
  }
}

function numbers(from: number, to: number, print: (value: number) => string, parse: (text: string) => number | null): Sequence {
  return {
    size: Math.max(0, to - from + 1),
    at: (index) => print(from + index),
    indexOf(value) {
      const found = parse(value);
      return found === null || found < from || found > to ? -1 : found - from;
    },
  };
}

/** Unicast and locally administered: the first byte is 02, so no vendor's address is ever met. */
function printMac(value: number): string {
  return ['02', ...(value.toString(16).padStart(10, '0').toUpperCase().match(/../g) ?? [])].join(':');
}

function parseMac(text: string): number | null {
  return /^02(?::[0-9A-F]{2}){5}$/.test(text) ? parseInt(text.slice(3).replaceAll(':', ''), 16) : null;
}
