/**
 * The syntax tree of `.lab`: plain readonly data, discriminated by `kind`, never written after construction.
 * Facts about nodes (symbols, types, values) live in maps of the phases that compute them.
 * The shapes follow the grammar of docs/language.md rule by rule.
 */
import type { Span } from '../base/span.js';

export interface File {
  readonly kind: 'file';
  readonly span: Span;
  readonly items: readonly Item[];
}

/** A word or quoted text that names something, with its place. */
export interface Name {
  readonly kind: 'name';
  readonly span: Span;
  readonly text: string;
}

export type Item = Assign | Head | If | For;

/** `name = value`, `name += value`, `"odd name" = value`. */
export interface Assign {
  readonly kind: 'assign';
  readonly span: Span;
  readonly name: Name;
  /** The name was written as a string. Interpolated names keep their expression in `key`. */
  readonly quoted: boolean;
  /** Set when the quoted name interpolates: the string expression that makes the name. */
  readonly key?: Str;
  readonly op: '=' | '+=';
  readonly value: Expr;
  readonly doc?: string;
}

/** `kind label { }` in all its forms: `K a, b = v {}`, `K n(params): type = v`, `K {}`, `K(params)`. */
export interface Head {
  readonly kind: 'head';
  readonly span: Span;
  /** The kind's word. */
  readonly word: Name;
  /** Parameters glued to the word itself: `offer(sql: Endpoint = db.sql)`. */
  readonly params?: readonly Param[];
  readonly entries: readonly Entry[];
  /** What follows `:`: parents of a persona, machine, os or container; the type of a let, slot or fn; the body of a type. */
  readonly types: readonly TypeExpr[];
  /** `= expr` after `: type`. */
  readonly value?: Expr;
  readonly body?: Body;
  /** Text of the `///` lines above, without the slashes. */
  readonly doc?: string;
}

export interface Entry {
  readonly kind: 'entry';
  readonly span: Span;
  readonly label: Label;
  readonly params?: readonly Param[];
  readonly value?: Expr;
}

/** A label: a dotted reference (whose last part may be a `{a, b}` group, for `use`), or a literal. */
export type Label = RefLabel | StrLabel | PathLabel | IntLabel | IpLabel;
export interface RefLabel {
  readonly kind: 'ref-label';
  readonly span: Span;
  readonly parts: readonly (Name | NameGroup)[];
}
export interface NameGroup {
  readonly kind: 'name-group';
  readonly span: Span;
  readonly names: readonly Name[];
}
export interface StrLabel {
  readonly kind: 'str-label';
  readonly span: Span;
  readonly value: Str;
}
export interface PathLabel {
  readonly kind: 'path-label';
  readonly span: Span;
  readonly text: string;
}
export interface IntLabel {
  readonly kind: 'int-label';
  readonly span: Span;
  readonly text: string;
}
export interface IpLabel {
  readonly kind: 'ip-label';
  readonly span: Span;
  readonly text: string;
}

export interface Body {
  readonly kind: 'body';
  readonly span: Span;
  readonly items: readonly Item[];
}

export interface If {
  readonly kind: 'if';
  readonly span: Span;
  readonly condition: Expr;
  readonly then: Body;
  readonly else?: Body | If;
}

export interface For {
  readonly kind: 'for';
  readonly span: Span;
  readonly variable: Name;
  readonly source: Expr;
  readonly body: Body;
}

export interface Param {
  readonly kind: 'param';
  readonly span: Span;
  readonly name: Name;
  readonly type: TypeExpr;
  readonly default?: Expr;
  readonly doc?: string;
}

export type TypeExpr = TypeRef | TypeList | TypeLiteral | TypeOptional | TypeUnion;
/** `Int`, `Ref(node)`, `Map(String)`, `enum(a, b = "x")`, `Int.where(v => v > 0)`. */
export interface TypeRef {
  readonly kind: 'type-ref';
  readonly span: Span;
  readonly parts: readonly Name[];
  readonly args?: readonly Arg[];
}
export interface TypeList {
  readonly kind: 'type-list';
  readonly span: Span;
  readonly element: TypeExpr;
}
export interface TypeLiteral {
  readonly kind: 'type-literal';
  readonly span: Span;
  readonly value: Expr;
}
export interface TypeOptional {
  readonly kind: 'type-optional';
  readonly span: Span;
  readonly of: TypeExpr;
}
export interface TypeUnion {
  readonly kind: 'type-union';
  readonly span: Span;
  readonly members: readonly TypeExpr[];
}

export type Expr =
  | Lambda | IfExpr | Binary | Unary | Member | Call | Index | AtTime
  | NameExpr | Str | Int | Decimal | Quantity | Bool | None | Ip | Mac | Version | DateLit | Pair | PortLit | PathLit
  | List | ListGen | Record | RecordGen | Missing;

export interface Lambda {
  readonly kind: 'lambda';
  readonly span: Span;
  readonly param: Name;
  readonly body: Expr;
}
export interface IfExpr {
  readonly kind: 'if-expr';
  readonly span: Span;
  readonly condition: Expr;
  readonly then: Expr;
  readonly else: Expr;
}
export type BinaryOp = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '..' | '??' | 'and' | 'or' | 'in';
export interface Binary {
  readonly kind: 'binary';
  readonly span: Span;
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}
export interface Unary {
  readonly kind: 'unary';
  readonly span: Span;
  readonly op: '-' | 'not';
  readonly operand: Expr;
}
/** `object.name`; a reserved word after the dot is a name. */
export interface Member {
  readonly kind: 'member';
  readonly span: Span;
  readonly object: Expr;
  readonly name: Name;
}
export interface Call {
  readonly kind: 'call';
  readonly span: Span;
  readonly callee: Expr;
  readonly args: readonly Arg[];
}
export interface Arg {
  readonly kind: 'arg';
  readonly span: Span;
  readonly name?: Name;
  readonly value: Expr;
}
export interface Index {
  readonly kind: 'index';
  readonly span: Span;
  readonly object: Expr;
  readonly index: Expr;
}
/** `daily at 03:30`. */
export interface AtTime {
  readonly kind: 'at-time';
  readonly span: Span;
  readonly object: Expr;
  readonly time: Pair;
}
export interface NameExpr {
  readonly kind: 'name-expr';
  readonly span: Span;
  readonly text: string;
}
/** Text, dedented and unescaped, cut at its `${}`; adjacent strings in `parts` never touch. */
export interface Str {
  readonly kind: 'str';
  readonly span: Span;
  readonly parts: readonly (string | Expr)[];
  readonly form: 'quoted' | 'raw' | 'multi' | 'raw-multi';
}
/** Digits; `text` keeps leading zeros, which make a mode. */
export interface Int {
  readonly kind: 'int';
  readonly span: Span;
  readonly text: string;
}
export interface Decimal {
  readonly kind: 'decimal';
  readonly span: Span;
  readonly text: string;
}
/** A number glued to a unit (`8GiB`, `5m`, `50%`, `1h30m`): `text` is the whole of it; units are read later. */
export interface Quantity {
  readonly kind: 'quantity';
  readonly span: Span;
  readonly text: string;
}
export interface Bool {
  readonly kind: 'bool';
  readonly span: Span;
  readonly value: boolean;
}
export interface None {
  readonly kind: 'none';
  readonly span: Span;
}
/** IPv4 or IPv6, with or without a prefix length. */
export interface Ip {
  readonly kind: 'ip';
  readonly span: Span;
  readonly text: string;
}
export interface Mac {
  readonly kind: 'mac';
  readonly span: Span;
  readonly text: string;
}
/** Three dotted integers. */
export interface Version {
  readonly kind: 'version';
  readonly span: Span;
  readonly text: string;
}
export interface DateLit {
  readonly kind: 'date';
  readonly span: Span;
  readonly text: string;
}
/** `04:00`, `1000:1000`: a time or an owner, by the expected type. */
export interface Pair {
  readonly kind: 'pair';
  readonly span: Span;
  readonly text: string;
}
/** `8080/tcp`. */
export interface PortLit {
  readonly kind: 'port';
  readonly span: Span;
  readonly text: string;
}
export interface PathLit {
  readonly kind: 'path';
  readonly span: Span;
  readonly text: string;
}
export interface List {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly Expr[];
}
export interface Generator {
  readonly kind: 'generator';
  readonly span: Span;
  readonly variable: Name;
  readonly source: Expr;
  readonly where?: Expr;
}
export interface ListGen {
  readonly kind: 'list-gen';
  readonly span: Span;
  readonly generator: Generator;
  readonly value: Expr;
}
export interface Field {
  readonly kind: 'field';
  readonly span: Span;
  readonly name: Name;
  readonly quoted: boolean;
  /** The quoted name interpolates. */
  readonly key?: Str;
  readonly value: Expr;
}
export interface Record {
  readonly kind: 'record';
  readonly span: Span;
  readonly fields: readonly Field[];
}
export interface RecordGen {
  readonly kind: 'record-gen';
  readonly span: Span;
  readonly generator: Generator;
  readonly key: Expr;
  readonly value: Expr;
}
/** A hole that recovery left; its fault is reported already, so nobody reports it again. */
export interface Missing {
  readonly kind: 'missing';
  readonly span: Span;
}

export type Node =
  | File | Name | Item | Entry | Label | NameGroup | Body | Param | TypeExpr | Expr | Arg | Generator | Field;
