/**
 * The compose-spec's JSON schema as it is committed: whole, without descriptions and titles, so that the same file
 * types the emitter and validates what it wrote. Keywords outside this list are refused when it is read.
 */

export interface ComposeSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: ComposeSchema };
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly string[];
  readonly oneOf?: readonly ComposeSchema[];
  readonly properties?: { readonly [name: string]: ComposeSchema };
  readonly patternProperties?: { readonly [pattern: string]: ComposeSchema };
  readonly additionalProperties?: boolean | ComposeSchema;
  readonly required?: readonly string[];
  readonly items?: ComposeSchema;
  readonly deprecated?: boolean;
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly uniqueItems?: boolean;
}

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

const KEYWORDS: readonly string[] = [
  '$schema', '$id', '$ref', '$defs', 'type', 'enum', 'oneOf', 'properties', 'patternProperties', 'additionalProperties', 'required',
  'items', 'deprecated', 'default', 'format', 'pattern', 'minimum', 'maximum', 'uniqueItems',
] satisfies (keyof ComposeSchema)[];

const PROSE: readonly string[] = ['description', 'title', 'examples'];

/** The schema without prose. Throws where it uses a keyword that the emitter of types does not know. */
export function distilCompose(raw: unknown): ComposeSchema {
  const entries = Object.entries(raw as { [keyword: string]: unknown }).filter(([keyword]) => !PROSE.includes(keyword));
  const changed = entries.map(([keyword, value]): [string, unknown] => {
    if (!KEYWORDS.includes(keyword)) throw new Error(`compose-spec: keyword ${keyword} is not supported`);
    switch (keyword) {
      case '$defs':
      case 'properties':
      case 'patternProperties':
        return [keyword, Object.fromEntries(Object.entries(value as object).map(([name, inner]) => [name, distilCompose(inner)]))];
      case 'oneOf':
        return [keyword, (value as unknown[]).map(distilCompose)];
      case 'items':
        return [keyword, distilCompose(value)];
      case 'additionalProperties':
        return [keyword, typeof value === 'boolean' ? value : distilCompose(value)];
      default:
        return [keyword, value];
    }
  });
  return Object.fromEntries(changed);
}
