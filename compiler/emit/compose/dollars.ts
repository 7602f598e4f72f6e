/**
 * Compose interpolates every string value of its file, so a dollar sign is written twice; keys are left alone by both.
 * The one thing that Compose shall fill in, a number that only the machine knows, is marked as an expression.
 */

/** Text with Compose's own `${NAME}` in it. */
export interface ComposeExpression {
  readonly $: 'expression';
  readonly text: string;
}

export function expression(text: string): ComposeExpression {
  return { $: 'expression', text };
}

/** The same tree with every `$` of text doubled and every expression written out. Other tagged forms pass. */
export function escapeDollars(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escapeDollars);
  if (typeof value !== 'object' || value === null) return value;
  if (isExpression(value)) return value.text;
  if ('$' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escapeDollars(item)]));
}

function isExpression(value: object): value is ComposeExpression {
  return '$' in value && value.$ === 'expression';
}
