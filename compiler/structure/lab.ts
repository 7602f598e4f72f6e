/** S3 as a whole: from declarations to the objects of one lab, conditions and loops unfolded as far as contracts allow. */
import { names } from '../diagnostics/catalogue/names.js';
import { Evaluator, type FileReader } from '../eval/evaluator.js';
import { Obj, RANK, Scope, type Contribution } from '../eval/model.js';
import { labelText, type Program } from '../names/program.js';
import type { Shapes } from '../shapes/shapes.js';
import type { Head, Item } from '../syntax/ast.js';
import { Builder } from './builder.js';
import { containerStatement, machineStatement } from './machines.js';
import { checkLabel } from './refusals.js';
import { STATEMENTS } from './statements.js';

const MACHINES = ['vm', 'lxc', 'metal', 'appliance', 'device'];

export interface Structure {
  readonly ev: Evaluator;
  readonly builder: Builder;
}

export function buildStructure(program: Program, shapes: Shapes, files: FileReader, serialAtBirth: Evaluator['serialAtBirth'] = () => undefined): Structure | null {
  const heads = program.statements.map((statement) => statement.item).filter((item): item is Head => item.kind === 'head' && item.word.text === 'lab');
  const kind = shapes.kinds('lab')[0];
  const head = heads[0];
  if (kind === undefined) return null;
  const entry = head?.entries[0];
  const nowhere = { file: program.statements[0]?.item.span.file ?? '', start: 0, end: 0 };
  const root = new Obj(kind, entry === undefined ? 'lab' : labelText(entry.label), null, entry?.span ?? head?.span ?? nowhere);
  const frame = new Scope(null, 'lab', root);
  root.frame = frame;
  root.kindFrame = new Scope(null, kind.library, root, kind.params);
  const ev = new Evaluator(program, shapes, root, files);
  ev.serialAtBirth = serialAtBirth;
  if (entry === undefined) {
    root.facts.incomplete = true;
    ev.report(names.create.missingLab(head?.span ?? nowhere, {}));
  } else ev.attempt(() => checkLabel('lab', labelText(entry.label), entry.label.span), undefined);
  for (const other of heads.slice(1)) {
    ev.report(names.create.duplicateDeclaration(other.entries[0]?.label.span ?? other.word.span, { sort: 'lab', name: other.entries[0] === undefined ? '' : labelText(other.entries[0].label) }, { labels: [{ span: root.span, text: 'the other one is here' }] }));
  }
  const statements = new Map([...STATEMENTS, ...MACHINES.map((word) => [word, machineStatement] as const), ['container', containerStatement] as const, ['job', containerStatement] as const]);
  const builder = new Builder(ev, statements);
  const say = (items: readonly Item[], scope: Scope, rank: number): Contribution => ({ items, scope, rank, by: null, layer: null });
  const images = program.usedObjects().map((decl) => say([{ ...decl.head, entries: [decl.entry] }], new Scope(null, decl.library, root), RANK.library));
  const rest = program.statements.map((statement) => statement.item).filter((item) => !(item.kind === 'head' && item.word.text === 'lab'));
  if (entry !== undefined) builder.define(root, 'name', { op: '=', expr: null, body: null, value: root.key, scope: frame, rank: RANK.machine, by: null, span: entry.label.span });
  const first = rest.filter((item) => !(item.kind === 'head' && MACHINES.includes(item.word.text)));
  const machines = rest.filter((item) => item.kind === 'head' && MACHINES.includes(item.word.text));
  builder.contribute(root, [builder.kindBody(root), say(head?.body?.items ?? [], frame, RANK.machine), ...images, say(first, frame, RANK.machine), say(machines, frame, RANK.machine)]);
  builder.settle();
  return { ev, builder };
}
