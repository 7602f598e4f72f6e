/**
 * S2: shapes of kinds, contracts, templates and types, made from their declarations when first asked and kept.
 * In the body of a kind or contract, assignments are about the kind itself (layer, phase, key, ...); everything else is
 * the body that each object of the kind gets.
 */
import { suggestHelp } from '../base/suggest.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { names } from '../diagnostics/catalogue/names.js';
import { types as typeFaults } from '../diagnostics/catalogue/types.js';
import type { Decl, DeclSort, Program } from '../names/program.js';
import type { Assign, Expr, Head, Item, Param, TypeExpr } from '../syntax/ast.js';
import type { ContractShape, KindShape, LayerWord, OsShape, TemplateShape } from './shape.js';
import { DATA, ParamShape, PRIMITIVES, prim, STRING, type EnumType, type PrimitiveName, type Type } from './types.js';

const CONTRACT_PARENTS = ['lab', 'cluster', 'node', 'machine', 'device', 'capability', 'workload', 'part', 'container', 'request', 'repository', 'network'];

/** What the body of a kind or contract may say about the kind itself. */
/** What a change of an item may disturb, as its kind says it. */
const IMPACT_WORDS = ['restart', 'reboot', 'destroys_data'] as const;
const KIND_WORDS: ReadonlySet<string> = new Set(['layer', 'phase', 'order', 'key', 'first', 'parents', 'roles', 'takes', 'L1', 'batch', 'title', 'free', 'impact']);
const CONTRACT_WORDS: ReadonlySet<string> = new Set(['provider', 'unmet', 'unique', 'derives']);

export class Shapes {
  readonly diagnostics: Diagnostic[] = [];
  /** By their words: the declarations of kinds and contracts, and the shapes of those that were asked for. */
  readonly #kindDecls = new Map<string, Decl[]>();
  readonly #kinds = new Map<string, readonly KindShape[]>();
  readonly #templates = new Map<Decl, TemplateShape>();
  readonly #types = new Map<Decl, Type>();
  readonly #busy = new Set<Decl>();
  /** By the roles of a kind, which are one set for all of its objects. */
  readonly #kindsIn = new WeakMap<ReadonlySet<string>, Map<string, KindShape | null>>();
  readonly program: Program;

  constructor(program: Program) {
    this.program = program;
    for (const decl of [...program.all('kind'), ...program.all('contract')]) {
      const decls = this.#kindDecls.get(decl.name);
      if (decls === undefined) this.#kindDecls.set(decl.name, [decl]);
      else decls.push(decl);
    }
    // Of the standard library most kinds are not used, and nothing is wrong with any.
    for (const [word, decls] of this.#kindDecls) if (decls.some((decl) => decl.library !== 'std')) this.kinds(word);
  }

  /** All kinds with that word; they differ in where they may stand. */
  kinds(word: string): readonly KindShape[] {
    let kinds = this.#kinds.get(word);
    if (kinds === undefined) this.#kinds.set(word, (kinds = (this.#kindDecls.get(word) ?? []).map((decl) => (decl.sort === 'contract' ? this.#contract(decl) : this.#kind(decl)))));
    return kinds;
  }

  /** The kind that `word` means inside an object with these roles. */
  kindIn(word: string, roles: ReadonlySet<string>): KindShape | undefined {
    let words = this.#kindsIn.get(roles);
    if (words === undefined) this.#kindsIn.set(roles, (words = new Map()));
    let known = words.get(word);
    if (known === undefined) words.set(word, (known = this.kinds(word).find((kind) => [...kind.parents].some((parent) => roles.has(parent))) ?? null));
    return known ?? undefined;
  }

  /** Words that may open an item inside an object with these roles. */
  wordsIn(roles: ReadonlySet<string>): string[] {
    return [...this.#kindDecls.keys()].filter((word) => this.kinds(word).some((kind) => [...kind.parents].some((parent) => roles.has(parent))));
  }

  contracts(): KindShape[] {
    return [...this.#kindDecls].flatMap(([word, decls]) => (decls.some((decl) => decl.sort === 'contract') ? this.kinds(word).filter((kind) => kind.contract !== null) : []));
  }

  contract(name: string): KindShape | undefined {
    return this.kinds(name).find((kind) => kind.contract !== null);
  }

  #kind(decl: Decl): KindShape {
    const meta = new Map<string, Expr>();
    const body: Item[] = [];
    for (const item of decl.head.body?.items ?? []) {
      if (item.kind === 'assign') this.#about(decl, meta, item, KIND_WORDS);
      else body.push(item);
    }
    const params = new Map(this.params(decl.entry.params ?? [], decl.library));
    const key = wordOf(meta.get('key')) ?? null;
    if (wordOf(meta.get('layer')) === 'L3' && decl.name !== 'capability' && !params.has('on_change')) params.set('on_change', this.#onChange(decl));
    const roles = new Set([decl.name, ...wordsOf(meta.get('roles'))]);
    return {
      word: decl.name, layer: (wordOf(meta.get('layer')) ?? null) as LayerWord | null, phase: Number(intOf(meta.get('phase')) ?? 0), order: Number(intOf(meta.get('order')) ?? 5), key,
      first: wordOf(meta.get('first')) ?? [...params.keys()].find((name) => name !== key) ?? null,
      parents: new Set(wordsOf(meta.get('parents')).map((word) => (word === 'persona' ? 'machine' : word))), roles, params,
      takes: new Set(wordsOf(meta.get('takes'))), layers: new Map(wordsOf(meta.get('L1')).map((name) => [name, 'L1' as const])), free: meta.get('free') !== undefined,
      batch: wordOf(meta.get('batch')) ?? null, title: meta.get('title') ?? null, impact: this.#impact(decl, meta.get('impact')), body, contract: null,
      library: decl.library, span: decl.span, doc: decl.head.doc,
    };
  }

  #impact(decl: Decl, expr: Expr | undefined): KindShape['impact'] {
    const word = wordOf(expr);
    const known = IMPACT_WORDS.find((one) => one === word);
    if (expr !== undefined && known === undefined) this.diagnostics.push(names.create.unknownWord(expr.span, { parent: `\`impact\` of the kind \`${decl.name}\``, word: word ?? 'this', help: `write ${IMPACT_WORDS.map((one) => `\`${one}\``).join(', ')}, or leave it out` }));
    return known ?? null;
  }

  /** A word about the kind itself; an unknown one would be lost. */
  #about(decl: Decl, meta: Map<string, Expr>, item: Assign, known: ReadonlySet<string>): void {
    if (known.has(item.name.text)) meta.set(item.name.text, item.value);
    else this.diagnostics.push(names.create.unknownWord(item.name.span, { parent: `the ${decl.sort} \`${decl.name}\``, word: item.name.text, help: suggestHelp(item.name.text, known) }));
  }

  /** Every request may name who answers it. */
  #viaParam(decl: Decl): ParamShape {
    const span = decl.span;
    const of: TypeExpr = { kind: 'type-ref', span, parts: [{ kind: 'name', span, text: 'Ref' }], args: [{ kind: 'arg', span, value: { kind: 'name-expr', span, text: 'workload' } }] };
    return new ParamShape({ kind: 'param', span, name: { kind: 'name', span, text: 'via' }, type: { kind: 'type-optional', span, of } }, 'std', (expr) => this.resolve(expr, 'std'));
  }

  /** What follows a change: every L3 item takes it. */
  #onChange(decl: Decl): ParamShape {
    const span = decl.span;
    const name = (text: string): { kind: 'name'; span: typeof span; text: string } => ({ kind: 'name', span, text });
    const type: TypeExpr = { kind: 'type-list', span, element: { kind: 'type-ref', span, parts: [name('Action')] } };
    return new ParamShape({ kind: 'param', span, name: name('on_change'), type, default: { kind: 'list', span, items: [] } }, 'std', (expr) => this.resolve(expr, 'std'));
  }

  #contract(decl: Decl): KindShape {
    const meta = new Map<string, Expr>();
    const body: Item[] = [];
    let offer: ReadonlyMap<string, ParamShape> = new Map();
    for (const item of decl.head.body?.items ?? []) {
      if (item.kind === 'assign') this.#about(decl, meta, item, CONTRACT_WORDS);
      else if (item.kind === 'head' && item.word.text === 'offer') offer = this.params(item.params ?? [], decl.library);
      else body.push(item);
    }
    const params = new Map(this.params(decl.entry.params ?? [], decl.library));
    params.set('via', this.#viaParam(decl));
    const contract: ContractShape = {
      name: decl.name, provider: wordOf(meta.get('provider')) === 'each' ? 'each' : 'one', unmet: wordOf(meta.get('unmet')) === 'note' ? 'note' : 'error',
      unique: wordsOf(meta.get('unique')), derives: wordsOf(meta.get('derives')), offer,
    };
    return {
      word: decl.name, layer: null, phase: 0, order: 0, key: 'name', first: [...params.keys()].find((name) => name !== 'name' && name !== 'via') ?? null,
      parents: new Set(CONTRACT_PARENTS), roles: new Set([decl.name, 'request']), params, takes: new Set(), layers: new Map(), free: false, batch: null, title: null, impact: null, body, contract,
      library: decl.library, span: decl.span, doc: decl.head.doc,
    };
  }

  template(sort: TemplateShape['sort'], name: string, library: string): TemplateShape | undefined {
    const decl = this.program.find(sort, name, library);
    if (decl === undefined) return undefined;
    let shape = this.#templates.get(decl);
    if (shape === undefined) this.#templates.set(decl, (shape = this.#template(sort, decl)));
    return shape;
  }

  #template(sort: TemplateShape['sort'], decl: Decl): TemplateShape {
    const items: Item[] = [];
    let offer: ReadonlyMap<string, ParamShape> = new Map();
    for (const item of decl.head.body?.items ?? []) {
      if (item.kind === 'head' && item.word.text === 'offer' && item.params !== undefined) offer = this.params(item.params, decl.library);
      else items.push(item);
    }
    const parents = decl.head.types.flatMap((type) => (type.kind === 'type-ref' ? [{ name: type.parts.map((part) => part.text).join('.'), span: type.span }] : []));
    return { sort, name: decl.name, params: this.params(decl.entry.params ?? [], decl.library), parents, items, offer, library: decl.library, span: decl.span, doc: decl.head.doc };
  }

  os(name: string, library: string): OsShape | undefined {
    const decl = this.program.find('os', name, library);
    if (decl === undefined) return undefined;
    const parent = decl.head.types[0];
    return {
      name: decl.name, parent: parent?.kind === 'type-ref' ? (parent.parts[0]?.text ?? null) : null,
      items: decl.head.body?.items ?? [], library: decl.library, span: decl.span,
    };
  }

  readonly #params = new WeakMap<readonly Param[], ReadonlyMap<string, ParamShape>>();

  params(params: readonly Param[], library: string): ReadonlyMap<string, ParamShape> {
    let known = this.#params.get(params);
    if (known === undefined) this.#params.set(params, (known = this.#makeParams(params, library)));
    return known;
  }

  #makeParams(params: readonly Param[], library: string): ReadonlyMap<string, ParamShape> {
    return new Map(params.map((param) => [param.name.text, new ParamShape(param, library, (type) => this.resolve(type, library))]));
  }

  /** The type that a type expression means; an unknown name is reported once and becomes Data. */
  resolve(type: TypeExpr, library: string): Type {
    let known = this.#resolved.get(type);
    if (known === undefined) this.#resolved.set(type, (known = this.#resolve(type, library)));
    return known;
  }

  /** An expression of a type stands in one library. */
  readonly #resolved = new WeakMap<TypeExpr, Type>();

  #resolve(type: TypeExpr, library: string): Type {
    switch (type.kind) {
      case 'type-list': return { k: 'list', of: this.resolve(type.element, library) };
      case 'type-optional': return { k: 'opt', of: this.resolve(type.of, library) };
      case 'type-union': return { k: 'union', members: type.members.map((member) => this.resolve(member, library)) };
      case 'type-literal': return { k: 'lit', text: type.value.kind === 'str' ? type.value.parts.join('') : '' };
      case 'type-ref': return this.#resolveRef(type.parts.map((part) => part.text), type, library);
    }
  }

  #resolveRef(parts: readonly string[], type: Extract<TypeExpr, { kind: 'type-ref' }>, library: string): Type {
    const name = parts[0] ?? '';
    const args = type.args ?? [];
    if (parts.length === 2 && parts[1] === 'where') {
      const predicate = args[0]?.value;
      const base = this.#named(name, type, library);
      return predicate === undefined ? base : { k: 'refine', name: null, base, predicate, library, doc: null };
    }
    if (name === 'enum') {
      const members = args.map((arg): [string, string] => [
        arg.name?.text ?? wordOf(arg.value) ?? '', arg.name !== undefined && arg.value.kind === 'str' ? arg.value.parts.join('') : (arg.name?.text ?? wordOf(arg.value) ?? ''),
      ]);
      return { k: 'enum', name: null, members: new Map(members) };
    }
    if (name === 'Ref') {
      const of = args.find((arg) => arg.name?.text === 'of')?.value ?? null;
      return { k: 'ref', kind: wordOf(args[0]?.value) ?? 'machine', of };
    }
    if (name === 'Map') return { k: 'map', of: args[0] === undefined ? DATA : this.#fromExpr(args[0].value, library) };
    if (name === 'Late') return args[0] === undefined ? DATA : this.#fromExpr(args[0].value, library);
    return this.#named(name, type, library);
  }

  #named(name: string, type: TypeExpr, library: string): Type {
    if (PRIMITIVES.has(name)) return prim(name as PrimitiveName);
    const decl = this.program.find('type', name, library) ?? this.program.all('type').find((other) => other.name === name);
    if (decl !== undefined) return this.declared(decl);
    if (/^[a-z]/.test(name)) return { k: 'enum', name: null, members: new Map([[name, name]]) };
    this.diagnostics.push(typeFaults.create.unknownType(type.span, { name, help: suggestHelp(name, [...PRIMITIVES, ...this.program.all('type').map((other) => other.name)]) }));
    return DATA;
  }

  /** A type that stands where an expression is read, as in `Map(String)`. */
  #fromExpr(expr: Expr, library: string): Type {
    if (expr.kind === 'name-expr') {
      return this.#named(expr.text, { kind: 'type-ref', span: expr.span, parts: [{ kind: 'name', span: expr.span, text: expr.text }] }, library);
    }
    if (expr.kind === 'list' && expr.items[0] !== undefined) return { k: 'list', of: this.#fromExpr(expr.items[0], library) };
    if (expr.kind === 'call' && expr.callee.kind === 'name-expr') {
      const callee = expr.callee;
      return this.#resolveRef([callee.text], { kind: 'type-ref', span: expr.span, parts: [{ kind: 'name', span: callee.span, text: callee.text }], args: expr.args }, library);
    }
    return DATA;
  }

  /** `type X : T`, `type X(fields)`, `type X { constructor(fields) }`. */
  declared(decl: Decl): Type {
    const known = this.#types.get(decl);
    if (known !== undefined) return known;
    if (this.#busy.has(decl)) {
      this.diagnostics.push(names.create.recursion(decl.span, { name: decl.name, chain: decl.name }));
      return DATA;
    }
    this.#busy.add(decl);
    const type = this.#declare(decl);
    this.#busy.delete(decl);
    this.#types.set(decl, type);
    return type;
  }

  #declare(decl: Decl): Type {
    if (decl.entry.params !== undefined) return { k: 'record', name: decl.name, fields: [...this.params(decl.entry.params, decl.library).values()] };
    if (decl.head.body !== undefined) {
      const heads = decl.head.body.items.filter((item): item is Head => item.kind === 'head');
      return { k: 'variants', name: decl.name, constructors: new Map(heads.map((head) => [head.word.text, [...this.params(head.params ?? [], decl.library).values()]])) };
    }
    const of = decl.head.types[0];
    if (of === undefined) return STRING;
    const type = this.resolve(of, decl.library);
    if (type.k === 'enum') return { ...type, name: decl.name } satisfies EnumType;
    if (type.k === 'refine') return { ...type, name: decl.name, doc: decl.head.doc?.replace(/\n/g, ' ') ?? null };
    return type;
  }

  /** The variants type that has a constructor of that name, nearest library first. */
  constructorOf(name: string, library: string): { readonly type: Extract<Type, { k: 'variants' }>; readonly fields: readonly ParamShape[] } | undefined {
    for (const decl of this.#constructors().get(name) ?? []) {
      const type = this.declared(decl);
      if (type.k === 'variants' && (decl.library === library || decl.library === 'std' || this.program.find('type', decl.name, library) === decl)) return { type, fields: type.constructors.get(name) ?? [] };
    }
    return undefined;
  }

  #byConstructor: Map<string, Decl[]> | undefined;
  #constructors(): Map<string, Decl[]> {
    if (this.#byConstructor !== undefined) return this.#byConstructor;
    const index = new Map<string, Decl[]>();
    for (const decl of this.program.all('type' satisfies DeclSort)) {
      for (const item of decl.head.body?.items ?? []) {
        if (item.kind !== 'head') continue;
        const list = index.get(item.word.text);
        if (list === undefined) index.set(item.word.text, [decl]);
        else list.push(decl);
      }
    }
    return (this.#byConstructor = index);
  }
}

/** The word that a bare name or a string says. */
export function wordOf(expr: Expr | undefined): string | undefined {
  if (expr === undefined) return undefined;
  if (expr.kind === 'name-expr') return expr.text;
  if (expr.kind === 'str') return expr.parts.filter((part) => typeof part === 'string').join('');
  return undefined;
}

function wordsOf(expr: Expr | undefined): string[] {
  if (expr === undefined) return [];
  if (expr.kind === 'list') return expr.items.flatMap((item) => wordOf(item) ?? []);
  return wordOf(expr) === undefined ? [] : [wordOf(expr) as string];
}

function intOf(expr: Expr | undefined): string | undefined {
  return expr?.kind === 'int' ? expr.text : undefined;
}
