/**
 * Text to tokens. Every character of the input lies in exactly one token, comment, stray run or blank between them.
 * A string with holes comes out as its pieces: opening quotes, text, `${`, the tokens of the expression, `}`, closing quotes.
 * It never fails: what the language has no token for is listed under `strays`.
 */
import { Lexer, type IToken } from 'chevrotain';
import type { Hole } from './scan.js';
import { groups, HoleClose, HoleOpen, lexed, TemplateClose, TemplateOpen, TemplateText } from './tokens.js';

/** A token with the lines that it begins and ends on, counted from 1; its column and the indentation of its line count from 0. */
export interface LabToken extends IToken {
  startLine: number;
  endLine: number;
  column: number;
  indent: number;
}

/** Text outside the token stream, with its half-open place. */
export interface Aside {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Comment extends Aside {
  readonly doc: boolean;
}

export interface Lexed {
  readonly tokens: LabToken[];
  /** Comments in source order. */
  readonly comments: readonly Comment[];
  /** Characters that no token begins with, in runs. */
  readonly strays: readonly Aside[];
  /** Comments that touch what stands before them. */
  readonly glued: readonly Aside[];
}

/** Made for the first text. */
let lexer: Lexer | undefined;

export function lex(text: string): Lexed {
  const out: Collected = { tokens: [], comments: [], strays: [], glued: [] };
  collect(text, 0, out);
  out.comments.sort((a, b) => a.start - b.start);
  return { ...out, tokens: placeLines(text, out.tokens) };
}

/** The offset after a token. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

interface Collected {
  tokens: IToken[];
  comments: Comment[];
  strays: Aside[];
  glued: Aside[];
}

/** Adds the tokens of `text`, which stands at `base` in the file. */
function collect(text: string, base: number, out: Collected): void {
  lexer ??= new Lexer([...lexed], { ensureOptimizations: true, positionTracking: 'onlyOffset', skipValidations: true });
  const result = lexer.tokenize(text);
  for (const token of result.tokens) {
    token.startOffset += base;
    if (token.payload === undefined) out.tokens.push(token);
    else expand(token, token.payload as readonly Hole[], out);
  }
  const aside = (token: IToken): Aside => ({ start: token.startOffset + base, end: endOf(token) + base, text: token.image });
  for (const token of result.groups[groups.doc] ?? []) out.comments.push({ ...aside(token), doc: true });
  for (const token of result.groups[groups.comment] ?? []) out.comments.push({ ...aside(token), doc: false });
  for (const token of result.groups[groups.gluedComment] ?? []) out.glued.push(aside(token));
  let end = -1;
  for (const { offset, length } of result.errors) {
    const run = offset === end ? (out.strays.pop() as Aside).start - base : offset;
    end = offset + length;
    out.strays.push({ start: base + run, end: base + end, text: text.slice(run, end) });
  }
}

/** Cuts a string at its holes. */
function expand(token: IToken, holes: readonly Hole[], out: Collected): void {
  const quotes = token.image.startsWith('"""') ? 3 : 1;
  const piece = (tokenType: IToken['tokenType'], from: number, to: number): void => {
    if (from === to) return;
    out.tokens.push({ image: token.image.slice(from, to), startOffset: token.startOffset + from, tokenType, tokenTypeIdx: tokenType.tokenTypeIdx as number });
  };
  piece(TemplateOpen, 0, quotes);
  let from = quotes;
  for (const hole of holes) {
    piece(TemplateText, from, hole.open);
    piece(HoleOpen, hole.open, hole.open + 2);
    collect(token.image.slice(hole.open + 2, hole.close), token.startOffset + hole.open + 2, out);
    piece(HoleClose, hole.close, hole.close + 1);
    from = hole.close + 1;
  }
  piece(TemplateText, from, token.image.length - quotes);
  piece(TemplateClose, token.image.length - quotes, token.image.length);
}

function blanksAt(text: string, lineStart: number): number {
  let end = lineStart;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return end - lineStart;
}

/** Tells every token its lines and columns. */
function placeLines(text: string, tokens: IToken[]): LabToken[] {
  let line = 1;
  let lineStart = 0;
  let newline = text.indexOf('\n');
  let indented = 0;
  let indent = 0;
  const passLines = (offset: number): void => {
    for (; newline !== -1 && newline < offset; newline = text.indexOf('\n', lineStart), line++) lineStart = newline + 1;
  };
  for (const token of tokens as LabToken[]) {
    passLines(token.startOffset);
    token.startLine = line;
    token.column = token.startOffset - lineStart;
    if (line !== indented) indent = token.column;
    token.indent = indent;
    passLines(endOf(token));
    token.endLine = line;
    if (line !== token.startLine) indent = blanksAt(text, lineStart);
    indented = line;
  }
  return tokens as LabToken[];
}
