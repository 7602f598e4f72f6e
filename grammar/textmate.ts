/**
 * Builds the TextMate grammar out of the token vocabulary, for editors and Git hosts.
 * Kinds of declaration are plain words, so they are coloured by position: a word before a label or an opening brace is a kind,
 * a word before `=` is a setting. `npm run gen` writes the files; nothing here touches the disk.
 */
import type { TokenType } from 'chevrotain';
import * as t from './tokens.js';

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

export function generateTextmate(): GeneratedFile[] {
  return [{ path: 'grammar/vscode/syntaxes/lab.tmLanguage.json', text: `${JSON.stringify(textmateGrammar(), null, 2)}\n` }];
}

interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Readonly<Record<string, Rule>>;
  readonly beginCaptures?: Readonly<Record<string, Rule>>;
  readonly endCaptures?: Readonly<Record<string, Rule>>;
  readonly patterns?: readonly Rule[];
}

export interface TextmateGrammar {
  readonly name: string;
  readonly scopeName: string;
  readonly fileTypes: readonly string[];
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, Rule>>;
}

export function textmateGrammar(): TextmateGrammar {
  return {
    name: 'Lab', scopeName: 'source.lab', fileTypes: ['lab'],
    patterns: [{ include: '#all' }],
    repository: {
      all: { patterns: ['comments', 'strings', 'literals', 'members', 'reserved', 'settings', 'declarations', 'types', 'calls', 'names', 'signs'].map(include) },
      comments: { patterns: [
        { name: 'comment.line.documentation.lab', match: `${free}///(?!/).*$` },
        { name: 'comment.line.double-slash.lab', match: `${free}//.*$` },
      ] },
      strings: { patterns: [
        text('string.quoted.triple.lab', '"""', '"""', true),
        text('string.quoted.double.lab', '"', '"|$', true),
        text('string.quoted.triple.raw.lab', "'''", "'''", false),
        text('string.quoted.single.raw.lab', "'", "'|$", false),
      ] },
      escapes: { patterns: [
        { name: 'constant.character.escape.lab', match: String.raw`\\(?:[nt"\\$]|u\{[0-9A-Fa-f]{1,6}\})` },
        { name: 'invalid.illegal.escape.lab', match: String.raw`\\.` },
      ] },
      hole: {
        name: 'meta.interpolation.lab', contentName: 'source.lab.embedded', begin: String.raw`\$\{`, end: String.raw`\}`,
        ...ends('punctuation.section.interpolation.lab'), patterns: [include('braces'), include('all')],
      },
      braces: { begin: String.raw`\{`, end: String.raw`\}`, ...ends('punctuation.section.braces.lab'), patterns: [include('braces'), include('all')] },
      literals: { patterns: literalScopes.map(([type, name]) => ({ name: `${name}.lab`, match: `(?<![A-Za-z0-9_.])(?:${sourceOf(type)})` })) },
      members: { name: 'variable.other.member.lab', match: `(?<=[A-Za-z0-9_)\\]"]\\.)${word}` },
      reserved: { patterns: [
        ...reservedScopes.map(([types, name]) => ({ name: `${name}.lab`, match: whole(types.map((type) => type.name).join('|')) })),
        { name: 'keyword.operator.word.lab', match: beforeTime },
      ] },
      settings: { match: `(?<!: )(${word})\\s*(\\+?=)(?![=>])`, captures: { 1: { name: 'variable.other.property.lab' }, 2: { name: 'keyword.operator.assignment.lab' } } },
      declarations: { patterns: [
        {
          match: `${notValue}(?!${reserved})(${word})[ \\t]+(?!${reserved}|${beforeTime})(${word}(?:\\.${word})*)`,
          captures: { 1: { name: 'storage.type.kind.lab' }, 2: { name: 'entity.name.label.lab' } },
        },
        { match: `${notValue}(?!${reserved})(${word})(?=[ \\t]+["'/0-9]|[ \\t]*\\{)`, captures: { 1: { name: 'storage.type.kind.lab' } } },
      ] },
      calls: { name: 'entity.name.function.lab', match: `${word}(?=\\()` },
      types: { name: 'entity.name.type.lab', match: '(?<![A-Za-z0-9_-])[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*(?![A-Za-z0-9_-])' },
      names: { name: 'variable.other.lab', match: word },
      signs: { patterns: [
        { name: 'keyword.operator.lab', match: operators.map((type) => escape(signOf(type))).join('|') },
        { name: 'punctuation.separator.lab', match: [t.Comma, t.Semicolon, t.Colon].map((type) => escape(signOf(type))).join('|') },
        { name: 'punctuation.accessor.lab', match: escape(signOf(t.Dot)) },
      ] },
    },
  };
}

const word = t.Word.PATTERN instanceof RegExp ? t.Word.PATTERN.source : '';
const reserved = whole(t.reservedWords.map((type) => type.name).join('|'));
/** `at` between a value and a time. */
const beforeTime = `${whole(t.At.name)}(?=[ \\t]+\\d)`;
/** `//` opens a comment at the start of a line or after a blank. */
const free = '(?:^|(?<=\\s))';
/** Not where a value stands: after `=`, `:`, a comma, an opening bracket or an operator. */
const notValue = '(?<![A-Za-z0-9_.-])(?<![=:,(\\[>|+*/<?-] )(?<![(\\[])';

const literalScopes: readonly (readonly [TokenType, string])[] = [
  [t.BareUrl, 'invalid.illegal.url'], [t.Mac, 'constant.other.mac'], [t.Ip6, 'constant.other.ip'], [t.Ip4, 'constant.other.ip'],
  [t.DateText, 'constant.other.date'], [t.Version, 'constant.other.version'], [t.Pair, 'constant.other.pair'], [t.Port, 'constant.other.port'],
  [t.Quantity, 'constant.numeric.quantity'], [t.Decimal, 'constant.numeric.decimal'], [t.Int, 'constant.numeric.integer'], [t.Path, 'constant.other.path'],
];

const reservedScopes: readonly (readonly [readonly TokenType[], string])[] = [
  [[t.True, t.False, t.None], 'constant.language'],
  [[t.And, t.Or, t.Not, t.In], 'keyword.operator.word'],
  [[t.For, t.Where, t.If, t.Then, t.Else], 'keyword.control'],
];

/** Longer signs first. */
const operators: readonly TokenType[] = [
  t.DotDot, t.Coalesce, t.Arrow, t.EqualTo, t.NotEqual, t.AtMost, t.AtLeast, t.Plus, t.Minus, t.Star, t.Slash, t.Less, t.Greater, t.Equals, t.Question, t.Bar,
];

function include(name: string): Rule {
  return { include: `#${name}` };
}

function text(name: string, begin: string, end: string, holes: boolean): Rule {
  return {
    name, begin, end, beginCaptures: { 0: { name: 'punctuation.definition.string.begin.lab' } }, endCaptures: { 0: { name: 'punctuation.definition.string.end.lab' } },
    ...(holes && { patterns: [include('escapes'), include('hole')] }),
  };
}

function ends(name: string): Rule {
  return { beginCaptures: { 0: { name } }, endCaptures: { 0: { name } } };
}

/** The words of an alternation, whole and not after a dot. */
function whole(words: string): string {
  return `(?<![A-Za-z0-9_.-])(?:${words})(?![A-Za-z0-9_-])`;
}

function sourceOf(type: TokenType): string {
  return type.PATTERN instanceof RegExp ? type.PATTERN.source : '';
}

function signOf(type: TokenType): string {
  return typeof type.PATTERN === 'string' ? type.PATTERN : '';
}

function escape(sign: string): string {
  return sign.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
