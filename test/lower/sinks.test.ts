/**
 * Ties the shapes of the sinks (stdlib/prelude/sinks) to what the compiler and the library read of them: an attribute that nothing
 * reads would be an option that does nothing, and one that is read but not declared would be a typing error in lowering.
 */
import { Project, SyntaxKind } from 'ts-morph';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseFile } from '../../compiler/syntax/parse.js';
import { walk } from '../../compiler/syntax/walk.js';
import type { Node } from '../../compiler/syntax/ast.js';
import { repositoryRoot } from '../support/tools.js';

const READERS = new Set(['get', 'text', 'bool', 'int', 'bytes', 'ref', 'list', 'texts', 'record', 'attribute', 'read', 'argv']);

/** Names that TypeScript reads of objects: the second argument of a reader. */
function readByCompiler(): Set<string> {
  const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
  project.addSourceFilesAtPaths(['lower', 'eval', 'structure', 'contracts'].map((folder) => join(repositoryRoot, 'compiler', folder, '*.ts')));
  project.addSourceFilesAtPaths(join(repositoryRoot, 'compiler', 'compile.ts'));
  const names = new Set<string>();
  for (const file of project.getSourceFiles()) {
    for (const call of file.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      const callee = call.getExpression();
      const name = callee.getKind() === SyntaxKind.PropertyAccessExpression ? callee.asKindOrThrow(SyntaxKind.PropertyAccessExpression).getName() : callee.getText();
      if (!READERS.has(name)) continue;
      for (const argument of call.getArguments()) if (argument.getKind() === SyntaxKind.StringLiteral) names.add(argument.asKindOrThrow(SyntaxKind.StringLiteral).getLiteralValue());
    }
  }
  return names;
}

/** Names that the library reads after a dot or as a parameter in its own bodies. */
function readByLibrary(): Set<string> {
  const names = new Set<string>();
  for (const path of labFiles(join(repositoryRoot, 'stdlib'))) {
    walk(parseFile({ path, text: readFileSync(path, 'utf8') }).value, (node: Node) => {
      if (node.kind === 'member') names.add(node.name.text);
      if (node.kind === 'name-expr') names.add(node.text);
    });
  }
  return names;
}

function labFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? labFiles(join(folder, entry.name)) : entry.name.endsWith('.lab') ? [join(folder, entry.name)] : []));
}

interface SinkParam {
  readonly kind: string;
  readonly name: string;
  readonly key: string | null;
}

function sinkParams(): SinkParam[] {
  const out: SinkParam[] = [];
  for (const path of labFiles(join(repositoryRoot, 'stdlib', 'prelude', 'sinks'))) {
    for (const item of parseFile({ path, text: readFileSync(path, 'utf8') }).value.items) {
      if (item.kind !== 'head' || item.word.text !== 'kind') continue;
      const entry = item.entries[0];
      const label = entry?.label.kind === 'ref-label' ? entry.label.parts.map((part) => (part.kind === 'name' ? part.text : '')).join('.') : '';
      const key = item.body?.items.flatMap((meta) => (meta.kind === 'assign' && meta.name.text === 'key' && meta.value.kind === 'name-expr' ? [meta.value.text] : []))[0] ?? null;
      for (const param of entry?.params ?? []) out.push({ kind: label, name: param.name.text, key });
    }
  }
  return out;
}

test('every attribute of a sink is read by the compiler or by the library', () => {
  const read = new Set([...readByCompiler(), ...readByLibrary()]);
  const idle = sinkParams().filter((param) => param.name !== param.key && !read.has(param.name));
  expect(idle.map((param) => `${param.kind}.${param.name}`)).toEqual([]);
});
