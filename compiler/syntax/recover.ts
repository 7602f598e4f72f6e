/**
 * Tokens to items, whatever is wrong with them. A faulty stream is cut at words in column 0, so that a broken declaration
 * never hides its neighbours; inside the broken one, brackets are mended by layout, and bodies are cut again at the words
 * that begin their lines. One fault gives one message: where a token or a bracket is at fault, the grammar keeps quiet.
 */
import { EOF, tokenMatcher, type IRecognitionException, type IToken } from 'chevrotain';
import { endOf, type LabToken } from '../../grammar/lexer.js';
import { Refused } from '../../grammar/expressions.js';
import type { LabParser } from '../../grammar/parser.js';
import * as t from '../../grammar/tokens.js';
import type { Span } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type * as ast from './ast.js';
import { balance, isFirstOnLine } from './brackets.js';
import type { Ast, AstBuilder } from './build.js';
import { describeFault, type Fault } from './faults.js';

export interface Source {
  readonly tokens: LabToken[];
  /** What the lexer found wrong. */
  readonly faults: readonly Diagnostic[];
  readonly parser: LabParser<Ast>;
  readonly builder: AstBuilder;
}

/** So many faults are looked at with all of the file before each declaration is read on its own. */
const wholeReads = 16;

export function readItems(source: Source): ast.Item[] {
  return new Recovery(source).readFile(source.tokens);
}

interface Attempt {
  readonly items: readonly ast.Item[];
  /** Index of the token at which the faulty item begins. */
  readonly next: number;
  readonly fault?: Fault;
}

class Recovery {
  private readonly builder: AstBuilder;

  constructor(private readonly source: Source) {
    this.builder = source.builder;
  }

  readFile(tokens: LabToken[]): ast.Item[] {
    const starts = chunkStarts(tokens);
    const whole = this.attempt(tokens);
    if (whole.fault === undefined && this.builder.inColumn0 >= countDeclarations(tokens, starts)) return [...whole.items];
    const items: ast.Item[] = [];
    let from = 0;
    let reads = whole.fault === undefined ? wholeReads : 0;
    let attempt: Attempt | undefined = whole.fault === undefined ? undefined : whole;
    if (attempt === undefined) this.builder.diagnostics = [];
    for (; from < tokens.length; reads++) {
      const limit = reads < wholeReads ? tokens.length : (startAfter(starts, from) ?? tokens.length);
      const known: number = attempt === undefined ? this.builder.diagnostics.length : 0;
      attempt ??= this.attempt(tokens.slice(from, limit));
      if (attempt.fault === undefined) {
        items.push(...attempt.items);
        from = limit;
      } else {
        const [start, end] = chunkAround(tokens, starts, from + attempt.next, from, attempt.items);
        const offset = (tokens[start] as LabToken).startOffset;
        items.push(...attempt.items.filter((item) => item.span.start < offset));
        this.keepDiagnostics(known, offset);
        items.push(...this.readChunk(tokens.slice(start, end)));
        from = end;
      }
      attempt = undefined;
    }
    return items;
  }

  private readChunk(tokens: LabToken[]): ast.Item[] {
    const balanced = balance(tokens, (start, end) => this.builder.span(start, end));
    if (balanced.fault !== undefined && !this.hasLexicalFault(tokens)) this.builder.diagnostics.push(balanced.fault);
    return this.readPieces(balanced.tokens, balanced.fault !== undefined);
  }

  /** Reads item by item; what does not fit is cut out and read on its own. */
  private readPieces(tokens: LabToken[], quiet: boolean): ast.Item[] {
    const items: ast.Item[] = [];
    let from = 0;
    while (from < tokens.length) {
      const { items: read, next, fault } = this.attempt(tokens.slice(from));
      items.push(...read);
      if (fault === undefined) break;
      const end = this.endOfPiece(tokens, from + next);
      items.push(...this.readPiece(tokens.slice(from + next, end), tokens.slice(Math.max(0, from + next - 4), from + next), quiet));
      from = end;
    }
    return items;
  }

  /** One faulty item, with the tokens before it: the bodies in it are read on their own, then the rest without them. */
  private readPiece(tokens: LabToken[], previous: readonly LabToken[], quiet: boolean): ast.Item[] {
    const whole = this.attempt(tokens, previous);
    if (whole.fault === undefined) return [...whole.items];
    const known = this.builder.diagnostics.length;
    const skeleton = whole.fault.refused === 'depth' ? tokens : this.readBodies(tokens, quiet);
    const rest = skeleton.length < tokens.length ? this.attempt(skeleton, previous) : whole;
    const silent = quiet || this.hasLexicalFault(skeleton);
    if (rest.fault !== undefined && !silent) this.report(rest.fault);
    else if (this.builder.diagnostics.length === known && !quiet && !this.hasLexicalFault(tokens)) this.report(whole.fault);
    return [...rest.items, ...(rest.fault === undefined ? [] : this.salvage(skeleton.slice(rest.next)))];
  }

  /** Reads the bodies of several lines and returns the tokens outside of them. */
  private readBodies(tokens: LabToken[], quiet: boolean): LabToken[] {
    const skeleton: LabToken[] = [];
    let i = 0;
    while (i < tokens.length) {
      const token = tokens[i] as LabToken;
      skeleton.push(token);
      const close = t.brackets.has(token.tokenType) ? closeOf(tokens, i) : i;
      const isBody = token.tokenType === t.LeftBrace && close > i + 1 && opensBody(tokens, i);
      if (isBody) {
        this.builder.fills.set(token.startOffset, this.readPieces(tokens.slice(i + 1, close), quiet));
        i = close;
      } else {
        skeleton.push(...tokens.slice(i + 1, close));
        i = Math.max(close, i + 1);
      }
    }
    return skeleton;
  }

  /** The name of what could not be read, so that nobody reports it as missing. */
  private salvage(tokens: readonly LabToken[]): ast.Item[] {
    const [word, label] = tokens;
    const last = tokens[tokens.length - 1];
    if (word === undefined || last === undefined || !tokenMatcher(word, t.Name) || label === undefined) return [];
    const span = this.builder.span(word.startOffset, endOf(last));
    const name = this.builder.name(word);
    if (label.tokenType === t.Equals || label.tokenType === t.PlusEquals) {
      const value: ast.Missing = { kind: 'missing', span: this.builder.span(endOf(label), endOf(last)) };
      return [{ kind: 'assign', span, name, quoted: false, op: label.tokenType === t.Equals ? '=' : '+=', value }];
    }
    const entries: ast.Entry[] = [];
    if (label.startLine === word.endLine && tokenMatcher(label, t.Name)) {
      const reference = this.builder.reference([this.builder.name(label)]);
      entries.push({ kind: 'entry', span: reference.span, label: reference });
    }
    const open = tokens.findIndex((token) => this.builder.fills.has(token.startOffset));
    const close = tokens[open + 1];
    const body = open >= 0 && close !== undefined ? { body: this.builder.body(tokens[open] as LabToken, [], close) } : {};
    return entries.length === 0 && open < 0 ? [] : [{ kind: 'head', span, word: name, entries, types: [], ...body }];
  }

  /** Parses `tokens`, which stand after `previous`; of what the builder found wrong, only what lies in whole items stays. */
  private attempt(tokens: LabToken[], previous: readonly LabToken[] = []): Attempt {
    const { parser, builder } = this.source;
    const known = builder.diagnostics.length;
    builder.inColumn0 = 0;
    const fault = faultOf(parser, tokens, previous);
    if (fault === undefined) return { items: parser.items, next: tokens.length };
    const stop = tokens[parser.next]?.startOffset ?? Infinity;
    this.keepDiagnostics(known, stop);
    return { items: parser.items, next: Math.min(parser.next, tokens.length - 1), fault };
  }

  /** A piece ends before the next line that begins an item and is indented no deeper than its own. */
  private endOfPiece(tokens: readonly LabToken[], start: number): number {
    const indent = (tokens[start] as LabToken).indent;
    let depth = 0;
    for (let i = start; i < tokens.length; i++) {
      const token = tokens[i] as LabToken;
      if (i > start && depth === 0 && beginsItem(token) && isFirstOnLine(token) && token.column <= indent) return i;
      if (t.brackets.has(token.tokenType)) depth++;
      else if (isCloser(token)) depth--;
    }
    return tokens.length;
  }

  private hasLexicalFault(tokens: readonly LabToken[]): boolean {
    const [first, last] = [tokens[0], tokens[tokens.length - 1]];
    if (first === undefined || last === undefined) return false;
    const inside = ({ start }: Span): boolean => start >= first.startOffset && start <= endOf(last);
    return this.source.faults.some((fault) => inside(fault.span));
  }

  /** Of the diagnostics after the first `known` ones, only those before `stop` stay. */
  private keepDiagnostics(known: number, stop: number): void {
    const { diagnostics } = this.builder;
    diagnostics.push(...diagnostics.splice(known).filter(({ span }) => span.start < stop));
  }

  private report(fault: Fault): void {
    this.builder.diagnostics.push(describeFault(fault, (start, end) => this.builder.span(start, end)));
  }
}

function faultOf(parser: LabParser<Ast>, tokens: LabToken[], previous: readonly LabToken[]): Fault | undefined {
  const before = previous.length;
  try {
    parser.parse(tokens);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { tokens: [...previous, ...tokens], index: before + indexOf(tokens, error.token), rule: 'value', refused: error.reason };
  }
  const error: IRecognitionException | undefined = parser.errors[0];
  if (error === undefined) return undefined;
  const index = before + (error.token.tokenType === EOF ? tokens.length : indexOf(tokens, error.token));
  const rule = error.context.ruleStack[error.context.ruleStack.length - 1] ?? 'file';
  return { tokens: [...previous, ...tokens], index, rule, ...(error.message !== '' && { wanted: error.message }) };
}

function indexOf(tokens: readonly LabToken[], token: IToken): number {
  const index = tokens.indexOf(token as LabToken);
  return index < 0 ? tokens.length : index;
}

/** Indices of the words that stand in column 0, strings apart. */
function chunkStarts(tokens: readonly LabToken[]): number[] {
  const starts: number[] = [];
  let strings = 0;
  tokens.forEach((token, i) => {
    if (token.tokenType === t.TemplateOpen) strings++;
    else if (token.tokenType === t.TemplateClose) strings--;
    else if (strings === 0 && token.column === 0 && beginsDeclaration(token)) starts.push(i);
  });
  return starts;
}

/** How many of the words in column 0 stand outside of parentheses and lists, so that an item or a field has to begin with each. */
function countDeclarations(tokens: readonly LabToken[], starts: readonly number[]): number {
  let [depth, next, count] = [0, 0, 0];
  tokens.forEach((token, i) => {
    if (token.tokenType === t.LeftParen || token.tokenType === t.LeftBracket) depth++;
    else if (token.tokenType === t.RightParen || token.tokenType === t.RightBracket) depth--;
    else if (starts[next] === i) next++, count += depth === 0 ? 1 : 0;
  });
  return count;
}

/** How many of the ascending `starts` are at most `index`. */
function countUpTo(starts: readonly number[], index: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}

function startAfter(starts: readonly number[], index: number): number | undefined {
  return starts[countUpTo(starts, index)];
}

/** First and last index of the chunk that holds the faulty item; what is read already is never read again. */
function chunkAround(tokens: readonly LabToken[], starts: readonly number[], faulty: number, from: number, read: readonly ast.Item[]): [number, number] {
  const end = startAfter(starts, faulty) ?? tokens.length;
  const start = Math.max(from, starts[countUpTo(starts, faulty) - 1] ?? from);
  const offset = (tokens[start] as LabToken).startOffset;
  const cutsItem = read.some((item) => item.span.start < offset && item.span.end > offset);
  return [cutsItem ? faulty : start, end];
}

function beginsDeclaration(token: LabToken): boolean {
  return tokenMatcher(token, t.Name) || token.tokenType === t.If || token.tokenType === t.For;
}

function beginsItem(token: LabToken): boolean {
  return beginsDeclaration(token) || token.tokenType === t.Text || token.tokenType === t.RawText || token.tokenType === t.TemplateOpen;
}

/** A brace after `=`, an operator, a comma or an opening bracket opens a record, and so does one after `= if`. */
function opensBody(tokens: readonly LabToken[], index: number): boolean {
  const before = tokens[index - 1];
  if (before === undefined) return false;
  const earlier = tokens.slice(0, index);
  const value = earlier.findLastIndex((token) => token.tokenType === t.Equals);
  if (value >= 0 && earlier.slice(value).some((token) => token.tokenType === t.If)) return false;
  const closes = [t.Else, t.TemplateClose, t.RightBrace, t.RightBracket, t.RightParen, t.Question];
  return tokenMatcher(before, t.Name) || tokenMatcher(before, t.Literal) || closes.includes(before.tokenType) || before.tokenType === t.Where;
}

function closeOf(tokens: readonly LabToken[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (t.brackets.has((tokens[i] as LabToken).tokenType)) depth++;
    else if (isCloser(tokens[i] as LabToken) && --depth === 0) return i;
  }
  return tokens.length;
}

const closing = new Set(t.brackets.values());

function isCloser(token: LabToken): boolean {
  return closing.has(token.tokenType);
}
