/**
 * The token vocabulary of `.lab`: the only place where a word or sign of the language is spelled.
 * Order matters where two patterns share their first character: the earlier one wins.
 * Kinds of declaration are plain words and have no token of their own.
 */
import { createToken, Lexer, type CustomPatternMatcherReturn, type TokenType } from 'chevrotain';
import { scanComment, scanRaw, scanText, type Hole } from './scan.js';

/** Categories: what a place in the grammar accepts, however it is spelled. */
export const Name = createToken({ name: 'Name', pattern: Lexer.NA });
/** What may follow a dot: a word, a reserved one included. */
export const DottedName = createToken({ name: 'DottedName', pattern: Lexer.NA });
export const Literal = createToken({ name: 'Literal', pattern: Lexer.NA });
/** Literals that may be a label. */
export const LiteralLabel = createToken({ name: 'LiteralLabel', pattern: Lexer.NA });
export const BinaryOperator = createToken({ name: 'BinaryOperator', pattern: Lexer.NA });
export const PrefixOperator = createToken({ name: 'PrefixOperator', pattern: Lexer.NA });

/** Tokens that only the lexer's second step makes, out of a string with holes. */
export const TemplateOpen = createToken({ name: 'TemplateOpen', pattern: Lexer.NA });
export const TemplateText = createToken({ name: 'TemplateText', pattern: Lexer.NA });
export const HoleOpen = createToken({ name: 'HoleOpen', pattern: Lexer.NA });
export const HoleClose = createToken({ name: 'HoleClose', pattern: Lexer.NA });
export const TemplateClose = createToken({ name: 'TemplateClose', pattern: Lexer.NA });

/** What a token may begin with is told to the lexer: finding it out takes a parser of regular expressions. */
const digits = [...'0123456789'];
const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
const hexDigits = [...digits, ...'ABCDEFabcdef'];

export const Blank = createToken({ name: 'Blank', pattern: /[ \t\r\n\uFEFF]+/, group: Lexer.SKIPPED, line_breaks: true, start_chars_hint: [...' \t\r\n\uFEFF'] });

/** Names of the lexer's groups: tokens that the parser never sees. */
export const groups = { doc: 'doc', comment: 'comment', gluedComment: 'gluedComment' } as const;
export const DocComment = scanned('DocComment', '/', (text, offset) => scanComment(text, offset, 'doc'), { group: groups.doc });
export const Comment = scanned('Comment', '/', (text, offset) => scanComment(text, offset, 'plain'), { group: groups.comment });
/** `//` that touches what stands before it: a fault. */
export const GluedComment = scanned('GluedComment', '/', (text, offset) => scanComment(text, offset, 'glued'), { group: groups.gluedComment });

/** A URL without quotes: a fault. */
export const BareUrl = createToken({
  name: 'BareUrl', pattern: /[A-Za-z][A-Za-z0-9+]{0,15}:\/\/(?:\$\{[^}\n]*\}|[^\s"'{}(),;\]])*/, categories: [Literal], line_breaks: false,
  start_chars_hint: letters,
});

/** `"..."` and `"""..."""`; the payload lists the holes of a string that has some. */
export const Text = scanned('Text', '"', (text, offset) => {
  const scan = scanText(text, offset);
  return scan.closed ? match(text, offset, scan.end, scan.holes) : null;
}, { categories: [Literal, LiteralLabel] });
/** `'...'` and `'''...'''`. */
export const RawText = scanned('RawText', "'", (text, offset) => {
  const scan = scanRaw(text, offset);
  return scan.closed ? match(text, offset, scan.end) : null;
}, { categories: [Literal, LiteralLabel] });
/** A string without its end: a fault. It ends with its line, or before the next declaration when it was to have many. */
export const UnclosedText = scanned('UnclosedText', ['"', "'"], (text, offset) => {
  const scan = text[offset] === '"' ? scanText(text, offset) : scanRaw(text, offset);
  return match(text, offset, scan.end);
}, { categories: [Literal, LiteralLabel] });

const hex = '[0-9A-Fa-f]';
const literal = (name: string, first: readonly string[], pattern: RegExp, ...more: TokenType[]): TokenType =>
  createToken({ name, pattern, categories: [Literal, ...more], line_breaks: false, start_chars_hint: [...first] });
export const Mac = literal('Mac', hexDigits, new RegExp(`${hex}{2}(?::${hex}{2}){5}(?![0-9A-Fa-f:])`));
export const Ip6 = literal('Ip6', [...hexDigits, ':'], new RegExp(
  `(?:(?:${hex}{1,4}:){7}${hex}{1,4}|(?:${hex}{1,4}(?::${hex}{1,4})*)?::(?:${hex}{1,4}(?::${hex}{1,4})*)?)(?:/\\d{1,3})?(?![A-Za-z0-9_])`,
));
export const Ip4 = literal('Ip4', digits, /\d+\.\d+\.\d+\.\d+(?:\/\d+)?(?![A-Za-z0-9_])/, LiteralLabel);
export const DateText = literal('DateText', digits, /\d{4}-\d{2}-\d{2}(?![0-9A-Za-z_])/);
export const Version = literal('Version', digits, /\d+\.\d+\.\d+(?:[-+][A-Za-z0-9.]+)?(?![A-Za-z0-9_])/);
export const Pair = literal('Pair', digits, /\d+:\d+(?::\d+)?(?![:0-9A-Za-z_])/);
export const Port = literal('Port', digits, /\d+\/[A-Za-z]+/);
export const Quantity = literal('Quantity', digits, /\d+(?:\.\d+)?(?:[A-Za-z]+|%)(?:\d+[A-Za-z]+)*/);
export const Decimal = literal('Decimal', digits, /\d+\.\d+/);
export const Int = literal('Int', digits, /\d+/, LiteralLabel);
export const Path = literal('Path', ['/'], /\/[A-Za-z0-9_.@+-]+(?:\/[A-Za-z0-9_.@+-]+)*\/?/, LiteralLabel);

export const Word = createToken({ name: 'Word', pattern: /[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*/, categories: [Name, DottedName], start_chars_hint: [...letters, '_'] });
const reserved = (word: string, ...more: TokenType[]): TokenType =>
  createToken({ name: word, pattern: word, longer_alt: Word, categories: [DottedName, ...more] });
export const True = reserved('true', Literal);
export const False = reserved('false', Literal);
export const None = reserved('none', Literal);
export const And = reserved('and', BinaryOperator);
export const Or = reserved('or', BinaryOperator);
export const Not = reserved('not', PrefixOperator);
export const In = reserved('in', BinaryOperator);
export const For = reserved('for');
export const Where = reserved('where');
export const If = reserved('if');
export const Then = reserved('then');
export const Else = reserved('else');
/** A plain word, save between a value and a time: `daily at 03:30`. */
export const At = createToken({ name: 'at', pattern: 'at', longer_alt: Word, categories: [Name, DottedName] });

const sign = (name: string, pattern: string, ...categories: TokenType[]): TokenType => createToken({ name, pattern, label: pattern, categories });
export const DotDot = sign('DotDot', '..', BinaryOperator);
export const PlusEquals = sign('PlusEquals', '+=');
export const Coalesce = sign('Coalesce', '??', BinaryOperator);
export const Arrow = sign('Arrow', '=>');
export const EqualTo = sign('EqualTo', '==', BinaryOperator);
export const NotEqual = sign('NotEqual', '!=', BinaryOperator);
export const AtMost = sign('AtMost', '<=', BinaryOperator);
export const AtLeast = sign('AtLeast', '>=', BinaryOperator);
export const LeftBrace = sign('LeftBrace', '{');
export const RightBrace = sign('RightBrace', '}');
export const LeftParen = sign('LeftParen', '(');
export const RightParen = sign('RightParen', ')');
export const LeftBracket = sign('LeftBracket', '[');
export const RightBracket = sign('RightBracket', ']');
export const Equals = sign('Equals', '=');
export const Colon = sign('Colon', ':');
export const Comma = sign('Comma', ',');
export const Semicolon = sign('Semicolon', ';');
export const Dot = sign('Dot', '.');
export const Plus = sign('Plus', '+', BinaryOperator);
export const Minus = sign('Minus', '-', BinaryOperator, PrefixOperator);
export const Star = sign('Star', '*', BinaryOperator);
export const Slash = sign('Slash', '/', BinaryOperator);
export const Less = sign('Less', '<', BinaryOperator);
export const Greater = sign('Greater', '>', BinaryOperator);
export const Question = sign('Question', '?');
export const Bar = sign('Bar', '|');

/** Words that cannot name anything, unless they follow a dot. */
export const reservedWords: readonly TokenType[] = [True, False, None, And, Or, Not, In, For, Where, If, Then, Else];
/** Opening signs with what closes them. */
export const brackets: ReadonlyMap<TokenType, TokenType> = new Map([
  [LeftBrace, RightBrace], [LeftParen, RightParen], [LeftBracket, RightBracket], [HoleOpen, HoleClose],
]);
export const comparisons: readonly TokenType[] = [EqualTo, NotEqual, Less, AtMost, Greater, AtLeast, In];

/** What the lexer looks for, in its order. */
export const lexed: readonly TokenType[] = [
  Blank, DocComment, Comment, GluedComment, BareUrl, RawText, Text, UnclosedText,
  Mac, Ip6, Ip4, DateText, Version, Pair, Port, Quantity, Decimal, Int, Path,
  ...reservedWords, At, Word,
  DotDot, PlusEquals, Coalesce, Arrow, EqualTo, NotEqual, AtMost, AtLeast,
  LeftBrace, RightBrace, LeftParen, RightParen, LeftBracket, RightBracket, Equals, Colon, Comma, Semicolon, Dot,
  Plus, Minus, Star, Slash, Less, Greater, Question, Bar,
];

/** Everything that the parser knows: the above, the categories, and the tokens of strings with holes. */
export const vocabulary: readonly TokenType[] = [
  Name, DottedName, Literal, LiteralLabel, BinaryOperator, PrefixOperator,
  TemplateOpen, TemplateText, HoleOpen, HoleClose, TemplateClose, ...lexed,
];

type Scanner = (text: string, offset: number) => CustomPatternMatcherReturn | RegExpExecArray | null;

function scanned(name: string, first: string | string[], exec: Scanner, more: { group?: string; categories?: TokenType[] }): TokenType {
  return createToken({ name, pattern: exec as never, start_chars_hint: [first].flat(), line_breaks: true, ...more });
}

function match(text: string, start: number, end: number, payload?: readonly Hole[]): CustomPatternMatcherReturn {
  const result: CustomPatternMatcherReturn = [text.slice(start, end)];
  if (payload !== undefined && payload.length > 0) result.payload = payload;
  return result;
}
