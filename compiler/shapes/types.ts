/**
 * Types as data. A type is closed, comparable by identity of its declaration, and printed by `printType`.
 * Every primitive's meaning is in docs/language.md; refinements keep their predicate as syntax and scope.
 */
import type { Expr, Param, TypeExpr } from '../syntax/ast.js';
import type { Span } from '../base/span.js';

export type PrimitiveName =
  | 'Bool' | 'Int' | 'Decimal' | 'String' | 'Hostname' | 'Url' | 'Path' | 'Ip4' | 'Ip6' | 'Cidr' | 'Mac' | 'Port' | 'Size'
  | 'Duration' | 'Percent' | 'Version' | 'Mode' | 'Owner' | 'Time' | 'Date' | 'Schedule' | 'Template' | 'Secret' | 'Endpoint'
  | 'Range' | 'Record' | 'Data' | 'Function' | 'Os';

export const PRIMITIVES: ReadonlySet<string> = new Set<PrimitiveName>([
  'Bool', 'Int', 'Decimal', 'String', 'Hostname', 'Url', 'Path', 'Ip4', 'Ip6', 'Cidr', 'Mac', 'Port', 'Size', 'Duration', 'Percent',
  'Version', 'Mode', 'Owner', 'Time', 'Date', 'Schedule', 'Template', 'Secret', 'Endpoint', 'Range', 'Record', 'Data', 'Function', 'Os',
]);

export type Type =
  | { readonly k: 'prim'; readonly name: PrimitiveName }
  | { readonly k: 'list'; readonly of: Type }
  | { readonly k: 'map'; readonly of: Type }
  | EnumType
  | RecordType
  | VariantsType
  | { readonly k: 'union'; readonly members: readonly Type[] }
  | { readonly k: 'opt'; readonly of: Type }
  /** A reference to an object of a kind; `of` narrows the space: children of what the expression gives. */
  | { readonly k: 'ref'; readonly kind: string; readonly of: Expr | null }
  /** Values of `base` that `predicate` accepts. */
  | { readonly k: 'refine'; readonly name: string | null; readonly base: Type; readonly predicate: Expr; readonly library: string; readonly doc: string | null }
  /** One literal, such as `auto` in `Ip4 | auto`. */
  | { readonly k: 'lit'; readonly text: string };

export interface EnumType {
  readonly k: 'enum';
  readonly name: string | null;
  /** Member to wire spelling. */
  readonly members: ReadonlyMap<string, string>;
}
export interface RecordType {
  readonly k: 'record';
  readonly name: string;
  readonly fields: readonly ParamShape[];
}
export interface VariantsType {
  readonly k: 'variants';
  readonly name: string;
  readonly constructors: ReadonlyMap<string, readonly ParamShape[]>;
}

/** A parameter: of a kind, template, contract, record or function. `type` resolves when first asked. */
export class ParamShape {
  readonly name: string;
  readonly span: Span;
  readonly doc: string | undefined;
  readonly default: Expr | undefined;
  readonly library: string;
  #type: Type | undefined;
  readonly #resolve: (type: TypeExpr) => Type;
  readonly #typeExpr: TypeExpr;

  constructor(param: Param, library: string, resolve: (type: TypeExpr) => Type) {
    this.name = param.name.text;
    this.span = param.span;
    this.doc = param.doc;
    this.default = param.default;
    this.library = library;
    this.#typeExpr = param.type;
    this.#resolve = resolve;
  }

  get type(): Type {
    return (this.#type ??= this.#resolve(this.#typeExpr));
  }

  get optional(): boolean {
    return this.default !== undefined || this.type.k === 'opt';
  }
}

export const prim = (name: PrimitiveName): Type => ({ k: 'prim', name });
export const STRING = prim('String');
export const BOOL = prim('Bool');
export const INT = prim('Int');
export const DATA = prim('Data');

/** A type as a person would write it. */
export function printType(type: Type): string {
  switch (type.k) {
    case 'prim': return type.name;
    case 'list': return `[${printType(type.of)}]`;
    case 'map': return `Map(${printType(type.of)})`;
    case 'enum': return type.name ?? `enum(${[...type.members.keys()].join(', ')})`;
    case 'record':
    case 'variants': return type.name;
    case 'union': return type.members.map(printType).join(' | ');
    case 'opt': return `${printType(type.of)}?`;
    case 'ref': return `Ref(${type.kind})`;
    case 'refine': return type.name ?? printType(type.base);
    case 'lit': return type.text;
  }
}

/** What a value of the type is, in a message: `a Hostname`, `the name of a datastore`. */
export function typeNoun(type: Type): string {
  if (type.k === 'opt') return typeNoun(type.of);
  const article = (noun: string): string => `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
  return type.k === 'ref' ? `the name of ${article(type.kind)}` : article(printType(type));
}

/** The alternatives of a type with optionals, unions and refinements opened. */
export function alternatives(type: Type): readonly Type[] {
  let known = opened.get(type);
  if (known === undefined) opened.set(type, (known = type.k === 'opt' ? alternatives(type.of) : type.k === 'union' ? type.members.flatMap(alternatives) : [type]));
  return known;
}

const opened = new WeakMap<Type, readonly Type[]>();

/** The type that elements of a list have, where the type admits a list. */
export function elementType(type: Type | undefined): Type | undefined {
  if (type === undefined) return undefined;
  for (const option of alternatives(type)) if (option.k === 'list') return option.of;
  return undefined;
}

export function admitsNone(type: Type): boolean {
  return type.k === 'opt' || (type.k === 'union' && type.members.some(admitsNone));
}
