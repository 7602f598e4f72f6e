/** Machines: their personas, opened once each, and their system, which the image says. Containers that share a definition. */
import { suggestHelp } from '../base/suggest.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { names } from '../diagnostics/catalogue/names.js';
import { Fault } from '../eval/context.js';
import { RANK, Scope, type Contribution, type Obj, type OsValue, type Value } from '../eval/model.js';
import { isObject } from '../eval/value.js';
import { labelText } from '../names/program.js';
import type { KindShape } from '../shapes/shape.js';
import type { Builder, Statement } from './builder.js';
import { kindFor } from './refusals.js';
import { nameOf } from './templates.js';

/** A statement that makes a machine: `vm carrie : docker_host { ... }`. */
export const machineStatement: Statement = (builder, obj, head, from) => {
  if (obj !== builder.ev.root) {
    builder.children(obj, head, from);
    return;
  }
  const kind = kindFor(builder, obj, head, from);
  for (const entry of head.entries) {
    const key = builder.label(entry.label, from.scope);
    const { child, fresh } = builder.obtain(obj, kind, key, entry.label.span);
    if (!fresh) throw new Fault(names.create.duplicateDeclaration(entry.span, { sort: kind.word, name: key }, { labels: [{ span: child.span, text: 'the other one is here' }] }));
    const line = builder.templates.line(head, from.scope.library);
    if (!line.complete) child.facts.incomplete = true;
    child.facts.personas = line.nearest;
    child.facts.named = line.named;
    child.facts.line = line.places;
    const bodies: Contribution[] = [builder.kindBody(child)];
    for (const { persona, outside } of line.bases) {
      const scope = new Scope(outside, persona.library, child);
      bodies.push({ items: persona.items, scope, rank: persona.library === 'lab' ? RANK.labUse : RANK.libraryUse, by: persona.name, layer: null });
    }
    bodies.push({ items: head.body?.items ?? [], scope: new Scope(from.scope, from.scope.library, child), rank: RANK.machine, by: null, layer: null });
    builder.contribute(child, bodies, () => {
      child.facts.os = systemOf(builder, child);
    });
  }
};

function systemOf(builder: Builder, machine: Obj): OsValue | null {
  if (machine.param('image') === undefined) return null;
  const found = builder.ev.attempt((): OsValue | null | undefined => {
    const image = builder.ev.attribute(machine, 'image', machine.span);
    if (!isObject(image) || image.t !== 'obj') return null;
    const os: Value = builder.ev.attribute(image, 'os', image.span);
    if (!isObject(os) || os.t !== 'os') return null;
    if (converges(machine.kind) && os.facts.size === (os.facts.has('version') ? 1 : 0)) {
      throw new Fault(lab.create.noSystem(machine.span, { machine: machine.key, help: `make it an \`appliance\`, or give it the \`image\` of a system that labc knows: ${os.id} tells nothing of its inside` }));
    }
    return os;
  }, undefined);
  if (found === undefined) machine.facts.incomplete = true;
  return found ?? null;
}

/** Whether labc works inside machines of this kind. */
export function converges(kind: KindShape): boolean {
  return kind.takes.size === 0 || kind.takes.has('L3');
}

/** A container and all that it inherits from. */
export function lineOf(container: Obj): readonly Obj[] {
  return [container, ...(container.facts.inherits ?? []).flatMap(lineOf)];
}

/** `container worker : server { ... }`: the sibling's definition below its own. */
export const containerStatement: Statement = (builder, obj, head, from) => {
  const parent = head.types[0];
  if (parent === undefined) {
    builder.children(obj, head, from);
    return;
  }
  const base = parent.kind === 'type-ref' ? nameOf(parent) : '';
  const kind = kindFor(builder, obj, head, from);
  for (const entry of head.entries) {
    const key = labelText(entry.label);
    const child = builder.child(obj, kind, key, entry, entry.span, head, from);
    if (child === null) continue;
    builder.later(() => {
      const sibling = obj.child('container', base);
      if (sibling === undefined) throw new Fault(names.create.unknownTemplate(parent.span, { sort: 'container', name: base, help: suggestHelp(base, obj.children.get('container')?.keys() ?? []) }));
      if (lineOf(sibling).includes(child)) throw new Fault(names.create.recursion(parent.span, { name: key, chain: [child, sibling].map((item) => item.key).concat(key).join(' → ') }));
      (child.facts.inherits ??= []).push(sibling);
      (sibling.facts.heirs ??= []).push(child);
      builder.contribute(child, (sibling.facts.contributions ?? []).map((contribution) => builder.inherited(contribution)));
    });
  }
};
