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
  const out: string[] = [];
  for (const text of comment) pushComment(out, text, 0);
  if (out.length > 0 && items.length > 0) out.push('');
  pushBody(out, items, 0);
  return out.join('\n') + '\n';
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
function pushBody(out: string[], items: readonly HclItem[], depth: number): void {
  let run: Row[] = [];
  let tall = false;
  items.forEach((item, at) => {
    const row = item.item === 'attribute' ? printRow(item, depth) : undefined;
    const isTall = row === undefined || row.text.includes('\n');
    if (isTall || tall || row.comment !== undefined) {
      pushRows(out, run, depth);
      run = [];
      if (at > 0) out.push('');
    }
    if (row !== undefined) run.push(row);
    else if (item.item === 'block') pushBlock(out, item, depth);
    else if (item.item === 'fragment') out.push(...placeFragment(item.text, depth));
    tall = isTall;
  });
  pushRows(out, run, depth);
}

function pushBlock(out: string[], block: HclBlock, depth: number): void {
  const head = indentation(depth) + [block.type, ...block.labels.map(quoted)].join(' ');
  pushComment(out, block.comment, depth);
  if (block.body.length === 0) {
    out.push(`${head} {}`);
    return;
  }
  out.push(`${head} {`);
  pushBody(out, block.body, depth + 1);
  out.push(`${indentation(depth)}}`);
}

/** An attribute or an entry of an object, its value printed. */
interface Row {
  readonly key: string;
  readonly text: string;
  readonly comment?: string | undefined;
}

function printRow({ name, value, comment }: HclAttribute, depth: number): Row {
  return { key: name, text: printValue(value, depth), comment };
}

/** `=` in one column, except where a value opens a bracket that it does not close on its line. */
function pushRows(out: string[], rows: readonly Row[], depth: number): void {
  const pad = indentation(depth);
  for (let from = 0; from < rows.length; ) {
    let to = from + 1;
    while (to < rows.length && inRun(rows[to - 1]) && inRun(rows[to]) && rows[to]?.comment === undefined) to += 1;
    const chain = rows.slice(from, to);
    const column = Math.max(...chain.map(({ key }) => key.length));
    for (const { key, text, comment } of chain) {
      pushComment(out, comment, depth);
      out.push(`${pad}${key.padEnd(column)} = ${text}`);
    }
    from = to;
  }
}

function inRun(row: Row | undefined): boolean {
  return row !== undefined && !row.text.includes('\n');
}

function pushComment(out: string[], text: string | undefined, depth: number): void {
  if (text === undefined) return;
  for (const line of text.split('\n')) out.push(indentation(depth) + commentLine(line));
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
  const out = ['{'];
  pushRows(out, rows, depth + 1);
  return [...out, `${indentation(depth)}}`].join('\n');
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
