/** One sentence for the place where the grammar stopped: what the writer most likely meant, else what may stand there. */
import { tokenMatcher, type TokenType } from 'chevrotain';
import { endOf, type LabToken } from '../../grammar/lexer.js';
import * as t from '../../grammar/tokens.js';
import type { Span } from '../base/span.js';
import { syntax } from '../diagnostics/catalogue/syntax.js';
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.js';

/** Where and why a parse ended. */
export interface Fault {
  readonly tokens: readonly LabToken[];
  /** Index of the token that does not fit; the number of tokens when they ended too early. */
  readonly index: number;
  /** The grammar's rule. */
  readonly rule: string;
  /** The only token that fitted, as people know it. */
  readonly wanted?: string;
  /** Refused though it fits: it lies too deep, or left of what it would continue. */
  readonly refused?: 'depth' | 'layout';
}

export function describeFault(fault: Fault, span: (start: number, end: number) => Span): Diagnostic {
  const { tokens, index } = fault;
  const token = tokens[index];
  const before = tokens[index - 1];
  const at = (place: LabToken): Span => span(place.startOffset, endOf(place));
  if (fault.refused === 'depth') return syntax.create.tooDeep(at(token ?? (before as LabToken)), {});

  const hungry = signWithoutValue(fault);
  if (hungry !== undefined) return syntax.create.missingValue(at(hungry), { sign: hungry.image });
  const expected = expectedAt(fault);
  if (token === undefined) {
    const end = before === undefined ? 0 : endOf(before);
    return syntax.create.endsEarly(span(end, end), { expected });
  }
  const place = at(token);
  if (token.tokenType === t.HoleClose && before?.tokenType === t.HoleOpen) return syntax.create.emptyHole(span(before.startOffset, place.end), {});
  const sameLine = before !== undefined && before.endLine === token.startLine;
  if (before !== undefined && sameLine && endsValue(before)) {
    const opens = token.tokenType === t.LeftParen || (token.tokenType === t.LeftBracket && !isLabel(tokens, index - 1));
    if (opens && token.startOffset > endOf(before)) {
      const edit = { span: span(endOf(before), place.start), text: '' };
      return syntax.create.spaceBeforeBracket(place, { bracket: token.image }, fix('Take the blank away', edit));
    }
    if (token.tokenType === t.Path && fault.rule !== 'head') return syntax.create.divisionBlanks(place, { path: token.image });
  }
  if (token.tokenType === t.Comma && (fault.rule === 'body' || fault.rule === 'file')) {
    return syntax.create.commaBetween(place, {}, fix('Take the comma away', { span: place, text: ' ' }));
  }
  if (token.tokenType === t.Slash && tokens[index + 1]?.tokenType === t.Star) {
    return syntax.create.strayCharacter(span(place.start, place.end + 1), { text: '/*', advice: 'comments begin with `//` and end with the line' });
  }
  if (isReserved(token) && (expected === 'a name' || isOneOf(tokens[index + 1] ?? token, t.Equals, t.Colon))) {
    return syntax.create.reservedWord(place, { word: token.image });
  }
  const body = assignedBody(fault);
  if (body !== undefined) {
    const [word, label, last, equals] = body;
    const name = `${word.image} ${label.image}`;
    return syntax.create.assignedBody(at(equals), { name }, fix('Take `=` away', { span: span(endOf(last), endOf(equals)), text: '' }));
  }
  if (before !== undefined && sameLine && isLabel(tokens, index - 1) && startsValue(token) && !isReserved(token)) {
    const edit = { span: span(endOf(before), place.start), text: ' = ' };
    return syntax.create.missingEquals(place, { name: before.image, value: token.tokenType === t.LeftBracket ? '[...]' : token.image }, fix('Write `=`', edit));
  }
  const call = callWithoutEquals(fault);
  if (call !== undefined) {
    const [name, label] = call;
    return syntax.create.missingEquals(at(label), { name: name.image, value: `${label.image}(...)` }, fix('Write `=`', { span: span(endOf(name), label.startOffset), text: ' = ' }));
  }
  if (before !== undefined && endsValue(before) && startsValue(token) && separated.has(fault.rule)) {
    const edit = { span: span(endOf(before), endOf(before)), text: ',' };
    return syntax.create.missingComma(place, { next: token.image }, fix('Put a comma', edit));
  }
  if (token.tokenType === t.Equals && expected === '`{`') return syntax.create.expected(place, { expected, found: token.image }, { help: 'write `==`: one `=` sets, two compare' });
  if (rulesOfItems.has(fault.rule) && isOneOf(token, t.Colon, t.Minus)) {
    const yaml = fromYaml(fault);
    if (yaml !== undefined) return syntax.create.expected(place, { expected, found: token.image }, { help: yaml });
  }
  const name = token.tokenType === t.LeftBrace ? assignedBefore(fault) : undefined;
  if (name !== undefined) {
    return syntax.create.expected(place, { expected, found: token.image }, {
      labels: [{ span: at(name), text: 'this sets a value, and takes no body' }], help: `write the kind before it, \`KIND ${name.image} = ... {\`, or take the body away`,
    });
  }
  return syntax.create.expected(place, { expected, found: token.image });
}

const rulesOfItems: ReadonlySet<string> = new Set(['file', 'body', 'item']);

/** What to write for `name: value`, `kind label:` and `- item`, as they come from YAML. */
function fromYaml({ tokens, index }: Fault): string | undefined {
  const [token, before, next] = [tokens[index], tokens[index - 1], tokens[index + 1]];
  if (token?.tokenType === t.Minus) return before === undefined || before.endLine < token.startLine ? 'take `-` away: items stand one below the other, and a list of values is `name = [a, b]`' : undefined;
  if (before === undefined || token === undefined || before.endLine !== token.startLine) return undefined;
  return next === undefined || next.startLine > token.startLine ? 'write a body, `{ ... }`, instead of `:` and indentation' : `write \`=\` instead of \`:\`, such as \`${before.image} = ${next.image}\``;
}

/** Kind, label, what stands before the sign, and the sign of `KIND LABEL : TYPE = { item label`, when the item inside is what does not fit. */
function assignedBody({ tokens, index, rule }: Fault): readonly [LabToken, LabToken, LabToken, LabToken] | undefined {
  if (rule !== 'field' && rule !== 'record') return undefined;
  let depth = 0;
  for (let i = index - 1; i > 2; i--) {
    const [token, equals, last] = [tokens[i], tokens[i - 1], tokens[i - 2]];
    if (token?.tokenType === t.RightBrace) depth++;
    if (token?.tokenType !== t.LeftBrace || depth-- > 0) continue;
    if (equals?.tokenType !== t.Equals || last === undefined) return undefined;
    const first = tokens.slice(0, i).findLastIndex((other, at) => other.startLine === equals.startLine && (tokens[at - 1] === undefined || tokens[at - 1]?.endLine !== equals.startLine || isOneOf(tokens[at - 1] as LabToken, t.LeftBrace, t.Semicolon)));
    const [word, label] = [tokens[first], tokens[first + 1]];
    return word !== undefined && label !== undefined && tokenMatcher(word, t.Name) && label !== equals && !/^(?:let|contribute)$/.test(word.image) ? [word, label, last, equals] : undefined;
  }
  return undefined;
}

/** The name in `name = value` before a `{` on its line. */
function assignedBefore({ tokens, index }: Fault): LabToken | undefined {
  const line = tokens[index]?.startLine;
  const equals = tokens.slice(0, index).findLastIndex((other) => other.startLine === line && other.tokenType === t.Equals);
  const [name, before] = [tokens[equals - 1], tokens[equals - 2]];
  const begins = before === undefined || before.endLine < (line ?? 0) || isOneOf(before, t.LeftBrace, t.Semicolon);
  return equals > 0 && name !== undefined && tokenMatcher(name, t.Name) && begins ? name : undefined;
}

/** Rules whose items have commas between them. */
const separated: ReadonlySet<string> = new Set(['list', 'args', 'params', 'names']);

/** What may stand where a rule stopped. */
const expectations: Readonly<Record<string, string>> = {
  file: 'a declaration', body: 'a declaration or `}`', item: 'a declaration', wordItem: '`=`, a label or `{`', head: 'a label or `{`',
  entry: 'a label', label: 'a label', reference: 'a name', names: 'a name', memberName: 'a name', param: 'a parameter', type: 'a type',
  simpleType: 'a type', record: 'a field or `}`', field: 'a field', textKey: 'a name', list: 'a value or `]`', args: 'an argument or `)`',
  params: 'a parameter or `)`', template: '`}`', cond: '`{`',
};

function expectedAt({ tokens, index, rule, wanted }: Fault): string {
  if (tokens[index - 1]?.tokenType === t.Colon && rule === 'head') return 'a type';
  if (wanted !== undefined && !(rule in expectations && isCloserText(wanted))) return wanted;
  return expectations[rule] ?? 'a value';
}

function isCloserText(text: string): boolean {
  return text === '`}`' || text === '`)`' || text === '`]`';
}

/**
 * The sign that lacks its value: the one before the fault, or, when what follows was taken for the value
 * (`x =`, then `y = 1`), the one before that.
 */
function signWithoutValue({ tokens, index, refused }: Fault): LabToken | undefined {
  const [token, before, earlier] = [tokens[index], tokens[index - 1], tokens[index - 2]];
  if (refused === 'layout') return before;
  if (before !== undefined && wantsValue(before)) {
    const nothing = token === undefined || !startsValue(token) || token.startLine > before.endLine;
    if (nothing && !(token !== undefined && wantsValue(token))) return before;
  }
  const swallowed = token !== undefined && isOneOf(token, t.Equals, t.PlusEquals) && before !== undefined && tokenMatcher(before, t.Name);
  if (token === undefined || before === undefined || earlier === undefined || !swallowed || !wantsValue(earlier)) return undefined;
  // On one line the wider gap is where something is missing: `x =  y = 1`, but `x = y  = 1`.
  const isNext = earlier.endLine < before.startLine || before.startOffset - endOf(earlier) > token.startOffset - endOf(before);
  return isNext ? earlier : undefined;
}

/** `from env("X")`: a name, and a call that was taken for a label with parameters. */
function callWithoutEquals({ tokens, index, rule }: Fault): readonly [LabToken, LabToken] | undefined {
  const [token, open, label, name] = [tokens[index], tokens[index - 1], tokens[index - 2], tokens[index - 3]];
  if (token === undefined || open?.tokenType !== t.LeftParen || label === undefined || name === undefined || !['params', 'param'].includes(rule)) return undefined;
  const isCall = endOf(label) === open.startOffset && name.endLine === label.startLine && tokenMatcher(name, t.Name) && isLabel(tokens, index - 3);
  return isCall && startsValue(token) && !tokenMatcher(token, t.Name) ? [name, label] : undefined;
}

function wantsValue(token: LabToken): boolean {
  return isOneOf(token, t.Equals, t.PlusEquals, t.Arrow) || tokenMatcher(token, t.BinaryOperator) || tokenMatcher(token, t.PrefixOperator);
}

function startsValue(token: LabToken): boolean {
  return tokenMatcher(token, t.Name) || tokenMatcher(token, t.Literal) || isOneOf(token, t.TemplateOpen, t.LeftBrace, t.LeftBracket, t.LeftParen, t.If, t.Not);
}

function endsValue(token: LabToken): boolean {
  return tokenMatcher(token, t.Name) || tokenMatcher(token, t.Literal) || isOneOf(token, t.TemplateClose, t.RightBrace, t.RightBracket, t.RightParen);
}

/** A word that begins its item, or the label of one: where `= value` may follow. */
function isLabel(tokens: readonly LabToken[], index: number): boolean {
  const [token, before] = [tokens[index], tokens[index - 1]];
  if (token === undefined || !tokenMatcher(token, t.Name)) return false;
  return before === undefined || before.endLine < token.startLine || isOneOf(before, t.LeftBrace, t.RightBrace, t.Semicolon) || tokenMatcher(before, t.Name)
    || tokenMatcher(before, t.Literal);
}

function isReserved(token: LabToken): boolean {
  return t.reservedWords.includes(token.tokenType);
}

function isOneOf(token: LabToken, ...types: readonly TokenType[]): boolean {
  return types.includes(token.tokenType);
}

function fix(title: string, edit: Fix['edits'][number]): { fixes: readonly Fix[] } {
  return { fixes: [{ title, edits: [edit] }] };
}
