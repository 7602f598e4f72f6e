/**
 * A distilled schema as it is committed: where it comes from, the hash of its content, the content.
 * Keys are sorted, and short records stand on one line, so that a new version of a tool gives a diff one can read.
 */
import { createHash } from 'node:crypto';
import { format } from 'prettier';
import { compareText } from '../base/text.js';

export interface Distilled<Content> {
  /** Names and versions of what was read. */
  readonly source: { readonly [name: string]: string };
  /** Of `content` as JSON with sorted keys and without spaces. */
  readonly sha256: string;
  readonly content: Content;
}

export function distilled<Content>(source: Distilled<Content>['source'], content: Content): Distilled<Content> {
  return { source, sha256: contentHash(content), content };
}

export function contentHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(sorted(content))).digest('hex');
}

/** The text of the committed file. */
export async function distilledText(schema: Distilled<unknown>): Promise<string> {
  const { source, sha256, content } = schema;
  const json = JSON.stringify({ source: sorted(source), sha256, content: sorted(content) });
  return format(json, { parser: 'json', printWidth: 160 });
}

/** Reads a committed file; the hash is checked, since nobody edits these by hand. */
export function parseDistilled<Content>(path: string, text: string): Distilled<Content> {
  const schema = JSON.parse(text) as Distilled<Content>;
  if (contentHash(schema.content) !== schema.sha256) throw new Error(`${path}: the content does not have the hash it states`);
  return schema;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => compareText(a, b)).map(([key, entry]) => [key, sorted(entry)]));
}
