import { expect, test } from 'vitest';
import { syntax } from '../../compiler/diagnostics/catalogue/syntax.js';
import { parseFile } from '../../compiler/syntax/parse.js';

/** Each fault: its code, and the text that its message points at. */
const faults: readonly (readonly [slug: keyof typeof syntax.entries, at: string, text: string])[] = [
  ['unclosedString', '"abc', 'vm a {\n  x = "abc\n  y = 1\n}'],
  ['unclosedString', '"a ${b', 'x = "a ${b\ny = 1'],
  ['unclosedString', "'abc", "x = 'abc\ny = 1"],
  ['unclosedString', '"""\n  text', 'x = """\n  text\nvm b { y = 1 }'],
  ['unclosedBracket', '{', 'vm a {\n  x = 1\nvm b { }'],
  ['unclosedBracket', '(', 'vm a {\n  x = f(1, 2\n  y = 1\n}'],
  ['unclosedBracket', '[', 'x = [1, 2'],
  ['unclosedBracket', '{', 'vm a { run b {\n  x = 1\n}\n'],
  ['unclosedBracket', '(', 'x = "${f(a}"'],
  ['strayBracket', '}', 'vm a { } }'],
  ['strayBracket', ']', 'x = ]'],
  ['strayBracket', ')', 'x = f(a))'],
  ['missingBrace', '}', 'vm a : b\n  x = 1\n}\nvm c { }'],
  ['bareUrl', 'https://a.b/c', 'x = https://a.b/c'],
  ['bareUrl', 'https://${host}/x', 'x = https://${host}/x'],
  ['strayCharacter', '#', '# a comment'],
  ['strayCharacter', '&&', 'x = a && b'],
  ['strayCharacter', '!', 'x = !a'],
  ['strayCharacter', '$', 'x = ${a}'],
  ['strayCharacter', '\u201C', 'x = \u201Ca'],
  ['strayCharacter', '\u00A0', 'x =\u00A01'],
  ['strayCharacter', '/*', '/* a comment */'],
  ['commaBetween', ',', 'vm a { cores = 2, memory = 4GiB }'],
  ['assignedBody', '=', 'cluster a = {\n  node b {\n  }\n}'],
  ['commaBetween', ',', 'vm a {\n  cores = 2,\n  memory = 4GiB\n}'],
  ['blankBeforeUnit', '8 GiB', 'vm a { disk root = 8 GiB { on = b } }'],
  ['missingEquals', '1000', 'operator a { uid 1000  keys = [] }'],
  ['missingEquals', 'env', 'secret a { from env("X") }'],
  ['missingValue', '=', 'lab a { domain =  timezone = "Europe/Berlin" }'],
  ['gluedComment', '//b', 'x = a//b'],
  ['juxtaposition', 'b', 'vm a b { x = 1 }'],
  ['juxtaposition', 'has', 'vm a { has b  has c }'],
  ['juxtaposition', 'if', 'vm a { has b if c { } }'],
  ['bareWord', 'autostart', 'vm a {\n  autostart\n}'],
  ['missingEquals', '2GiB', 'vm a {\n  memory 2GiB\n}'],
  ['missingEquals', '[', 'vm a { list [1] }'],
  ['colonForEquals', 'cores: 4', 'vm a { cores: 4 }'],
  ['missingValue', '=', 'vm a {\n  x =\n  y = 1\n}'],
  ['missingValue', '=', 'vm a {\n  run b =\n  nic lan { }\n}'],
  ['missingValue', '+', 'x = 1 +\nvm b { }'],
  ['missingValue', '=>', 'x = f(a => )'],
  ['chainedComparison', '<', 'x = a < b < c'],
  ['chainedComparison', '==', 'x = a in b == c'],
  ['leadingZero', '192.168.01.1', 'x = 192.168.01.1'],
  ['leadingZero', '10.0.0.0/08', 'x = 10.0.0.0/08'],
  ['unknownEscape', '\\d', 'x = "\\d"'],
  ['badCodePoint', '\\u{110000}', 'x = "a\\u{110000}"'],
  ['badCodePoint', '\\u{}', 'x = "a\\u{}"'],
  ['leftOfMargin', '  ', 'x = """\n    a\n  b\n    """'],
  ['tooDeep', '[', `x = ${'['.repeat(300)}${']'.repeat(300)}`],
  ['tooDeep', '+', `x = 1${' + 1'.repeat(600)}`],
  ['reservedWord', 'in', 'vm a { in = 1 }'],
  ['reservedWord', 'for', 'fn f(for: Int): Int = 1'],
  ['spaceBeforeBracket', '(', 'x = f (a)'],
  ['spaceBeforeBracket', '(', 'workload a (b: Int) { }'],
  ['spaceBeforeBracket', '[', 'x = a [0]'],
  ['emptyHole', '${}', 'x = "a${}"'],
  ['missingComma', '2', 'x = [1 2]'],
  ['missingComma', 'b', 'x = f(\n  a\n  b\n)'],
  ['divisionBlanks', '/2', 'x = 10/2'],
  ['divisionBlanks', '/b', 'x = a /b'],
  ['expected', 'Int', 'workload a(b Int) { }'],
  ['expected', '{', 'x = if a { b } else { c }'],
  ['expected', '3', 'x = a.3'],
  ['endsEarly', '', 'x = if a then b'],
  ['endsEarly', '', 'x = a.\ny = 1'],
];

test.each(faults)('%s at %j in %j', (slug, at, text) => {
  const { diagnostics } = parseFile({ path: 'test.lab', text });
  expect(diagnostics.map(({ code, span, message }) => [code, text.slice(span.start, span.end).slice(0, at.length), message])).toEqual([
    [syntax.entries[slug].code, at, expect.any(String)],
  ]);
  expect(diagnostics[0]?.help).toBeTruthy();
});

test('every syntax code is shown by an example and explained', () => {
  const shown = new Set(faults.map(([slug]) => slug));
  expect(Object.keys(syntax.entries).filter((slug) => !shown.has(slug as never))).toEqual([]);
  for (const entry of Object.values(syntax.entries)) expect(entry.explain.length).toBeGreaterThan(40);
});

test('fixes mend what they are offered for', () => {
  let fixes = 0;
  for (const [slug, , text] of faults) {
    const [diagnostic] = parseFile({ path: 'test.lab', text }).diagnostics;
    for (const { edits } of diagnostic?.fixes ?? []) {
      const mended = edits.reduce((out, { span, text: put }) => out.slice(0, span.start) + put + out.slice(span.end), text);
      expect([slug, mended, parseFile({ path: 'test.lab', text: mended }).diagnostics.map((d) => d.message)]).toEqual([slug, mended, []]);
      fixes++;
    }
  }
  expect(fixes).toBeGreaterThan(8);
});
