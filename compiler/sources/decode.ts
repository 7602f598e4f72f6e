/** Bytes to text: UTF-8 or nothing. */

export type Decoded =
  | { readonly valid: true; readonly text: string }
  /** `text` has U+FFFD in place of what is wrong, for showing; `at` is the first such place in it, `offset` the byte. */
  | { readonly valid: false; readonly text: string; readonly at: number; readonly offset: number; readonly byte: number };

/** Text of `bytes`, without a byte order mark. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    return { valid: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const offset = firstInvalid(bytes);
    const lossy = new TextDecoder('utf-8');
    const at = new TextDecoder('utf-8').decode(bytes.subarray(0, offset)).length;
    return { valid: false, text: lossy.decode(bytes), at, offset, byte: bytes[offset] ?? 0 };
  }
}

/** The length of the longest prefix that is UTF-8, by halving. */
function firstInvalid(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (isPrefix(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  // An unfinished character at the end of the prefix is where the fault begins.
  while (low > 0 && !isWhole(bytes.subarray(0, low))) low--;
  return low;
}

/** Valid so far: `stream` lets a character be cut at the end. */
function isPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function isWhole(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
