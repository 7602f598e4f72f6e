/**
 * From the distilled modules to ansible.gen.ts: an interface of every module's options, the builder `task` typed by
 * module, and the table for the checker. Aliases and deprecated options are in the table only.
 */
import { VariableDeclarationKind, type SourceFile } from 'ts-morph';
import { compareText } from '../../base/text.js';
import type { ModuleSpec, OptionSpec, OptionType } from '../../bindings/ansible-module.js';
import type { Distilled } from '../distilled.js';
import { doc, newSourceFile, pascalCase, property, sourceText, union } from '../source-file.js';
import type { AnsibleSchema } from './distil.js';

export async function emitAnsible(schema: Distilled<AnsibleSchema>): Promise<string> {
  const file = newSourceFile('Ansible modules: typed arguments for emitters, and a table for the checker.', schema);
  file.addImportDeclaration({
    moduleSpecifier: './ansible-module.js',
    namedImports: ['moduleTable', ...['ModuleCall', 'ModuleSpec', 'TaskExpression', 'TaskValue'].map((name) => `type ${name}`)],
  });
  const modules = byName(schema.content.modules);
  file.addVariableStatement({
    isExported: true,
    declarationKind: VariableDeclarationKind.Const,
    leadingTrivia: '\n',
    docs: [doc('Versions of what was read, by name: `ansible-core` and the collections.')],
    declarations: [{ name: 'ANSIBLE_VERSIONS', initializer: `${JSON.stringify(schema.source)} as const` }],
  });
  file.addFunction({
    name: 'task',
    isExported: true,
    docs: [doc("A module's call with arguments that it accepts.")],
    typeParameters: [{ name: 'Module', constraint: 'keyof TaskArguments' }],
    parameters: [{ name: 'module', type: 'Module' }, { name: 'args', type: 'TaskArguments[Module]' }],
    returnType: 'ModuleCall<Module, TaskArguments[Module]>',
    statements: 'return { module, args };',
  });
  file.addInterface({
    name: 'TaskArguments',
    isExported: true,
    docs: [doc('Arguments by module.')],
    properties: modules.map(([name]) => property(name, pascalCase(name), true)),
  });
  for (const [name, module] of modules) emitOptions(file, pascalCase(name), module.options, module.open === true);
  const texts = modules.map(([name, module]) => `${JSON.stringify(name)}: ${quoted(JSON.stringify(tableEntry(module)))}`);
  file.addStatements(`\n/** Every module that a \`task\` may name. */
export const MODULES: { readonly [name: string]: ModuleSpec } = /* @__PURE__ */ moduleTable({ ${texts.join(', ')} });`);
  return sourceText(file);
}

function emitOptions(file: SourceFile, name: string, options: ModuleSpec['options'], open: boolean): void {
  const current = byName(options).filter(([, option]) => option.deprecated !== true);
  const entries = [...current.filter(([, option]) => option.required === true), ...current.filter(([, option]) => option.required !== true)];
  file.addInterface({
    name,
    isExported: true,
    properties: entries.map(([key, option]) => property(key, optionType(option, name + pascalCase(key)), option.required === true)),
    ...(open ? { indexSignatures: [{ keyName: 'name', keyType: 'string', returnType: 'TaskValue | undefined', isReadonly: true }] } : {}),
  });
  for (const [key, option] of current) if (option.suboptions !== undefined) emitOptions(file, name + pascalCase(key), option.suboptions, false);
}

function optionType(option: OptionSpec, nested: string): string {
  const value = option.type === 'list' ? `readonly ${elementType(option, nested)}[]` : plainType(option.type, option, nested);
  return option.type === 'raw' ? value : `${value} | TaskExpression`;
}

function elementType(option: OptionSpec, nested: string): string {
  const type = plainType(option.elements ?? 'raw', option, nested);
  return option.elements === undefined || option.elements === 'raw' ? type : `(${type} | TaskExpression)`;
}

function plainType(type: OptionType, option: OptionSpec, nested: string): string {
  const { choices, suboptions } = option;
  switch (type) {
    case 'str':
    case 'path':
      return choices === undefined ? 'string' : union(choices.map((choice) => JSON.stringify(choice)));
    case 'int':
    case 'float':
      return choices === undefined ? 'number' : union(choices.map((choice) => JSON.stringify(choice)));
    case 'bool':
      return 'boolean';
    case 'dict':
      return suboptions === undefined ? '{ readonly [key: string]: TaskValue }' : nested;
    case 'list':
      return 'readonly TaskValue[]';
    case 'raw':
      return 'TaskValue';
  }
}

/** Options in order of their names, so that the table is the same whatever order the documentation has. */
function tableEntry(module: ModuleSpec): ModuleSpec {
  return { ...module, options: Object.fromEntries(byName(module.options)) };
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function byName<T>(record: { readonly [name: string]: T }): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => compareText(a, b));
}
