/**
 * The lab's store of secrets: a YAML or JSON file that sops encrypts, nested by the `/` of its entries. Plain text passes through
 * pipes and sops' own temporary file only, never through an argument or a file of labc's; a store that exists keeps its recipients
 * and the ciphertext of what it holds.
 */
import { argon2id, bcrypt } from 'hash-wasm';
import { isMap, parseDocument, type Document } from 'yaml';
import { joinPath } from '../host/paths.js';
import type { Disk } from '../host/disk.js';
import type { Programs, Ran } from './programs.js';

export type StoreFault = { readonly fault: 'no-sops' } | { readonly fault: 'refused'; readonly what: string; readonly detail: string };

export class Store {
  readonly #document: Document;
  #changed = false;

  private constructor(
    private readonly programs: Programs,
    private readonly folder: string,
    readonly file: string,
    private readonly fresh: boolean,
    text: string,
  ) {
    this.#document = parseDocument(text);
    if (!isMap(this.#document.contents)) this.#document.contents = this.#document.createNode({}) as never;
  }

  /** The store `file` of the lab in `folder`, decrypted in memory; an empty one where there is no file yet. */
  static open(disk: Disk, programs: Programs, folder: string, file: string): Store | StoreFault {
    if (!/\.(ya?ml|json)$/.test(file)) return { fault: 'refused', what: `read ${file}`, detail: 'a store is a .yaml or .json file' };
    if (disk.stat(joinPath(folder, file)) === undefined) return new Store(programs, folder, file, true, '');
    const ran = programs.run('sops', ['decrypt', file], { folder });
    return isFine(ran) ? new Store(programs, folder, file, false, ran.out) : faultOf(ran, `decrypt ${file}`);
  }

  /** The entry at `a/b`, as text. */
  read(entry: string): string | undefined {
    const value: unknown = this.#document.getIn(entry.split('/'));
    return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  }

  has(entry: string): boolean {
    return this.#document.getIn(entry.split('/')) !== undefined;
  }

  /** False where a part of the path is a value already. */
  add(entry: string, value: string): boolean {
    const path = entry.split('/');
    for (let at = 1; at < path.length; at++) {
      const above = this.#document.getIn(path.slice(0, at), true);
      if (above !== undefined && !isMap(above)) return false;
    }
    this.#document.setIn(path, value);
    this.#changed = true;
    return true;
  }

  /** Encrypts what was added. */
  save(disk: Disk): StoreFault | undefined {
    if (!this.#changed) return undefined;
    const { file, folder } = this;
    const text = file.endsWith('.json') ? `${JSON.stringify(this.#document.toJS(), null, 2)}\n` : this.#document.toString();
    if (!this.fresh) {
      const ran = this.programs.run('sops', ['edit', file], { folder, variables: { LABC_STORE: text, EDITOR: this.programs.writer('LABC_STORE'), SOPS_EDITOR: this.programs.writer('LABC_STORE') } });
      return isFine(ran) ? undefined : faultOf(ran, `write ${file}`);
    }
    const ran = this.programs.run('sops', ['encrypt', '--filename-override', file], { folder, input: text });
    if (!isFine(ran)) return faultOf(ran, `encrypt ${file}`);
    disk.write(joinPath(folder, file), new TextEncoder().encode(ran.out), false);
    return undefined;
  }
}

/** A value of some other file that sops encrypts. */
export function readSops(programs: Programs, folder: string, file: string, key: string): string | StoreFault {
  const ran = programs.run('sops', ['decrypt', '--extract', key.split('/').map((part) => `[${JSON.stringify(part)}]`).join(''), file], { folder });
  return isFine(ran) ? ran.out : faultOf(ran, `read \`${key}\` of ${file}`);
}

/** A salted hash, by OWASP's cost for bcrypt and Vaultwarden's own preset for argon2id. */
export function hashed(programs: Programs, how: 'bcrypt' | 'argon2id', password: string): Promise<string> {
  const salt = programs.random(16);
  return how === 'bcrypt'
    ? bcrypt({ password, salt, costFactor: 12, outputType: 'encoded' })
    : argon2id({ password, salt, parallelism: 4, iterations: 3, memorySize: 65540, hashLength: 32, outputType: 'encoded' });
}

function isFine(ran: Ran | undefined): ran is Ran {
  return ran?.code === 0;
}

/** What sops says, in one line: its messages name files and keys, never values. */
function faultOf(ran: Ran | undefined, what: string): StoreFault {
  if (ran === undefined) return { fault: 'no-sops' };
  const lines = ran.err.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('[warning]'));
  return { fault: 'refused', what, detail: lines.slice(0, 3).join(' ') || `sops ends with ${ran.code}` };
}
