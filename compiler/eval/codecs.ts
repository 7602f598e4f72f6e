/**
 * Codecs: values as yaml, json, ini, toml or env text. `none` is left out; a secret inside becomes a hole that knows
 * the escape of its place, so the result may be a template.
 */
import { writeYaml } from '../emit/yaml/write.js';
import type { Span } from '../base/span.js';
import { types } from '../diagnostics/catalogue/types.js';
import { Fault } from './context.js';
import type { Hole, Rec, Tagged, Template, Value, Variant } from './model.js';
import { itemsOf } from './operators.js';
import { decimalText, interpolate, joinParts, plainText } from './text.js';
import { describe, tagOf } from './value.js';
import type { Decimal } from './model.js';

export type CodecName = 'yaml' | 'json' | 'ini' | 'toml' | 'env';
type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The text of a value in a format. */
export function encode(format: CodecName, value: Value, span: Span): string | Template {
  const holes = new Holes(value);
  const plain = holes.plain(value, span, format === 'yaml');
  return holes.restore(render(format, plain, span), format);
}

function render(format: CodecName, plain: Plain, span: Span): string {
  switch (format) {
    case 'yaml': return writeYaml(plain);
    case 'json': return `${JSON.stringify(plain, null, 2)}\n`;
    case 'ini': return ini(plain, span);
    case 'toml': return toml(plain, [], span);
    case 'env': return Object.entries(isRecord(plain) ? plain : {}).map(([key, item]) => `${key}=${envText(item, span)}\n`).join('');
  }
}

/** Stands in for holes while a text is rendered; the mark contains a character that every codec quotes and none escapes. */
class Holes {
  readonly #salt: string;
  readonly #holes: Hole[] = [];

  constructor(value: Value) {
    let salt = 0;
    const all = JSON.stringify(strings(value));
    while (all.includes(`%labc${salt}:`)) salt++;
    this.#salt = `%labc${salt}:`;
  }

  #mark(hole: Hole): string {
    this.#holes.push(hole);
    return `${this.#salt}${this.#holes.length - 1}%`;
  }

  /** JSON data with marks for holes. */
  plain(value: Value, span: Span, tags: boolean): Plain {
    const items = itemsOf(value);
    if (items !== undefined) return items.filter((item) => item !== null).map((item) => this.plain(item, span, tags));
    switch (tagOf(value)) {
      case 'none': return null;
      case 'bool': case 'int': case 'string': return value as string | number | boolean;
      case 'rec': {
        const { fields } = value as Rec;
        if (tags && fields.has('$')) return { $: 'map', entries: [...fields].flatMap(([key, item]) => (item === null ? [] : [[key, this.plain(item, span, tags)]])) } as Plain;
        const out: Record<string, Plain> = {};
        for (const [key, item] of fields) if (item !== null) Object.defineProperty(out, key, { value: this.plain(item, span, tags), enumerable: true, configurable: true, writable: true });
        return out;
      }
      case 'variant': {
        const { name, fields } = value as Variant;
        return this.plain({ t: 'rec', type: null, fields: new Map<string, Value>([['variant', name], ...fields]) }, span, tags);
      }
      case 'decimal': return tags ? ({ $: 'decimal', text: decimalText(value as Decimal) } as Plain) : Number(decimalText(value as Decimal));
      case 'port': return (value as { port: number }).port;
      case 'tagged': {
        if (!tags) throw new Fault(types.create.badOperand(span, { op: 'tag', operand: 'a format without tags', help: 'only yaml() knows tags' }));
        return { $: 'tag', tag: (value as Tagged).tag, value: this.plain((value as Tagged).value, span, tags) } as Plain;
      }
      case 'obj': case 'template': case 'late-gid': return interpolate(value, span).map((part) => (typeof part === 'string' ? part : this.#mark(part))).join('');
      case 'size': case 'duration': interpolate(value, span); break;
      default: break;
    }
    const text = plainText(value);
    if (text !== undefined) return text;
    throw new Fault(types.create.badOperand(span, { op: 'a codec', operand: describe(value), help: 'name a field of it, such as `.url` or `.name`' }));
  }

  restore(text: string, format: CodecName): string | Template {
    if (this.#holes.length === 0) return text;
    const pieces = text.split(new RegExp(`${this.#salt.replace(/[$%]/g, '\\$&')}(\\d+)%`));
    return joinParts(pieces.map((piece, i) => {
      if (i % 2 === 0) return piece;
      const hole = this.#holes[Number(piece)] as Hole;
      return hole.escape === 'url' ? hole : { ...hole, escape: format };
    }));
  }
}

function strings(value: Value): unknown {
  const items = itemsOf(value);
  if (items !== undefined) return items.map(strings);
  if (typeof value === 'string') return value;
  const tag = tagOf(value);
  if (tag === 'rec') return [...(value as Rec).fields].map(([key, item]) => [key, strings(item)]);
  if (tag === 'template') return (value as Template).parts.filter((part) => typeof part === 'string');
  if (tag === 'tagged') return strings((value as Tagged).value);
  return null;
}

function isRecord(plain: Plain): plain is { readonly [key: string]: Plain } {
  return typeof plain === 'object' && plain !== null && !Array.isArray(plain);
}

/** Sections of `key=value`; a list of records repeats the section, a list of scalars repeats the key; scalars stand before sections. */
function ini(plain: Plain, span: Span): string {
  if (!isRecord(plain)) throw new Fault(types.create.badArguments(span, { name: 'ini', why: 'wants a record of sections', help: 'write `ini({ Section = { key = value } })`' }));
  const top: string[] = [];
  const sections: string[] = [];
  for (const [name, value] of Object.entries(plain)) {
    const bodies = Array.isArray(value) && value.every(isRecord) ? (value as readonly { readonly [key: string]: Plain }[]) : isRecord(value) ? [value] : null;
    if (bodies === null) top.push(...iniLines(name, value, span));
    else for (const body of bodies) sections.push([`[${name}]`, ...Object.entries(body).flatMap(([key, item]) => iniLines(key, item, span))].join('\n'));
  }
  return `${[...(top.length > 0 ? [top.join('\n')] : []), ...sections].join('\n\n')}\n`;
}

function iniLines(key: string, value: Plain, span: Span): string[] {
  const items = Array.isArray(value) ? (value as readonly Plain[]) : [value];
  return items.filter((item) => item !== null).map((item) => `${key}=${lineText(item, span, 'ini')}`);
}

function lineText(value: Plain, span: Span, name: string): string {
  if (typeof value === 'object') throw new Fault(types.create.badArguments(span, { name, why: 'cannot hold a record in a record', help: 'use yaml() or json()' }));
  const text = String(value);
  if (/[\r\n\0]/.test(text)) throw new Fault(types.create.badArguments(span, { name, why: 'cannot hold a line break in a value', help: 'take the line break out' }));
  return text;
}

function envText(value: Plain, span: Span): string {
  return lineText(value, span, 'env');
}

function toml(plain: Plain, path: readonly string[], span: Span): string {
  if (!isRecord(plain)) throw new Fault(types.create.badArguments(span, { name: 'toml', why: 'wants a record', help: 'write `toml({ key = value })`' }));
  const lines: string[] = [];
  const tables: string[] = [];
  for (const [key, value] of Object.entries(plain)) {
    const inner = [...path, tomlKey(key)];
    if (isRecord(value)) tables.push(`[${inner.join('.')}]\n${toml(value, inner, span)}`);
    else if (Array.isArray(value) && value.length > 0 && value.every(isRecord)) for (const item of value) tables.push(`[[${inner.join('.')}]]\n${toml(item as Plain, inner, span)}`);
    else lines.push(`${tomlKey(key)} = ${tomlValue(value)}\n`);
  }
  return [lines.join(''), ...tables].filter((part) => part !== '').join('\n');
}

function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

function tomlValue(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`;
  if (isRecord(value)) return `{ ${Object.entries(value).map(([key, item]) => `${tomlKey(key)} = ${tomlValue(item)}`).join(', ')} }`;
  return typeof value === 'string' ? JSON.stringify(value).replace(/\u007f/g, '\\u007F') : String(value);
}
