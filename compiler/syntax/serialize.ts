/**
 * A file's tree as compact JSON and back, for sources that travel with the compiler already parsed.
 * Nodes are a run of numbers in preorder: kind, distance from the parent's start, length, then the fields of shape.ts.
 * A missing node or text is 0; a list is its length plus one, then its members; text is an index into `strings`, plus one.
 */
import type { File, Node } from './ast.js';
import { shapeLists, shapes } from './shape.js';

interface Packed {
  readonly path: string;
  readonly strings: readonly string[];
  readonly numbers: readonly number[];
}

/** Kinds by number; 0 stands for a missing node. */
const kinds = ['', ...Object.keys(shapes)] as readonly (Node['kind'] | '')[];
const numberOfKind: ReadonlyMap<string, number> = new Map(kinds.map((kind, number) => [kind, number]));
const literalText = kinds.length;

export function packFile(file: File): unknown {
  const strings: string[] = [];
  const numbers: number[] = [];
  const known = new Map<string, number>();

  const indexOf = (text: string): number => {
    const index = known.get(text) ?? strings.push(text) - 1;
    known.set(text, index);
    return index + 1;
  };
  const node = (value: Node | string, base: number): void => {
    if (typeof value === 'string') return void numbers.push(literalText, indexOf(value));
    const { start, end } = value.span;
    numbers.push(numberOfKind.get(value.kind) as number, start - base, end - start);
    for (const [field, role] of shapeLists[value.kind]) {
      const content = (value as unknown as Readonly<Record<string, unknown>>)[field];
      if (content === undefined) numbers.push(0);
      else if (role === 'flag') numbers.push(content === true ? 1 : 0);
      else if (role === 'text') numbers.push(indexOf(content as string));
      else if (role === 'node') node(content as Node, start);
      else {
        const list = content as readonly (Node | string)[];
        numbers.push(list.length + 1);
        for (const member of list) node(member, start);
      }
    }
  };

  node(file, 0);
  return { path: file.span.file, strings, numbers } satisfies Packed;
}

/** What a kind's fields are, in the form that reading goes through fastest. */
const readers = kinds.map((kind) => {
  const list = kind === '' ? [] : shapeLists[kind];
  return { kind, fields: list.map(([field]) => field), roles: list.map(([, role]) => role) };
});

export function unpackFile(data: unknown): File {
  const { path, strings, numbers } = data as Packed;
  let next = 0;

  const node = (kindNumber: number, base: number): Node | string => {
    if (kindNumber === literalText) return strings[(numbers[next++] as number) - 1] as string;
    const { kind, fields, roles } = readers[kindNumber] as (typeof readers)[number];
    const start = base + (numbers[next++] as number);
    const made: Record<string, unknown> = { kind, span: { file: path, start, end: start + (numbers[next++] as number) } };
    for (let i = 0; i < fields.length; i++) {
      const number = numbers[next++] as number;
      const role = roles[i];
      const field = fields[i] as string;
      if (role === 'flag') made[field] = number === 1;
      else if (number === 0) continue;
      else if (role === 'text') made[field] = strings[number - 1];
      else if (role === 'node') made[field] = node(number, start);
      else {
        const members = new Array<Node | string>(number - 1);
        for (let member = 0; member < members.length; member++) members[member] = node(numbers[next++] as number, start);
        made[field] = members;
      }
    }
    return made as unknown as Node;
  };

  return node(numbers[next++] as number, 0) as File;
}
