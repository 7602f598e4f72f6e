/** Which sources a lab takes from others, by their paths: the standard library's, and those that `labc fetch` put beside the lab. */

/** The folder beside a lab that holds its libraries; what lies in it is none of the lab's own text. */
export const vendorFolder = 'vendor';

/** A source as it is shown to people: within the folder of its lab, or the standard library's own path. */
export function sourcePath(root: string, file: string): string {
  return file.startsWith('stdlib/') ? file : `${root}/${file}`;
}

/** Whether the file of a span belongs to a library rather than to the lab itself. */
export function isLibraryFile(path: string): boolean {
  return path.startsWith('stdlib/') || path.startsWith(`${vendorFolder}/`);
}
