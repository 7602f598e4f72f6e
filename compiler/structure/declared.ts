/**
 * What can be said about the body of a declaration before anybody uses it: that each word is known where it stands, that attributes
 * exist, that plain literals fit them. Nothing is unfolded and no name is looked up that a use might bring, so that nothing right is
 * refused. What the rest of the compiler says about the same place counts, and is not said twice.
 */
import { suggestHelp } from '../base/suggest.js';
import { names } from '../diagnostics/catalogue/names.js';
import { types } from '../diagnostics/catalogue/types.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { Fault } from '../eval/context.js';
import { Obj, RANK, Scope, type Contribution } from '../eval/model.js';
import { describe } from '../eval/value.js';
import { labelText, type Decl } from '../names/program.js';
import type { KindShape, TemplateShape } from '../shapes/shape.js';
import type { ParamShape, Type } from '../shapes/types.js';
import type { Assign, Expr, Head, Item } from '../syntax/ast.js';
import type { Builder } from './builder.js';
import { kindFor, needLabel, unknownStatement } from './refusals.js';
import { STATEMENTS } from './statements.js';

const MACHINES = ['vm', 'lxc', 'metal', 'appliance'];
const LAYERS: ReadonlySet<string> = new Set(['L1', 'L2', 'L3', 'L4']);
/** What stands for the object of a template of each sort. */
const STANDS_FOR = { workload: 'run', part: 'with', capability: 'capability' } as const;

/** What is wrong with declarations of these libraries as they stand, apart from what `known` says about the same places. */
export function checkDeclared(builder: Builder, libraries: ReadonlySet<string>, known: readonly Diagnostic[]): readonly Diagnostic[] {
  const { ev } = builder;
  const [before, shapesBefore] = [ev.diagnostics.length, ev.shapes.diagnostics.length];
  const checker = new Checker(builder);
  for (const sort of ['persona', 'capability', 'workload', 'part', 'kind', 'contract', 'fn'] as const) {
    for (const decl of ev.program.all(sort)) if (libraries.has(decl.library)) checker.declaration(decl);
  }
  const found = [...ev.diagnostics.splice(before), ...ev.shapes.diagnostics.splice(shapesBefore)];
  return found.filter(({ span }) => !known.some((other) => other.severity === 'error' && other.span.file === span.file && other.span.start < span.end && span.start < other.span.end));
}

class Checker {
  constructor(private readonly builder: Builder) {}

  declaration(decl: Decl): void {
    const { shapes } = this.builder.ev;
    if (decl.sort === 'fn') return void [...shapes.params(decl.entry.params ?? [], decl.library).values()].forEach((param) => this.#param(param));
    if (decl.sort === 'kind' || decl.sort === 'contract') {
      const kind = shapes.kinds(decl.name).find((shape) => shape.span === decl.span);
      if (kind === undefined) return;
      kind.params.forEach((param) => this.#param(param));
      return this.#items(new Obj(kind, decl.name, null, decl.span), kind.body, decl.library, RANK.kind);
    }
    if (decl.sort !== 'persona' && decl.sort !== 'capability' && decl.sort !== 'workload' && decl.sort !== 'part') return;
    const template = shapes.template(decl.sort, decl.name, decl.library);
    if (template === undefined || template.span !== decl.span) return;
    for (const param of [...template.params.values(), ...template.offer.values()]) this.#param(param);
    for (const parent of decl.sort === 'persona' ? template.parents : []) this.#attempt(() => this.builder.templates.named('persona', parent.name, decl.library, parent.span));
    const obj = this.#object(template);
    if (obj !== undefined) this.#items(obj, template.items, decl.library, RANK.lab);
  }

  /** Something with the attributes and the place of what the template makes. */
  #object(template: TemplateShape): Obj | undefined {
    const { shapes } = this.builder.ev;
    if (template.sort === 'persona') {
      const machines = MACHINES.flatMap((word) => shapes.kinds(word));
      const [first] = machines;
      if (first === undefined) return undefined;
      const kind: KindShape = {
        ...first, word: 'persona', roles: new Set(machines.flatMap((machine) => [...machine.roles])), takes: new Set(),
        params: new Map(machines.flatMap((machine) => [...machine.params])), layers: new Map(machines.flatMap((machine) => [...machine.layers])),
      };
      return new Obj(kind, template.name, null, template.span);
    }
    const kind = shapes.kinds(STANDS_FOR[template.sort])[0];
    if (kind === undefined) return undefined;
    const obj = new Obj({ ...kind, word: template.sort }, template.name, null, template.span);
    obj.template = template;
    return obj;
  }

  #attempt(work: () => void): void {
    this.builder.ev.attempt(work, undefined);
  }

  /** The type is one, and a default that is a plain literal fits it. */
  #param(param: ParamShape): void {
    if (param.default !== undefined) this.#literal(param.default, param.type, `\`${param.name}\``, param.library);
    else void param.type;
  }

  #literal(expr: Expr, type: Type, what: string, library: string): void {
    if (isLiteral(expr)) this.#attempt(() => this.builder.ev.evaluateAs(expr, new Scope(null, library), type, what));
  }

  #items(obj: Obj, items: readonly Item[], library: string, rank: number): void {
    const from: Contribution = { items, scope: new Scope(null, library, obj), rank, by: null, layer: null };
    this.#body(obj, items, from);
  }

  #body(obj: Obj, items: readonly Item[], from: Contribution): void {
    const { again } = this.builder.bodies.said(items);
    for (const item of items) {
      switch (item.kind) {
        case 'assign': this.#assign(obj, item, from); break;
        case 'for': this.#body(obj, item.body.items, from); break;
        case 'if': {
          this.#body(obj, item.then.items, from);
          if (item.else !== undefined) this.#body(obj, item.else.kind === 'if' ? [item.else] : item.else.items, from);
          break;
        }
        case 'head': if (!again.has(item)) this.#attempt(() => this.#head(obj, item, from));
      }
    }
  }

  #assign(obj: Obj, item: Assign, from: Contribution): void {
    const name = item.name.text;
    const param = obj.param(name);
    if (item.key !== undefined || obj.kind.free) return;
    if (param === undefined) return this.builder.ev.report(unknownStatement(this.builder, obj, name, item.name.span, from).diagnostic);
    const layer = obj.kind.layers.get(name) ?? obj.kind.layer;
    if (from.layer !== null && layer !== null && from.layer !== layer) return this.builder.ev.report(names.create.wrongLayer(item.name.span, { word: name, layer, block: from.layer }));
    this.#literal(item.value, param.type, `\`${name}\` of ${describe(obj)}`, from.scope.library);
  }

  #head(obj: Obj, head: Head, from: Contribution): void {
    const word = head.word.text;
    const inner = head.body?.items ?? [];
    if (word === 'let' || word === 'without' || word === 'fulfils' || word === 'offer') return;
    if (LAYERS.has(word) && head.entries.length === 0) return this.#body(obj, inner, { ...from, layer: word });
    if (word === 'on' || word === 'removal') return this.#body(obj, inner, from);
    const param = obj.param(word);
    if (head.entries.length === 0 && head.body !== undefined && (param !== undefined || obj.kind.free)) return this.#fields(head, param?.type, from.scope.library);
    if (STATEMENTS.has(word)) needLabel(obj, head, null);
    if (word === 'has' || word === 'run' || word === 'with') return this.#use(obj, head, word, from);
    // Steps stand in whatever belongs to L3, and carry the options of a module.
    const isStep = word === 'task' || word === 'undo';
    if (STATEMENTS.has(word) && !isStep) return;
    const kind = (isStep ? this.builder.ev.shapes.kinds(word)[0] : undefined) ?? kindFor(this.builder, obj, head, from);
    if (kind.layer !== null && from.layer !== null && kind.layer !== from.layer) throw new Fault(names.create.wrongLayer(head.word.span, { word, layer: kind.layer, block: from.layer }));
    needLabel(obj, head, kind);
    for (const entry of head.entries) if (entry.value !== undefined && kind.first !== null) this.#literal(entry.value, kind.params.get(kind.first)?.type ?? { k: 'prim', name: 'Data' }, `\`${kind.first}\` of the ${word}`, from.scope.library);
    const [entry] = head.entries;
    this.#body(new Obj(kind, entry === undefined ? word : labelText(entry.label), obj, head.span), inner, { ...from, layer: null });
  }

  /** `has x { }`, `run x = y { }`, `with x = y(...) { }`: the body is about what the template declares. */
  #use(obj: Obj, head: Head, word: 'has' | 'run' | 'with', from: Contribution): void {
    const sort = word === 'has' ? 'capability' : word === 'run' ? 'workload' : 'part';
    for (const entry of head.entries) {
      const call = entry.value?.kind === 'call' ? entry.value : undefined;
      const named = call?.callee ?? entry.value;
      if (named === undefined ? word === 'with' : named.kind !== 'name-expr') continue;
      const name = named?.kind === 'name-expr' ? named.text : labelText(entry.label);
      const template = this.builder.templates.named(sort, name, from.scope.library, named?.span ?? entry.label.span);
      const child = this.#object(template);
      for (const arg of call?.args ?? []) {
        const param = arg.name === undefined ? undefined : template.params.get(arg.name.text);
        if (param !== undefined) this.#literal(arg.value, param.type, `\`${param.name}\` of the part \`${name}\``, from.scope.library);
        else if (arg.name !== undefined) this.builder.ev.report(names.create.unknownWord(arg.span, { parent: `the part \`${name}\``, word: arg.name.text, help: suggestHelp(arg.name.text, template.params.keys()) }));
      }
      if (child !== undefined) this.#body(child, head.body?.items ?? [], { ...from, layer: null, scope: new Scope(from.scope, from.scope.library, obj) });
    }
  }

  /** A record that is written as a body: its fields are those of its type. */
  #fields(head: Head, type: Type | undefined, library: string): void {
    const record = type?.k === 'opt' ? type.of : type;
    if (record?.k !== 'record') return;
    for (const item of head.body?.items ?? []) {
      if (item.kind !== 'assign' || item.key !== undefined) continue;
      const field = record.fields.find((other) => other.name === item.name.text);
      if (field === undefined) this.builder.ev.report(types.create.unknownArgument(item.name.span, { what: record.name, name: item.name.text, help: suggestHelp(item.name.text, record.fields.map((other) => other.name)) }));
      else this.#literal(item.value, field.type, `\`${field.name}\``, library);
    }
  }
}

/** Whether the expression means the same wherever it stands. */
function isLiteral(expr: Expr): boolean {
  switch (expr.kind) {
    case 'int': case 'decimal': case 'quantity': case 'bool': case 'ip': case 'mac': case 'version': case 'date': case 'pair': case 'port': case 'path': return true;
    case 'str': return expr.parts.every((part) => typeof part === 'string');
    case 'list': return expr.items.every(isLiteral);
    default: return false;
  }
}
