/** Blanks between two pieces of one line. */
import * as t from '../../grammar/tokens.js';
import { endsValue, isPrefix, type Piece, type Pieces } from './pieces.js';

/** How many blanks stand before the piece at `index`, columns apart. */
export function blanksBetween({ list, groupOf }: Pieces, index: number): number {
  const next = list[index] as Piece;
  const last = list[index - 1];
  if (last === undefined || next.text === '') return 0;
  if (last.text === '') return list[index - 2]?.type === undefined ? 2 : next.begins ? 2 : closing(next, groupOf);
  const types = [t.Comma, t.Semicolon, t.Question, t.Dot, t.RightParen, t.RightBracket];
  if (types.includes(next.type as never) || [t.Dot, t.LeftParen, t.LeftBracket].includes(last.type as never)) return 0;
  if (isPrefix(list, index - 1)) return 0;
  if (next.type === t.LeftParen || next.type === t.LeftBracket) return endsValue(last, list[index - 2]) ? 0 : 1;
  if (last.type === t.LeftBrace) return inBraces(groupOf(index - 1), next.partner === index - 1);
  if (next.type === t.RightBrace) return inBraces(groupOf(next.partner), false);
  if (next.type === t.Colon) return beforeColon(list, index, groupOf);
  if (next.begins && last.type !== t.Comma) return 2;
  return 1;
}

function closing(next: Piece, groupOf: Pieces['groupOf']): number {
  return next.type === t.RightBrace ? inBraces(groupOf(next.partner), false) : next.partner >= 0 ? 0 : 1;
}

function inBraces(group: ReturnType<Pieces['groupOf']>, empty: boolean): number {
  return group === 'names' || (empty && group === 'record') ? 0 : 1;
}

/** `name: Type` in parameters, `for x in xs : x` in lists and records; a header keeps its own way. */
function beforeColon(list: readonly Piece[], index: number, groupOf: Pieces['groupOf']): number {
  const { group, blank } = list[index] as Piece;
  if (list[group]?.type === t.LeftParen) return 0;
  return groupOf(group) === 'body' ? Number(blank) : 1;
}
