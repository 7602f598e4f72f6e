/**
 * How the parser decides which way to go: by the tokens that lead into each alternative of a place where the grammar forks.
 * Chevrotain finds these by recording every rule and analysing the record, which takes longer than reading a whole lab.
 * So `npm run gen` keeps them in lookahead.gen.ts (grammar/analysis.ts finds them), and the functions here read that table.
 */
import { tokenMatcher, type IToken, type TokenType } from 'chevrotain';
import { vocabulary } from './tokens.js';

/** A place where the grammar forks. */
export interface Fork {
  /** Chevrotain's number for the place: the rule, what forks there, which one of these in the rule. */
  readonly key: number;
  /** `option` goes in or past it; a `gated` choice asks the alternatives' own conditions too. */
  readonly form: 'option' | 'choice' | 'gated';
  /**
   * What each alternative begins with, the first that fits is taken: names of tokens and categories, of two that follow one
   * another with `>` between them. `*` is an alternative that may be empty: it fits whatever comes.
   */
  readonly alternatives: readonly string[];
}

/** As much of the parser as deciding needs. */
export interface Lookout {
  LA(howMuch: number): IToken;
}

type Gated = { readonly GATE?: ((this: Lookout) => boolean) | undefined };

/** What chevrotain calls at a fork: the alternative's index, or whether to go in. */
export type Decide = (this: Lookout, alternatives?: readonly Gated[]) => number | boolean | undefined;

/** What an alternative may begin with: one token, or one and the next; an alternative that may be empty begins with anything. */
interface Way {
  readonly alternative: number;
  readonly first: TokenType | undefined;
  readonly then: TokenType | undefined;
}

const named: ReadonlyMap<string, TokenType> = new Map(vocabulary.map((type) => [type.name, type]));

const nowhere = -1;

/** The function that decides at a fork. Where a token leads is found when it first stands there, and is mostly one number. */
export function decide({ form, alternatives }: Fork): Decide {
  const known: (number | readonly Way[])[] = [];
  let all: readonly Way[] | undefined;
  const find = (token: IToken): number | readonly Way[] => {
    const open = (all ??= waysOf(alternatives)).filter(({ first }) => first === undefined || tokenMatcher(token, first));
    const [way] = open;
    return known[token.tokenTypeIdx] = way === undefined ? nowhere : way.then === undefined && form !== 'gated' ? way.alternative : open;
  };
  if (form === 'option') {
    return function (this: Lookout) {
      const token = this.LA(1);
      const way = known[token.tokenTypeIdx] ?? find(token);
      return (typeof way === 'number' ? way : follow(this, way)) !== nowhere;
    };
  }
  return function (this: Lookout, given?: readonly Gated[]) {
    const token = this.LA(1);
    const way = known[token.tokenTypeIdx] ?? find(token);
    const taken = typeof way === 'number' ? way : follow(this, way, form === 'gated' ? given : undefined);
    return taken === nowhere ? undefined : taken;
  };
}

/** Of several ways, or one that needs more than its first token, the one that is open. */
function follow(parser: Lookout, ways: readonly Way[], given?: readonly Gated[]): number {
  for (const { alternative, then } of ways) {
    if (then !== undefined && !tokenMatcher(parser.LA(2), then)) continue;
    if (given?.[alternative]?.GATE?.call(parser) === false) continue;
    return alternative;
  }
  return nowhere;
}

function waysOf(alternatives: readonly string[]): readonly Way[] {
  return alternatives.flatMap((paths, alternative) => paths.split(' ').map((path): Way => {
    const [first = '', then] = path.split('>');
    return { alternative, first: path === '*' ? undefined : typeOf(first), then: then === undefined ? undefined : typeOf(then) };
  }));
}

function typeOf(name: string): TokenType {
  const type = named.get(name);
  if (type === undefined) throw new Error(`lookahead.gen.ts names a token that the language lacks, ${name}: run npm run gen -- lookahead`);
  return type;
}
