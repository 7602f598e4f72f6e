/**
 * What an emitter can write, read from its sources with the type checker: every attribute and block that an argument of
 * a generated builder may hold. An object literal counts where it is written; a value whose type is one of the builders'
 * interfaces counts as whatever any literal of that interface in the emitter holds; any other type as its own properties.
 * So a new attribute in an emitter is in this list before anybody thinks of it.
 */
import { dirname, join } from 'node:path';
import { Node, Project, SyntaxKind, type ArrowFunction, type CallExpression, type FunctionDeclaration, type ObjectLiteralExpression, type Symbol as MorphSymbol, type Type } from 'ts-morph';
import { compareText } from '../../compiler/base/text.js';
import { repositoryRoot } from '../support/tools.js';

export interface Emitted {
  /** `disk.size`, `initialization.ip_config.ipv4.address`; blocks stand beside what is in them. */
  readonly path: string;
  readonly block: boolean;
}

/** A mapping of names that users choose (`environment`, labels): its keys are data, not attributes. */
const isMapping = (type: Type): boolean => type.getStringIndexType() !== undefined;

export class EmitterReader {
  private readonly project = new Project({ tsConfigFilePath: join(repositoryRoot, 'tsconfig.json'), skipAddingFilesFromTsConfig: true });
  private readonly literals = new Map<string, ObjectLiteralExpression[]>();
  private readonly bindings: string;

  /** `folder` holds the emitter, `bindings` is the file of its builders' types. */
  constructor(folder: string, bindings: string) {
    this.bindings = join(repositoryRoot, bindings);
    const files = this.project.addSourceFilesAtPaths(join(repositoryRoot, folder, '*.ts'));
    this.project.resolveSourceFileDependencies();
    for (const file of files) {
      for (const literal of file.getDescendantsOfKind(SyntaxKind.ObjectLiteralExpression)) {
        for (const name of this.interfacesOf(literal.getContextualType())) this.literals.set(name, [...(this.literals.get(name) ?? []), literal]);
      }
    }
  }

  /** Everything below a call of `builder`, a function of the bindings, at its argument number `at`. */
  argumentsOf(builder: string, at: number): readonly Emitted[] {
    const found = new Map<string, Emitted>();
    for (const call of this.calls(builder)) {
      const argument = call.getArguments()[at];
      if (argument !== undefined) this.value(argument, '', found);
    }
    return ordered(found);
  }

  /** Everything that a function of the emitter gives back. */
  returnsOf(name: string): readonly Emitted[] {
    const found = new Map<string, Emitted>();
    for (const file of this.files()) for (const declared of file.getFunctions()) if (declared.getName() === name) this.value(declared, '', found);
    return ordered(found);
  }

  /** Functions of the bindings that the emitter calls: `proxmoxVirtualEnvironmentVm`, `outputBlock`. */
  builders(): readonly string[] {
    const folder = dirname(this.bindings);
    const imports = this.files().flatMap((file) => file.getImportDeclarations()).filter((one) => one.getModuleSpecifierSourceFile()?.getDirectoryPath() === folder);
    const names = imports.flatMap((one) => (one.isTypeOnly() ? [] : one.getNamedImports().map((named) => named.getName())));
    return [...new Set(names)].sort(compareText);
  }

  private files() {
    return this.project.getSourceFiles().filter((file) => /\/compiler\/emit\//.test(file.getFilePath()));
  }

  private calls(builder: string) {
    return this.files().flatMap((file) => file.getDescendantsOfKind(SyntaxKind.CallExpression)).filter((call) => call.getExpression().getText() === builder);
  }

  private value(node: Node, path: string, found: Map<string, Emitted>, seen: readonly unknown[] = []): void {
    if (seen.includes(node)) return;
    const into = (one: Node): void => this.value(one, path, found, [...seen, node]);
    if (Node.isObjectLiteralExpression(node)) {
      for (const property of node.getProperties()) {
        if (Node.isSpreadAssignment(property)) into(property.getExpression());
        else if (Node.isPropertyAssignment(property) || Node.isShorthandPropertyAssignment(property)) {
          if (Node.isPropertyAssignment(property) && Node.isComputedPropertyName(property.getNameNode())) continue;
          const initial = Node.isPropertyAssignment(property) ? property.getInitializerOrThrow() : property.getNameNode();
          this.member(property.getName().replace(/^'|'$/g, ''), initial.getType(), path, found, (own) => this.value(initial, own, found, [...seen, node]));
        }
      }
      return;
    }
    const sources = this.sourcesOf(node);
    if (sources === undefined) this.type(node.getType(), node, path, found, seen);
    else sources.forEach(into);
  }

  /** What a value is made of, as expressions; undefined where only its type tells. */
  private sourcesOf(node: Node): readonly Node[] | undefined {
    if (Node.isParenthesizedExpression(node) || Node.isAsExpression(node) || Node.isSatisfiesExpression(node)) return [node.getExpression()];
    if (Node.isConditionalExpression(node)) return [node.getWhenTrue(), node.getWhenFalse()];
    if (Node.isBinaryExpression(node)) return [node.getLeft(), node.getRight()];
    if (Node.isArrayLiteralExpression(node)) return node.getElements();
    if (Node.isSpreadElement(node)) return [node.getExpression()];
    if (Node.isArrowFunction(node) || Node.isFunctionDeclaration(node)) return returnsOf(node);
    if (Node.isIdentifier(node)) {
      const declared = node.getSymbol()?.getValueDeclaration() ?? node.getSymbol()?.getAliasedSymbol()?.getValueDeclaration();
      if (Node.isVariableDeclaration(declared) && Node.isIdentifier(declared.getNameNode()) && declared.getInitializer() !== undefined) return [declared.getInitializerOrThrow()];
      return Node.isFunctionDeclaration(declared) && inEmitter(declared) ? returnsOf(declared) : undefined;
    }
    return Node.isCallExpression(node) ? this.callSources(node) : undefined;
  }

  private callSources(node: CallExpression): readonly Node[] | undefined {
    const callee = node.getExpression();
    if (Node.isPropertyAccessExpression(callee)) {
      if (['map', 'flatMap'].includes(callee.getName())) return node.getArguments().slice(0, 1);
      if (['filter', 'slice', 'flat', 'values'].includes(callee.getName()) && !Node.isIdentifier(callee.getExpression())) return [callee.getExpression()];
      return callee.getExpression().getText() === 'Object' ? node.getArguments() : undefined;
    }
    const symbol = callee.getSymbol();
    const declared = (symbol?.getAliasedSymbol() ?? symbol)?.getValueDeclaration();
    if (!Node.isFunctionDeclaration(declared) || !inEmitter(declared)) return undefined;
    // What a generic helper gives back is made of what it is given.
    return declared.getTypeParameters().length > 0 ? node.getArguments() : returnsOf(declared);
  }

  /** A value that is not written out here. */
  private type(type: Type, at: Node, path: string, found: Map<string, Emitted>, seen: readonly unknown[]): void {
    for (const one of parts(type)) {
      const [name] = this.interfacesOf(one);
      if (name !== undefined) {
        if (!seen.includes(name)) for (const literal of this.literals.get(name) ?? []) this.value(literal, path, found, [...seen, name]);
      } else if (one.isObject() && one.getCallSignatures().length === 0 && !isMapping(one) && !isExpression(one)) {
        for (const property of one.getProperties()) {
          const inner = typeOf(property, at);
          this.member(property.getName(), inner, path, found, (own) => this.type(inner, at, own, found, seen));
        }
      }
    }
  }

  private member(name: string, type: Type, path: string, found: Map<string, Emitted>, into: (path: string) => void): void {
    if (parts(type).length === 0) return;
    const own = path === '' ? name : `${path}.${name}`;
    const before = found.size;
    const known = found.get(own);
    found.set(own, { path: own, block: known?.block ?? false });
    into(own);
    if (found.size > (known === undefined ? before + 1 : before)) found.set(own, { path: own, block: true });
  }

  /** Names of the bindings' interfaces in a type: lists count as what they hold. */
  private interfacesOf(type: Type | undefined): readonly string[] {
    if (type === undefined) return [];
    return parts(type).flatMap((one) => {
      const symbol = one.getSymbol();
      const declared = symbol?.getDeclarations().some((declaration) => Node.isInterfaceDeclaration(declaration) && declaration.getSourceFile().getFilePath() === this.bindings);
      return declared === true ? [symbol!.getName()] : [];
    });
  }
}

/** A type without undefined and null, as the members of its union and what its lists hold. HCL's values hold themselves. */
function parts(type: Type, seen: Set<unknown> = new Set()): readonly Type[] {
  if (type.isUndefined() || type.isNull() || seen.has(type.compilerType)) return [];
  seen.add(type.compilerType);
  if (type.isUnion() && !type.isBoolean()) return type.getUnionTypes().flatMap((one) => parts(one, seen));
  const element = type.getArrayElementType() ?? (type.isReadonlyArray() ? type.getTypeArguments()[0] : undefined);
  return element === undefined ? [type] : parts(element, seen);
}

function returnsOf(node: ArrowFunction | FunctionDeclaration): readonly Node[] {
  const body = node.getBody();
  if (body === undefined || !Node.isBlock(body)) return body === undefined ? [] : [body];
  const own = body.getDescendantsOfKind(SyntaxKind.ReturnStatement).filter((statement) => statement.getFirstAncestor((one) => Node.isArrowFunction(one) || Node.isFunctionDeclaration(one)) === node);
  return own.flatMap((statement) => statement.getExpression() ?? []);
}

function inEmitter(node: Node): boolean {
  return node.getSourceFile().getFilePath().includes('/compiler/emit/');
}

function typeOf(symbol: MorphSymbol, at: Node): Type {
  return symbol.getTypeAtLocation(at);
}

/** References, calls and templates of HCL are values. */
function isExpression(type: Type): boolean {
  return type.getProperty('$') !== undefined;
}

function ordered(found: ReadonlyMap<string, Emitted>): readonly Emitted[] {
  return [...found.values()].sort((a, b) => compareText(a.path, b.path));
}
