/**
 * The grammar of `.lab`, rule by rule as in docs/language.md, over tokens and a builder.
 * It recovers from nothing: the first fault ends the parse, and what was read before it stays in `items`.
 * Whoever calls it cuts the stream and goes on (compiler/syntax/recover.ts).
 */
import type { IParserConfig, IToken, Rule as GrammarRule } from 'chevrotain';
import type { Builder, HeadParts, Nodes } from './builder.js';
import { ExpressionParser, type Rule } from './expressions.js';
import { FORKS } from './lookahead.gen.js';
import { decide, type Decide } from './lookahead.js';
import * as t from './tokens.js';

export class LabParser<N extends Nodes> extends ExpressionParser<N> {
  /** The items read so far by `file`. */
  items: N['Item'][] = [];
  /** Index of the token at which the item after the last whole one begins. */
  next = 0;
  // What chevrotain's types leave out: its count of consumed tokens, less one, and what its analysis of the rules leaves.
  declare private exportLexerState: () => number;
  declare private selfAnalysisDone: boolean;
  declare private lookAheadFuncsCache: Map<number, Decide>;
  private grammar: Record<string, GrammarRule> | undefined;

  /** Decides by the table that is made of the grammar; `analysed` by an analysis of the rules as they are. */
  constructor(builder: Builder<N>, private readonly config: Partial<IParserConfig> = {}, by: 'table' | 'analysed' = 'table') {
    super(config);
    if (by === 'analysed') {
      this.performSelfAnalysis();
      this.grammar = super.getGAstProductions();
    } else {
      for (const fork of FORKS) this.lookAheadFuncsCache.set(fork.key, decide(fork));
      this.selfAnalysisDone = true;
    }
    this.build = builder;
  }

  /** The functions that decide where the grammar forks, by chevrotain's numbers for these places. */
  get decisions(): ReadonlyMap<number, unknown> {
    return this.lookAheadFuncsCache;
  }

  /** The rules as data: chevrotain asks for them where no alternative fits. */
  override getGAstProductions(): Record<string, GrammarRule> {
    return this.grammar ??= new LabParser(this.build, this.config, 'analysed').getGAstProductions();
  }

  /** Reads items until the tokens end or do not fit; `errors` then holds the fault. */
  parse(tokens: IToken[]): void {
    this.items = [];
    this.next = 0;
    this.depth = 0;
    this.height = 0;
    this.input = tokens;
    this.file();
  }

  readonly file: Rule<void> = this.RULE('file', () => {
    this.MANY(() => {
      const item = this.SUBRULE(this.item);
      this.ACTION(() => {
        this.items.push(item);
        this.next = this.exportLexerState() + 1;
      });
    });
  });

  readonly body: Rule<N['Body']> = this.RULE('body', () => {
    this.enter();
    const items: N['Item'][] = [];
    const open = this.CONSUME(t.LeftBrace);
    this.MANY(() => items.push(this.SUBRULE(this.item)));
    const close = this.CONSUME(t.RightBrace);
    this.leave();
    return this.build.body(open, items, close);
  });

  readonly item: Rule<N['Item']> = this.RULE('item', () => {
    const item = this.OR([
      { ALT: () => this.SUBRULE(this.cond) },
      { ALT: () => this.SUBRULE(this.loop) },
      { ALT: () => this.SUBRULE(this.textAssign) },
      { ALT: () => this.SUBRULE(this.wordItem) },
    ]);
    this.OPTION(() => this.CONSUME(t.Semicolon));
    return item;
  });

  private readonly textAssign: Rule<N['Item']> = this.RULE('textAssign', () => {
    const key = this.SUBRULE(this.textKey);
    const operator = this.CONSUME(t.Equals);
    return this.build.assign(key, operator, this.SUBRULE(this.value));
  });

  private readonly wordItem: Rule<N['Item']> = this.RULE('wordItem', () => {
    const word = this.CONSUME(t.Name);
    return this.OR([
      { ALT: () => { const operator = this.CONSUME(t.Equals); return this.build.assign(this.build.wordKey(word), operator, this.SUBRULE(this.value)); } },
      { ALT: () => { const operator = this.CONSUME(t.PlusEquals); return this.build.assign(this.build.wordKey(word), operator, this.SUBRULE2(this.value)); } },
      { ALT: () => this.build.head(this.SUBRULE(this.head)) },
    ]);
  });

  readonly cond: Rule<N['If']> = this.RULE('cond', () => {
    this.enter();
    const first = this.CONSUME(t.If);
    const condition = this.SUBRULE(this.binary);
    const then = this.SUBRULE(this.body);
    const otherwise = this.OPTION(() => {
      this.CONSUME(t.Else);
      return this.OR([{ ALT: () => this.SUBRULE2(this.body) }, { ALT: () => this.SUBRULE(this.cond) }]);
    });
    this.leave();
    return this.build.cond(first, condition, then, otherwise);
  });

  private readonly loop: Rule<N['Item']> = this.RULE('loop', () => {
    const first = this.CONSUME(t.For);
    const variable = this.CONSUME(t.Name);
    this.CONSUME(t.In);
    const source = this.SUBRULE(this.binary);
    return this.build.loop(first, variable, source, this.SUBRULE(this.body));
  });

  /** What follows the kind's word. A label stands on its line; parameters touch the word. */
  private readonly head: Rule<HeadParts<N>> = this.RULE('head', () => {
    const word = this.LA(0);
    const entries: N['Entry'][] = [];
    const types: N['Type'][] = [];
    let params: readonly N['Param'][] | undefined;
    let value: N['Expr'] | undefined;
    this.OPTION({
      GATE: () => this.onSameLine(),
      DEF: () => this.OR([
        { GATE: () => this.isGlued(), ALT: () => { params = this.SUBRULE(this.params); } },
        { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => { this.ACTION(() => this.checkIndent(word)); entries.push(this.SUBRULE(this.entry)); } }) },
      ]),
    });
    this.OPTION2(() => {
      this.CONSUME(t.Colon);
      this.AT_LEAST_ONE_SEP2({ SEP: t.Comma, DEF: () => { this.ACTION(() => this.checkIndent(word)); types.push(this.SUBRULE(this.type)); } });
      value = this.OPTION3(() => { this.CONSUME(t.Equals); return this.SUBRULE(this.value); });
    });
    const body = this.OPTION4(() => this.SUBRULE(this.body));
    const last = this.LA(0);
    return { word, params, entries, types, value, body, last, neighbour: this.ACTION(() => this.neighbour()) };
  });

  private readonly entry: Rule<N['Entry']> = this.RULE('entry', () => {
    const label = this.OR([{ ALT: () => this.SUBRULE(this.reference) }, { ALT: () => this.build.literalLabel(this.SUBRULE(this.label)) }]);
    const params = this.OPTION({ GATE: () => this.isGlued(), DEF: () => this.SUBRULE(this.params) });
    const value = this.OPTION2(() => { this.CONSUME(t.Equals); return this.SUBRULE(this.value); });
    return this.build.entry(label, params, value, this.LA(0));
  });

  private readonly label: Rule<N['Expr']> = this.RULE('label', () => this.OR([
    { ALT: () => this.build.literal(this.CONSUME(t.LiteralLabel)) },
    { ALT: () => this.SUBRULE(this.template) },
  ]));

  private readonly reference: Rule<N['Label']> = this.RULE('reference', () => {
    const parts: N['LabelPart'][] = [this.build.name(this.CONSUME(t.Name))];
    this.MANY({
      GATE: () => this.isGlued(),
      DEF: () => {
        this.CONSUME(t.Dot);
        parts.push(this.OR([
          { ALT: () => this.build.name(this.CONSUME(t.DottedName)) },
          { ALT: () => this.SUBRULE(this.names) },
        ]));
      },
    });
    return this.build.reference(parts);
  });

  private readonly names: Rule<N['LabelPart']> = this.RULE('names', () => {
    const words: IToken[] = [];
    const open = this.CONSUME(t.LeftBrace);
    words.push(this.CONSUME(t.Name));
    this.MANY({
      GATE: () => this.LA(2).tokenType !== t.RightBrace,
      DEF: () => { this.CONSUME(t.Comma); words.push(this.CONSUME2(t.Name)); },
    });
    this.OPTION(() => this.CONSUME2(t.Comma));
    return this.build.nameGroup(open, words, this.CONSUME(t.RightBrace));
  });

  private readonly params: Rule<readonly N['Param'][]> = this.RULE('params', () => {
    const params: N['Param'][] = [];
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      params.push(this.SUBRULE(this.param));
      this.MANY({
        GATE: () => this.LA(2).tokenType !== t.RightParen,
        DEF: () => { this.CONSUME(t.Comma); params.push(this.SUBRULE2(this.param)); },
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.RightParen);
    return params;
  });

  private readonly param: Rule<N['Param']> = this.RULE('param', () => {
    const word = this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    const value = this.OPTION(() => { this.CONSUME(t.Equals); return this.SUBRULE(this.value); });
    return this.build.param(word, type, value);
  });

  /** The token after a header, if nothing separates the two. */
  private neighbour(): IToken | undefined {
    const next = this.LA(1);
    const free = !this.onSameLine() || next.tokenType === t.RightBrace || next.tokenType === t.Semicolon;
    return free ? undefined : next;
  }
}
