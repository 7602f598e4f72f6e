/**
 * The parser's builder: makes the tree of ast.ts, finished and readonly, node by node.
 * It reports what is wrong inside a token or between neighbours that the grammar lets pass; the tree is whole all the same.
 */
import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import type { Builder, HeadParts, Nodes, Operand } from '../../grammar/builder.js';
import { endOf } from '../../grammar/lexer.js';
import * as t from '../../grammar/tokens.js';
import type { SourceFile, Span } from '../base/span.js';
import { syntax } from '../diagnostics/catalogue/syntax.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type * as ast from './ast.js';
import { bindOperators, type Step } from './operators.js';
import { readParts, type Piece } from './text.js';

export interface Key {
  readonly name: ast.Name;
  readonly quoted: boolean;
  readonly key?: ast.Str;
}

export interface Ast extends Nodes {
  Item: ast.Item;
  Body: ast.Body;
  If: ast.If;
  Key: Key;
  Entry: ast.Entry;
  Label: ast.Label;
  LabelPart: ast.Name | ast.NameGroup;
  Param: ast.Param;
  Type: ast.TypeExpr;
  Expr: ast.Expr;
  Arg: ast.Arg;
  Generator: ast.Generator;
  Field: ast.Field;
}

export class AstBuilder implements Builder<Ast> {
  diagnostics: Diagnostic[] = [];
  /** Items of bodies that recovery has read on its own, by the offset of their opening brace. */
  readonly fills = new Map<number, readonly ast.Item[]>();
  private file = '';
  private source = '';
  private docs: ReadonlyMap<number, string> = new Map();
  /** Where a header was found to have a neighbour: one message is enough. */
  private neighbour = -1;
  /** Items and fields that begin in column 0, counted for recovery. */
  inColumn0 = 0;

  /** Begins a file; `docs` holds documentation by the offset of what it stands above. */
  begin({ path, text }: SourceFile, docs: ReadonlyMap<number, string>): void {
    this.file = path;
    this.source = text;
    this.docs = docs;
    this.diagnostics = [];
    this.fills.clear();
  }

  span(start: number, end: number): Span {
    return { file: this.file, start, end };
  }

  /** The span of an item or field. */
  private itemSpan(start: number, end: number): Span {
    if (start === 0 || this.source.charCodeAt(start - 1) === 10) this.inColumn0++;
    return this.span(start, end);
  }

  spanOf(token: IToken): Span {
    return { file: this.file, start: token.startOffset, end: endOf(token) };
  }

  wordKey(word: IToken): Key {
    return { name: this.name(word), quoted: false };
  }

  textKey(text: ast.Expr): Key {
    const key = text as ast.Str;
    const name: ast.Name = { kind: 'name', span: key.span, text: key.parts.filter((part) => typeof part === 'string').join('') };
    return key.parts.some((part) => typeof part !== 'string') ? { name, quoted: true, key } : { name, quoted: true };
  }

  assign({ name, quoted, key }: Key, operator: IToken, value: ast.Expr): ast.Assign {
    const span = this.itemSpan(name.span.start, value.span.end);
    return { kind: 'assign', span, name, quoted, ...(key && { key }), op: operator.tokenType === t.Equals ? '=' : '+=', value, ...this.doc(span.start) };
  }

  head({ word, params, entries, types, value, body, last, neighbour }: HeadParts<Ast>): ast.Head {
    const span = this.itemSpan(word.startOffset, endOf(last));
    const name = this.name(word);
    const head: ast.Head = {
      kind: 'head', span, word: name, ...(params && { params }), entries, types, ...(value && { value }), ...(body && { body }), ...this.doc(span.start),
    };
    this.checkHeader(head, neighbour);
    return head;
  }

  cond(first: IToken, condition: ast.Expr, then: ast.Body, otherwise: ast.Body | ast.If | undefined): ast.If {
    const span = this.itemSpan(first.startOffset, (otherwise ?? then).span.end);
    return { kind: 'if', span, condition, then, ...(otherwise && { else: otherwise }) };
  }

  loop(first: IToken, variable: IToken, source: ast.Expr, body: ast.Body): ast.For {
    return { kind: 'for', span: this.itemSpan(first.startOffset, body.span.end), variable: this.name(variable), source, body };
  }

  body(open: IToken, items: readonly ast.Item[], close: IToken): ast.Body {
    return { kind: 'body', span: this.between(open, close), items: this.fills.get(open.startOffset) ?? items };
  }

  entry(label: ast.Label, params: readonly ast.Param[] | undefined, value: ast.Expr | undefined, last: IToken): ast.Entry {
    return { kind: 'entry', span: this.span(label.span.start, endOf(last)), label, ...(params && { params }), ...(value && { value }) };
  }

  reference(parts: readonly (ast.Name | ast.NameGroup)[]): ast.RefLabel {
    const end = (parts[parts.length - 1] as ast.Name).span.end;
    return { kind: 'ref-label', span: this.span((parts[0] as ast.Name).span.start, end), parts };
  }

  name(word: IToken): ast.Name {
    return { kind: 'name', span: this.spanOf(word), text: word.image };
  }

  nameGroup(open: IToken, words: readonly IToken[], close: IToken): ast.NameGroup {
    return { kind: 'name-group', span: this.between(open, close), names: words.map((word) => this.name(word)) };
  }

  literalLabel(value: ast.Expr): ast.Label {
    const { span } = value;
    switch (value.kind) {
      case 'path': return { kind: 'path-label', span, text: value.text };
      case 'int': return { kind: 'int-label', span, text: value.text };
      case 'ip': return { kind: 'ip-label', span, text: value.text };
      default: return { kind: 'str-label', span, value: value as ast.Str };
    }
  }

  param(word: IToken, type: ast.TypeExpr, value: ast.Expr | undefined): ast.Param {
    const span = this.span(word.startOffset, (value ?? type).span.end);
    return { kind: 'param', span, name: this.name(word), type, ...(value && { default: value }), ...this.doc(span.start) };
  }

  typeReference(words: readonly IToken[], args: readonly ast.Arg[] | undefined, last: IToken): ast.TypeRef {
    const span = this.span((words[0] as IToken).startOffset, endOf(last));
    return { kind: 'type-ref', span, parts: words.map((word) => this.name(word)), ...(args && { args }) };
  }

  typeList(open: IToken, element: ast.TypeExpr, close: IToken): ast.TypeList {
    return { kind: 'type-list', span: this.between(open, close), element };
  }

  typeLiteral(value: ast.Expr): ast.TypeLiteral {
    return { kind: 'type-literal', span: value.span, value };
  }

  typeOptional(type: ast.TypeExpr, mark: IToken): ast.TypeOptional {
    return { kind: 'type-optional', span: this.span(type.span.start, endOf(mark)), of: type };
  }

  typeUnion(members: readonly ast.TypeExpr[]): ast.TypeUnion {
    const first = members[0] as ast.TypeExpr;
    return { kind: 'type-union', span: this.span(first.span.start, (members[members.length - 1] as ast.TypeExpr).span.end), members };
  }

  lambda(word: IToken, body: ast.Expr): ast.Lambda {
    return { kind: 'lambda', span: this.span(word.startOffset, body.span.end), param: this.name(word), body };
  }

  choice(first: IToken, condition: ast.Expr, then: ast.Expr, otherwise: ast.Expr): ast.IfExpr {
    return { kind: 'if-expr', span: this.span(first.startOffset, otherwise.span.end), condition, then, else: otherwise };
  }

  operators(operands: readonly Operand<Ast>[], between: readonly IToken[]): ast.Expr {
    const steps: Step[] = [];
    operands.forEach((operand, i) => {
      if (i > 0) steps.push({ operator: (between[i - 1] as IToken).image as ast.BinaryOp, span: this.spanOf(between[i - 1] as IToken) });
      for (const prefix of operand.prefixes) steps.push({ prefix: prefix.image as ast.Unary['op'], span: this.spanOf(prefix) });
      steps.push({ operand: operand.value });
    });
    return bindOperators(steps, (first, second) => {
      this.diagnostics.push(syntax.create.chainedComparison(second, {}, { labels: [{ span: first, text: 'the first comparison' }] }));
    });
  }

  member(object: ast.Expr, word: IToken): ast.Member {
    return { kind: 'member', span: this.span(object.span.start, endOf(word)), object, name: this.name(word) };
  }

  call(callee: ast.Expr, args: readonly ast.Arg[], close: IToken): ast.Call {
    return { kind: 'call', span: this.span(callee.span.start, endOf(close)), callee, args };
  }

  arg(word: IToken | undefined, value: ast.Expr): ast.Arg {
    const span = this.span(word?.startOffset ?? value.span.start, value.span.end);
    return { kind: 'arg', span, ...(word && { name: this.name(word) }), value };
  }

  index(object: ast.Expr, index: ast.Expr, close: IToken): ast.Index {
    return { kind: 'index', span: this.span(object.span.start, endOf(close)), object, index };
  }

  atTime(object: ast.Expr, time: IToken): ast.AtTime {
    return { kind: 'at-time', span: this.span(object.span.start, endOf(time)), object, time: this.literal(time) as ast.Pair };
  }

  nameExpr(word: IToken): ast.NameExpr {
    return { kind: 'name-expr', span: this.spanOf(word), text: word.image };
  }

  literal(token: IToken): ast.Expr {
    const span = this.spanOf(token);
    const text = token.image;
    switch (token.tokenType) {
      case t.Text: case t.RawText: return this.plain(token);
      case t.UnclosedText: return { kind: 'str', span, parts: [text.replace(/^("""|'''|["'])/, '')], form: 'quoted' };
      case t.BareUrl: return { kind: 'str', span, parts: [text], form: 'quoted' };
      case t.True: case t.False: return { kind: 'bool', span, value: token.tokenType === t.True };
      case t.None: return { kind: 'none', span };
      case t.Ip4: this.checkAddress(token); return { kind: 'ip', span, text };
      case t.Ip6: return { kind: 'ip', span, text };
      default: return { kind: literalKinds.get(token.tokenType) ?? 'int', span, text };
    }
  }

  template(open: IToken, parts: readonly (IToken | ast.Expr)[], close: IToken): ast.Str {
    const pieces = parts.map((part): Piece => ('image' in part ? { start: part.startOffset, raw: part.image } : { hole: part }));
    return this.text(this.between(open, close), pieces, open.image === '"' ? 'quoted' : 'multi');
  }

  /** The value keeps its kind; its span takes the parentheses in. */
  parens(open: IToken, value: ast.Expr, close: IToken): ast.Expr {
    return { ...value, span: this.between(open, close) };
  }

  list(open: IToken, items: readonly ast.Expr[], close: IToken): ast.List {
    return { kind: 'list', span: this.between(open, close), items };
  }

  listGen(open: IToken, generator: ast.Generator, value: ast.Expr, close: IToken): ast.ListGen {
    return { kind: 'list-gen', span: this.between(open, close), generator, value };
  }

  generator(first: IToken, variable: IToken, source: ast.Expr, where: ast.Expr | undefined, last: IToken): ast.Generator {
    return { kind: 'generator', span: this.between(first, last), variable: this.name(variable), source, ...(where && { where }) };
  }

  field({ name, quoted, key }: Key, value: ast.Expr): ast.Field {
    return { kind: 'field', span: this.itemSpan(name.span.start, value.span.end), name, quoted, ...(key && { key }), value };
  }

  record(open: IToken, fields: readonly ast.Field[], close: IToken): ast.Record {
    return { kind: 'record', span: this.between(open, close), fields };
  }

  recordGen(open: IToken, generator: ast.Generator, key: ast.Expr, value: ast.Expr, close: IToken): ast.RecordGen {
    return { kind: 'record-gen', span: this.between(open, close), generator, key, value };
  }

  private between(open: IToken, close: IToken): Span {
    return this.span(open.startOffset, endOf(close));
  }

  private doc(start: number): { doc?: string } {
    const doc = this.docs.get(start);
    return doc === undefined ? {} : { doc };
  }

  private plain(token: IToken): ast.Str {
    const { image } = token;
    const quotes = image.startsWith('"""') || image.startsWith("'''") ? 3 : 1;
    const raw = token.tokenType === t.RawText;
    const form = quotes === 3 ? (raw ? 'raw-multi' : 'multi') : raw ? 'raw' : 'quoted';
    return this.text(this.spanOf(token), [{ start: token.startOffset + quotes, raw: image.slice(quotes, -quotes) }], form);
  }

  private text(span: Span, pieces: readonly Piece[], form: ast.Str['form']): ast.Str {
    const parts = readParts(pieces, form, (kind, start, end) => this.diagnostics.push(syntax.create[textFaults[kind]](this.span(start, end), {})));
    return { kind: 'str', span, parts, form };
  }

  /** A header without `=` or `{ }` ends with its line, and a lone word says nothing. */
  private checkHeader(head: ast.Head, neighbour: IToken | undefined): void {
    const { word, params, entries, types, value, body } = head;
    if (body !== undefined || value !== undefined) return;
    const last = entries[entries.length - 1];
    const bare = params === undefined && last === undefined;
    if (bare && types.length === 0 && neighbour !== undefined && namesNothing.has(neighbour.tokenType)) {
      this.diagnostics.push(syntax.create.reservedWord(this.spanOf(neighbour), { word: neighbour.image }));
      return;
    }
    if (bare && (word.span.start === this.neighbour || (types.length === 0 && neighbour !== undefined && !tokenMatcher(neighbour, t.DottedName)))) return;
    if (types.length > 0 && bare) {
      const [from, to] = [word.span.end, (types[0] as ast.TypeExpr).span.start];
      this.diagnostics.push(syntax.create.colonForEquals(head.span, { name: word.text }, { fixes: [{ title: 'Write `=`', edits: [{ span: this.span(from, to), text: ' = ' }] }] }));
    } else if (bare) {
      this.diagnostics.push(syntax.create.bareWord(word.span, { word: word.text }));
    } else if (neighbour !== undefined && (types.length > 0 || last?.value === undefined)) {
      this.neighbour = neighbour.startOffset;
      // `uid 1000  keys = [...]`: a value like that names nothing, and `=` is what is missing.
      const label = entries.length === 1 && types.length === 0 && last !== undefined && last.params === undefined ? last.label : undefined;
      if (label !== undefined && (label.kind === 'int-label' || label.kind === 'ip-label' || label.kind === 'path-label' || label.kind === 'str-label')) {
        const value = label.kind === 'str-label' ? '"..."' : label.text;
        this.diagnostics.push(syntax.create.missingEquals(label.span, { name: word.text, value }, { fixes: [{ title: 'Write `=`', edits: [{ span: this.span(word.span.end, label.span.start), text: ' = ' }] }] }));
        return;
      }
      this.diagnostics.push(syntax.create.juxtaposition(this.spanOf(neighbour), { word: neighbour.image, kind: word.text }, {
        labels: [{ span: head.span, text: 'this ends with its line' }],
      }));
    }
  }

  private checkAddress(token: IToken): void {
    if (!/(?:^|[./])0\d/.test(token.image)) return;
    const mended = token.image.replace(/(^|[./])0+(?=\d)/g, '$1');
    const span = this.spanOf(token);
    this.diagnostics.push(syntax.create.leadingZero(span, { address: token.image, mended }, { fixes: [{ title: `Write ${mended}`, edits: [{ span, text: mended }] }] }));
  }
}

/** Reserved words that begin no statement of their own. */
const namesNothing: ReadonlySet<TokenType> = new Set(t.reservedWords.filter((type) => type !== t.If && type !== t.For));

const textFaults = { escape: 'unknownEscape', codePoint: 'badCodePoint', margin: 'leftOfMargin' } as const;

const literalKinds = new Map([
  [t.Mac, 'mac'], [t.DateText, 'date'], [t.Version, 'version'], [t.Pair, 'pair'], [t.Port, 'port'], [t.Quantity, 'quantity'],
  [t.Decimal, 'decimal'], [t.Int, 'int'], [t.Path, 'path'],
] as const);

