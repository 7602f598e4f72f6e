/**
 * Kinds that put one of their parameters into a file as it is: `src = asset(content)`. Items of them that differ in nothing but
 * that text are lowered alike, and each gets its own text into the file.
 */
import type { KindShape } from '../shapes/shape.js';
import { printType } from '../shapes/types.js';
import type { Expr, Node } from '../syntax/ast.js';
import { walk } from '../syntax/walk.js';

const passed = new WeakMap<KindShape, string | null>();

/** The parameter of a kind that is the text of a file and tells nothing else; null where there is none. */
export function passedText(kind: KindShape): string | null {
  let name = passed.get(kind);
  if (name === undefined) passed.set(kind, (name = findPassed(kind)));
  return name;
}

function findPassed(kind: KindShape): string | null {
  const nodes: readonly Node[] = [...kind.body, ...(kind.title === null ? [] : [kind.title]), ...[...kind.params.values()].flatMap((param) => param.default ?? [])];
  const visit = (see: (node: Node) => boolean | void): void => nodes.forEach((node) => walk(node, see));
  const given = new Set<string | undefined>();
  visit((node) => void (isCall(node, 'asset') && given.add(argumentOf(node))));
  const [name] = given;
  // No other text becomes a file: not one that the kind makes, not one that is given as a file already.
  if (given.size !== 1 || name === undefined || ![...kind.params].every(([other, { type }]) => (other === name) === /\b(?:Template|Data|Record)\b/.test(printType(type)))) return null;
  let told = false;
  visit((node) => {
    if ((isCall(node, 'asset') || isCall(node, 'sealed')) && argumentOf(node) === name) return false;
    told ||= (node.kind === 'name-expr' || node.kind === 'name') && node.text === name;
    return undefined;
  });
  return told ? null : name;
}

function isCall(node: Node, name: string): node is Extract<Expr, { kind: 'call' }> {
  return node.kind === 'call' && node.callee.kind === 'name-expr' && node.callee.text === name;
}

/** The only argument of a call, if it is a name. */
function argumentOf(node: Node): string | undefined {
  const [arg, ...more] = node.kind === 'call' ? node.args : [];
  return arg?.value.kind === 'name-expr' && more.length === 0 ? arg.value.text : undefined;
}
