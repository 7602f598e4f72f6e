/** A repository as git gives it, cloned bare into a folder of its own: nothing is checked out, so nothing of it runs or is followed. */
import type { Refused, TreeEntry } from '../names/library-files.js';
import type { Programs, Ran } from './programs.js';

export interface GitFault {
  readonly why: string;
  readonly help: string;
}

interface Blob {
  readonly id: string;
  readonly size: number;
}

/** What `git ls-tree -z --long` says of one entry. */
interface Listed {
  /** `100644`, `100755`, or `LINK`. */
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  /** Of a blob. */
  readonly size: number;
  readonly path: string;
}

/** The mode of a symbolic link. */
export const LINK = '120000';

export function listedTree(tree: string): readonly Listed[] {
  return tree.split('\0').flatMap((line): readonly Listed[] => {
    const [, mode = '', type = '', id = '', size = '', path = ''] = /^(\S+) (\S+) (\S+) +(\S+)\t([^]*)$/.exec(line) ?? [];
    return path === '' ? [] : [{ mode, type, id, size: Number(size), path }];
  });
}

export class Clone {
  readonly #blobs = new Map<string, Blob>();
  readonly entries: TreeEntry[] = [];

  private constructor(private readonly git: (args: readonly string[]) => Ran | undefined, readonly commit: string, tree: string) {
    for (const { mode, type, id, size, path } of listedTree(tree)) {
      this.entries.push({ path, type: type !== 'blob' ? 'other' : mode === LINK ? 'link' : 'file' });
      this.#blobs.set(path, { id, size });
    }
  }

  /** Clones `source`, seen from `folder`, into `into` below it, and finds `rev`. */
  static of(programs: Programs, folder: string, into: string, source: string, rev: string): Clone | GitFault {
    const run = (args: readonly string[]): Ran | undefined => programs.run('git', args, { folder, variables: { GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' } });
    const cloned = run(['clone', '--quiet', '--bare', '--template=', '--', source, into]);
    if (cloned === undefined) return { why: 'the program `git` is not on the PATH', help: 'install git' };
    if (cloned.code !== 0) return { why: `git cannot clone \`${source}\`: ${lastWords(cloned.err)}`, help: 'mend the address in `source`, the network or your rights there' };
    const inside = (args: readonly string[]): Ran | undefined => run([`--git-dir=${into}`, ...args]);
    const commit = inside(['rev-parse', '--verify', '--quiet', `${rev}^{commit}`]);
    if (commit?.code !== 0) return { why: `\`${rev}\` is no tag, branch or commit of \`${source}\``, help: 'name one that is there: `git ls-remote` lists tags and branches' };
    const tree = inside(['ls-tree', '-r', '-z', '-l', '--full-tree', commit.out.trim()]);
    if (tree?.code !== 0) return { why: `git cannot read \`${source}\`: ${lastWords(tree?.err ?? '')}`, help: 'run `labc fetch` again' };
    return new Clone(inside, commit.out.trim(), tree.out);
  }

  /** The text of a file, whose bytes must be UTF-8. */
  text(path: string): string | Refused {
    const blob = this.#blobs.get(path);
    const read = blob === undefined ? undefined : this.git(['cat-file', 'blob', blob.id]);
    if (blob === undefined || read?.code !== 0) return { why: `git cannot read \`${path}\`: ${lastWords(read?.err ?? '')}` };
    // Bytes that are no text were replaced on the way, and every replacement changes the length or is U+FFFD itself.
    if (Buffer.byteLength(read.out) !== blob.size) return { why: `\`${path}\` is not UTF-8` };
    return read.out.replace(/^\u{FEFF}/u, '');
  }
}

/** What git said last, without its prefix. */
function lastWords(err: string): string {
  const lines = err.trim().split('\n').filter((line) => line !== '');
  const line = lines.find((other) => other.startsWith('fatal: ')) ?? lines.at(-1) ?? 'it says nothing';
  return line.replace(/^fatal: /, '').replace(/[\p{Cc}]/gu, ' ').replace(/\.$/, '');
}
