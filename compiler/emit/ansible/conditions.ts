/**
 * Expressions that the plan brings along. What a role registers is private to it: the names get the two underscores
 * that say so, in every expression of the same machine.
 */

export function privateName(name: string): string {
  return name.startsWith('__') ? name : `__${name}`;
}

/** The expression with every name of `registered` made private; text in quotes and attributes are left alone. */
export function withPrivateNames(expression: string, registered: ReadonlySet<string>): string {
  return expression.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\.?\b[A-Za-z_][A-Za-z0-9_]*/g, (word) => (registered.has(word) ? privateName(word) : word));
}
