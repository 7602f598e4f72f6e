/**
 * One broken token in a lab that compiles: what is said of it stands on the token or beside it, and is one sentence or two. Every
 * token of labs/minimal is dropped, misspelt and swapped for a literal of another sort; what compiles all the same does not count.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { endOf, lex } from '../../grammar/lexer.js';
import { compile } from '../../compiler/compile.js';
import { standardLibrary } from '../../compiler/library.js';

interface Breakage {
  readonly what: string;
  readonly text: string;
  /** From the token before the broken one to the one after it, in the broken text. */
  readonly from: number;
  readonly to: number;
}

const SWAPS: readonly (readonly [RegExp, string])[] = [
  [/^["']/, '7'], [/^\d+[A-Za-z]/, '"x"'], [/^\d+$/, '8GiB'], [/^\d+\.\d+\.\d+\.\d+\/\d+$/, '192.168.1.0'], [/^\d+\.\d+\.\d+\.\d+$/, '/srv'], [/^\//, '"x"'], [/^true$|^false$/, '3'],
];

function breakages(source: string): Breakage[] {
  const tokens = lex(source).tokens.filter((token) => endOf(token) > token.startOffset);
  return tokens.flatMap((token, i) => {
    const [start, end] = [token.startOffset, endOf(token)];
    const image = source.slice(start, end);
    const from = tokens[i - 1]?.startOffset ?? 0;
    const swap = SWAPS.find(([pattern]) => pattern.test(image))?.[1];
    const typo = /^[A-Za-z_-]{3,}$/.test(image) ? `${image.slice(0, 1)}${image.slice(2, 3)}${image.slice(1, 2)}${image.slice(3)}` : image;
    const next = tokens[i + 1] === undefined ? source.length : endOf(tokens[i + 1]!);
    const change = (what: string, text: string): Breakage => ({ what: `${what} \`${image}\` at ${start}`, text: source.slice(0, start) + text + source.slice(end), from, to: next + text.length - (end - start) });
    return [change('drop', ''), ...(typo === image ? [] : [change('misspell', typo)]), ...(swap === undefined ? [] : [change('swap', swap)])];
  });
}

describe('one broken token of labs/minimal', () => {
  const source = readFileSync('labs/minimal/minimal.lab', 'utf8');
  const library = standardLibrary();
  const all = breakages(source);
  const sample = process.env['ALL_BREAKAGES'] === undefined ? all.filter((_, i) => i % 4 === 2) : all;
  const judged = sample.flatMap((breakage) => {
    const { diagnostics } = compile({
      name: 'minimal', root: 'labs/minimal', files: [{ path: 'minimal.lab', text: breakage.text }], lock: undefined, assets: { find: () => ({ found: false, fault: 'missing', detail: 'no' }) },
    }, library);
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
    // A fault that shows two places, such as a bracket and where it had to be closed, is told of at both.
    const places = errors.flatMap(({ span, labels }) => [span, ...labels.map((label) => label.span)]);
    const near = places.some((span) => span.file === 'minimal.lab' && span.start <= breakage.to && Math.max(span.end, span.start + 1) >= breakage.from);
    return errors.length === 0 ? [] : [{ ...breakage, near, said: errors.map(({ code, message, span }) => `${code} ${span.file}:${span.start} ${message}`) }];
  });
  const far = judged.filter(({ near }) => !near);
  const many = judged.filter(({ said }) => said.length > 2);
  const shown = (list: typeof judged): string => list.map(({ what, said }) => `${what}\n    ${said.join('\n    ')}`).join('\n');
  if (process.env['ALL_BREAKAGES'] !== undefined) console.log(`${all.length} ${judged.length} far ${far.length} many ${many.length}\nFAR\n${shown(far)}\nMANY\n${shown(many)}`);

  it('is told of where it is', () => expect(far.length / judged.length, shown(far)).toBeLessThanOrEqual(0.05));
  it('is one fault or two', () => expect(many.length / judged.length, shown(many)).toBeLessThan(0.05));
  it('is worth telling of', () => expect(judged.length).toBeGreaterThan(sample.length / 2));
});
