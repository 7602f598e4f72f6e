/**
 * The grammar of values, types and strings: what stands after `=`, after `:` and between `${` and `}`.
 * Rules in the order of docs/language.md; the layout rules that they share stand at the end.
 * One token decides everywhere, save for a lambda and a named argument, where two do: that keeps the start of the parser cheap.
 */
import { EmbeddedActionsParser, type IParserConfig, type IParserErrorMessageProvider, type IToken, type ParserMethod, type TokenType } from 'chevrotain';
import type { Builder, Nodes, Operand } from './builder.js';
import { endOf, type LabToken } from './lexer.js';
import * as t from './tokens.js';

/** Bodies, values and types may lie this deep in one another. */
export const deepest = 100;

/** An expression may have so many operators, calls and members in a row. */
export const highest = 500;

/** Thrown at a token that layout or depth forbids, though the grammar would go on; the only exception that leaves the parser. */
export class Refused extends Error {
  constructor(readonly reason: 'depth' | 'layout', readonly token: IToken) {
    super(reason);
  }
}

export type Rule<R> = ParserMethod<[], R>;

export class ExpressionParser<N extends Nodes> extends EmbeddedActionsParser {
  protected build: Builder<N> = inert as Builder<N>;
  protected depth = 0;
  /** Height of the tree of the expression at hand, or more. */
  protected height = 0;

  constructor(config: Partial<IParserConfig>) {
    super([...t.vocabulary], { recoveryEnabled: false, maxLookahead: 1, nodeLocationTracking: 'none', errorMessageProvider: messages, ...config });
  }

  protected readonly type: Rule<N['Type']> = this.RULE('type', () => {
    this.enter();
    const members: N['Type'][] = [];
    this.AT_LEAST_ONE_SEP({ SEP: t.Bar, DEF: () => members.push(this.SUBRULE(this.simpleType)) });
    this.leave();
    return members.length === 1 ? members[0] : this.build.typeUnion(members);
  });

  private readonly simpleType: Rule<N['Type']> = this.RULE('simpleType', () => {
    const type = this.OR([
      { ALT: () => this.SUBRULE(this.typeReference) },
      { ALT: () => this.SUBRULE(this.typeList) },
      { ALT: () => this.build.typeLiteral(this.build.literal(this.CONSUME(t.Literal))) },
    ]);
    const mark = this.OPTION({ GATE: () => this.isGlued(), DEF: () => this.CONSUME(t.Question) });
    return mark === undefined ? type : this.build.typeOptional(type, mark);
  });

  private readonly typeReference: Rule<N['Type']> = this.RULE('typeReference', () => {
    const words = [this.CONSUME(t.Name)];
    this.MANY({ GATE: () => this.isGlued(), DEF: () => { this.CONSUME(t.Dot); words.push(this.CONSUME(t.DottedName)); } });
    const args = this.OPTION({ GATE: () => this.isGlued(), DEF: () => this.SUBRULE(this.args) });
    return this.build.typeReference(words, args, this.LA(0));
  });

  private readonly typeList: Rule<N['Type']> = this.RULE('typeList', () => {
    const open = this.CONSUME(t.LeftBracket);
    const element = this.SUBRULE(this.type);
    return this.build.typeList(open, element, this.CONSUME(t.RightBracket));
  });

  /** What follows `=`: on the same line, or on the next one and indented deeper. */
  protected readonly value: Rule<N['Expr']> = this.RULE('value', () => {
    this.ACTION(() => this.checkIndent(this.LA(0)));
    return this.SUBRULE(this.expr);
  });

  protected readonly expr: Rule<N['Expr']> = this.RULE('expr', () => {
    this.enter();
    const expr = this.OR({
      MAX_LOOKAHEAD: 2,
      DEF: [
        { ALT: () => this.SUBRULE(this.lambda) },
        { ALT: () => this.SUBRULE(this.choice) },
        { ALT: () => this.SUBRULE(this.binary) },
      ],
    });
    this.leave();
    return expr;
  });

  private readonly lambda: Rule<N['Expr']> = this.RULE('lambda', () => {
    const word = this.CONSUME(t.Name);
    this.CONSUME(t.Arrow);
    return this.build.lambda(word, this.SUBRULE(this.expr));
  });

  private readonly choice: Rule<N['Expr']> = this.RULE('choice', () => {
    const first = this.CONSUME(t.If);
    const condition = this.SUBRULE(this.expr);
    this.CONSUME(t.Then);
    const then = this.SUBRULE2(this.expr);
    this.CONSUME(t.Else);
    return this.build.choice(first, condition, then, this.SUBRULE3(this.expr));
  });

  protected readonly binary: Rule<N['Expr']> = this.RULE('binary', () => {
    const outer = this.height;
    this.height = 0;
    const first = this.SUBRULE(this.operand);
    let operands: Operand<N>[] | undefined;
    let between: IToken[] | undefined;
    this.MANY(() => {
      operands ??= [first];
      (between ??= []).push(this.CONSUME(t.BinaryOperator));
      operands.push(this.SUBRULE2(this.operand));
      this.grow(1);
    });
    this.height = Math.max(outer, this.height + 1);
    return this.ACTION(() => (operands === undefined && first.prefixes.length === 0 ? first.value : this.build.operators(operands ?? [first], between ?? [])));
  });

  private readonly operand: Rule<Operand<N>> = this.RULE('operand', () => {
    let prefixes: IToken[] | undefined;
    this.MANY(() => { (prefixes ??= []).push(this.CONSUME(t.PrefixOperator)); this.grow(1); });
    return { prefixes: prefixes ?? none, value: this.SUBRULE(this.postfix) };
  });

  private readonly postfix: Rule<N['Expr']> = this.RULE('postfix', () => {
    let value = this.SUBRULE(this.primary);
    this.MANY({
      GATE: () => this.continues(),
      DEF: () => {
        const object = value;
        this.grow(1);
        value = this.OR([
          { ALT: () => { this.CONSUME(t.Dot); return this.build.member(object, this.SUBRULE(this.memberName)); } },
          { ALT: () => { const args = this.SUBRULE(this.args); return this.build.call(object, args, this.LA(0)); } },
          { ALT: () => { this.CONSUME(t.LeftBracket); const index = this.SUBRULE(this.expr); return this.build.index(object, index, this.CONSUME(t.RightBracket)); } },
          { ALT: () => { this.CONSUME(t.At); return this.build.atTime(object, this.CONSUME(t.Pair)); } },
        ]);
      },
    });
    return value;
  });

  /** A word on the dot's line, so that a half-written `x.` does not eat the next line. */
  private readonly memberName: Rule<IToken> = this.RULE('memberName', () =>
    this.OR([{ GATE: () => this.isGlued(), ALT: () => this.CONSUME(t.DottedName) }]));

  protected readonly args: Rule<readonly N['Arg'][]> = this.RULE('args', () => {
    const args: N['Arg'][] = [];
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      args.push(this.SUBRULE(this.arg));
      this.MANY({
        GATE: () => this.LA(2).tokenType !== t.RightParen,
        DEF: () => { this.CONSUME(t.Comma); args.push(this.SUBRULE2(this.arg)); },
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.RightParen);
    return args;
  });

  private readonly arg: Rule<N['Arg']> = this.RULE('arg', () => {
    const word = this.OPTION({ MAX_LOOKAHEAD: 2, DEF: () => { const name = this.CONSUME(t.Name); this.CONSUME(t.Equals); return name; } });
    return this.build.arg(word, this.SUBRULE(this.expr));
  });

  private readonly primary: Rule<N['Expr']> = this.RULE('primary', () => this.OR([
    { ALT: () => this.build.nameExpr(this.CONSUME(t.Name)) },
    { ALT: () => this.build.literal(this.CONSUME(t.Literal)) },
    { ALT: () => this.SUBRULE(this.template) },
    { ALT: () => this.SUBRULE(this.parens) },
    { ALT: () => this.SUBRULE(this.list) },
    { ALT: () => this.SUBRULE(this.record) },
  ]));

  private readonly parens: Rule<N['Expr']> = this.RULE('parens', () => {
    const open = this.CONSUME(t.LeftParen);
    const value = this.SUBRULE(this.expr);
    return this.build.parens(open, value, this.CONSUME(t.RightParen));
  });

  /** A string with holes. */
  protected readonly template: Rule<N['Expr']> = this.RULE('template', () => {
    const parts: (IToken | N['Expr'])[] = [];
    const open = this.CONSUME(t.TemplateOpen);
    this.MANY(() => this.OR([
      { ALT: () => { parts.push(this.CONSUME(t.TemplateText)); } },
      { ALT: () => { this.CONSUME(t.HoleOpen); parts.push(this.SUBRULE(this.expr)); this.CONSUME(t.HoleClose); } },
    ]));
    return this.build.template(open, parts, this.CONSUME(t.TemplateClose));
  });

  private readonly list: Rule<N['Expr']> = this.RULE('list', () => {
    const open = this.CONSUME(t.LeftBracket);
    const items: N['Expr'][] = [];
    let generator: N['Generator'] | undefined;
    this.OPTION(() => this.OR([
      { ALT: () => { generator = this.SUBRULE(this.generator); items.push(this.SUBRULE(this.expr)); } },
      { ALT: () => {
        items.push(this.SUBRULE2(this.expr));
        this.MANY({
          GATE: () => this.LA(2).tokenType !== t.RightBracket,
          DEF: () => { this.CONSUME(t.Comma); items.push(this.SUBRULE3(this.expr)); },
        });
        this.OPTION2(() => this.CONSUME2(t.Comma));
      } },
    ]));
    const close = this.CONSUME(t.RightBracket);
    return this.ACTION(() => (generator === undefined ? this.build.list(open, items, close) : this.build.listGen(open, generator, items[0], close)));
  });

  private readonly record: Rule<N['Expr']> = this.RULE('record', () => {
    const open = this.CONSUME(t.LeftBrace);
    const fields: N['Field'][] = [];
    let made: ((close: IToken) => N['Expr']) | undefined;
    this.OR([
      { ALT: () => {
        const generator = this.SUBRULE(this.generator);
        const key = this.SUBRULE(this.binary);
        this.CONSUME(t.Arrow);
        const value = this.SUBRULE(this.expr);
        made = (close) => this.build.recordGen(open, generator, key, value, close);
      } },
      { ALT: () => this.MANY(() => fields.push(this.SUBRULE(this.field))) },
    ]);
    const close = this.CONSUME(t.RightBrace);
    return this.ACTION(() => (made === undefined ? this.build.record(open, fields, close) : made(close)));
  });

  private readonly field: Rule<N['Field']> = this.RULE('field', () => {
    const key = this.OR([
      { ALT: () => this.build.wordKey(this.CONSUME(t.Name)) },
      { ALT: () => this.SUBRULE(this.textKey) },
    ]);
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.value);
    this.OPTION(() => this.CONSUME(t.Comma));
    return this.build.field(key, value);
  });

  /** A name in quotes, for what is no word. */
  protected readonly textKey: Rule<N['Key']> = this.RULE('textKey', () => this.OR([
    { ALT: () => this.build.textKey(this.build.literal(this.OR2([
      { ALT: () => this.CONSUME(t.Text) }, { ALT: () => this.CONSUME(t.RawText) }, { ALT: () => this.CONSUME(t.UnclosedText) },
    ]))) },
    { ALT: () => this.build.textKey(this.SUBRULE(this.template)) },
  ]));

  private readonly generator: Rule<N['Generator']> = this.RULE('generator', () => {
    const first = this.CONSUME(t.For);
    const variable = this.CONSUME(t.Name);
    this.CONSUME(t.In);
    const source = this.SUBRULE(this.binary);
    const where = this.OPTION(() => { this.CONSUME(t.Where); return this.SUBRULE2(this.binary); });
    return this.build.generator(first, variable, source, where, this.CONSUME(t.Colon));
  });

  protected onSameLine(): boolean {
    return (this.LA(1) as LabToken).startLine === (this.LA(0) as LabToken).endLine;
  }

  /** What continues a token's line below is indented deeper than that line; else the next item would be taken for it. */
  protected checkIndent(continued: IToken): void {
    if (this.onSameLine()) return;
    const next = this.LA(1) as LabToken;
    if (next.indent <= (continued as LabToken).indent) throw new Refused('layout', next);
  }

  protected isGlued(): boolean {
    return this.LA(1).startOffset === endOf(this.LA(0));
  }

  /** A call and an index touch their object; a dot may stand on the next line; `at` needs a time. */
  private continues(): boolean {
    const type = this.LA(1).tokenType;
    if (type === t.Dot) return true;
    return type === t.At ? this.LA(2).tokenType === t.Pair : this.isGlued();
  }

  protected enter(): void {
    if (++this.depth > deepest && !this.RECORDING_PHASE) throw new Refused('depth', this.LA(1));
  }

  private grow(by: number): void {
    if ((this.height += by) > highest && !this.RECORDING_PHASE) throw new Refused('depth', this.LA(1));
  }

  protected leave(): void {
    this.depth--;
  }
}

const none: readonly IToken[] = [];

/** Stands in for the builder while chevrotain records the rules. */
const inert: unknown = new Proxy({}, { get: () => () => undefined });

/** The message of a fault is the one token that was wanted, as people know it, or nothing. */
const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => shown(expected),
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: () => '',
  buildEarlyExitMessage: () => '',
};

function shown(type: TokenType): string {
  return type === t.Name || type === t.DottedName ? 'a name' : type === t.Pair ? 'a time' : `\`${type.LABEL ?? type.name}\``;
}
