/**
 * No name of a scope hides another: a parameter, `let`, loop variable or lambda's parameter may not have the name of one around it.
 * Read from the syntax alone, so that a body that nothing evaluates is checked as well.
 */
import type { Span } from '../base/span.js';
import { names } from '../diagnostics/catalogue/names.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { File, Generator, Head, Item, Node, Param } from '../syntax/ast.js';
import { children } from '../syntax/walk.js';

type Locals = ReadonlyMap<string, Span>;

/** What hides something in the files of one library, whose constants all of them see. */
export function shadowed(files: readonly File[]): Diagnostic[] {
  const out: Diagnostic[] = [];
  const bind = (name: string, span: Span, around: Locals, known: Locals = around): Locals => {
    const other = around.get(name);
    if (other !== undefined) out.push(names.create.shadowed(span, { name }, { labels: [{ span: other, text: 'the other one is here' }] }));
    return new Map([...known, [name, span]]);
  };
  const params = (list: readonly Param[] | undefined, around: Locals): Locals => (list ?? []).reduce((inner, param) => bind(param.name.text, param.name.span, inner), around);

  const items = (list: readonly Item[], around: Locals): void => {
    let inner = around;
    for (const item of list) if (isLet(item)) for (const entry of item.entries) if (entry.label.kind === 'ref-label') inner = bind(wordOf(entry.label.parts), entry.label.span, inner);
    for (const item of list) {
      if (item.kind === 'for') {
        node(item.source, inner);
        items(item.body.items, bind(item.variable.text, item.variable.span, inner));
      } else if (item.kind === 'head' && item.entries.some((entry) => entry.params !== undefined)) {
        // Fields of an offer or a constructor are no locals: only what a declaration takes is.
        const own = item.entries.reduce((locals, entry) => params(entry.params, locals), inner);
        for (const part of [item.value, ...item.entries.map((entry) => entry.value), item.body]) node(part, own);
      } else node(item, inner);
    }
  };
  const generator = (gen: Generator, around: Locals): Locals => {
    node(gen.source, around);
    const inner = bind(gen.variable.text, gen.variable.span, around);
    node(gen.where, inner);
    return inner;
  };
  const node = (at: Node | undefined, around: Locals): void => {
    if (at === undefined) return;
    switch (at.kind) {
      case 'body': return items(at.items, around);
      case 'lambda': return node(at.body, bind(at.param.text, at.param.span, around));
      case 'list-gen': return node(at.value, generator(at.generator, around));
      case 'record-gen': {
        const inner = generator(at.generator, around);
        node(at.key, inner);
        return node(at.value, inner);
      }
      default: for (const part of children(at)) node(part, around);
    }
  };

  const constants = new Map<string, Span>();
  for (const file of files) for (const item of file.items) if (isLet(item)) for (const entry of item.entries) if (entry.label.kind === 'ref-label') constants.set(wordOf(entry.label.parts), entry.label.span);
  for (const file of files) items(file.items.filter((item) => !isLet(item)), constants);
  for (const file of files) for (const item of file.items) if (isLet(item)) for (const part of [item.value, ...item.entries.map((entry) => entry.value)]) node(part, constants);
  return out;
}

function isLet(item: Item): item is Head {
  return item.kind === 'head' && item.word.text === 'let';
}

function wordOf(parts: readonly ({ readonly kind: 'name'; readonly text: string } | { readonly kind: 'name-group' })[]): string {
  return parts.map((part) => (part.kind === 'name' ? part.text : '')).join('.');
}
