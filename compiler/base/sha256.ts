/**
 * SHA-256 (FIPS 180-4) of text as UTF-8. The core reads no `node:` module, and labels and locks want a digest
 * that other tools can check.
 */

/** The digest in lower-case hexadecimal. A lone surrogate counts as U+FFFD, as in the bytes that are written. */
export function sha256(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const blocks = ((bytes.length + 8) >> 6) + 1;
  const view = new DataView(new ArrayBuffer(blocks * 64));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setUint32(blocks * 64 - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(blocks * 64 - 4, (bytes.length << 3) >>> 0);
  constants ??= fractions();
  const state = constants.initial.slice();
  const words = new Uint32Array(64);
  for (let block = 0; block < blocks; block++) compress(state, words, constants.round, view, block * 64);
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function compress(state: Uint32Array, w: Uint32Array, round: Uint32Array, view: DataView, offset: number): void {
  for (let i = 0; i < 16; i++) w[i] = view.getUint32(offset + i * 4);
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!;
    const y = w[i - 2]!;
    const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
    const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
    w[i] = w[i - 16]! + s0 + w[i - 7]! + s1;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!, e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + round[i]! + w[i]!) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    // One by one: a destructured list is an array for each of the 64 rounds until the code is compiled.
    h = g, g = f, f = e, e = (d + t1) | 0, d = c, c = b, b = a, a = (t1 + t2) | 0;
  }
  state[0]! += a, state[1]! += b, state[2]! += c, state[3]! += d, state[4]! += e, state[5]! += f, state[6]! += g, state[7]! += h;
}

function rotate(x: number, n: number): number {
  return (x >>> n) | (x << (32 - n));
}

interface Constants {
  readonly initial: Uint32Array;
  readonly round: Uint32Array;
}

/** Found with the first digest. */
let constants: Constants | undefined;

/** The first 32 bits of the fractions of the square roots of the first 8 primes, and of the cube roots of the first 64. */
function fractions(): Constants {
  const first = primes(64);
  return { initial: Uint32Array.from(first.slice(0, 8), (p) => root(p, 2n)), round: Uint32Array.from(first, (p) => root(p, 3n)) };
}

/** floor(p^(1/n) * 2^32) mod 2^32, by bisection on integers: no double is exact enough. */
function root(p: number, n: bigint): number {
  const target = BigInt(p) << (32n * n);
  let low = 0n;
  let high = 1n << 40n;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (middle ** n <= target) low = middle;
    else high = middle - 1n;
  }
  return Number(low & 0xffffffffn);
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}
