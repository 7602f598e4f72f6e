/**
 * Workloads, parts, capabilities and personas by their names, each looked up once for the statement that says it, and lines of
 * personas: hundreds of machines share one.
 */
import type { Span } from '../base/span.js';
import { suggest, suggestHelp } from '../base/suggest.js';
import { names } from '../diagnostics/catalogue/names.js';
import { Fault } from '../eval/context.js';
import type { Evaluator } from '../eval/evaluator.js';
import { Scope } from '../eval/model.js';
import { labelText } from '../names/program.js';
import type { TemplateShape } from '../shapes/shape.js';
import type { Entry, Head, TypeExpr } from '../syntax/ast.js';

export interface PersonaLine {
  /** As they are met. */
  readonly nearest: readonly string[];
  /** Each after those that it inherits from, and the frame around its body. */
  readonly bases: readonly { readonly persona: TemplateShape; readonly outside: Scope }[];
  /** The place of each among them, from 1. */
  readonly places: ReadonlyMap<string, number>;
  /** Those that the machine's own statement names. */
  readonly named: readonly string[];
  /** All of them are known. */
  readonly complete: boolean;
}

export class Templates {
  readonly #byEntry = new Map<Entry, TemplateShape>();
  readonly #lines = new Map<string, PersonaLine>();

  constructor(private readonly ev: Evaluator) {}

  named(sort: TemplateShape['sort'], name: string, library: string, span: Span): TemplateShape {
    const { shapes, program } = this.ev;
    const found = shapes.template(sort, name, library);
    if (found !== undefined) return found;
    const where = program.whereInLibrary(sort, name);
    const visible = program.visible(sort, library);
    const [near] = suggest(name, visible).length > 0 ? [] : suggest(name, program.all(sort).map((decl) => decl.name));
    const help = where !== undefined ? `write \`use ${where}\`` : near === undefined ? suggestHelp(name, visible) : `did you mean \`${near}\`? Then write \`use ${program.whereInLibrary(sort, near) ?? near}\``;
    throw new Fault(names.create.unknownTemplate(span, { sort, name, help }));
  }

  /** The capability of `has docker`. */
  capability(entry: Entry, library: string): TemplateShape {
    let known = this.#byEntry.get(entry);
    if (known === undefined) this.#byEntry.set(entry, (known = this.named('capability', labelText(entry.label), library, entry.label.span)));
    return known;
  }

  /** Every persona of the line that a machine's statement names, a diamond once. */
  line(head: Head, library: string): PersonaLine {
    const name = [library, ...head.types.map((type) => (type.kind === 'type-ref' ? nameOf(type) : ''))].join(' ');
    let line = this.#lines.get(name);
    if (line !== undefined) return line;
    line = this.#line(head, library);
    if (line.complete) this.#lines.set(name, line);
    return line;
  }

  #line(head: Head, library: string): PersonaLine {
    const nearest: TemplateShape[] = [];
    const bases: TemplateShape[] = [];
    const named: TemplateShape[] = [];
    const visit = (name: string, from: string, span: Span, path: readonly string[]): void => {
      if (path.includes(name)) throw new Fault(names.create.recursion(span, { name, chain: [...path, name].join(' → ') }));
      const shape = this.named('persona', name, from, span);
      if (path.length === 0) named.push(shape);
      if (nearest.includes(shape)) return;
      nearest.push(shape);
      for (const parent of shape.parents) visit(parent.name, shape.library, parent.span, [...path, name]);
      bases.push(shape);
    };
    let complete = true;
    for (const type of head.types) {
      if (type.kind === 'type-ref' && !this.ev.attempt(() => (visit(nameOf(type), library, type.span, []), true), false)) complete = false;
    }
    return {
      nearest: nearest.map((persona) => persona.name), named: named.map((persona) => persona.name), complete,
      places: new Map(bases.map((persona, i) => [persona.name, i + 1])),
      bases: bases.map((persona) => ({ persona, outside: new Scope(null, persona.library) })),
    };
  }
}

/** `worker` of `vm m1 : worker`. */
export function nameOf(type: Extract<TypeExpr, { kind: 'type-ref' }>): string {
  return type.parts.map((part) => part.text).join('.');
}
