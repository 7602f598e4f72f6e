/**
 * What every node is made of, in source order: fields that hold a node, a list of nodes, a truth, or text.
 * The table is checked against the tree's types: a field that is added there and not here does not compile.
 */
import type { Node } from './ast.js';

export type NodeOf<K extends Node['kind']> = Extract<Node, { readonly kind: K }>;

type Role<T> = [T] extends [boolean] ? 'flag' : [T] extends [Node] ? 'node' : [T] extends [readonly unknown[]] ? 'nodes' : 'text';
type Fields<T> = { readonly [P in Exclude<keyof T, 'kind' | 'span'>]-?: Role<Exclude<T[P], undefined>> };
export type Shapes = { readonly [K in Node['kind']]: Fields<NodeOf<K>> };

const text = { text: 'text' } as const;

/** `nodes` lists of a string hold its literal text as well. */
export const shapes: Shapes = {
  file: { items: 'nodes' },
  name: text,
  assign: { name: 'node', quoted: 'flag', key: 'node', op: 'text', value: 'node', doc: 'text' },
  head: { word: 'node', params: 'nodes', entries: 'nodes', types: 'nodes', value: 'node', body: 'node', doc: 'text' },
  if: { condition: 'node', then: 'node', else: 'node' },
  for: { variable: 'node', source: 'node', body: 'node' },
  entry: { label: 'node', params: 'nodes', value: 'node' },
  'ref-label': { parts: 'nodes' },
  'str-label': { value: 'node' },
  'path-label': text,
  'int-label': text,
  'ip-label': text,
  'name-group': { names: 'nodes' },
  body: { items: 'nodes' },
  param: { name: 'node', type: 'node', default: 'node', doc: 'text' },
  'type-ref': { parts: 'nodes', args: 'nodes' },
  'type-list': { element: 'node' },
  'type-literal': { value: 'node' },
  'type-optional': { of: 'node' },
  'type-union': { members: 'nodes' },
  lambda: { param: 'node', body: 'node' },
  'if-expr': { condition: 'node', then: 'node', else: 'node' },
  binary: { left: 'node', op: 'text', right: 'node' },
  unary: { op: 'text', operand: 'node' },
  member: { object: 'node', name: 'node' },
  call: { callee: 'node', args: 'nodes' },
  arg: { name: 'node', value: 'node' },
  index: { object: 'node', index: 'node' },
  'at-time': { object: 'node', time: 'node' },
  'name-expr': text,
  str: { parts: 'nodes', form: 'text' },
  int: text,
  decimal: text,
  quantity: text,
  bool: { value: 'flag' },
  none: {},
  ip: text,
  mac: text,
  version: text,
  date: text,
  pair: text,
  port: text,
  path: text,
  list: { items: 'nodes' },
  'list-gen': { generator: 'node', value: 'node' },
  record: { fields: 'nodes' },
  'record-gen': { generator: 'node', key: 'node', value: 'node' },
  generator: { variable: 'node', source: 'node', where: 'node' },
  field: { name: 'node', quoted: 'flag', key: 'node', value: 'node' },
  missing: {},
};

/** A shape as a list, for loops: the field's name and its role. */
export type ShapeList = readonly (readonly [field: string, role: 'node' | 'nodes' | 'text' | 'flag'])[];

export const shapeLists: Readonly<Record<Node['kind'], ShapeList>> = Object.fromEntries(
  Object.entries(shapes).map(([kind, fields]) => [kind, Object.entries(fields)]),
) as unknown as Record<Node['kind'], ShapeList>;

/** By kind, the fields that hold nodes or lists of them: most kinds of node have none. */
export const nodeFields: Readonly<Record<Node['kind'], readonly string[]>> = Object.fromEntries(
  Object.entries(shapeLists).map(([kind, list]) => [kind, list.filter(([, role]) => role === 'node' || role === 'nodes').map(([field]) => field)]),
) as unknown as Record<Node['kind'], readonly string[]>;
