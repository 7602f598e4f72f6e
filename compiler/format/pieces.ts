/**
 * A file as the formatter sees it: tokens and comments in one row, each with the line breaks before it, the bracket it
 * stands in, and whether an item, field, parameter, argument or list member begins with it. Strings are one piece, holes and all.
 * The file has no faults, so brackets pair up.
 */
import { tokenMatcher, type TokenType } from 'chevrotain';
import { endOf, type Lexed } from '../../grammar/lexer.js';
import * as t from '../../grammar/tokens.js';
import type { Field, File, Item } from '../syntax/ast.js';
import { walk } from '../syntax/walk.js';

export interface Piece {
  text: string;
  readonly start: number;
  readonly end: number;
  /** `undefined` for a comment. */
  readonly type: TokenType | undefined;
  /** Line breaks before it: none, one, or a blank line. */
  breaks: 0 | 1 | 2;
  /** It was set off from what stands before it. */
  readonly blank: boolean;
  /** Index of the bracket that it stands in, or -1. */
  group: number;
  /** Index of the other bracket of a pair. */
  partner: number;
  /** An element of its group begins here. */
  begins: boolean;
  /** Blanks beyond the usual ones before it, for columns. */
  pad: number;
}

export type Group = 'body' | 'record' | 'names' | 'other';

export interface Pieces {
  readonly list: Piece[];
  /** The item or field that begins at a piece. */
  readonly nodes: ReadonlyMap<number, Item | Field>;
  /** The form of the group that a piece opens. */
  groupOf(index: number): Group;
}

export function piecesOf(text: string, lexed: Lexed, file: File): Pieces {
  const list = rowOf(text, lexed);
  const nodes = new Map<number, Item | Field>();
  const forms = new Map<number, Group>();
  walk(file, (node) => {
    if (node.kind === 'assign' || node.kind === 'head' || node.kind === 'if' || node.kind === 'for' || node.kind === 'field') nodes.set(node.span.start, node);
    if (node.kind === 'body') forms.set(node.span.start, 'body');
    if (node.kind === 'name-group') forms.set(node.span.start, 'names');
    if (node.kind === 'if' && node.else?.kind === 'if') nodes.delete(node.else.span.start);
    return node.kind !== 'str';
  });
  for (const node of [...nodes.values()]) if (node.kind === 'if') dropElse(node, nodes);
  pair(list);
  list.forEach((piece, i) => (piece.begins = begins(list, i, nodes)));
  const groupOf = (index: number): Group => {
    const piece = list[index];
    return piece?.type === t.LeftBrace ? (forms.get(piece.start) ?? 'record') : piece === undefined ? 'body' : 'other';
  };
  return { list, nodes, groupOf };
}

/** An `if` after `else` begins no item. */
function dropElse(node: Item | Field, nodes: Map<number, Item | Field>): void {
  if (node.kind === 'if' && node.else?.kind === 'if') {
    nodes.delete(node.else.span.start);
    dropElse(node.else, nodes);
  }
}

export function endsValue(piece: Piece | undefined, before: Piece | undefined): boolean {
  if (piece?.type === undefined) return false;
  if (before?.type === t.Dot) return true;
  return matches(piece, t.Name) || matches(piece, t.Literal) || [t.RightBrace, t.RightBracket, t.RightParen, t.Question].includes(piece.type);
}

/** `-` as a sign, not between two values. */
export function isPrefix(list: readonly Piece[], index: number): boolean {
  return list[index]?.type === t.Minus && !endsValue(list[index - 1], list[index - 2]);
}

function matches(piece: Piece, category: TokenType): boolean {
  return piece.type !== undefined && tokenMatcher({ tokenTypeIdx: piece.type.tokenTypeIdx } as never, category);
}

function rowOf(text: string, { tokens, comments }: Lexed): Piece[] {
  const list: Piece[] = [];
  const add = (start: number, end: number, type: TokenType | undefined): void => {
    const gap = text.slice(list[list.length - 1]?.end ?? 0, start);
    const breaks = list.length === 0 ? 0 : Math.min(2, gap.split('\n').length - 1) as 0 | 1 | 2;
    const source = text.slice(start, end).replaceAll('\r\n', '\n');
    list.push({ text: type === undefined ? source.trimEnd() : source, start, end, type, breaks, blank: gap !== '', group: -1, partner: -1, begins: false, pad: 0 });
  };
  let comment = 0;
  let end = 0;
  const addComments = (until: number): void => {
    for (; (comments[comment]?.start ?? Infinity) < until; comment++) {
      const { start, end: stop } = comments[comment] as (typeof comments)[number];
      if (start >= end) add(start, stop, undefined);
    }
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as (typeof tokens)[number];
    addComments(token.startOffset);
    if (token.tokenType === t.TemplateOpen) {
      for (let depth = 1; depth > 0; ) {
        const { tokenType } = tokens[++i] as (typeof tokens)[number];
        depth += tokenType === t.TemplateOpen ? 1 : tokenType === t.TemplateClose ? -1 : 0;
      }
    }
    end = endOf(tokens[i] as (typeof tokens)[number]);
    add(token.startOffset, end, token.tokenType === t.TemplateOpen ? t.Text : token.tokenType);
  }
  addComments(Infinity);
  return list;
}

function pair(list: Piece[]): void {
  const open: number[] = [];
  list.forEach((piece, i) => {
    if (piece.type !== undefined && closers.has(piece.type)) {
      piece.partner = open.pop() as number;
      (list[piece.partner] as Piece).partner = i;
    }
    piece.group = open[open.length - 1] ?? -1;
    if (piece.type !== undefined && t.brackets.has(piece.type)) open.push(i);
  });
}

const closers = new Set(t.brackets.values());

function begins(list: readonly Piece[], index: number, nodes: ReadonlyMap<number, Item | Field>): boolean {
  const piece = list[index] as Piece;
  if (piece.type === undefined || closers.has(piece.type)) return false;
  if (nodes.has(piece.start)) return true;
  let before = index - 1;
  while (before >= 0 && list[before]?.type === undefined) before--;
  const opener = list[piece.group];
  return opener !== undefined && (before === piece.group || (list[before]?.type === t.Comma && opener.type !== t.LeftBrace) || (list[before]?.type === t.Comma && isNames(list, piece.group)));
}

function isNames(list: readonly Piece[], opener: number): boolean {
  return list[opener - 1]?.type === t.Dot;
}
