/**
 * From the distilled schema to typed builders: an interface of the arguments of every resource and nested block,
 * the shapes that tell blocks from attributes, a builder and a reference function for each resource.
 * Deprecated arguments are left out, so that no emitter can use one. An optional attribute whose type is a list or set
 * of objects becomes a block: that is how Terraform reads it, and only then may fields be left out.
 */
import type { SourceFile } from 'ts-morph';
import { compareText } from '../../base/text.js';
import type { Distilled } from '../distilled.js';
import { camelCase, doc, newSourceFile, pascalCase, property, propertyName, sourceText, union } from '../source-file.js';
import type { AttributeType, NestedBlock, SchemaAttribute, SchemaBlock, TerraformSchema } from './schema.js';

export async function emitTerraform(schema: Distilled<TerraformSchema>): Promise<string> {
  const file = newSourceFile('Typed builders for the Terraform provider: arguments as data in, HCL blocks as data out.', schema);
  const [source, version] = Object.entries(schema.source)[0] ?? ['', ''];
  const local = source.slice(source.indexOf('/') + 1);
  file.addImportDeclaration({
    moduleSpecifier: './hcl-value.js',
    namedImports: ['HclBlock', 'HclBoolean', 'HclDictionary', 'HclList', 'HclNumber', 'HclRef', 'HclText', 'HclValue'],
    isTypeOnly: true,
  });
  file.addImportDeclaration({
    moduleSpecifier: './terraform-blocks.js',
    namedImports: ['providerBlock', 'resourceBlock', 'resourceRef', ...['BlockShape', 'ProviderMeta', 'ResourceMeta'].map((name) => `type ${name}`)],
  });
  file.addStatements(`\n/** The provider that the builders are for. */
export const PROVIDER = { name: ${text(local)}, source: ${text(source)}, version: ${text(version)} } as const;`);
  emitProvider(file, local, schema.content.provider);
  for (const [type, block] of byName(schema.content.resources)) emitResource(file, type, block);
  dropUnusedImports(file);
  return sourceText(file);
}

function emitProvider(file: SourceFile, local: string, block: SchemaBlock): void {
  const name = `${pascalCase(local)}Provider`;
  emitBlock(file, name, block);
  emitShape(file, local, block);
  file.addFunction({
    name: camelCase(name),
    isExported: true,
    docs: [doc(`\`provider ${text(local)} { ... }\`.`)],
    parameters: [{ name: 'args', type: name }, { name: 'meta', type: `ProviderMeta<keyof ${name}>`, initializer: '{}' }],
    returnType: 'HclBlock',
    statements: `return providerBlock(${text(local)}, args, ${shapeName(local)}, meta);`,
  });
}

function emitResource(file: SourceFile, type: string, resource: SchemaBlock): void {
  const name = pascalCase(type);
  const block = withoutId(resource);
  emitBlock(file, name, block);
  emitShape(file, type, block);
  file.addFunction({
    name: camelCase(type),
    isExported: true,
    docs: [doc(`\`resource ${text(type)} { ... }\`.`)],
    parameters: [
      { name: 'label', type: 'string' },
      { name: 'args', type: name },
      { name: 'meta', type: `ResourceMeta<keyof ${name}>`, initializer: '{}' },
    ],
    returnType: 'HclBlock',
    statements: `return resourceBlock(${text(type)}, label, args, ${shapeName(type)}, meta);`,
  });
  const attributes = [...Object.keys(resource.attributes ?? {}), ...Object.keys(resource.blocks ?? {})].sort(compareText);
  file.addTypeAlias({ name: `${name}Attribute`, isExported: true, type: union(attributes.map(text)) || 'never' });
  file.addFunction({
    name: `${camelCase(type)}Ref`,
    isExported: true,
    docs: [doc(`A reference to the resource, or to one of its attributes.`)],
    parameters: [{ name: 'label', type: 'string' }, { name: 'attribute', type: `${name}Attribute`, hasQuestionToken: true }],
    returnType: 'HclRef',
    statements: `return resourceRef(${text(type)}, label, attribute);`,
  });
}

/** The SDK calls `id` optional in every resource, yet a provider alone sets it. */
function withoutId(block: SchemaBlock): SchemaBlock {
  const { id, ...attributes } = block.attributes ?? {};
  return id?.computed === true ? { ...block, attributes } : block;
}

/** The interface of a block's arguments, then those of the blocks in it. */
function emitBlock(file: SourceFile, name: string, block: SchemaBlock): void {
  const attributes = byName(block.attributes ?? {}).filter(([key, attribute]) => isArgument(attribute) && asBlock(key, attribute) === null);
  const blocks = nestedBlocks(block);
  const inner: [string, SchemaBlock][] = blocks.map(([key, nested]) => [name + pascalCase(key), nested]);
  const properties = [
    ...attributes.map(([key, attribute]) => {
      const nestedName = name + pascalCase(key);
      if (attribute.nested !== undefined) inner.push([nestedName, { attributes: attribute.nested.attributes }]);
      return property(key, attributeType(attribute, nestedName), attribute.required === true, attribute.description);
    }),
    ...blocks.map(([key, nested]) => property(key, blockType(nested, name + pascalCase(key)), (nested.min ?? 0) > 0, nested.description)),
  ];
  const required = properties.filter((entry) => entry.hasQuestionToken !== true);
  const optional = properties.filter((entry) => entry.hasQuestionToken === true);
  file.addInterface({ name, isExported: true, properties: [...required, ...optional], ...(block.description ? { docs: [doc(block.description)] } : {}) });
  for (const [nestedName, nested] of inner) emitBlock(file, nestedName, nested);
}

function emitShape(file: SourceFile, type: string, block: SchemaBlock): void {
  file.addStatements(`\nconst ${shapeName(type)}: BlockShape = ${shape(block)};`);
}

function shape(block: SchemaBlock): string {
  return `{ ${nestedBlocks(block).map(([name, nested]) => `${propertyName(name)}: ${shape(nested)}`).join(', ')} }`;
}

function nestedBlocks(block: SchemaBlock): [string, NestedBlock][] {
  const declared = byName(block.blocks ?? {}).filter(([, nested]) => nested.deprecated !== true);
  const converted = byName(block.attributes ?? {}).flatMap(([key, attribute]): [string, NestedBlock][] => {
    const nested = isArgument(attribute) ? asBlock(key, attribute) : null;
    return nested === null ? [] : [[key, nested]];
  });
  return [...declared, ...converted].sort(([a], [b]) => compareText(a, b));
}

/** Terraform reads `name { ... }` for an attribute whose type is a list or set of objects, so it is given as a block. */
function asBlock(name: string, attribute: SchemaAttribute): NestedBlock | null {
  const { type } = attribute;
  if (!Array.isArray(type) || (type[0] !== 'list' && type[0] !== 'set')) return null;
  const element = type[1] as AttributeType;
  if (!Array.isArray(element) || element[0] !== 'object') return null;
  const fields = Object.entries(element[1] as { [name: string]: AttributeType });
  return {
    mode: type[0],
    attributes: Object.fromEntries(fields.map(([field, inner]) => [field, { type: inner, optional: true }])),
    ...(attribute.required === true ? { min: 1 } : {}),
    description: attribute.description ?? `One block for each \`${name}\`.`,
  };
}

function blockType(nested: NestedBlock, name: string): string {
  const single = nested.mode === 'single' || nested.mode === 'group' || nested.max === 1;
  return single ? name : `readonly ${name}[]`;
}

function attributeType(attribute: SchemaAttribute, nestedName: string): string {
  if (attribute.nested === undefined) return valueType(attribute.type ?? 'dynamic');
  const { mode } = attribute.nested;
  if (mode === 'single') return nestedName;
  return mode === 'map' ? `HclDictionary<${nestedName}>` : `HclList<${nestedName}>`;
}

function valueType(type: AttributeType): string {
  if (type === 'string') return 'HclText';
  if (type === 'number') return 'HclNumber';
  if (type === 'bool') return 'HclBoolean';
  if (type === 'dynamic') return 'HclValue';
  if (type[0] === 'object') return `{ ${byName(type[1]).map(([name, inner]) => `readonly ${propertyName(name)}: ${valueType(inner)}`).join('; ')} }`;
  return type[0] === 'map' ? `HclDictionary<${valueType(type[1])}>` : `HclList<${valueType(type[1])}>`;
}

function isArgument(attribute: SchemaAttribute): boolean {
  return (attribute.required === true || attribute.optional === true) && attribute.deprecated !== true;
}

function dropUnusedImports(file: SourceFile): void {
  for (const declaration of file.getImportDeclarations()) {
    for (const name of declaration.getNamedImports()) {
      const uses = file.getFullText().match(new RegExp(`\\b${name.getName()}\\b`, 'g'))?.length ?? 0;
      if (uses < 2) name.remove();
    }
  }
}

function byName<T>(record: { readonly [name: string]: T }): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => compareText(a, b));
}

function shapeName(type: string): string {
  return `${type.toUpperCase()}_SHAPE`;
}

function text(value: string): string {
  return JSON.stringify(value);
}
