/**
 * Statements about what the lab was: `was` in the body of what was renamed; `retire`, `allow` and `move` at the top level.
 * They are only read here: what they mean is known once the lock and the whole lab are (compiler/identity).
 */
import type { Span } from '../base/span.js';
import { suggestHelp } from '../base/suggest.js';
import { identity } from '../diagnostics/catalogue/identity.js';
import { names } from '../diagnostics/catalogue/names.js';
import { Fault } from '../eval/context.js';
import type { Contribution, Obj } from '../eval/model.js';
import type { PastStatement } from '../eval/past.js';
import { labelText } from '../names/program.js';
import type { Assign, Expr, Head } from '../syntax/ast.js';
import type { Builder, Statement } from './builder.js';
import { placeName } from './refusals.js';

/** Kinds of things whose names labc remembers. */
export const RENAMED: ReadonlySet<string> = new Set(['vm', 'lxc', 'metal', 'appliance', 'disk', 'nic', 'run', 'container', 'with', 'state', 'cache', 'image', 'network', 'secret', 'cluster']);

/** What `allow` may permit. */
export const CHANGES = ['shrink', 'slot', 'vmid', 'mounts', 'kind', 'keep'] as const;

export const was: Statement = (builder, obj, head, from) => {
  refuseShared(builder, obj, head.word.span, from);
  for (const entry of head.entries) {
    if (entry.value !== undefined) throw body(entry.value.span, '`was` takes names only', 'write `was NAME`, several with commas, the latest first');
    const name = labelText(entry.label);
    if (obj.facts.was?.has(name) !== true) (obj.facts.was ??= new Map()).set(name, entry.label.span);
  }
  if (head.body !== undefined) throw body(head.body.span, '`was` takes names only', 'write `was NAME`, several with commas, the latest first');
};

/** A body that several things share cannot say what one of them was. */
function refuseShared(builder: Builder, obj: Obj, span: Span, from: Contribution): void {
  const refuse = (where: string, help: string): Fault => new Fault(identity.create.wasMisplaced(span, { where, help }));
  if (!RENAMED.has(obj.kind.word)) throw refuse(placeName(builder, obj), 'it stands in what was renamed: a machine, a disk, a card, a `run`, a container, a state, an image, a network, a cluster or a secret');
  if (from.by !== null) throw refuse(`the persona \`${from.by}\``, `write it in the body of the ${obj.kind.word} itself`);
  if (obj.kind.word === 'run' && from.scope === obj.frame) throw refuse(`the workload \`${obj.template?.name ?? obj.key}\``, `write it where the workload is run: \`run NAME = ${obj.template?.name ?? obj.key} { was OLD }\``);
}

export const retire: Statement = (builder, obj, head) => {
  for (const { name, span, fields } of entriesOf(builder, obj, head, ['data'])) {
    const data = fields.get('data');
    const word = data === undefined ? null : wordOf(data.value);
    if (data !== undefined && word !== 'keep' && word !== 'destroy') throw body(data.value.span, '`data` is `keep` or `destroy`', 'write `data = keep` to leave it where it is, or `data = destroy`');
    if (data === undefined && head.body !== undefined) throw body(head.body.span, `\`retire ${name}\` does not say what becomes of the data`, `write \`retire ${name} { data = keep }\` or \`{ data = destroy }\``);
    say(builder, { word: 'retire', name, span, data: word === 'keep' || word === 'destroy' ? word : null, changes: [], from: null });
  }
};

export const allow: Statement = (builder, obj, head) => {
  for (const { name, span, fields } of entriesOf(builder, obj, head, ['change'])) {
    const change = fields.get('change');
    if (change === undefined) throw body(span, `\`allow ${name}\` does not say what it permits`, `write \`allow ${name} { change = shrink }\`; there is ${CHANGES.join(', ')}`);
    const items = change.value.kind === 'list' ? change.value.items : [change.value];
    const changes = items.map((item) => {
      const word = wordOf(item);
      if (word === undefined || !CHANGES.some((known) => known === word)) throw body(item.span, `nothing called ${word === undefined ? 'this' : `\`${word}\``} can be permitted`, suggestHelp(word ?? '', CHANGES));
      return word;
    });
    say(builder, { word: 'allow', name, span, data: null, changes, from: null });
  }
};

export const move: Statement = (builder, obj, head) => {
  for (const { name, span, fields } of entriesOf(builder, obj, head, ['from'])) {
    const from = fields.get('from');
    if (from === undefined) throw body(span, `\`move ${name}\` does not say where from`, `write \`move ${name} { from = PLACE }\`: a machine, a node, a datastore or a folder`);
    const place = wordOf(from.value);
    if (place === undefined) throw body(from.value.span, '`from` names a place', 'write a machine, a node, a datastore, or a folder: `from = carrie`, `from = /srv/old`');
    say(builder, { word: 'move', name, span, data: null, changes: [], from: place });
  }
};

interface Said {
  readonly name: string;
  readonly span: Span;
  readonly fields: ReadonlyMap<string, Assign>;
}

/** What a statement says about each of its names. */
function entriesOf(builder: Builder, obj: Obj, head: Head, known: readonly string[]): readonly Said[] {
  const word = head.word.text;
  if (obj !== builder.ev.root) throw new Fault(names.create.misplaced(head.word.span, { word, parent: placeName(builder, obj), places: 'at the top level of a file' }));
  const fields = new Map<string, Assign>();
  for (const item of head.body?.items ?? []) {
    if (item.kind !== 'assign' || !known.includes(item.name.text)) {
      const name = item.kind === 'assign' ? item.name.text : item.kind === 'head' ? item.word.text : item.kind;
      throw body(item.kind === 'assign' ? item.name.span : item.span, `\`${word}\` knows no \`${name}\``, suggestHelp(name, known));
    }
    fields.set(item.name.text, item);
  }
  return head.entries.map((entry) => {
    // A label that is no name is said as `without` says it: `retire carrie.mount = /srv`.
    const text = word === 'retire' && entry.value !== undefined ? wordOf(entry.value) : undefined;
    const name = [labelText(entry.label), ...(text === undefined ? [] : [text])].join('.');
    if (entry.value !== undefined && text === undefined) throw body(entry.value.span, `\`${word} ${name}\` takes a body, not a value`, `write \`${word} ${name} { ${known[0] ?? ''} = ... }\``);
    return { name, span: entry.label.span, fields };
  });
}

/** Names and folders as they are written; they need not be names of anything that is still there. */
function wordOf(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'name-expr': return expr.text;
    case 'path': return expr.text;
    case 'str': return expr.parts.every((part) => typeof part === 'string') ? expr.parts.join('') : undefined;
    case 'member': {
      const object = wordOf(expr.object);
      return object === undefined ? undefined : `${object}.${expr.name.text}`;
    }
    default: return undefined;
  }
}

function say(builder: Builder, statement: PastStatement): void {
  (builder.ev.root.facts.past ??= []).push(statement);
}

function body(span: Span, what: string, help: string): Fault {
  return new Fault(identity.create.statementBody(span, { what, help }));
}
