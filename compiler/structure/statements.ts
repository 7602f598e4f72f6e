/** Statements with a meaning of their own: lets, capabilities, runs, parts, needs and provides, contracts' answers, removals. */
import type { Span } from '../base/span.js';
import { suggest, suggestHelp } from '../base/suggest.js';
import { names } from '../diagnostics/catalogue/names.js';
import { Fault } from '../eval/context.js';
import { newCell, RANK, Scope, type Contribution, type Def, type Obj } from '../eval/model.js';
import { labelText } from '../names/program.js';
import type { KindShape, TemplateShape } from '../shapes/shape.js';
import type { Arg, Assign, Entry, Expr, Head } from '../syntax/ast.js';
import type { Builder, Statement } from './builder.js';
import { allow, move, retire, was } from './past.js';
import { checkLabel, placeName, placesOf } from './refusals.js';

/** A template's body as a contribution to the object that it shapes. */
export function templateBody(obj: Obj, template: TemplateShape): Contribution {
  const scope = new Scope(null, template.library, obj, template.params);
  obj.template = template;
  obj.frame = scope;
  return { items: template.items, scope, rank: template.library === 'lab' ? RANK.lab : RANK.library, by: null, layer: null };
}

/** The kind of a word that the prelude must declare for the language itself. */
function kindOf(builder: Builder, word: string, obj: Obj, span: Span): KindShape {
  const kind = builder.ev.shapes.kindIn(word, obj.kind.roles);
  if (kind !== undefined) return kind;
  throw new Fault(names.create.misplaced(span, { word, parent: placeName(builder, obj), places: placesOf(builder.ev.shapes, builder.ev.shapes.kinds(word)) }));
}

/** Makes or finds the object of a template and contributes the template and the statement's own body. */
function instantiate(builder: Builder, obj: Obj, kind: KindShape, key: string, template: TemplateShape, head: Head, span: Span, from: Contribution, more: (child: Obj) => void = () => {}): void {
  for (let at: Obj | null = obj; at !== null; at = at.parent) {
    if (at.template === template) throw new Fault(names.create.recursion(span, { name: template.name, chain: `${at.path()} → ${key}` }));
  }
  if (kind.layer !== null && from.layer !== null && kind.layer !== from.layer) throw new Fault(names.create.wrongLayer(head.word.span, { word: head.word.text, layer: kind.layer, block: from.layer }));
  if (builder.removed(obj, kind.word, key, from)) return;
  const { child, fresh } = builder.obtain(obj, kind, key, span);
  if (!fresh && child.template !== null && child.template !== template) {
    throw new Fault(names.create.duplicateDeclaration(span, { sort: head.word.text, name: key }, { labels: [{ span: child.span, text: 'the other one is here' }] }));
  }
  child.mentions.push({ span, rank: from.rank, by: from.by });
  more(child);
  const bodies: Contribution[] = [];
  if (fresh) bodies.push(builder.kindBody(child), templateBody(child, template));
  if (head.body !== undefined) bodies.push({ items: head.body.items, scope: new Scope(from.scope, from.scope.library, child), rank: from.rank, by: from.by, layer: null });
  builder.contribute(child, bodies);
}

const has: Statement = (builder, obj, head, from) => {
  for (const entry of head.entries) {
    const template = builder.templates.capability(entry, from.scope.library);
    instantiate(builder, obj, kindOf(builder, 'capability', obj, head.word.span), template.name, template, head, entry.span, from);
  }
};

const run: Statement = (builder, obj, head, from) => {
  for (const entry of head.entries) {
    const name = labelText(entry.label);
    const app = entry.value === undefined ? { text: name, span: entry.label.span } : appName(entry.value);
    checkLabel('run', name, entry.label.span);
    const template = builder.templates.named('workload', app.text, from.scope.library, app.span);
    const other = (builder.ev.index.get(name) ?? []).find((known) => known.kind.word === 'run' && known.parent !== obj);
    if (other !== undefined) throw new Fault(names.create.duplicateDeclaration(entry.span, { sort: 'instance', name }, { labels: [{ span: other.span, text: 'the other one is here' }], help: `give it a name of its own: \`run NAME = ${app.text}\`` }));
    instantiate(builder, obj, kindOf(builder, 'run', obj, head.word.span), name, template, head, entry.span, from);
  }
};

function appName(value: Expr): { readonly text: string; readonly span: Span } {
  if (value.kind === 'name-expr') return { text: value.text, span: value.span };
  throw new Fault(names.create.notAllowedHere(value.span, { what: '`run` names a workload', help: 'write `run NAME = app { ... }`' }));
}

const withPart: Statement = (builder, obj, head, from) => {
  for (const entry of head.entries) {
    const call = entry.value;
    const known = obj.child('with', labelText(entry.label));
    if (call === undefined && known !== undefined && head.body !== undefined) {
      builder.contribute(known, [{ items: head.body.items, scope: new Scope(from.scope, from.scope.library, known), rank: from.rank, by: from.by, layer: null }]);
      continue;
    }
    if (call?.kind !== 'call' || call.callee.kind !== 'name-expr') throw new Fault(names.create.notAllowedHere(entry.span, { what: '`with` makes a private part', help: 'write `with db = postgres(major = 17, ...)`' }));
    const template = builder.templates.named('part', call.callee.text, from.scope.library, call.callee.span);
    instantiate(builder, obj, kindOf(builder, 'with', obj, head.word.span), labelText(entry.label), template, head, entry.span, from, (child) => {
      const params = [...template.params.keys()];
      call.args.forEach((arg, i) => argument(builder, child, template, arg, params[i], from));
    });
  }
};

function argument(builder: Builder, child: Obj, template: TemplateShape, arg: Arg, positional: string | undefined, from: Contribution, misspelt = false): void {
  const name = misspelt ? positional : (arg.name?.text ?? positional);
  if (name === undefined || !template.params.has(name)) {
    builder.ev.report(names.create.unknownWord(arg.span, { parent: `the part \`${template.name}\``, word: name ?? 'one more value', help: suggestHelp(name ?? '', template.params.keys()) }));
    const meant = suggest(name ?? '', template.params.keys())[0];
    if (meant !== undefined && !child.defs.has(meant)) argument(builder, child, template, arg, meant, from, true);
    return;
  }
  builder.define(child, name, { op: '=', expr: arg.value, body: null, scope: from.scope, rank: from.rank, by: from.by, span: arg.span });
}

const letStatement: Statement = (builder, _obj, head, from) => {
  const type = head.types[0] === undefined ? null : builder.ev.shapes.resolve(head.types[0], from.scope.library);
  for (const entry of head.entries) {
    const expr = head.value ?? entry.value;
    if (expr === undefined) throw new Fault(names.create.notAllowedHere(entry.span, { what: '`let` needs a value', help: `write \`let ${labelText(entry.label)} = ...\`` }));
    from.scope.bind(labelText(entry.label), { kind: 'let', expr, type, scope: from.scope, cell: newCell() });
  }
};

const provides: Statement = (_builder, obj, head) => {
  const owner = obj.machine ?? obj;
  for (const entry of head.entries) (owner.facts.provides ??= new Map()).set(labelText(entry.label), entry.span);
};

const needs: Statement = (_builder, obj, head) => {
  for (const entry of head.entries) (obj.facts.needs ??= new Map()).set(labelText(entry.label), entry.span);
};

const demands: Statement = (_builder, obj, head, from) => {
  for (const entry of head.entries) {
    if (entry.label.kind !== 'str-label' || entry.value === undefined) throw new Fault(names.create.notAllowedHere(entry.span, { what: '`demands` wants a sentence and a condition', help: 'write `demands "what must hold" = condition`' }));
    (obj.facts.demands ??= []).push({ message: entry.label.value, condition: entry.value, scope: from.scope, span: entry.span });
  }
};

const slot: Statement = (_builder, obj, head) => {
  for (const entry of head.entries) (obj.facts.slots ??= new Map()).set(labelText(entry.label), entry.span);
};

const contribute: Statement = (builder, obj, head, from) => {
  for (const entry of head.entries) {
    const [capability = '', name = ''] = labelText(entry.label).split('.');
    const value = entry.value;
    if (value === undefined) throw new Fault(names.create.notAllowedHere(entry.span, { what: '`contribute` needs a value', help: 'write `contribute docker.daemon = { ... }`' }));
    builder.later(() => {
      const target = obj.machine?.child('capability', capability);
      if (target === undefined) return;
      if (target.facts.slots?.has(name) !== true) throw new Fault(names.create.unknownMember(entry.label.span, { what: `the capability \`${capability}\``, name, help: suggestHelp(name, target.facts.slots?.keys() ?? []) }));
      builder.define(target, name, { op: '+=', expr: value, body: null, scope: from.scope, rank: from.rank, by: null, span: entry.span } satisfies Def);
    });
  }
};

const fulfils: Statement = (builder, obj, head, from) => {
  const assign = (name: string): { readonly expr: Expr; readonly scope: Scope } | null => {
    const item = head.body?.items.find((other): other is Assign => other.kind === 'assign' && other.name.text === name);
    return item === undefined ? null : { expr: item.value, scope: from.scope };
  };
  for (const entry of head.entries) {
    const contract = labelText(entry.label);
    if (builder.ev.shapes.contract(contract) === undefined) {
      builder.ev.report(names.create.unknownName(entry.label.span, { name: contract, help: suggestHelp(contract, builder.ev.shapes.contracts().map((kind) => kind.word)) }));
      continue;
    }
    builder.ev.census.fulfils(contract, obj);
    (obj.facts.fulfils ??= new Map()).set(contract, { contract, forEach: assign('for_each'), accepts: assign('accepts'), span: entry.span });
  }
};

const decline: Statement = (builder, obj, head) => {
  for (const entry of head.entries) {
    const contract = labelText(entry.label);
    if (builder.ev.shapes.contract(contract) === undefined) builder.ev.report(names.create.unknownName(entry.label.span, { name: contract, help: suggestHelp(contract, builder.ev.shapes.contracts().map((kind) => kind.word)) }));
    (obj.facts.declined ??= new Map()).set(contract, entry.span);
  }
};

/** `task ansible.builtin.apt { ... }` and `undo file_absent { ... }`: one object each, in order of writing. */
const freeItem: Statement = (builder, obj, head, from) => {
  const kind = builder.ev.shapes.kinds(head.word.text)[0];
  if (kind === undefined || (obj.kind.layer !== 'L3' && obj.machine !== obj)) throw new Fault(names.create.misplaced(head.word.span, { word: head.word.text, parent: placeName(builder, obj), places: 'in a `capability`, `persona` or `kind` of L3' }));
  const entry: Entry | undefined = head.entries[0];
  if (entry === undefined) throw new Fault(names.create.missingLabel(head.word.span, { word: head.word.text }));
  const name = labelText(entry.label);
  const count = obj.countOf(kind.word);
  const { child } = builder.obtain(obj, kind, `${count} ${name}`, entry.span);
  child.mentions.push({ span: entry.label.span, rank: from.rank, by: from.by });
  if (head.body !== undefined) {
    const bodies = [{ items: head.body.items, scope: from.scope, rank: from.rank, by: from.by, layer: null }];
    builder.contribute(child, bodies);
  }
};

const removal: Statement = (builder, obj, head, from) => {
  builder.nested(obj, head.body?.items ?? [], from);
};

const misplacedDeclaration: Statement = (builder, obj, head) => {
  throw new Fault(names.create.misplaced(head.word.span, { word: head.word.text, parent: placeName(builder, obj), places: 'at the top level of a file' }));
};

export const STATEMENTS: ReadonlyMap<string, Statement> = new Map<string, Statement>([
  ['has', has], ['run', run], ['with', withPart], ['let', letStatement], ['provides', provides], ['needs', needs], ['demands', demands],
  ['slot', slot], ['contribute', contribute], ['fulfils', fulfils], ['decline', decline], ['task', freeItem], ['undo', freeItem],
  ['removal', removal], ['was', was], ['retire', retire], ['allow', allow], ['move', move],
  ...['use', 'kind', 'contract', 'type', 'fn', 'os', 'persona', 'capability', 'workload', 'part'].map((word): [string, Statement] => [word, misplacedDeclaration]),
]);
