/**
 * What the lab states about itself: the ground's own settings, used or not, and its `check`s. A check that fails names the
 * first witness against it, where it asks `.all(x => ...)` of a list.
 */
import { isLibraryFile } from '../base/library-file.js';
import { types } from '../diagnostics/catalogue/types.js';
import type { Label } from '../diagnostics/diagnostic.js';
import { Fault } from '../eval/context.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Obj, Scope, Value } from '../eval/model.js';
import { itemsOf } from '../eval/operators.js';
import { shown } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { Expr } from '../syntax/ast.js';

/** Evaluates what the lab says of its ground and machines, so that nothing wrong waits until somebody uses it. */
export function checkGround(ev: Evaluator): void {
  for (const objs of ev.byWord.values()) {
    for (const obj of objs) {
      const ground = obj.kind.layer === 'L0' && obj.kind.word !== 'check';
      if (!ground && obj.kind.layer !== 'L2') continue;
      for (const [name, param] of obj.kind.params) {
        if ((ground && !param.optional) || obj.defs.get(name)?.some((def) => !isLibraryFile(def.span.file)) === true) ev.tryAttribute(obj, name);
      }
    }
  }
}

/** Reports the checks that do not hold. */
export function checkSentences(ev: Evaluator): void {
  for (const check of ev.byWord.get('check') ?? []) {
    ev.attempt(() => {
      if (ev.attribute(check, 'holds', check.span) !== false) return;
      const against = witness(ev, check);
      throw new Fault(types.create.failedCheck(check.span, { message: check.key, help: against === undefined ? 'mend what the condition names, or the check' : `mend ${against.what}, or the check` }, { labels: against?.labels ?? [] }));
    }, undefined);
  }
}

interface Witness {
  readonly what: string;
  readonly labels: readonly Label[];
}

function witness(ev: Evaluator, check: Obj): Witness | undefined {
  const def = check.defs.get('holds')?.find((other) => other.expr !== null);
  return def === undefined || def.expr === null ? undefined : ev.attempt(() => against(ev, def.expr as Expr, def.scope), undefined);
}

/** The first item of the innermost `.all(x => ...)` that the condition does not hold for. */
function against(ev: Evaluator, expr: Expr, scope: Scope): Witness | undefined {
  if (expr.kind !== 'call' || expr.callee.kind !== 'member' || expr.callee.name.text !== 'all') return undefined;
  const asked = expr.args[0]?.value;
  if (asked?.kind !== 'lambda') return undefined;
  for (const item of itemsOf(ev.evaluate(expr.callee.object, scope)) ?? []) {
    const inner = scope.with(asked.param.text, item);
    if (ev.evaluate(asked.body, inner) === false) return against(ev, asked.body, inner) ?? { what: shown(item), labels: labelsOf(item) };
  }
  return undefined;
}

function labelsOf(item: Value): readonly Label[] {
  return isObject(item) && item.t === 'obj' ? [{ span: item.span, text: 'it does not hold for this' }] : [];
}
