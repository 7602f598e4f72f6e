/**
 * From the compose-spec schema to TypeScript types: one interface or alias for each definition, and one interface for
 * each object inside a definition, named by its path (`ComposeServicePortsItem`). Deprecated keys are left out.
 */
import type { InterfaceDeclarationStructure, OptionalKind } from 'ts-morph';
import { compareText } from '../../base/text.js';
import type { Distilled } from '../distilled.js';
import { newSourceFile, pascalCase, property, sourceText, union } from '../source-file.js';
import type { ComposeSchema, JsonType } from './schema.js';

export async function emitCompose(schema: Distilled<ComposeSchema>): Promise<string> {
  const file = newSourceFile('The keys of a Compose file, typed by the compose-spec.', schema);
  const { definitions, interfaces, aliases } = typesOf(schema.content);
  for (const name of definitions) {
    const alias = aliases.get(name);
    if (alias !== undefined) file.addTypeAlias({ name, isExported: true, type: alias, leadingTrivia: '\n' });
    for (const [inner, structure] of interfaces) {
      if (owner(inner, definitions) === name) file.addInterface({ ...structure, leadingTrivia: '\n' });
    }
  }
  return sourceText(file);
}

interface Types {
  /** Names of the types of the file and of each definition, in order. */
  readonly definitions: readonly string[];
  readonly interfaces: ReadonlyMap<string, OptionalKind<InterfaceDeclarationStructure>>;
  readonly aliases: ReadonlyMap<string, string>;
}

function typesOf(root: ComposeSchema): Types {
  const interfaces = new Map<string, OptionalKind<InterfaceDeclarationStructure>>();
  const schemas = new Map<string, ComposeSchema>();
  const aliases = new Map<string, string>();
  const definitions = new Map(byName(root.$defs ?? {}).map(([name, schema]) => [`Compose${pascalCase(name)}`, schema]));
  addInterface('ComposeFile', root);
  for (const [name, definition] of definitions) {
    const type = typeOf(definition, name);
    if (!interfaces.has(name)) aliases.set(name, type);
  }
  return { definitions: ['ComposeFile', ...definitions.keys()], interfaces, aliases };

  /** The type of a schema; objects with properties become interfaces called `name`. */
  function typeOf(schema: ComposeSchema, name: string): string {
    if (schema.$ref !== undefined) return reference(schema.$ref);
    if (schema.oneOf !== undefined) return union(schema.oneOf.map((choice) => typeOf(choice, name)));
    if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
    if (schema.type === undefined) return 'unknown';
    const types = typesIn(schema).filter((type) => type !== 'object' || !isDeprecatedWhole(schema));
    return union(types.map((type) => jsonType(type, schema, name)));
  }

  function jsonType(type: JsonType, schema: ComposeSchema, name: string): string {
    switch (type) {
      case 'string':
      case 'boolean':
      case 'null':
        return type;
      case 'number':
      case 'integer':
        return 'number';
      case 'array':
        return `readonly (${typeOf(schema.items ?? {}, `${name}Item`)})[]`;
      case 'object':
        return objectType(schema, name);
    }
  }

  function objectType(schema: ComposeSchema, name: string): string {
    if (schema.properties !== undefined) {
      addInterface(name, schema);
      return name;
    }
    const values = byName(schema.patternProperties ?? {}).filter(([pattern]) => pattern !== '^x-').map(([, value]) => value);
    if (typeof schema.additionalProperties === 'object') values.push(schema.additionalProperties);
    const type = values.length === 0 ? 'unknown' : union(values.map((value) => typeOf(value, `${name}Value`)));
    return `{ readonly [key: string]: ${type} }`;
  }

  function addInterface(name: string, schema: ComposeSchema): void {
    if (schemas.get(name) === schema) return;
    if (schemas.has(name)) throw new Error(`compose-spec: two objects at ${name}`);
    schemas.set(name, schema);
    const entries = byName(schema.properties ?? {}).filter(([, inner]) => inner.deprecated !== true);
    const isRequired = (key: string): boolean => schema.required?.includes(key) === true;
    const ordered = [...entries.filter(([key]) => isRequired(key)), ...entries.filter(([key]) => !isRequired(key))];
    const extensible = schema.patternProperties?.['^x-'] !== undefined;
    const extension = { keyName: 'extension', keyType: '`x-${string}`', returnType: 'unknown', isReadonly: true };
    interfaces.set(name, {
      name,
      isExported: true,
      properties: ordered.map(([key, inner]) => property(key, typeOf(inner, name + pascalCase(key)), isRequired(key))),
      ...(extensible ? { indexSignatures: [extension] } : {}),
    });
  }

  /** The interface of a definition has its name, so a definition that is more than the object is spelled out. */
  function reference(ref: string): string {
    const name = `Compose${pascalCase(/^#\/\$defs\/(\w+)$/.exec(ref)?.[1] ?? '')}`;
    const definition = definitions.get(name);
    if (definition === undefined) throw new Error(`compose-spec: reference ${ref} is not supported`);
    const isObject = [definition, ...(definition.oneOf ?? [])].some((schema) => typesIn(schema).includes('object') && schema.properties !== undefined);
    return isObject ? typeOf(definition, name) : name;
  }
}

function typesIn(schema: ComposeSchema): readonly JsonType[] {
  if (schema.type === undefined) return [];
  return typeof schema.type === 'string' ? [schema.type] : schema.type;
}

/** An object all of whose keys are deprecated is a form that nobody should write. */
function isDeprecatedWhole(schema: ComposeSchema): boolean {
  const properties = Object.values(schema.properties ?? {});
  return properties.length > 0 && properties.every((inner) => inner.deprecated === true);
}

/** The definition that an interface belongs to: the longest name that it starts with. */
function owner(name: string, definitions: readonly string[]): string | undefined {
  return definitions.filter((definition) => name.startsWith(definition)).sort((a, b) => b.length - a.length)[0];
}

function byName<T>(record: { readonly [name: string]: T }): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => compareText(a, b));
}
