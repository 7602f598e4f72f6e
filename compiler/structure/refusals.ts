/**
 * Statements that mean nothing where they stand: unknown words, words of another place, missing labels.
 * One fault is said once: what the writer most likely meant counts as given, so that nobody reports it as missing.
 */
import type { Span } from '../base/span.js';
import { suggest, suggestHelp } from '../base/suggest.js';
import { compareText } from '../base/text.js';
import { names } from '../diagnostics/catalogue/names.js';
import { syntax } from '../diagnostics/catalogue/syntax.js';
import { Fault } from '../eval/context.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Contribution, Def, Obj } from '../eval/model.js';
import { describe } from '../eval/value.js';
import { labelText } from '../names/program.js';
import type { KindShape } from '../shapes/shape.js';
import type { Shapes } from '../shapes/shapes.js';
import { alternatives } from '../shapes/types.js';
import type { Assign, Expr, Head, Label } from '../syntax/ast.js';

/** The part of the builder that refusing needs. */
interface Builder {
  readonly ev: Evaluator;
  define(obj: Obj, name: string, def: Def): void;
  /** Statements of the language that may be meant inside an object. */
  words(obj: Obj): string[];
}

/** The kind that a statement's word means inside an object. */
export function kindFor(builder: Builder, obj: Obj, head: Head, from: Contribution): KindShape {
  const { shapes } = builder.ev;
  const word = head.word.text;
  const kind = shapes.kindIn(word, obj.kind.roles);
  if (kind !== undefined) return kind;
  const [entry] = head.entries;
  if (obj.param(word) !== undefined && entry !== undefined && entry.value === undefined && head.body === undefined) {
    meant(builder, obj, word, head.word.span, from);
    const edit = { span: { ...head.word.span, start: head.word.span.end, end: entry.span.start }, text: ' = ' };
    throw new Fault(syntax.create.missingEquals(entry.span, { name: word, value: written(entry.label) }, { fixes: [{ title: 'Write `=`', edits: [edit] }] }));
  }
  const elsewhere = shapes.kinds(word);
  if (elsewhere.length > 0) {
    throw new Fault(names.create.misplaced(head.word.span, { word, parent: placeName(builder, obj), places: placesOf(shapes, elsewhere) }));
  }
  throw unknownStatement(builder, obj, word, head.word.span, from, [...shapes.wordsIn(obj.kind.roles), ...builder.words(obj)]);
}

/** The fault for a word that nothing declares. */
export function unknownStatement(builder: Builder, obj: Obj, word: string, span: Span, from: Contribution, more: Iterable<string> = []): Fault {
  const params = [...(obj.template?.params.keys() ?? []), ...obj.kind.params.keys()];
  const known = [...params, ...more];
  const [nearest] = suggest(word, known);
  if (nearest !== undefined && params.includes(nearest)) meant(builder, obj, nearest, span, from);
  obj.facts.incomplete = true;
  return new Fault(names.create.unknownWord(span, { parent: placeName(builder, obj), word, help: helpFor(builder, obj, word, known) }));
}

/** What to type for a word that means nothing: a statement that was set like an attribute, a name like it, or what may stand there. */
function helpFor(builder: Builder, obj: Obj, word: string, known: readonly string[]): string {
  const kinds = builder.ev.shapes.wordsIn(obj.kind.roles);
  const statement = [...kinds, ...builder.words(obj)].find((other) => other === word || `${other}s` === word);
  if (statement !== undefined && !known.includes(statement)) return `\`${statement}\` declares something, and its name stands right behind it: write \`${statement} NAME\``;
  // `environment` for `env`.
  const begun = known.filter((other) => other.length > 2 && word.startsWith(other));
  if (suggest(word, known).length > 0 || begun.length > 0) return suggest(word, known).length > 0 ? suggestHelp(word, known) : `did you mean \`${begun[0] ?? ''}\`?`;
  const items = kinds.filter((other) => other === 'state' || builder.ev.shapes.kindIn(other, obj.kind.roles)?.contract === null).sort(compareText);
  if (items.length === 0 || items.length > 16) return suggestHelp(word, known);
  return `${suggestHelp(word, known).replace('check the spelling', 'docs/kinds.md lists its attributes')}; inside stand ${items.map((other) => `\`${other}\``).join(', ')}`;
}

/** Whether the value behind a label is the body of a thing that takes no such value: `network lan = { ... }`. */
export function refuseBodyAsValue({ ev }: Builder, child: Obj, value: Expr): boolean {
  const type = child.kind.first === null ? undefined : child.param(child.kind.first)?.type;
  if (value.kind !== 'record' || child.kind.free || (type !== undefined && alternatives(type).some((option) => option.k === 'record' || option.k === 'map' || (option.k === 'prim' && (option.name === 'Record' || option.name === 'Data'))))) return false;
  child.facts.incomplete = true;
  ev.report(syntax.create.assignedBody({ ...value.span, end: value.span.start + 1 }, { name: `${child.kind.word} ${child.key}` }));
  return true;
}

/** Whoever reads the attribute fails silently: what is wrong with it is reported already. */
function meant(builder: Builder, obj: Obj, name: string, span: Span, from: Contribution): void {
  builder.define(obj, name, { op: '=', expr: { kind: 'missing', span }, body: null, scope: from.scope, rank: from.rank, by: from.by, span });
}

export function placeName(builder: Builder, obj: Obj): string {
  return obj === builder.ev.root ? 'the lab' : describe(obj);
}

/** `in a vm, lxc or appliance`: where items of these kinds may stand. */
export function placesOf(shapes: Shapes, kinds: readonly KindShape[]): string {
  const parents = [...new Set(kinds.flatMap((kind) => [...kind.parents]))];
  const words = new Set(parents.flatMap((parent) => (shapes.kinds(parent).length > 0 || parent === 'lab' ? [parent] : ROLES.get(parent) ?? [parent])));
  const inside = [...words].filter((word) => word !== 'lab').map((word) => `\`${word}\``);
  const body = inside.length === 0 ? [] : [`in a ${inside.length === 1 ? '' : `${inside.slice(0, -1).join(', ')} or `}${inside[inside.length - 1] ?? ''}`];
  return [...(words.has('lab') ? ['at the top level of a file'] : []), ...body].join(', or ');
}

/** Roles that no statement is called by, and the statements that people write for them. */
const ROLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['machine', ['vm', 'lxc', 'metal', 'appliance', 'persona']], ['guest', ['vm', 'lxc', 'appliance', 'persona']],
]);

/** Statements of the language whose items are told apart by a label. */
const LABELLED: ReadonlySet<string> = new Set([
  'has', 'run', 'with', 'container', 'job', 'vm', 'lxc', 'metal', 'appliance', 'device', 'provides', 'needs', 'demands', 'slot', 'contribute', 'fulfils', 'decline', 'task', 'undo', 'was', 'retire', 'allow', 'move',
]);

/** Refuses a statement without the label that its kind needs. */
export function needLabel(obj: Obj, head: Head, kind: KindShape | null): void {
  if (head.entries.length > 0) return;
  const needed = kind === null ? LABELLED.has(head.word.text) : kind.key !== null && kind.contract === null;
  if (!needed) return;
  obj.facts.incomplete = true;
  throw new Fault(names.create.missingLabel(head.word.span, { word: head.word.text }));
}

/** Whether an attribute of a body says again what the label says: of two answers the label's counts, and the other would be ignored. */
export function refuseLabelAgain(builder: Builder, obj: Obj, { name }: Assign): boolean {
  const { kind } = obj;
  if (kind.key !== name.text || kind.contract !== null || obj === builder.ev.root || obj.template?.params.has(name.text) === true) return false;
  builder.ev.report(names.create.notAllowedHere(name.span, { what: `\`${name.text}\` of ${describe(obj)} is its label`, help: `remove the line, or write the other one after \`${kind.word}\`` }));
  return true;
}

/** Refuses an item that the body of its own kind makes, at once or by way of other kinds. */
export function refuseRecursion(obj: Obj, kind: KindShape, span: Span): void {
  for (let at: Obj | null = obj; at !== null; at = at.parent) {
    if (at.kind !== kind) continue;
    const line = [kind.word];
    for (let up = obj; up !== at && up.parent !== null; up = up.parent) line.unshift(up.kind.word);
    throw new Fault(names.create.recursion(span, { name: kind.word, chain: [at.kind.word, ...line].join(' → ') }));
  }
}

const PROJECT_NAME = /^[a-z0-9][a-z0-9_-]*$/;
const NAMED_AFTER: ReadonlyMap<string, string> = new Map([
  ['lab', 'a folder of out/'], ['run', 'a Compose project'], ['with', 'a Compose service'], ['container', 'a Compose service'], ['job', 'a Compose service'], ['state', 'a folder'],
]);

/** Refuses labels that the system they become a name of would refuse. */
export function checkLabel(word: string, label: string, span: Span): void {
  const named = NAMED_AFTER.get(word);
  if (named === undefined || PROJECT_NAME.test(label)) return;
  const mended = label.toLowerCase().replace(/[^a-z0-9_-]+/g, '_').replace(/^[^a-z0-9]+/, '');
  throw new Fault(names.create.badLabel(span, { label, word, why: `${named} is called by it, in lower-case letters, digits, \`_\` and \`-\``, help: mended === '' ? 'use lower-case letters, digits, `_` and `-`' : `write \`${mended}\`` }));
}

function written(label: Label): string {
  return label.kind === 'str-label' ? `"${labelText(label)}"` : labelText(label);
}
