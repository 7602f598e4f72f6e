/**
 * No name of a scope hides another: a parameter, `let`, loop variable or lambda's parameter may not have the name of one around it.
 * Read from the syntax alone, so that a body that nothing evaluates is checked as well.
 */
import type { Span } from '../base/span.js';
import { names } from '../diagnostics/catalogue/names.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { File, Generator, Head, Item, Node, Param } from '../syntax/ast.js';
import { shapeLists } from '../syntax/shape.js';

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
  const node = (value: unknown, around: Locals): void => {
    if (Array.isArray(value)) for (const part of value) node(part, around);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !('kind' in value)) return;
    const at = value as { readonly kind: Node['kind']; readonly [key: string]: unknown };
    switch (at.kind) {
      case 'body': return items(at['items'] as readonly Item[], around);
      case 'lambda': {
        const param = at['param'] as { readonly text: string; readonly span: Span };
        return node(at['body'], bind(param.text, param.span, around));
      }
      case 'list-gen': case 'record-gen': {
        const inner = generator(at['generator'] as Generator, around);
        node(at['key'], inner);
        return node(at['value'], inner);
      }
      default: for (const [field, role] of shapeLists[at.kind]) if (role === 'node' || role === 'nodes') node(at[field], around);
    }
  };

  const constants = new Map<string, Span>();
  for (const file of files) for (const item of file.items) if (isLet(item)) for (const entry of item.entries) if (entry.label.kind === 'ref-label') constants.set(wordOf(entry.label.parts), entry.label.span);
  for (const file of files) items(file.items.filter((item) => !isLet(item)), constants);
  for (const file of files) for (const item of file.items) if (isLet(item)) node([item.value, item.entries.map((entry) => entry.value)], constants);
  return out;
}

function isLet(item: Item): item is Head {
  return item.kind === 'head' && item.word.text === 'let';
}

function wordOf(parts: readonly ({ readonly kind: 'name'; readonly text: string } | { readonly kind: 'name-group' })[]): string {
  return parts.map((part) => (part.kind === 'name' ? part.text : '')).join('.');
}
