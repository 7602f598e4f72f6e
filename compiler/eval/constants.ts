/** Expressions that mean the same wherever they stand; their values are made once for each type. */
import type { ParamShape, Type } from '../shapes/types.js';
import type { Expr } from '../syntax/ast.js';
import type { Cell, Def, Value } from './model.js';

/** Whether an expression is made of literals only. */
export function isLiteral(expr: Expr): boolean {
  switch (expr.kind) {
    case 'none': case 'bool': case 'int': case 'decimal': case 'quantity': case 'ip': case 'mac': case 'version': case 'date': case 'port': case 'path': return true;
    case 'str': return expr.parts.every((part) => typeof part === 'string');
    case 'list': return expr.items.every(isLiteral);
    case 'record': return expr.fields.every((field) => field.key === undefined && isLiteral(field.value));
    default: return false;
  }
}

/** Whether a definition means the same for every object that it speaks about. */
export function isLiteralDef(def: Def): boolean {
  return def.value !== undefined || (def.expr !== null && def.op === '=' && isLiteral(def.expr));
}

/** Values of literals as a type takes them. A type belongs to one program, and values are never written. */
export class Constants {
  readonly #values = new WeakMap<Expr, { readonly type: Type; readonly value: Value }>();

  /** Defaults of records' fields, which see no names but those that everybody sees. */
  readonly fields = new WeakMap<ParamShape, Value>();

  /** The value of an expression as a type takes it, where it is known to be the same everywhere. */
  get(expr: Expr, type: Type): Value | undefined {
    const known = this.#values.get(expr);
    return known?.type === type ? known.value : undefined;
  }

  set(expr: Expr, type: Type, value: Value): void {
    this.#values.set(expr, { type, value });
  }
}

/** Gives a cell a value that is the same everywhere: nothing was read for it. */
export function fillCell(cell: Cell, value: Value, reading: number): Value {
  cell.state = 'done';
  cell.reading = reading;
  cell.late = false;
  return (cell.value = value);
}
