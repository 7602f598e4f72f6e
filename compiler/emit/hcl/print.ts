/**
 * The HCL printer: blocks in, the text of a file out, byte for byte as `terraform fmt` would leave it. It owns
 * indentation, the alignment of `=`, blank lines and line breaks; it decides nothing about meaning.
 * Text that a user wrote only ever arrives as a string node, which `escape.ts` makes a literal; the two nodes that are
 * printed as they are, `raw` and `fragment`, are never made of values. Labels are names: `terraform fmt` rewrites odd ones.
 */
import type { HclAttribute, HclBlock, HclExpression, HclItem, HclTemplate, HclValue } from '../../bindings/hcl-value.js';
import { isHclExpression } from '../../bindings/hcl-value.js';
import { commentLine, escapeQuoted, isIdentifier } from './escape.js';
import { placeFragment } from './fragment.js';

/** A list that fits is one line; the width counts from its own start. */
const width = 100;

/** A whole file: comment lines, then items with a blank line between them. */
export function printFile(comment: readonly string[], items: readonly HclItem[]): string {
  const head = comment.flatMap((text) => text.split('\n')).map(commentLine);
  const body = printBody(items, 0);
  return [...head, ...(head.length > 0 && body.length > 0 ? [''] : []), ...body].join('\n') + '\n';
}

/** A value on its own, as it would stand right of a `=` in column `depth`. */
export function printValue(value: HclValue, depth = 0): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string': return quoted(value);
    case 'number': return printNumber(value);
    case 'boolean': return String(value);
  }
  if (Array.isArray(value)) return printList(value, depth);
  if (isHclExpression(value)) return printExpression(value, depth);
  const entries = Object.entries(value).filter((entry): entry is [string, HclValue] => entry[1] !== undefined);
  return printObject(entries, depth);
}

/** Lines of a body. Runs of attributes stay together; whatever spans lines stands apart by a blank line. */
function printBody(items: readonly HclItem[], depth: number): string[] {
  const lines: string[] = [];
  let run: HclAttribute[] = [];
  const flush = (): void => {
    lines.push(...alignRun(run, depth));
    run = [];
  };
  items.forEach((item, at) => {
    const previous = items[at - 1];
    const commented = item.item === 'attribute' && item.comment !== undefined;
    if (previous !== undefined && (commented || isTall(previous, depth) || isTall(item, depth))) {
      flush();
      lines.push('');
    }
    if (item.item === 'attribute') run.push(item);
    else {
      flush();
      lines.push(...(item.item === 'block' ? printBlock(item, depth) : placeFragment(item.text, depth)));
    }
  });
  flush();
  return lines;
}

/** Blocks, fragments and values of several lines want air around them; a comment wants it above, and heads its run. */
function isTall(item: HclItem, depth: number): boolean {
  return item.item !== 'attribute' || printValue(item.value, depth).includes('\n');
}

function printBlock(block: HclBlock, depth: number): string[] {
  const pad = indentation(depth);
  const head = [block.type, ...block.labels.map(quoted)].join(' ');
  const body = printBody(block.body, depth + 1);
  const lines = body.length === 0 ? [`${pad}${head} {}`] : [`${pad}${head} {`, ...body, `${pad}}`];
  return [...comments(block.comment, depth), ...lines];
}

/** A run of attributes: `=` in one column, except where a value opens a bracket that it does not close on its line. */
function alignRun(run: readonly HclAttribute[], depth: number): string[] {
  const rows = run.map(({ name, value, comment }) => ({ key: name, text: printValue(value, depth), comment }));
  return alignRows(rows, depth, '');
}

interface Row {
  readonly key: string;
  readonly text: string;
  readonly comment?: string | undefined;
}

function alignRows(rows: readonly Row[], depth: number, separator: string): string[] {
  const pad = indentation(depth);
  const lines: string[] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from + 1;
    while (to < rows.length && inRun(rows[to - 1]) && inRun(rows[to]) && rows[to]?.comment === undefined) to += 1;
    const chain = rows.slice(from, to);
    const column = Math.max(...chain.map(({ key }) => key.length));
    for (const { key, text, comment } of chain) {
      lines.push(...comments(comment, depth), `${pad}${key.padEnd(column)} = ${text}${separator}`);
    }
    from = to;
  }
  return lines;
}

function inRun(row: Row | undefined): boolean {
  return row !== undefined && !row.text.includes('\n');
}

function comments(text: string | undefined, depth: number): string[] {
  return text === undefined ? [] : text.split('\n').map((line) => indentation(depth) + commentLine(line));
}

function printExpression(value: HclExpression, depth: number): string {
  switch (value.$) {
    case 'ref': return value.path.map(printStep).join('');
    case 'template': return printTemplate(value, depth);
    case 'call': return `${value.name}(${value.args.map((argument) => printValue(argument, depth)).join(', ')})`;
    case 'map': return printObject(value.entries, depth);
    case 'raw': return value.text;
  }
}

function printStep(step: string | number, at: number): string {
  if (typeof step === 'number') return `[${step}]`;
  if (!isIdentifier(step)) return `[${quoted(step)}]`;
  return at === 0 ? step : `.${step}`;
}

/** `terraform fmt` unwraps a template that is one interpolation, so it is printed unwrapped. */
function printTemplate({ parts }: HclTemplate, depth: number): string {
  const merged: (string | HclExpression)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part === '') continue;
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  const [only] = merged;
  if (merged.length === 1 && only !== undefined && typeof only !== 'string') return printValue(only, depth);
  const inside = merged.map((part, at) =>
    typeof part === 'string' ? escapeQuoted(part, { followed: merged[at + 1] !== undefined }) : `\${${printValue(part, depth)}}`,
  );
  return `"${inside.join('')}"`;
}

function printList(values: readonly HclValue[], depth: number): string {
  const short = values.map((value) => printValue(value, depth));
  const line = `[${short.join(', ')}]`;
  if (!line.includes('\n') && line.length <= width) return line;
  const pad = indentation(depth + 1);
  const lines = values.map((value) => `${pad}${printValue(value, depth + 1)},`);
  return ['[', ...lines, `${indentation(depth)}]`].join('\n');
}

function printObject(entries: readonly (readonly [string, HclValue])[], depth: number): string {
  if (entries.length === 0) return '{}';
  const rows = entries.map(([key, value]) => ({ key: printKey(key), text: printValue(value, depth + 1) }));
  return ['{', ...alignRows(rows, depth + 1, ''), `${indentation(depth)}}`].join('\n');
}

/** A bare `for` would start a comprehension; the other words would read as values to people. */
function printKey(key: string): string {
  const bare = isIdentifier(key) && !['for', 'true', 'false', 'null', 'if', 'in'].includes(key);
  return bare ? key : `"${escapeQuoted(key, { ascii: true })}"`;
}

function printNumber(value: number): string {
  if (!Number.isFinite(value)) throw new Error('a number in HCL is finite');
  return Object.is(value, -0) ? '0' : String(value);
}

function quoted(text: string): string {
  return `"${escapeQuoted(text)}"`;
}

function indentation(depth: number): string {
  return '  '.repeat(depth);
}
