/**
 * Text to tree. `parseFile` never throws: whatever the text, it returns a tree of everything that could be read
 * and a message for each fault. A file without faults is parsed in one go; only a faulty one is cut up (recover.ts).
 */
import { lex, type Comment, type Lexed } from '../../grammar/lexer.js';
import { LabParser } from '../../grammar/parser.js';
import { lineColumn, lineStarts, type SourceFile } from '../base/span.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { File } from './ast.js';
import { AstBuilder, type Ast } from './build.js';
import { lexicalFaults } from './lexical.js';
import { readItems } from './recover.js';

let builder: AstBuilder | undefined;
let parser: LabParser<Ast> | undefined;

export function parseFile(file: SourceFile): Result<File> {
  return parseLexed(file, lex(file.text));
}

/** The same for text that is lexed already. */
export function parseLexed(file: SourceFile, lexed: Lexed): Result<File> {
  builder ??= new AstBuilder();
  parser ??= new LabParser<Ast>(builder, { skipValidations: true });
  builder.begin(file, docsOf(file.text, lexed));
  const faults = lexicalFaults(file.path, lexed);
  const items = readItems({ tokens: lexed.tokens, faults, parser, builder });
  const diagnostics = firstOfEachLine([...faults, ...builder.diagnostics], file.text);
  return { value: { kind: 'file', span: builder.span(0, file.text.length), items }, diagnostics };
}

/**
 * In source order, one for each line: what follows on a faulty line mostly follows from the fault. Where a quote is missing,
 * texts and words of the line have changed places, so that what comes before follows from it too, save a hole outside of quotes,
 * which shows where they belong.
 */
function firstOfEachLine(diagnostics: readonly Diagnostic[], text: string): readonly Diagnostic[] {
  if (diagnostics.length < 2) return diagnostics;
  const starts = lineStarts(text);
  const seen = new Set<number>();
  const unclosed = new Set(diagnostics.flatMap(({ code, span }) => (code === 'LAB1001' ? [lineColumn(starts, span.start).line] : [])));
  return [...diagnostics].sort((a, b) => a.span.start - b.span.start).filter(({ code, span }) => {
    const { line } = lineColumn(starts, span.start);
    if (unclosed.has(line) && code !== 'LAB1001' && code !== 'LAB1006') return false;
    return !seen.has(line) && seen.add(line);
  });
}

/**
 * Documentation by the offset of the token below it: runs of `///` lines, each on a line of its own,
 * that end on the line before the token's.
 */
function docsOf(text: string, { tokens, comments }: Lexed): ReadonlyMap<number, string> {
  const docs = new Map<number, string>();
  let lines: Comment[] = [];
  let next = 0;
  comments.forEach((comment, i) => {
    if (!comment.doc || !isFirstOnLine(text, comment.start)) return void (lines = []);
    lines.push(comment);
    const following = comments[i + 1];
    if (following !== undefined && isLineEnd(text, comment.end, following.start)) return;
    while (next < tokens.length && (tokens[next]?.startOffset ?? 0) < comment.end) next++;
    const token = tokens[next];
    if (token !== undefined && isLineEnd(text, comment.end, token.startOffset)) {
      docs.set(token.startOffset, lines.map((line) => line.text.slice(3).replace(/^ /, '').trimEnd()).join('\n'));
    }
    lines = [];
  });
  return docs;
}

function isFirstOnLine(text: string, offset: number): boolean {
  let before = offset - 1;
  while (text[before] === ' ' || text[before] === '\t') before--;
  return before < 0 || text[before] === '\n';
}

/** Only blanks and exactly one line end lie between the two. */
function isLineEnd(text: string, from: number, to: number): boolean {
  let lines = 0;
  for (let i = from; i < to && lines < 2; i++) {
    if (text[i] === '\n') lines++;
    else if (text[i] !== ' ' && text[i] !== '\t' && text[i] !== '\r') return false;
  }
  return lines === 1;
}
