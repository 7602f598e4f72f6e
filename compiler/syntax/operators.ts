/**
 * Binding of operators: turns operands and the operators between them, as they stand in the source, into a tree.
 * Loosest first: `or`, `and`, `not`, comparison and `in` (which do not chain), `??`, `..`, `+ -`, `* /`, unary `-`.
 */
import { cover } from '../base/span.js';
import type { Span } from '../base/span.js';
import type { BinaryOp, Expr, Unary } from './ast.js';

interface Prefix {
  readonly prefix: Unary['op'];
  readonly span: Span;
}

/** One step of an expression from left to right. */
export type Step =
  | Prefix
  | { readonly operand: Expr }
  | { readonly operator: BinaryOp; readonly span: Span };

/** How tightly an operator holds; a higher one holds tighter. */
export const levels: Readonly<Record<BinaryOp, number>> = {
  or: 1, and: 2, '==': 4, '!=': 4, '<': 4, '<=': 4, '>': 4, '>=': 4, in: 4, '??': 5, '..': 6, '+': 7, '-': 7, '*': 8, '/': 8,
};
export const prefixLevels: Readonly<Record<Unary['op'], number>> = { not: 3, '-': 9 };
export const comparisonLevel = 4;

/** `chained` hears of each comparison of a comparison, with the places of the two operators. */
export function bindOperators(steps: readonly Step[], chained: (first: Span, second: Span) => void): Expr {
  let next = 0;

  const operand = (): Expr => {
    const step = steps[next++] as Step;
    if ('operand' in step) return step.operand;
    const op = (step as Prefix).prefix;
    const value = read(prefixLevels[op]);
    return { kind: 'unary', span: cover((step as Prefix).span, value.span), op, operand: value };
  };

  /** An operand and every operator after it that holds tighter than `level`. */
  const read = (level: number): Expr => {
    let left = operand();
    let compared: Span | undefined;
    for (let step = steps[next]; step !== undefined && 'operator' in step && levels[step.operator] > level; step = steps[next]) {
      const own = levels[step.operator];
      if (own === comparisonLevel && compared !== undefined) chained(compared, step.span);
      compared = own === comparisonLevel ? step.span : undefined;
      next++;
      const right = read(own);
      left = { kind: 'binary', span: cover(left.span, right.span), op: step.operator, left, right };
    }
    return left;
  };

  return read(0);
}
