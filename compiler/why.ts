/** Provenance: where the value of an attribute comes from, the statement that won first. */
import { order } from './eval/attributes.js';
import { suggest } from './base/suggest.js';
import type { Evaluator } from './eval/evaluator.js';
import { RANK, type Def, type Obj, type Value } from './eval/model.js';
import { itemsOf } from './eval/operators.js';
import { evaluateBody } from './eval/records.js';
import { plainText, sizeText } from './eval/text.js';
import { describe, isObject } from './eval/value.js';
import type { LineOf } from './lower/context.js';

export interface Why {
  readonly value: string;
  readonly said: readonly WhyStep[];
}

export interface WhyStep {
  readonly rank: string;
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** What allocation gave, by the keys of the lock, and the text of the lock itself. */
export interface Allocated {
  readonly lock?: string | undefined;
  readonly values: ReadonlyMap<string, string>;
}

/** `home.carrie.memory`, `carrie.memory`, `carrie.disk.data.size`, `immich.server.image`. */
export function explainValue(ev: Evaluator, path: string, lineOf: LineOf, open: (item: Obj) => void, { lock = '', values }: Allocated): Why | undefined {
  const parts = path.split('.').filter((part) => part !== '');
  const name = parts.pop();
  if (name === undefined) return undefined;
  const obj = find(ev, parts, open);
  if (obj === undefined) return explainField(ev, parts, name, lineOf, open);
  const param = obj.param(name);
  const given = obj.machine === null ? undefined : allocated(obj, obj.machine, name, values);
  if (param === undefined && !obj.defs.has(name) && given === undefined) return undefined;
  const value = param === undefined && !obj.defs.has(name) ? null : ev.attempt(() => ev.attribute(obj, name, obj.span), null);
  const defs = order(obj, obj.defs.get(name) ?? []);
  const said = defs.map((def): WhyStep => {
    const line = rankName(def) === 'lock' ? factLine(lock, `${name} ${obj.key}/${obj.parent?.key ?? ''} `) : 0;
    return { rank: rankName(def), value: defValue(ev, def, obj, name), ...(line > 0 ? { file: 'lab.lock', line } : { file: def.span.file, line: lineOf(def.span.file, def.span.start) }) };
  });
  if (param?.default !== undefined) said.push({ rank: 'default', value: 'the default', file: param.span.file, line: lineOf(param.span.file, param.span.start) });
  if (value !== null || given === undefined) return { value: show(value), said };
  const line = factLine(lock, `${given.key} `);
  const place = line > 0 ? { file: 'lab.lock', line } : { file: obj.span.file, line: lineOf(obj.span.file, obj.span.start) };
  return { value: given.value, said: [{ rank: 'lock', value: given.value, ...place }, ...said] };
}

/** What a path that names no value may have meant, the likeliest first: a thing's attributes, or names near the first part that nothing is called. */
export function nearValues(ev: Evaluator, path: string, open: (item: Obj) => void): readonly string[] {
  const parts = path.split('.').filter((part) => part !== '');
  const whole = find(ev, parts, open);
  if (whole !== undefined) return [...new Set([...whole.defs.keys(), ...attributes(whole)])].slice(0, 3).map((name) => `${path}.${name}`);
  for (let i = 0; i < parts.length; i++) {
    const above = find(ev, parts.slice(0, i), open);
    // `carrie.disk` alone is no thing, `carrie.disk.data` is one.
    const ofKind = i === 0 ? undefined : find(ev, parts.slice(0, i - 1), open)?.children.get(parts[i - 1] ?? '');
    const known = above === undefined ? (ofKind?.keys() ?? []) : [...attributes(above), ...above.children.keys(), ...[...above.children.values()].flatMap((byKey) => [...byKey.keys()]), ...(i === 0 ? [above.key, ...ev.index.keys()] : [])];
    const names = suggest(parts[i] ?? '', known);
    if (names.length > 0 && find(ev, parts.slice(0, i + 1), open) === undefined) return names.map((name) => [...parts.slice(0, i), name, ...parts.slice(i + 1)].join('.'));
  }
  return [];
}

/** `immich.server.env.TZ`: of a record, the definitions that speak of one field. */
function explainField(ev: Evaluator, path: readonly string[], field: string, lineOf: LineOf, open: (item: Obj) => void): Why | undefined {
  const name = path.at(-1) ?? '';
  const obj = find(ev, path.slice(0, -1), open);
  if (obj?.param(name) === undefined) return undefined;
  const whole = ev.attempt(() => ev.attribute(obj, name, obj.span), null);
  const found = isObject(whole) && whole.t === 'rec' ? whole.fields.get(field) : undefined;
  if (found === undefined) return undefined;
  const said = order(obj, obj.defs.get(name) ?? []).flatMap((def): readonly WhyStep[] => {
    const { body, expr, scope } = def;
    const value = def.value ?? ev.attempt(() => (body !== null ? evaluateBody(ev, body, scope, () => undefined) : expr === null ? null : ev.evaluate(expr, scope)), null);
    const own = isObject(value) && value.t === 'rec' ? value.fields.get(field) : undefined;
    return own === undefined ? [] : [{ rank: rankName(def), value: show(own), file: def.span.file, line: lineOf(def.span.file, def.span.start) }];
  });
  return { value: show(found), said };
}

/** What labc chose for an attribute that the lab leaves open; `allocate.ts` knows it by the same key. */
function allocated(obj: Obj, machine: Obj, name: string, values: ReadonlyMap<string, string>): { readonly key: string; readonly value: string } | undefined {
  const keys = [...values.keys()];
  const { word } = obj.kind;
  const key = name === 'vmid' && obj === machine ? keys.find((one) => one.startsWith('vmid ') && one.endsWith(`/${machine.key}`))
    : name === 'mac' && word === 'nic' ? `mac ${machine.key}/${obj.key}`
    : name === 'slot' && word === 'disk' ? `slot ${machine.key}/${obj.key}`
    : name === 'slot' ? `slot ${machine.key}/${word}.${obj.key}`
    : name === 'host_port' && obj.instance !== null ? keys.find((one) => one.startsWith(`port ${machine.key}/`) && one.endsWith(`/${obj.instance?.key ?? ''}.${obj.parent?.key ?? ''}.${obj.key}`))
    : undefined;
  const value = key === undefined ? undefined : values.get(key);
  return key === undefined || value === undefined ? undefined : { key, value };
}

function attributes(obj: Obj): readonly string[] {
  return [...(obj.template?.params.keys() ?? []), ...obj.kind.params.keys()];
}

function find(ev: Evaluator, parts: readonly string[], open: (item: Obj) => void): Obj | undefined {
  let at: Obj | undefined = ev.root;
  const rest = [...parts];
  if (rest[0] === ev.root.key && (ev.index.get(rest[0])?.length ?? 0) === 0) rest.shift();
  while (at !== undefined && rest.length > 0) {
    const word = rest.shift() ?? '';
    open(at);
    const byKind: ReadonlyMap<string, Obj> | undefined = at.children.get(word);
    if (byKind !== undefined && rest.length > 0) {
      at = byKind.get(rest.shift() ?? '');
      continue;
    }
    const label: Obj | 'many' | undefined = at.labelled(word);
    // A port and its health check often share a name: it is the port that has a number.
    const child: Obj | 'many' | undefined = label === 'many' ? (at.child('port', word) ?? label) : label;
    if (child !== undefined && child !== 'many') at = child;
    else if (at === ev.root) at = (ev.index.get(word) ?? [])[0] ?? (word === ev.root.key ? ev.root : undefined);
    else at = undefined;
  }
  return at;
}

/** The line of the lock that begins with `start`; 0 where none does, as before the first build. */
function factLine(lock: string, start: string): number {
  return lock.split('\n').findIndex((line) => line.startsWith(start)) + 1;
}

function rankName(def: Def): string {
  if (def.rank >= 9) return 'lock';
  if (def.rank >= RANK.machine) return 'machine';
  if (def.rank >= RANK.lab) return 'lab';
  return def.rank >= RANK.library ? 'library' : 'default';
}

function defValue(ev: Evaluator, def: Def, obj: Obj, name: string): string {
  if (def.value !== undefined) return show(def.value);
  if (def.expr === null) return '{ ... }';
  const expr = def.expr;
  const type = obj.param(name)?.type;
  return show(ev.attempt(() => (type === undefined ? ev.evaluate(expr, def.scope) : ev.evaluateAs(expr, def.scope, type, name)), null));
}

/** A value as a person would write it. */
export function show(value: Value): string {
  if (value === null) return 'none';
  const items = itemsOf(value);
  if (items !== undefined) return `[${items.map(show).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (isObject(value)) {
    if (value.t === 'size') return sizeText(value.bytes);
    if (value.t === 'duration') return value.ms % 3_600_000 === 0 && value.ms > 0 ? `${value.ms / 3_600_000}h` : value.ms % 60_000 === 0 && value.ms > 0 ? `${value.ms / 60_000}m` : value.ms % 1000 === 0 ? `${value.ms / 1000}s` : `${value.ms}ms`;
    if (value.t === 'rec') return `{ ${[...value.fields].map(([key, item]) => `${key} = ${show(item)}`).join('  ')} }`;
    if (value.t === 'obj') return value.key;
    if (value.t === 'schedule') return `${value.every}${value.at === null ? '' : ` at ${plainText(value.at) ?? ''}`}`;
    if (value.t === 'range') return `${show(value.from)} .. ${show(value.to)}`;
  }
  return plainText(value) ?? describe(value);
}
