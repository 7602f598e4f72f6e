/** Ways through the tree: the children of a node, a walk over all of it, the node at an offset. */
import type { File, Node } from './ast.js';
import { nodeFields } from './shape.js';

/** The nodes directly below, in source order. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const field of nodeFields[node.kind]) {
    const value = (node as unknown as Readonly<Record<string, Node | readonly (Node | string)[] | undefined>>)[field];
    if (value === undefined) continue;
    if ('kind' in value) found.push(value);
    else for (const part of value) if (typeof part !== 'string') found.push(part);
  }
  return found;
}

/** Visits `node` and what lies below it, parents first. A visitor that returns `false` keeps the walk out of that node. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => boolean | void, parent?: Node): void {
  if (visit(node, parent) === false) return;
  for (const child of children(node)) walk(child, visit, node);
}

/** The innermost node at `offset`; the end of a node still belongs to it, so that a cursor after a word finds the word. */
export function nodeAt(file: File, offset: number): Node {
  let node: Node = file;
  for (;;) {
    const inside: Node | undefined = children(node).findLast(({ span }) => span.start <= offset && offset <= span.end);
    if (inside === undefined) return node;
    node = inside;
  }
}
