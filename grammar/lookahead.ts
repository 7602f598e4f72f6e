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

/** An alternative that a token may begin, and the token that has to follow it. */
interface Way {
  readonly alternative: number;
  readonly then: TokenType | undefined;
}

const named: ReadonlyMap<string, TokenType> = new Map(vocabulary.map((type) => [type.name, type]));

/** The function that decides at a fork; which ways a token opens is found when it first stands there. */
export function decide({ form, alternatives }: Fork): Decide {
  const opened: (readonly Way[] | undefined)[] = [];
  const choose = function (this: Lookout, given?: readonly Gated[]): number | undefined {
    const next = this.LA(1);
    for (const { alternative, then } of opened[next.tokenTypeIdx] ??= ways(next, alternatives)) {
      if (then !== undefined && !tokenMatcher(this.LA(2), then)) continue;
      if (form === 'gated' && given?.[alternative]?.GATE?.call(this) === false) continue;
      return alternative;
    }
    return undefined;
  };
  return form === 'option' ? function (this: Lookout) { return choose.call(this) !== undefined; } : choose;
}

function ways(token: IToken, alternatives: readonly string[]): readonly Way[] {
  return alternatives.flatMap((paths, alternative) => paths.split(' ').flatMap((path): Way[] => {
    const [first = '', then] = path.split('>');
    return path === '*' || tokenMatcher(token, typeOf(first)) ? [{ alternative, then: then === undefined ? undefined : typeOf(then) }] : [];
  }));
}

function typeOf(name: string): TokenType {
  const type = named.get(name);
  if (type === undefined) throw new Error(`lookahead.gen.ts names a token that the language lacks, ${name}: run npm run gen -- lookahead`);
  return type;
}
