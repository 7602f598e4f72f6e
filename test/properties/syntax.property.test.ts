import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOf, lex } from '../../grammar/lexer.js';
import type { File, Node } from '../../compiler/syntax/ast.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { packFile, unpackFile } from '../../compiler/syntax/serialize.js';
import { children, walk } from '../../compiler/syntax/walk.js';

const sample = readFileSync(new URL('../syntax/fixtures/sample.lab', import.meta.url), 'utf8');
const parse = (text: string) => parseFile({ path: 'any.lab', text });

function again(packed: File): File {
  const strings = new Map<string, number>();
  return unpackFile(packFile(packed, strings), [...strings.keys()]);
}

/** Pieces of the language in any order: far likelier to reach the parser's corners than plain text. */
const soup = fc.array(fc.oneof(
  fc.constantFrom('{', '}', '(', ')', '[', ']', '=', ':', ',', '.', ';', '=>', '+=', '..', '??', '"', '"""', "'", "'''", '${', '\\', '//', '///', '/', '\n', '\n  ', ' ', '\r\n'),
  fc.constantFrom('vm', 'a', 'at', 'if', 'for', 'in', 'else', 'not', 'where', 'none', '8GiB', '10.0.0.1', '04:00', '/srv', '"x ${y} z"', '1', '#', 'https://x'),
), { maxLength: 60 }).map((parts) => parts.join(''));
const text = fc.oneof(fc.string({ unit: 'binary' }), soup, soup.map((inner) => sample.slice(0, 900) + inner + sample.slice(900)));

test('lexing is lossless', () => {
  fc.assert(fc.property(text, (input) => {
    const { tokens, comments, strays, glued } = lex(input);
    const pieces = [...tokens.map((token) => ({ start: token.startOffset, end: endOf(token), text: token.image })), ...comments, ...strays, ...glued];
    pieces.sort((a, b) => a.start - b.start);
    let at = 0;
    let lost = '';
    for (const piece of pieces) {
      lost += input.slice(at, piece.start);
      if (input.slice(piece.start, piece.end) !== piece.text) throw new Error(`${piece.text} is not what stands at ${piece.start}`);
      at = piece.end;
    }
    expect(lost + input.slice(at)).toMatch(/^[ \t\r\n\uFEFF]*$/);
  }), { numRuns: 500 });
});

test('no text makes the parser throw, and its tree is sound and survives packing', () => {
  fc.assert(fc.property(text, (input) => {
    const { value, diagnostics } = parse(input);
    for (const { span } of diagnostics) expect(span.start >= 0 && span.end <= input.length && span.start <= span.end).toBe(true);
    checkSpans(value);
    expect(again(value)).toStrictEqual(value);
  }), { numRuns: 500 });
});

test('deep and long texts end', () => {
  const parts = ['[', '{', '(', 'a {', '"${', '"""${', "'", '-', 'not ', 'a.', 'a +', 'x => ', 'if a then b else ', 'if a { } else ', 'a = ', '[1,', '}', 'vm a {\n', '"""\n', '/* ', 'a\n'];
  for (const part of parts) {
    expect(parse(`x = ${part.repeat(4000)}`).value.kind).toBe('file');
  }
}, 120_000);

test('deleting any token never loses a neighbouring declaration, and nearly always gives one message at most', () => {
  const { tokens } = lex(sample);
  const whole = declarations(parse(sample).value, sample);
  let noisy = 0;
  for (const token of tokens) {
    const [start, end] = [token.startOffset, endOf(token)];
    const cut = sample.slice(0, start) + sample.slice(end);
    const { value, diagnostics } = parse(cut);
    if (diagnostics.length > 1) noisy++;
    const left = new Set(declarations(value, cut).map(({ source }) => source));
    const lost = whole.filter((declaration) => (declaration.end < start || declaration.start > end) && !left.has(declaration.source));
    expect([token.image, start, lost.map(({ source }) => source)]).toEqual([token.image, start, []]);
  }
  expect(noisy / tokens.length).toBeLessThan(0.01);
}, 120_000);

/** Top-level items with their text. */
function declarations(file: File, from: string): { start: number; end: number; source: string }[] {
  return file.items.map(({ span }) => ({ start: span.start, end: span.end, source: from.slice(span.start, span.end) }));
}

function checkSpans(file: File): void {
  walk(file, (node: Node) => {
    for (const child of children(node)) {
      if (child.span.start < node.span.start || child.span.end > node.span.end) throw new Error(`${child.kind} leaves ${node.kind}`);
    }
  });
}
