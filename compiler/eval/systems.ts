/** Systems: `ubuntu("24.04")` as a value with the facts of its line of descent, nearest first. */
import type { Span } from '../base/span.js';
import { suggestHelp } from '../base/suggest.js';
import { names } from '../diagnostics/catalogue/names.js';
import { types } from '../diagnostics/catalogue/types.js';
import { labelText } from '../names/program.js';
import type { OsShape } from '../shapes/shape.js';
import type { Assign, Item } from '../syntax/ast.js';
import { Fault, type Ev } from './context.js';
import { Scope, type Value } from './model.js';
import { plainText } from './text.js';

/** The system of that name at a version; facts of a version outrank those of the system, a system's those of its parent. */
export function osValue(ev: Ev, name: string, library: string, args: readonly Value[], span: Span): Value {
  const lineage = lineageOf(ev, name, library, span);
  const wanted = args[0] === undefined ? null : plainText(args[0]);
  const facts = new Map<string, Value>();
  const versions = lineage[0]?.items.filter((item) => item.kind === 'head' && item.word.text === 'version') ?? [];
  for (const shape of [...lineage].reverse()) addFacts(ev, shape.items, shape.library, facts);
  if (wanted !== null) {
    const labels = versions.map((item) => (item.kind === 'head' && item.entries[0] !== undefined ? labelText(item.entries[0].label) : ''));
    const at = labels.indexOf(wanted ?? '');
    if (at === -1 && versions.length > 0) throw new Fault(types.create.badArguments(span, { name, why: `knows no version \`${wanted ?? ''}\``, help: suggestHelp(wanted ?? '', labels) }));
    const item = versions[at];
    if (item?.kind === 'head') addFacts(ev, item.body?.items ?? [], lineage[0]?.library ?? library, facts);
    facts.set('version', { t: 'version', text: wanted ?? '' });
  }
  return { t: 'os', id: name, lineage: lineage.map((shape) => shape.name), facts };
}

function addFacts(ev: Ev, items: readonly Item[], library: string, facts: Map<string, Value>): void {
  const scope = new Scope(null, library);
  for (const item of items.filter((other): other is Assign => other.kind === 'assign')) {
    const word = item.value.kind === 'name-expr' ? item.value.text : null;
    facts.set(item.name.text, word !== null ? { t: 'enum', type: { k: 'enum', name: null, members: new Map([[word, word]]) }, member: word } : ev.evaluate(item.value, scope));
  }
}

function lineageOf(ev: Ev, name: string, library: string, span: Span): OsShape[] {
  const out: OsShape[] = [];
  for (let at: string | null = name; at !== null; ) {
    const shape = ev.shapes.os(at, library);
    if (shape === undefined) throw new Fault(names.create.unknownName(span, { name: at, help: suggestHelp(at, ev.program.visible('os', library)) }));
    if (out.some((other) => other.name === shape.name)) throw new Fault(names.create.recursion(span, { name: at, chain: out.map((other) => other.name).join(' → ') }));
    out.push(shape);
    at = shape.parent;
  }
  return out;
}
