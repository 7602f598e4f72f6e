import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { format } from '../../compiler/format/format.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { endOf, lex } from '../../grammar/lexer.js';

const sample = readFileSync(new URL('../syntax/fixtures/sample.lab', import.meta.url), 'utf8');

/** A small program, with blanks, breaks and comments wherever they may stand. */
const word = fc.constantFrom('a', 'b-c', 'name', 'at', 'type');
const gap = fc.constantFrom('', ' ', '  ');
const line = fc.constantFrom('\n', '\n\n', '\n\n\n   ', ' // after\n', '\n// own line\n', '\n  /// doc\n');
const { expr } = fc.letrec<{ expr: string }>((tie) => ({
  expr: fc.oneof({ maxDepth: 3, depthIdentifier: 'expr' },
    fc.constantFrom('1', '8GiB', '"t"', '"a ${b} c"', '10.0.0.1', '/srv/x', 'none', 'x.y', '04:00', "'r'", '"""\n      m\n        n ${x}\n      """', '-1', 'daily at 03:30'),
    fc.tuple(tie('expr'), fc.constantFrom('+', '==', 'and', '..', '??'), tie('expr')).map(([a, op, b]) => `(${a}) ${op} (${b})`),
    fc.tuple(fc.array(tie('expr'), { maxLength: 3 }), fc.constantFrom(', ', ',\n', ' ,', ', // c\n')).map(([items, comma]) => `[${items.join(comma)}]`),
    fc.tuple(fc.array(fc.tuple(word, tie('expr')), { maxLength: 3 }), fc.constantFrom(', ', '\n', '  ')).map(([fields, between]) => `{${fields.map(([k, v]) => `${k} = ${v}`).join(between)}}`),
    fc.tuple(word, fc.array(tie('expr'), { maxLength: 3 }), gap).map(([name, args, blank]) => `${name}(${args.join(`,${blank}`)})`),
    fc.tuple(tie('expr'), tie('expr')).map(([a, b]) => `if ${a} then ${b} else x => [for v in ${b} : v]`),
  ),
}));
const { body: items } = fc.letrec<{ item: string; body: string }>((tie) => ({
  item: fc.oneof({ maxDepth: 2, depthIdentifier: 'item' },
    fc.tuple(word, gap, expr).map(([name, blank, value]) => `${name}${blank}=${blank}${value}`),
    fc.tuple(word, word, expr).map(([kind, label, value]) => `${kind} ${label} = ${value} `),
    fc.tuple(word, word, gap, tie('body')).map(([kind, label, blank, body]) => `${kind} ${label}${blank}{${body}}`),
    fc.tuple(word, word).map(([kind, label]) => `${kind} ${label};`),
    fc.tuple(expr, tie('body'), tie('body')).map(([condition, then, otherwise]) => `if (${condition}) {${then}} else {${otherwise}}`),
  ),
  body: fc.array(fc.tuple(tie('item'), fc.oneof({ weight: 3, arbitrary: line }, fc.constant('  ')).map((end) => end)), { maxLength: 4 })
    .map((parts) => parts.map(([item, end]) => item + end).join('')),
}));

test('formatting is idempotent and keeps the tree and the comments', () => {
  let whole = 0;
  fc.assert(fc.property(items, (text) => {
    if (parseFile({ path: 'any.lab', text }).diagnostics.length > 0) return;
    whole++;
    check(text);
  }), { numRuns: 600 });
  expect(whole).toBeGreaterThan(300);
});

test('so it is with the sample under any blanks and line breaks', () => {
  const gaps = gapsOf(sample);
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(gaps.length - 1), fc.constantFrom('\n', '\n\n\n', '   ', ' // c\n', '\n    // d\n')), { maxLength: 12 }), (changes) => {
    let text = sample;
    for (const [index, put] of [...changes].sort(([a], [b]) => b - a)) {
      const changed = text.slice(0, gaps[index]) + put + text.slice(gaps[index]);
      if (parseFile({ path: 'any.lab', text: changed }).diagnostics.length === 0) text = changed;
    }
    check(text);
  }), { numRuns: 40 });
});

function check(text: string): void {
  const { text: once } = format(text, 'any.lab');
  expect(tree(once)).toBe(tree(text));
  expect(comments(once)).toEqual(comments(text));
  expect(format(once, 'any.lab').text).toBe(once);
}

function tree(text: string): string {
  const { value, diagnostics } = parseFile({ path: 'any.lab', text });
  if (diagnostics.length > 0) throw new Error(`${diagnostics[0]?.message}\n${text}`);
  return JSON.stringify(value, (key, part: unknown) => (key === 'span' ? undefined : part));
}

function comments(text: string): string[] {
  return lex(text).comments.map((comment) => comment.text.trimEnd());
}

/** Offsets of the blanks between tokens. */
function gapsOf(text: string): number[] {
  return lex(text).tokens.map(endOf).filter((offset) => /[ \n]/.test(text[offset] ?? ''));
}
