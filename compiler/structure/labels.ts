/** What a label says beside its text: the value of the parameter that it fills. */
import { readIp } from '../eval/literals.js';
import type { Contribution, Def, Value } from '../eval/model.js';
import type { KindShape } from '../shapes/shape.js';
import type { Type } from '../shapes/types.js';
import type { Label } from '../syntax/ast.js';

/** The definition that a label is; none where the text itself is the value, which every object has. */
export function labelDef(kind: KindShape, key: string, label: Label, from: Contribution): Def | null {
  const type = kind.key === null ? undefined : kind.params.get(kind.key)?.type;
  if (type === undefined || (label.kind !== 'int-label' && isString(type))) return null;
  const isRef = type.k === 'ref' || (type.k === 'opt' && type.of.k === 'ref');
  const { scope, rank, by } = from;
  const { span } = label;
  // Written out: an object that is spread and gets one more field takes twenty times as long.
  return isRef ? { op: '=', expr: { kind: 'name-expr', span, text: key }, body: null, scope, rank, by, span } : { op: '=', expr: null, body: null, value: labelValue(label, key, type), scope, rank, by, span };
}

/** The value that a label gives to the parameter it fills. */
function labelValue(label: Label, key: string, type: Type): Value {
  if (label.kind === 'int-label' && !isString(type)) return Number(label.text);
  if (label.kind === 'path-label' || (key.startsWith('/') && wantsPath(type))) return { t: 'path', text: key };
  const ip = label.kind === 'ip-label' ? readIp(label.text) : null;
  return ip !== null && 'value' in ip ? ip.value : key;
}

export function isString(type: Type): boolean {
  return type.k === 'prim' && type.name === 'String';
}

function wantsPath(type: Type): boolean {
  return (type.k === 'prim' && type.name === 'Path') || (type.k === 'opt' && wantsPath(type.of));
}
