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

export function unpackFile(data: unknown): File {
  const { path, strings, numbers } = data as Packed;
  let next = 0;
  const take = (): number => numbers[next++] as number;

  const list = (length: number, base: number): (Node | string)[] => {
    const members: (Node | string)[] = [];
    for (let i = 0; i < length; i++) members.push(node(take(), base));
    return members;
  };
  const node = (kindNumber: number, base: number): Node | string => {
    if (kindNumber === literalText) return strings[take() - 1] as string;
    const kind = kinds[kindNumber] as Node['kind'];
    const start = base + take();
    const made: Record<string, unknown> = { kind, span: { file: path, start, end: start + take() } };
    for (const [field, role] of shapeLists[kind]) {
      const number = take();
      if (role === 'flag') made[field] = number === 1;
      else if (number === 0) continue;
      else if (role === 'text') made[field] = strings[number - 1];
      else if (role === 'node') made[field] = node(number, start);
      else made[field] = list(number - 1, start);
    }
    return made as unknown as Node;
  };

  return node(take(), 0) as File;
}
