/**
 * The evaluator's model: values, scopes and objects, which know each other.
 * Values are never written. Bool, Int, String, none and lists are the host's own (boolean, safe integer, string, null, array);
 * everything with a dimension or an identity is an object with the tag `t`.
 * An object is the merge of contributions (kind body, personas, template, the statement itself); its attributes are evaluated when
 * first read, and its structure (children, definitions) is written by compiler/structure only.
 */
import type { Span } from '../base/span.js';
import type { KindShape, TemplateShape } from '../shapes/shape.js';
import type { EnumType, ParamShape, Type, VariantsType } from '../shapes/types.js';
import type { Body, Expr, Item } from '../syntax/ast.js';
import type { PastStatement } from './past.js';
import type { Unmade } from './unmade.js';

export type Value =
  | null | boolean | number | string | readonly Value[]
  | Decimal | Size | Duration | Percent | Ip | Cidr | Mac | Port | Path | Version | Mode | Owner | Time | DateValue | Schedule | Range
  | EnumValue | Rec | Variant | Fn | Template | Tagged | Asset | LateGid | OsValue | Obj | Endpoint | ChildList | Namespace;

/** An exact rational; `text` keeps what was written, so that 24.10 is not 24.1. */
export interface Decimal { readonly t: 'decimal'; readonly n: bigint; readonly d: bigint; readonly text: string | null }
export interface Size { readonly t: 'size'; readonly bytes: number }
export interface Duration { readonly t: 'duration'; readonly ms: number }
export interface Percent { readonly t: 'percent'; readonly value: number }
export interface Ip { readonly t: 'ip'; readonly version: 4 | 6; readonly n: bigint; readonly text: string }
export interface Cidr { readonly t: 'cidr'; readonly ip: Ip; readonly prefix: number }
export interface Mac { readonly t: 'mac'; readonly text: string }
export interface Port { readonly t: 'port'; readonly port: number; readonly protocol: 'tcp' | 'udp' | null }
export interface Path { readonly t: 'path'; readonly text: string }
export interface Version { readonly t: 'version'; readonly text: string }
export interface Mode { readonly t: 'mode'; readonly text: string }
export interface Owner { readonly t: 'owner'; readonly uid: number; readonly gid: number }
export interface Time { readonly t: 'time'; readonly hour: number; readonly minute: number; readonly second: number }
export interface DateValue { readonly t: 'date'; readonly text: string }
export interface Schedule { readonly t: 'schedule'; readonly every: 'hourly' | 'daily' | 'weekly' | 'monthly'; readonly at: Time | null }
export interface Range { readonly t: 'range'; readonly from: Value; readonly to: Value }
export interface EnumValue { readonly t: 'enum'; readonly type: EnumType; readonly member: string }
export interface Rec { readonly t: 'rec'; readonly type: string | null; readonly fields: ReadonlyMap<string, Value> }
export interface Variant { readonly t: 'variant'; readonly type: VariantsType; readonly name: string; readonly fields: ReadonlyMap<string, Value> }
/** A closure: a lambda has one parameter, a builtin is the host's function. */
export type Fn =
  | { readonly t: 'fn'; readonly param: string; readonly body: Expr; readonly scope: Scope }
  | { readonly t: 'fn'; readonly native: (args: readonly Value[]) => Value; readonly name: string };
/** Text with holes for secrets and late numbers; adjacent strings never touch, and at least one part is a hole. */
export interface Template { readonly t: 'template'; readonly parts: readonly (string | Hole)[] }
export interface Hole { readonly secret: Obj | null; readonly gid: string | null; readonly escape: 'none' | 'json' | 'yaml' | 'url' | 'env' | 'ini' | 'toml' | 'shell' }
/** A YAML tag around a value. */
export interface Tagged { readonly t: 'tagged'; readonly tag: string; readonly value: Value }
/** A text that becomes a file of out/. */
export interface Asset { readonly t: 'asset'; readonly content: string | Template }
/** The number of a group, which only the machine knows. */
export interface LateGid { readonly t: 'late-gid'; readonly group: string }
/** A system and one of its versions, with all facts. */
export interface OsValue { readonly t: 'os'; readonly id: string; readonly lineage: readonly string[]; readonly facts: ReadonlyMap<string, Value> }
/** `requests`, `secrets`, `machines`: names that are looked up by member. */
export interface Namespace { readonly t: 'namespace'; readonly name: string; readonly obj: Obj | null }

/** A `let`: evaluated once, in the scope it stands in. */
export interface Let {
  readonly kind: 'let';
  readonly expr: Expr;
  readonly type: Type | null;
  readonly scope: Scope;
  readonly cell: Cell;
}

export type Binding = Let | { readonly kind: 'value'; readonly value: Value };

/** Parameters by name; a frame only asks for the names. */
type Params = ReadonlyMap<string, ParamShape>;

export class Scope {
  readonly parent: Scope | null;
  /** The object that `self` and `machine` mean from here on. */
  readonly obj: Obj | null;
  /** Parameters of the template or kind whose body this frame is: read as attributes of `obj`. */
  readonly params: Params | null;
  /** `lab`, `std` or the name of a library: where declared names are looked up. */
  readonly library: string;
  // Most frames bind one name: a map is made for the second.
  #name: string | null = null;
  #binding: Binding | null = null;
  #more: Map<string, Binding> | null = null;

  constructor(parent: Scope | null, library: string, obj: Obj | null = null, params: Params | null = null) {
    this.parent = parent;
    this.library = library;
    this.obj = obj;
    this.params = params;
  }

  bind(name: string, binding: Binding): void {
    if (this.#name === null || this.#name === name) {
      this.#name = name;
      this.#binding = binding;
    } else (this.#more ??= new Map()).set(name, binding);
  }

  own(name: string): Binding | undefined {
    return this.#binding !== null && this.#name === name ? this.#binding : this.#more?.get(name);
  }

  names(): string[] {
    return this.#name === null ? [] : [this.#name, ...(this.#more?.keys() ?? [])];
  }

  /** The last frame that a name is looked for in. */
  outermost(): Scope {
    let at: Scope = this;
    while (at.parent !== null) at = at.parent;
    return at;
  }

  /** Whether the same names are bound here and there. */
  bindsAs(other: Scope): boolean {
    if ((this.#more?.size ?? 0) !== (other.#more?.size ?? 0) || (this.#name === null) !== (other.#name === null) || (this.parent === null) !== (other.parent === null)) return false;
    for (const name of this.names()) if (other.own(name) === undefined) return false;
    return this.parent === null || other.parent === null || this.parent.bindsAs(other.parent);
  }

  /** A frame inside this one with one more value. */
  with(name: string, value: Value): Scope {
    const inner = new Scope(this, this.library);
    inner.bind(name, { kind: 'value', value });
    return inner;
  }

  /** The object of the innermost frame that has one. */
  self(): Obj | null {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) if (scope.obj !== null) return scope.obj;
    return null;
  }
}

/** How strongly a definition speaks; the greater wins. */
export type Rank = number;
export const RANK = { kind: 0, library: 2, libraryUse: 3, lab: 4, labUse: 5, machine: 7 } as const;

/** One definition of an attribute: an expression, or a body that is merged field by field. */
export interface Def {
  readonly op: '=' | '+=' | 'merge';
  readonly expr: Expr | null;
  readonly body: Body | null;
  /** Stands in for `expr` where the language itself sets the value. */
  readonly value?: Value;
  /** The value that should stand here is missing, and that is reported. */
  readonly lost?: true;
  readonly scope: Scope;
  readonly rank: Rank;
  /** The persona that says it, for overriding along its line. */
  readonly by: string | null;
  readonly span: Span;
}

/** A value that is computed when first read. */
export interface Cell {
  state: 'busy' | 'done' | 'poison';
  value: Value;
  /** The reading that computed it; 0 before. */
  reading: number;
  /** It has read what the evaluation itself finds out: who reaches what, what is published where, which secrets are placed. */
  late: boolean;
}

export function newCell(): Cell {
  return { state: 'done', value: null, reading: 0, late: false };
}

/** A statement that brought something into the object: kept for provenance and messages. */
export interface Mention {
  readonly span: Span;
  readonly rank: Rank;
  readonly by: string | null;
}

/** A body that speaks about an object. */
export interface Contribution {
  readonly items: readonly Item[];
  readonly scope: Scope;
  readonly rank: Rank;
  readonly by: string | null;
  /** The `L1`..`L4` block that it stands in. */
  readonly layer: string | null;
  /** Of a container that this one inherits from: what stays behind, and what its kind does not have, is passed over. */
  readonly inherited?: boolean;
}

const NO_CHILDREN: ReadonlyMap<string, ReadonlyMap<string, Obj>> = new Map();

export class Obj {
  readonly t = 'obj';
  readonly kind: KindShape;
  readonly key: string;
  readonly parent: Obj | null;
  readonly span: Span;
  /** The workload, part, capability, or none. */
  template: TemplateShape | null = null;
  readonly defs = new Map<string, Def[]>();
  readonly mentions: Mention[] = [];
  /** The frame whose parameters and children its own template sees. */
  frame: Scope | null = null;
  /** Frames of kind bodies, which see the kind's parameters. */
  kindFrame: Scope | null = null;
  /** The nearest machine, itself included. */
  readonly machine: Obj | null;
  /** The run it belongs to, itself included. */
  readonly instance: Obj | null;
  /** Facts of the phases: personas of a machine, matched providers, ... */
  readonly facts: ObjFacts = {};

  constructor(kind: KindShape, key: string, parent: Obj | null, span: Span) {
    this.kind = kind;
    this.key = key;
    this.parent = parent;
    this.span = span;
    this.machine = kind.roles.has('machine') || kind.word === 'device' ? this : (parent?.machine ?? null);
    this.instance = kind.word === 'run' ? this : (parent?.instance ?? null);
  }

  /** Orders objects by where they stand in the lab, never by where they were written. */
  get sortKey(): string {
    return (this.#sortKey ??= this.parent === null ? '' : `${this.parent.sortKey}\u0001${this.key}\u0002${this.kind.word}`);
  }

  #sortKey: string | undefined;
  // A lab has hundreds of thousands of objects, and most have none of these.
  #children: Map<string, Map<string, Obj>> | null = null;
  #cells: Map<string, Cell> | null = null;
  #observed: Map<string, Span> | null = null;

  /** What waits until a child is asked for; none: all are here. */
  unmade: Unmade | null = null;

  /** Kind word to label to child. */
  get children(): ReadonlyMap<string, ReadonlyMap<string, Obj>> {
    this.unmade?.make();
    return this.#children ?? NO_CHILDREN;
  }

  /** Those that are made. */
  get made(): ReadonlyMap<string, ReadonlyMap<string, Obj>> {
    return this.#children ?? NO_CHILDREN;
  }

  take(child: Obj): void {
    this.#children ??= new Map();
    const byKey = this.#children.get(child.kind.word);
    if (byKey === undefined) this.#children.set(child.kind.word, new Map([[child.key, child]]));
    else byKey.set(child.key, child);
  }

  drop(child: Obj): void {
    this.#children?.get(child.kind.word)?.delete(child.key);
  }

  /** The cell of an attribute, made when it is first asked for. */
  cell(name: string): Cell {
    this.#cells ??= new Map();
    let cell = this.#cells.get(name);
    if (cell === undefined) this.#cells.set(name, (cell = newCell()));
    return cell;
  }

  /** Notes that a list of children was read: growing it later would be a lie. */
  observe(word: string, span: Span): void {
    if (this.unmade?.makes(word) === true) this.unmade.make();
    this.#observed ??= new Map();
    if (!this.#observed.has(word)) this.#observed.set(word, span);
  }

  /** Where the list of children was read. */
  observed(word: string): Span | undefined {
    return this.#observed?.get(word);
  }

  /** Parameters that a name may mean as an attribute: the template's, then the kind's. */
  param(name: string): ParamShape | undefined {
    return this.template?.params.get(name) ?? this.kind.params.get(name);
  }

  child(kind: string, key: string): Obj | undefined {
    if (this.unmade?.has(key) === true) this.unmade.make();
    return this.#children?.get(kind)?.get(key);
  }

  childrenOf(kind: string): Obj[] {
    if (this.unmade?.makes(kind) === true) this.unmade.make();
    const found = this.#children?.get(kind);
    return found === undefined ? [] : [...found.values()];
  }

  countOf(kind: string): number {
    if (this.unmade?.makes(kind) === true) this.unmade.make();
    return this.#children?.get(kind)?.size ?? 0;
  }

  /** The only child with that label, of any kind; `many` when several have it. */
  labelled(label: string): Obj | 'many' | undefined {
    if (this.unmade?.has(label) === true) this.unmade.make();
    let found: Obj | undefined;
    for (const byKey of (this.#children ?? NO_CHILDREN).values()) {
      const child = byKey.get(label);
      if (child === undefined) continue;
      if (found !== undefined) return 'many';
      found = child;
    }
    return found;
  }

  /** `carrie.run.immich.container.server`, for messages and `labc why`. */
  path(): string {
    if (this.parent === null) return this.key;
    const up = this.parent.path();
    return this.parent.parent === null ? `${up}.${this.key}` : `${up}.${this.kind.word}.${this.key}`;
  }
}

export interface ObjFacts {
  /** Something that it is made of is at fault, and reported: what it lacks is no fault of its own. */
  incomplete?: boolean;
  os?: OsValue | null;
  personas?: readonly string[];
  /** Those of them that its own statement names. */
  named?: readonly string[];
  /** The place of each persona in the machine's line, bases first. */
  line?: ReadonlyMap<string, number>;
  /** Taken away by a `without`. */
  gone?: boolean;
  /** What its kind's body makes is put off until somebody asks for it. */
  closed?: boolean;
  /** Providers of a request, in order. */
  providers?: readonly Obj[];
  /** Requests that a provider answers, by contract. */
  requests?: Map<string, Obj[]>;
  endpoint?: Endpoint;
  /** Capabilities and runtime features that it provides, with the statement. */
  provides?: Map<string, Span>;
  needs?: Map<string, Span>;
  fulfils?: Map<string, Fulfilment>;
  declined?: Map<string, Span>;
  slots?: Map<string, Span>;
  demands?: { readonly message: Expr; readonly condition: Expr; readonly scope: Scope; readonly span: Span }[];
  withouts?: Map<string, Without>;
  inherits?: Obj[];
  /** Containers that share this one's definition, and what was said of it so far. */
  heirs?: Obj[];
  contributions?: Contribution[];
  /** Former names, the latest first. */
  was?: Map<string, Span>;
  /** Of a card: its place on its machine, and whether it had another one. */
  place?: { readonly at: number; readonly moved: boolean };
  /** What the lab says of its own past, in order of writing. */
  past?: PastStatement[];
}

/** `without package.nano`: what weaker ones say about it does not count. */
export interface Without {
  readonly rank: Rank;
  readonly by: string | null;
  readonly span: Span;
  /** As it is written: `package.nano`. */
  readonly text: string;
  hit: boolean;
}

/** A provider's side of a contract. */
export interface Fulfilment {
  readonly contract: string;
  readonly forEach: { readonly expr: Expr; readonly scope: Scope } | null;
  readonly accepts: { readonly expr: Expr; readonly scope: Scope } | null;
  readonly span: Span;
}

/** Something that listens: a container's port, or a port of a machine itself. */
export class Endpoint {
  readonly t = 'endpoint';
  constructor(
    /** The `port` or `publish` object, none for an endpoint of the machine. */
    readonly obj: Obj | null,
    readonly machine: Obj | null,
    readonly container: Obj | null,
    readonly port: number,
    readonly protocol: 'tcp' | 'udp',
    readonly scheme: string,
    readonly name: string,
  ) {}

  /** Unique in the lab, stable over edits elsewhere. */
  get id(): string {
    return this.obj === null ? `${this.machine?.key ?? '-'}:${this.protocol}:${this.port}` : this.obj.path();
  }
}

/** The children of one kind: a list, and a record by label. */
export class ChildList {
  readonly t = 'children';
  constructor(readonly owner: Obj, readonly word: string, readonly items: readonly Obj[]) {}
}
