/** A tree as one line of nested words, for tests: kinds in parentheses, names and literals as they are. */
import { parseFile } from '../../compiler/syntax/parse.js';
import type { Expr, Node } from '../../compiler/syntax/ast.js';
import { shapeLists } from '../../compiler/syntax/shape.js';

export function sketch(node: Node): string {
  switch (node.kind) {
    case 'name': case 'name-expr': case 'int': case 'ip': case 'path-label': case 'int-label': case 'ip-label': return node.text;
    case 'bool': return String(node.value);
    case 'none': case 'missing': return node.kind;
    case 'binary': return `(${sketch(node.left)} ${node.op} ${sketch(node.right)})`;
    case 'unary': return `(${node.op} ${sketch(node.operand)})`;
    case 'member': return `${sketch(node.object)}.${node.name.text}`;
    case 'str': return JSON.stringify(node.parts.map((part) => (typeof part === 'string' ? part : `\${${sketch(part)}}`)).join('|'));
    default: {
      const parts = shapeLists[node.kind].flatMap(([field, role]) => {
        const value = (node as unknown as Readonly<Record<string, unknown>>)[field];
        if (value === undefined || value === false) return [];
        if (role === 'node') return [`${field}:${sketch(value as Node)}`];
        if (role === 'nodes') return (value as Node[]).length === 0 ? [] : [`${field}:[${(value as Node[]).map(sketch).join(' ')}]`];
        return [`${field}:${String(value)}`];
      });
      return `(${[node.kind, ...parts].join(' ')})`;
    }
  }
}

/** The sketch of the only item of a text that parses without faults. */
export function item(text: string): string {
  const { value, diagnostics } = parseFile({ path: 'test.lab', text });
  if (diagnostics.length > 0) throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'));
  return value.items.map(sketch).join(' ');
}

/** The value of `x = text`. */
export function value(text: string): Expr {
  const { value: file, diagnostics } = parseFile({ path: 'test.lab', text: `x = ${text}` });
  const [only] = file.items;
  if (diagnostics.length > 0 || only?.kind !== 'assign') throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join('\n'));
  return only.value;
}
