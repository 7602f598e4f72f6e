/** One file that is written on its own, outside of a build: what it says changes in one step or not at all. */
import type { Disk } from '../host/disk.js';
import { parentPath } from '../host/paths.js';

/** A kill leaves the old text or the new one, and maybe a hidden file beside it. */
export function replaceFile(disk: Disk, path: string, text: string): void {
  const beside = `${parentPath(path)}/.labc-${disk.process}`;
  disk.write(beside, new TextEncoder().encode(text), false);
  disk.rename(beside, path);
}
