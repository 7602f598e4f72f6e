/**
 * Brackets of a faulty declaration, mended by its layout: a closing bracket belongs to the line with its indentation.
 * Comes back balanced, with tokens of no length where a bracket was missing, and with the first fault, if any.
 */
import type { TokenType } from 'chevrotain';
import { endOf, type LabToken } from '../../grammar/lexer.js';
import { brackets, HoleOpen, LeftBrace, RightBrace } from '../../grammar/tokens.js';
import type { Span } from '../base/span.js';
import { syntax } from '../diagnostics/catalogue/syntax.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

export interface Balanced {
  readonly tokens: LabToken[];
  readonly fault?: Diagnostic;
}

export function balance(tokens: LabToken[], spanOf: (start: number, end: number) => Span): Balanced {
  return isBalanced(tokens) ? { tokens } : new Balancer(tokens, spanOf).run();
}

export function isFirstOnLine(token: LabToken): boolean {
  return token.column === token.indent;
}

/** A token of no length after `previous`. */
export function virtual(type: TokenType, previous: LabToken): LabToken {
  const line = previous.endLine;
  return { image: '', startOffset: endOf(previous), startLine: line, endLine: line, column: previous.column + previous.image.length, indent: previous.indent, tokenType: type, tokenTypeIdx: type.tokenTypeIdx as number };
}

const closers: ReadonlyMap<TokenType, TokenType> = new Map([...brackets].map(([open, close]) => [close, open]));

function isBalanced(tokens: readonly LabToken[]): boolean {
  const open: TokenType[] = [];
  for (const { tokenType } of tokens) {
    if (brackets.has(tokenType)) open.push(tokenType);
    else if (closers.has(tokenType) && open.pop() !== closers.get(tokenType)) return false;
  }
  return open.length === 0;
}

class Balancer {
  private readonly open: LabToken[] = [];
  private readonly out: LabToken[] = [];
  private fault: Diagnostic | undefined;

  constructor(private readonly tokens: LabToken[], private readonly spanOf: (start: number, end: number) => Span) {}

  run(): Balanced {
    for (const [i, token] of this.tokens.entries()) {
      if (closers.has(token.tokenType)) this.close(token, this.tokens[i + 1]);
      else {
        this.leaveLines(token);
        if (brackets.has(token.tokenType)) this.open.push(token);
        this.out.push(token);
      }
    }
    while (this.open.length > 0) this.addCloser(undefined);
    return this.fault === undefined ? { tokens: this.out } : { tokens: this.out, fault: this.fault };
  }

  /** A line that begins no deeper than the line of an open bracket has left that bracket. */
  private leaveLines(token: LabToken): void {
    if (!isFirstOnLine(token) || this.open.some((bracket) => bracket.tokenType === HoleOpen)) return;
    const column = token.column;
    for (let top = this.top(); top !== undefined && column <= top.indent; top = this.top()) this.addCloser(token);
  }

  private close(token: LabToken, next: LabToken | undefined): void {
    const wanted = closers.get(token.tokenType);
    const partner = this.partnerOf(token, wanted as TokenType);
    if (partner < 0) return this.closeNothing(token);
    if (this.lostOpener(token, this.open[partner] as LabToken, next)) return;
    while (this.open.length - 1 > partner) this.addCloser(token);
    this.open.pop();
    this.out.push(token);
  }

  /** A brace at the end of a line, where the body around goes on below: the line's own `{` is lost, and the brace closes that. */
  private lostOpener(token: LabToken, partner: LabToken, next: LabToken | undefined): boolean {
    if (token.tokenType !== RightBrace || isFirstOnLine(token) || partner.startLine === token.startLine || next === undefined || !isFirstOnLine(next)) return false;
    const goesOn = next.tokenType === RightBrace ? next.column === partner.indent : next.column === token.indent;
    if (!goesOn || token.indent <= partner.indent) return false;
    const first = this.out.find((other) => other.startLine === token.startLine) ?? token;
    const close = token.image;
    this.fault ??= syntax.create.missingBrace(this.spanOf(first.startOffset, endOf(token)), { open: '{', close }, { help: 'put `{` on this line, before what belongs into the body' });
    return true;
  }

  /** The open bracket that `token` closes: by kind, and by indentation when it begins its line. */
  private partnerOf(token: LabToken, wanted: TokenType): number {
    const last = this.open.findLastIndex((bracket) => bracket.tokenType === wanted);
    if (last < 0 || !isFirstOnLine(token)) return last;
    const column = token.column;
    const aligned = this.open.findLastIndex((bracket) => bracket.tokenType === wanted && bracket.indent <= column);
    return aligned < 0 ? last : aligned;
  }

  /** Either the bracket is one too many, or the header above lost its `{`. */
  private closeNothing(token: LabToken): void {
    const span = this.spanOf(token.startOffset, endOf(token));
    const [open, close] = [closers.get(token.tokenType)?.LABEL ?? '', token.image];
    const header = token.tokenType === RightBrace && this.open.length === 0 ? this.headerBefore(token) : -1;
    if (header < 0) return void (this.fault ??= syntax.create.strayBracket(span, { close }));
    const last = this.out[header] as LabToken;
    const place = this.spanOf(endOf(last), endOf(last));
    this.fault ??= syntax.create.missingBrace(span, { open, close }, {
      labels: [{ span: place, text: 'here' }],
      fixes: [{ title: 'Put `{` here', edits: [{ span: place, text: ' {' }] }],
    });
    this.out.splice(header + 1, 0, virtual(LeftBrace, last));
    this.out.push(token);
  }

  /** Index of the last token of the line that has `token`'s indentation and deeper lines below it, or -1. */
  private headerBefore(token: LabToken): number {
    const column = token.column;
    const begin = this.out.findLastIndex((other) => isFirstOnLine(other) && other.column <= column);
    const first = this.out[begin];
    if (first === undefined || first.column !== column || first.tokenType === RightBrace) return -1;
    const end = this.out.findIndex((other, i) => i > begin && other.startLine > first.startLine);
    return end < 0 ? -1 : end - 1;
  }

  private addCloser(before: LabToken | undefined): void {
    const bracket = this.open.pop() as LabToken;
    const last = this.out[this.out.length - 1] as LabToken;
    const close = brackets.get(bracket.tokenType) as TokenType;
    const end = before === undefined ? this.spanOf(endOf(last), endOf(last)) : this.spanOf(before.startOffset, endOf(before));
    this.fault ??= syntax.create.unclosedBracket(this.spanOf(bracket.startOffset, endOf(bracket)), { open: bracket.image, close: close.LABEL ?? '}' }, {
      labels: [{ span: end, text: 'it had to be closed by here' }],
    });
    this.out.push(virtual(close, last));
  }

  private top(): LabToken | undefined {
    return this.open[this.open.length - 1];
  }
}
