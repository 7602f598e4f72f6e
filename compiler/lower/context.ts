/**
 * What lowering asks of a lab's objects: attributes as plain host values, origins of statements, secrets that are used.
 * A fault in one attribute gives its stand-in, so that one mistake does not hide the next.
 */
import type { Lock } from '../allocation/lock.js';
import type { Span } from '../base/span.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { containerOf } from '../eval/endpoints.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Asset, Hole, Obj, Rec, Template, Value } from '../eval/model.js';
import { itemsOf } from '../eval/operators.js';
import { interpolate, joinParts, plainText } from '../eval/text.js';
import { describe, isObject, tagOf } from '../eval/value.js';
import type { Origin, PlanData, PlanHole, PlanText } from '../plan/data.js';
import { AlikeItems } from './alike.js';
import { AlikeCapabilities } from './alike-capabilities.js';
import type { LoweredWithHandlers } from './lowered-item.js';

/** Line of an offset in a source file. */
export type LineOf = (file: string, offset: number) => number;

export class Lowering {
  /** Secrets that reach a machine, and those that recipes read. */
  readonly targetSecrets = new Set<Obj>();
  readonly controllerSecrets = new Set<Obj>();
  /** Secrets' files by container. */
  readonly secretFiles = new Map<Obj, Map<string, Obj>>();
  /** Secrets' files of machines: capability's uses. */
  readonly machineSecrets = new Map<Obj, Map<string, Obj>>();
  /** Values that allocation gave, by `space id`. */
  readonly values: ReadonlyMap<string, string>;

  constructor(
    readonly ev: Evaluator,
    private readonly lineOf: LineOf,
    readonly source: string,
    values: ReadonlyMap<string, string>,
    /** What the lock holds, under present names: names given at birth are among it. */
    readonly lock: Lock,
    /** Lets an item make its steps. */
    readonly open: (item: Obj) => void,
    /** The lowering before this one, whose work stands where nothing late was read. */
    before: Lowering | null = null,
  ) {
    this.values = values;
    this.#kept = before === null ? new Map() : before.#kept;
    if (before !== null && [...before.values].every(([key, value]) => values.get(key) === value)) this.#given = before.#given;
    this.alike = before === null ? new AlikeItems() : before.alike;
    this.capabilities = before === null ? new AlikeCapabilities() : before.capabilities;
    ev.placeSecret = (secret, reader) => this.#place(secret, reader);
  }

  readonly #kept: Map<Obj, unknown>;
  #given: Map<Obj, unknown> = new Map();
  readonly alike: AlikeItems<readonly LoweredWithHandlers[]>;
  readonly capabilities: AlikeCapabilities;

  /** The name that something was given when it was first built. */
  birthName(kind: 'entry' | 'volume', id: string): string | undefined {
    return this.lock.facts.get(`${kind} ${id}`)?.value;
  }

  /** What `work` makes of an object; what a lowering before made of it stands if nothing late was read for it. */
  once<T>(obj: Obj, work: () => T): T {
    return this.#keep(this.#kept, obj, work);
  }

  /** The same where the work reads `values`: what was made with others does not stand. */
  onceGiven<T>(obj: Obj, work: () => T): T {
    return this.#keep(this.#given, obj, work);
  }

  #keep<T>(kept: Map<Obj, unknown>, obj: Obj, work: () => T): T {
    const known = kept.get(obj);
    if (known !== undefined) return known as T;
    const { value, lasts } = this.ev.lasting(work);
    if (lasts) kept.set(obj, value);
    return value;
  }

  #place(secret: Obj, reader: Obj | null): string {
    const inside = reader === null ? null : containerOf(reader);
    const container = inside?.kind.word === 'job' ? (this.ref(inside, 'exec') ?? inside) : inside;
    this.targetSecrets.add(secret);
    if (container !== null) {
      const name = secretFileName(secret);
      let files = this.secretFiles.get(container);
      if (files === undefined) this.secretFiles.set(container, (files = new Map()));
      files.set(name, secret);
      return `/run/secrets/${name}`;
    }
    const machine = reader?.machine ?? null;
    const path = `/etc/labc/secrets/${machine?.key ?? 'lab'}/${secretFileName(secret)}`;
    if (machine !== null) {
      let files = this.machineSecrets.get(machine);
      if (files === undefined) this.machineSecrets.set(machine, (files = new Map()));
      files.set(path, secret);
    }
    return path;
  }

  origin(obj: Obj, span: Span = obj.span, rank = 'lab'): Origin {
    return { file: this.path(span.file), line: this.lineOf(span.file, span.start), start: span.start, end: span.end, rank };
  }

  /** The file as headers name it. */
  path(file: string): string {
    return file;
  }

  /** An attribute, or `otherwise` when it is at fault. */
  get(obj: Obj, name: string, otherwise: Value = null): Value {
    if (obj.param(name) === undefined && !obj.defs.has(name)) return otherwise;
    return this.ev.tryAttribute(obj, name, otherwise);
  }

  text(obj: Obj, name: string): string | null {
    const value = this.get(obj, name);
    return value === null ? null : (plainText(value) ?? null);
  }

  bool(obj: Obj, name: string): boolean {
    return this.get(obj, name, false) === true;
  }

  int(obj: Obj, name: string): number | null {
    const value = this.get(obj, name);
    return typeof value === 'number' ? value : isObject(value) && value.t === 'port' ? value.port : null;
  }

  bytes(obj: Obj, name: string): number | null {
    const value = this.get(obj, name);
    return isObject(value) && value.t === 'size' ? value.bytes : null;
  }

  ref(obj: Obj, name: string): Obj | null {
    const value = this.get(obj, name);
    return isObject(value) && value.t === 'obj' ? value : null;
  }

  list(obj: Obj, name: string): readonly Value[] {
    return itemsOf(this.get(obj, name)) ?? [];
  }

  texts(obj: Obj, name: string): string[] {
    return this.list(obj, name).flatMap((item) => plainText(item) ?? []);
  }

  record(obj: Obj, name: string): ReadonlyMap<string, Value> {
    const value = this.get(obj, name);
    return isObject(value) && value.t === 'rec' ? (value as Rec).fields : new Map();
  }

  /** Text with holes as the plan has it; secrets in it are noted as going to a machine. */
  planText(text: string | Template): PlanText {
    if (typeof text === 'string') return text;
    return { $: 'template', parts: text.parts.map((part) => (typeof part === 'string' ? part : this.#hole(part))) };
  }

  /** The text of a file: its last line ends, unless a secret does, which is the whole of a file more often than not. */
  fileText(text: string | Template): PlanText {
    const last = typeof text === 'string' ? text : text.parts.at(-1);
    if (typeof last !== 'string' || last === '' || last.endsWith('\n')) return this.planText(text);
    return typeof text === 'string' ? `${text}\n` : this.planText({ ...text, parts: [...text.parts, '\n'] });
  }

  #hole(hole: Hole): PlanHole {
    if (hole.secret === null) return { hole: 'gid', group: hole.gid ?? '' };
    this.targetSecrets.add(hole.secret);
    this.ev.readLate();
    return { hole: 'secret', secret: secretKey(hole.secret), escape: hole.escape };
  }

  /** A value as data of the plan; `asset` says where a file's text goes. */
  data(value: Value, span: Span, asset: (asset: Asset) => PlanData): PlanData {
    const items = itemsOf(value);
    if (items !== undefined) return items.filter((item) => item !== null).map((item) => this.data(item, span, asset));
    switch (tagOf(value)) {
      case 'none': return null;
      case 'bool': case 'int': case 'string': return value as PlanData;
      case 'port': return (value as { port: number }).port;
      case 'template': return this.planText(value as Template);
      case 'late-gid': return { $: 'template', parts: [{ hole: 'gid', group: (value as { group: string }).group }] };
      case 'asset': return asset(value as Asset);
      case 'decimal': return { $: 'decimal', text: plainText(value) ?? '' };
      case 'rec': {
        const out: Record<string, PlanData> = {};
        for (const [key, item] of (value as Rec).fields) {
          if (key === '$') this.ev.report(lab.create.badValue(span, { what: 'a record with a key `$` cannot be written down here', help: 'give the record to `yaml()` or `json()`' }));
          else if (item !== null) Object.defineProperty(out, key, { value: this.data(item, span, asset), enumerable: true });
        }
        return out;
      }
      case 'obj':
        if ((value as Obj).kind.word === 'secret') return this.planText(joinParts(interpolate(value, span)) as Template);
        break;
      default: break;
    }
    const text = plainText(value);
    if (text !== undefined) return text;
    this.ev.report(lab.create.badValue(span, { what: `${describe(value)} cannot be written down here`, help: 'name a field of it, or say a unit: `.in(s)`' }));
    return null;
  }
}

/** `proxmox_token`, `immich.db_password`: unique in the lab. */
export function secretKey(secret: Obj): string {
  const owners: string[] = [];
  for (let at = secret.parent; at !== null && at.parent !== null; at = at.parent) {
    owners.unshift(at.key);
    if (at.kind.word === 'run' || at.machine === at) break;
  }
  return [...owners, secret.key].join('.');
}

/** The name below /run/secrets. */
export function secretFileName(secret: Obj): string {
  const parts = secretKey(secret).split('.');
  return (secret.instance === null ? parts : parts.slice(1)).join('_').replace(/[^A-Za-z0-9_-]/g, '_');
}
