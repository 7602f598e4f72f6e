/** From `terraform providers schema -json` to the distilled schema. Refuses what it does not know by throwing. */
import type { AttributeType, NestedBlock, SchemaAttribute, SchemaBlock, TerraformSchema } from './schema.js';

interface RawSchema {
  readonly provider: { readonly block: RawBlock };
  readonly resource_schemas: { readonly [type: string]: { readonly block: RawBlock } };
}

interface RawBlock {
  readonly attributes?: { readonly [name: string]: RawAttribute };
  readonly block_types?: { readonly [name: string]: { nesting_mode: string; min_items?: number; max_items?: number; block: RawBlock } };
  readonly deprecated?: boolean;
  readonly description?: string;
}

interface RawAttribute {
  readonly type?: unknown;
  readonly nested_type?: { readonly nesting_mode: string; readonly attributes: { readonly [name: string]: RawAttribute } };
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly deprecated?: boolean;
  readonly sensitive?: boolean;
  readonly write_only?: boolean;
  readonly description?: string;
}

/** `address` is the provider's key in the output, `registry.terraform.io/bpg/proxmox`. */
export function distilTerraform(json: unknown, address: string, resources: readonly string[]): TerraformSchema {
  const raw = (json as { provider_schemas: { [address: string]: RawSchema } }).provider_schemas[address];
  if (raw === undefined) throw new Error(`no schema of ${address}`);
  const entries = resources.map((type): [string, SchemaBlock] => {
    const resource = raw.resource_schemas[type];
    if (resource === undefined) throw new Error(`${address} has no resource ${type}`);
    if (resource.block.deprecated === true) throw new Error(`${type} is deprecated: emitters must use its successor`);
    return [type, distilBlock(resource.block)];
  });
  return { provider: distilBlock(raw.provider.block), resources: Object.fromEntries(entries) };
}

function distilBlock(block: RawBlock): SchemaBlock {
  return {
    ...(isEmpty(block.attributes) ? {} : { attributes: mapValues(block.attributes ?? {}, distilAttribute) }),
    ...(isEmpty(block.block_types) ? {} : { blocks: mapValues(block.block_types ?? {}, distilNested) }),
    ...(block.deprecated === true ? { deprecated: true } : {}),
    ...description(block.description),
  };
}

function distilNested(nested: NonNullable<RawBlock['block_types']>[string], name: string): NestedBlock {
  const mode = nested.nesting_mode;
  if (mode !== 'single' && mode !== 'group' && mode !== 'list' && mode !== 'set') throw new Error(`block ${name}: nesting ${mode} is not supported`);
  const { min_items: min, max_items: max } = nested;
  return { ...distilBlock(nested.block), mode, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function distilAttribute(raw: RawAttribute, name: string): SchemaAttribute {
  return {
    ...(raw.nested_type === undefined ? { type: distilType(raw.type, name) } : { nested: distilNestedType(raw.nested_type, name) }),
    ...(raw.required === true ? { required: true } : {}),
    ...(raw.optional === true ? { optional: true } : {}),
    ...(raw.computed === true ? { computed: true } : {}),
    ...(raw.deprecated === true ? { deprecated: true } : {}),
    ...(raw.sensitive === true ? { sensitive: true } : {}),
    ...(raw.write_only === true ? { writeOnly: true } : {}),
    ...description(raw.description),
  };
}

function distilNestedType(raw: NonNullable<RawAttribute['nested_type']>, name: string): NonNullable<SchemaAttribute['nested']> {
  const mode = raw.nesting_mode;
  if (mode !== 'single' && mode !== 'list' && mode !== 'set' && mode !== 'map') throw new Error(`attribute ${name}: nesting ${mode} is not supported`);
  return { mode, attributes: mapValues(raw.attributes, distilAttribute) };
}

function distilType(type: unknown, name: string): AttributeType {
  if (type === 'string' || type === 'number' || type === 'bool' || type === 'dynamic') return type;
  if (Array.isArray(type)) {
    const [kind, inner] = type as [unknown, unknown];
    if (kind === 'list' || kind === 'set' || kind === 'map') return [kind, distilType(inner, name)];
    if (kind === 'object') return ['object', mapValues(inner as { [name: string]: unknown }, distilType)];
  }
  throw new Error(`attribute ${name}: type ${JSON.stringify(type)} is not supported`);
}

function description(text = ''): { description?: string } {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? {} : { description: line };
}

function isEmpty(record: object | undefined): boolean {
  return record === undefined || Object.keys(record).length === 0;
}

function mapValues<In, Out>(record: { readonly [key: string]: In }, change: (value: In, key: string) => Out): { [key: string]: Out } {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
