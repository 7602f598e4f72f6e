/** Machines: their line of personas, opened once each, and their system, which the image says. Containers that share a definition. */
import { suggestHelp } from '../base/suggest.js';
import { lab } from '../diagnostics/catalogue/lab.js';
import { names } from '../diagnostics/catalogue/names.js';
import { Fault } from '../eval/context.js';
import { RANK, Scope, type Contribution, type Obj, type OsValue, type Value } from '../eval/model.js';
import { isObject } from '../eval/value.js';
import { labelText } from '../names/program.js';
import type { KindShape, TemplateShape } from '../shapes/shape.js';
import type { Head } from '../syntax/ast.js';
import type { Builder, Statement } from './builder.js';
import { kindFor } from './refusals.js';
import { templateNamed } from './statements.js';

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
    const line = personaLine(builder, child, head, from.scope.library);
    child.facts.personas = line.nearest.map((persona) => persona.name);
    child.facts.named = line.named.map((persona) => persona.name);
    child.facts.line = new Map(line.bases.map((persona, i) => [persona.name, i + 1]));
    const bodies: Contribution[] = [builder.kindBody(child)];
    for (const persona of line.bases) {
      const scope = new Scope(new Scope(null, persona.library), persona.library, child);
      bodies.push({ items: persona.items, scope, rank: persona.library === 'lab' ? RANK.labUse : RANK.libraryUse, by: persona.name, layer: null });
    }
    bodies.push({ items: head.body?.items ?? [], scope: new Scope(from.scope, from.scope.library, child), rank: RANK.machine, by: null, layer: null });
    builder.contribute(child, bodies, () => {
      child.facts.os = systemOf(builder, child);
    });
  }
};

interface PersonaLine {
  /** As they are met. */
  readonly nearest: readonly TemplateShape[];
  /** Each after those that it inherits from. */
  readonly bases: readonly TemplateShape[];
  /** Those that the machine's own statement names. */
  readonly named: readonly TemplateShape[];
}

/** Every persona of the line, a diamond once. */
function personaLine(builder: Builder, machine: Obj, head: Head, library: string): PersonaLine {
  const line: TemplateShape[] = [];
  const bases: TemplateShape[] = [];
  const named: TemplateShape[] = [];
  const visit = (name: string, from: string, span: Head['span'], path: readonly string[]): void => {
    if (path.includes(name)) throw new Fault(names.create.recursion(span, { name, chain: [...path, name].join(' → ') }));
    const shape = templateNamed(builder, 'persona', name, from, span);
    if (path.length === 0) named.push(shape);
    if (line.includes(shape)) return;
    line.push(shape);
    for (const parent of shape.parents) visit(parent.name, shape.library, parent.span, [...path, name]);
    bases.push(shape);
  };
  for (const type of head.types) {
    if (type.kind !== 'type-ref') continue;
    const known = builder.ev.attempt(() => (visit(type.parts.map((part) => part.text).join('.'), library, type.span, []), true), false);
    if (!known) machine.facts.incomplete = true;
  }
  return { nearest: line, bases, named };
}

function systemOf(builder: Builder, machine: Obj): OsValue | null {
  if (machine.param('image') === undefined) return null;
  const found = builder.ev.attempt((): OsValue | null | undefined => {
    const image = builder.ev.attribute(machine, 'image', machine.span);
    if (!isObject(image) || image.t !== 'obj') return null;
    const os: Value = builder.ev.attribute(image, 'os', image.span);
    if (!isObject(os) || os.t !== 'os') return null;
    if (converges(machine.kind) && ![...os.facts.keys()].some((fact) => fact !== 'version')) {
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
  const base = parent.kind === 'type-ref' ? parent.parts.map((part) => part.text).join('.') : '';
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
