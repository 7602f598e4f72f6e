/**
 * Text to tokens. Every character of the input lies in exactly one token, comment, stray run or blank between them.
 * A string with holes comes out as its pieces: opening quotes, text, `${`, the tokens of the expression, `}`, closing quotes.
 * It never fails: what the language has no token for is listed under `strays`.
 * Chevrotain's own lexer finds the same tokens (a test compares them), but takes longer to get ready than a lab to be read,
 * and leaves lines and columns to a second pass.
 */
import type { CustomPatternMatcherReturn, IToken, TokenType } from 'chevrotain';
import type { Hole } from './scan.js';
import { At, Blank, groups, HoleClose, HoleOpen, Int, lexed, reservedWords, TemplateClose, TemplateOpen, TemplateText, Word } from './tokens.js';

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

export function lex(text: string): Lexed {
  const reader = new Reader(text);
  reader.read(text, 0);
  const { tokens, comments, strays, glued } = reader;
  return { tokens, comments, strays, glued };
}

/** The offset after a token. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

class Reader {
  readonly tokens: LabToken[] = [];
  readonly comments: Comment[] = [];
  readonly strays: Aside[] = [];
  readonly glued: Aside[] = [];
  private line = 1;
  private lineStart = 0;
  private lineEnd: number;
  /** The line that `indent` belongs to. */
  private indented = 0;
  private indent = 0;

  constructor(private readonly text: string) {
    this.lineEnd = newlineAt(text, 0);
  }

  /** Adds the tokens of `text`, which stands at `base` in the file. */
  read(text: string, base: number): void {
    for (let offset = 0; offset < text.length; ) {
      const first = text.charCodeAt(offset);
      if (isBlank(first)) offset++;
      else if (isLetter(first)) offset = this.word(text, offset, base);
      else if (isDigit(first)) offset = this.digits(text, offset, base);
      else offset = this.any(text, offset, base);
    }
  }

  /** Whatever begins with a letter and is no word has a colon or a plus sign where the word ends. */
  private word(text: string, offset: number, base: number): number {
    const end = endOfPattern(wordPattern, text, offset);
    const next = text.charCodeAt(end);
    if (next === COLON || next === PLUS) return this.any(text, offset, base);
    const image = text.slice(offset, end);
    this.add(words.get(image) ?? Word, image, base + offset);
    return end;
  }

  /** Digits that nothing of a longer literal follows are an integer. */
  private digits(text: string, offset: number, base: number): number {
    let end = offset + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    if (end < text.length && goesOn(text.charCodeAt(end))) return this.any(text, offset, base);
    this.add(Int, text.slice(offset, end), base + offset);
    return end;
  }

  /** Reads what the first pattern that fits finds; a character that none fits is a stray. */
  private any(text: string, offset: number, base: number): number {
    for (const { type, sign, pattern, scan } of candidates(text.charCodeAt(offset))) {
      let image: string | undefined;
      let holes: readonly Hole[] | undefined;
      if (sign !== undefined) image = text.startsWith(sign, offset) ? sign : undefined;
      else if (pattern !== undefined) {
        const end = endOfPattern(pattern, text, offset);
        if (end >= 0) image = text.slice(offset, end);
      } else {
        const found = scan?.(text, offset);
        image = found?.[0];
        holes = found?.payload as readonly Hole[] | undefined;
      }
      if (image === undefined) continue;
      const start = base + offset;
      if (holes !== undefined) this.template(image, holes, start);
      else if (type.GROUP !== undefined) this.aside(type, { start, end: start + image.length, text: image });
      else this.add(type === Word ? (words.get(image) ?? Word) : type, image, start);
      return offset + image.length;
    }
    this.stray(base + offset);
    return offset + 1;
  }

  /** Cuts a string at its holes. */
  private template(image: string, holes: readonly Hole[], start: number): void {
    const quotes = image.startsWith('"""') ? 3 : 1;
    const piece = (type: TokenType, from: number, to: number): void => {
      if (from < to) this.add(type, image.slice(from, to), start + from);
    };
    piece(TemplateOpen, 0, quotes);
    let from = quotes;
    for (const { open, close } of holes) {
      piece(TemplateText, from, open);
      piece(HoleOpen, open, open + 2);
      this.read(image.slice(open + 2, close), start + open + 2);
      piece(HoleClose, close, close + 1);
      from = close + 1;
    }
    piece(TemplateText, from, image.length - quotes);
    piece(TemplateClose, image.length - quotes, image.length);
  }

  private aside(type: TokenType, aside: Aside): void {
    if (type.GROUP === groups.gluedComment) this.glued.push(aside);
    else this.comments.push({ ...aside, doc: type.GROUP === groups.doc });
  }

  private stray(start: number): void {
    const last = this.strays[this.strays.length - 1];
    const from = last?.end === start ? (this.strays.pop() as Aside).start : start;
    this.strays.push({ start: from, end: start + 1, text: this.text.slice(from, start + 1) });
  }

  private add(type: TokenType, image: string, start: number): void {
    this.passLines(start);
    const startLine = this.line;
    const column = start - this.lineStart;
    if (startLine !== this.indented) this.indent = column;
    const indent = this.indent;
    this.passLines(start + image.length);
    if (this.line !== startLine) this.indent = blanksAt(this.text, this.lineStart);
    this.indented = this.line;
    this.tokens.push({ image, startOffset: start, startLine, endLine: this.line, column, indent, tokenType: type, tokenTypeIdx: type.tokenTypeIdx as number });
  }

  /** Goes on to the line of `offset`. */
  private passLines(offset: number): void {
    while (this.lineEnd < offset) {
      this.line++;
      this.lineStart = this.lineEnd + 1;
      this.lineEnd = newlineAt(this.text, this.lineStart);
    }
  }
}

/** How a token is found: by a text, by a pattern that looks at one offset, or by a function. */
interface Candidate {
  readonly type: TokenType;
  readonly sign: string | undefined;
  readonly pattern: RegExp | undefined;
  readonly scan: ((text: string, offset: number) => CustomPatternMatcherReturn | null) | undefined;
}

/** By the code of a first character, in the order of the vocabulary; what nothing was looked up for yet is missing. */
const known: (readonly Candidate[] | undefined)[] = [];
const none: readonly Candidate[] = [];
const made = new Map<TokenType, Candidate>();

function candidates(first: number): readonly Candidate[] {
  if (first > 127) return none;
  return known[first] ??= lexed.filter((type) => beginsWith(type, String.fromCharCode(first))).map(candidate);
}

/** Reserved words are found as words. */
function beginsWith(type: TokenType, char: string): boolean {
  if (type === Blank || type.LONGER_ALT !== undefined) return false;
  return typeof type.PATTERN === 'string' ? type.PATTERN.startsWith(char) : (type.START_CHARS_HINT ?? []).includes(char);
}

function candidate(type: TokenType): Candidate {
  let own = made.get(type);
  if (own === undefined) made.set(type, own = candidateOf(type));
  return own;
}

function candidateOf(type: TokenType): Candidate {
  const { PATTERN } = type;
  const pattern = type === Word ? wordPattern : PATTERN instanceof RegExp ? sticky(PATTERN) : undefined;
  return {
    type, sign: typeof PATTERN === 'string' ? PATTERN : undefined, pattern,
    scan: typeof PATTERN === 'function' ? PATTERN as unknown as Candidate['scan'] : undefined,
  };
}

const words: ReadonlyMap<string, TokenType> = new Map([...reservedWords, At].map((type) => [type.PATTERN as string, type]));
const wordPattern = sticky(Word.PATTERN as RegExp);

function sticky(pattern: RegExp): RegExp {
  return new RegExp(pattern.source, 'y');
}

/** Where what `pattern` finds at an offset ends, or -1. */
function endOfPattern(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

const [COLON, PLUS] = [0x3a, 0x2b];

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09 || code === 0xfeff;
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A letter or one of `. : / - %`. */
function goesOn(code: number): boolean {
  return isLetter(code) || code === 0x2e || code === COLON || code === 0x2f || code === 0x2d || code === 0x25;
}

function newlineAt(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? Infinity : newline;
}

function blanksAt(text: string, lineStart: number): number {
  let end = lineStart;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return end - lineStart;
}
