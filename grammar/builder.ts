/**
 * What the parser calls to make a tree. The grammar knows the shape of the language, not of the tree:
 * whoever parses brings the node types and the functions that make them, and no node is made twice.
 * Spans run from the first token that a function is given to the last one.
 */
import type { IToken } from 'chevrotain';

/** The node types of a tree. */
export interface Nodes {
  Item: unknown;
  Body: unknown;
  If: unknown;
  Key: unknown;
  Entry: unknown;
  Label: unknown;
  LabelPart: unknown;
  Param: unknown;
  Type: unknown;
  Expr: unknown;
  Arg: unknown;
  Generator: unknown;
  Field: unknown;
}

/** The parts of `kind label : type = value { }`. */
export interface HeadParts<N extends Nodes> {
  readonly word: IToken;
  readonly params: readonly N['Param'][] | undefined;
  readonly entries: readonly N['Entry'][];
  readonly types: readonly N['Type'][];
  readonly value: N['Expr'] | undefined;
  readonly body: N['Body'] | undefined;
  readonly last: IToken;
  /** The token after the header, when it stands on the header's line and nothing separates them. */
  readonly neighbour: IToken | undefined;
}

/** Signs before an operand, outermost first. */
export interface Operand<N extends Nodes> {
  readonly prefixes: readonly IToken[];
  readonly value: N['Expr'];
}

export interface Builder<N extends Nodes> {
  wordKey(word: IToken): N['Key'];
  textKey(text: N['Expr']): N['Key'];
  assign(key: N['Key'], operator: IToken, value: N['Expr']): N['Item'];
  head(parts: HeadParts<N>): N['Item'];
  cond(first: IToken, condition: N['Expr'], then: N['Body'], otherwise: N['Body'] | N['If'] | undefined): N['If'];
  loop(first: IToken, variable: IToken, source: N['Expr'], body: N['Body']): N['Item'];
  body(open: IToken, items: readonly N['Item'][], close: IToken): N['Body'];

  entry(label: N['Label'], params: readonly N['Param'][] | undefined, value: N['Expr'] | undefined, last: IToken): N['Entry'];
  reference(parts: readonly N['LabelPart'][]): N['Label'];
  name(word: IToken): N['LabelPart'];
  nameGroup(open: IToken, words: readonly IToken[], close: IToken): N['LabelPart'];
  /** A label that is a literal: text, path, integer or address. */
  literalLabel(value: N['Expr']): N['Label'];

  param(word: IToken, type: N['Type'], value: N['Expr'] | undefined): N['Param'];
  typeReference(words: readonly IToken[], args: readonly N['Arg'][] | undefined, last: IToken): N['Type'];
  typeList(open: IToken, element: N['Type'], close: IToken): N['Type'];
  typeLiteral(value: N['Expr']): N['Type'];
  typeOptional(type: N['Type'], mark: IToken): N['Type'];
  typeUnion(members: readonly N['Type'][]): N['Type'];

  lambda(word: IToken, body: N['Expr']): N['Expr'];
  choice(first: IToken, condition: N['Expr'], then: N['Expr'], otherwise: N['Expr']): N['Expr'];
  /** Operands with the operators between them, in source order; binding is the builder's. */
  operators(operands: readonly Operand<N>[], between: readonly IToken[]): N['Expr'];
  member(object: N['Expr'], word: IToken): N['Expr'];
  call(callee: N['Expr'], args: readonly N['Arg'][], close: IToken): N['Expr'];
  arg(word: IToken | undefined, value: N['Expr']): N['Arg'];
  index(object: N['Expr'], index: N['Expr'], close: IToken): N['Expr'];
  atTime(object: N['Expr'], time: IToken): N['Expr'];
  nameExpr(word: IToken): N['Expr'];
  literal(token: IToken): N['Expr'];
  template(open: IToken, parts: readonly (IToken | N['Expr'])[], close: IToken): N['Expr'];
  parens(open: IToken, value: N['Expr'], close: IToken): N['Expr'];
  list(open: IToken, items: readonly N['Expr'][], close: IToken): N['Expr'];
  listGen(open: IToken, generator: N['Generator'], value: N['Expr'], close: IToken): N['Expr'];
  generator(first: IToken, variable: IToken, source: N['Expr'], where: N['Expr'] | undefined, last: IToken): N['Generator'];
  field(key: N['Key'], value: N['Expr']): N['Field'];
  record(open: IToken, fields: readonly N['Field'][], close: IToken): N['Expr'];
  recordGen(open: IToken, generator: N['Generator'], key: N['Expr'], value: N['Expr'], close: IToken): N['Expr'];
}
