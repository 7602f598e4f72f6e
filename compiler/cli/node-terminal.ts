/**
 * Standard output and error. Text is written synchronously to the descriptor: Node's streams for them take a fifth of the
 * whole start to load, so they are only asked where a person looks, for the width.
 */
import { fstatSync, writeSync } from 'node:fs';
import { exitCodes, type Terminal } from './world.js';

/** The terminal or pipe behind descriptor 1 or 2. */
export function nodeTerminal(fd: 1 | 2): Terminal {
  const stream = isDevice(fd) ? (fd === 1 ? process.stdout : process.stderr) : undefined;
  return { write: (text) => writeAll(fd, text), colour: hasColours(stream?.isTTY === true), width: Math.max(40, Math.min(stream?.columns ?? 80, 120)) };
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(fd, bytes, done);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      // A reader that went away (`labc graph | head`) is no fault, one that is slow is waited for.
      if (code === 'EPIPE') process.exit(exitCodes.clean);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** A terminal is a device; a file or a pipe is none. */
function isDevice(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}

/** https://no-color.org, then FORCE_COLOR, then whether a person looks. */
function hasColours(isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return isTerminal && TERM !== 'dumb';
}
