/** The operator by whom machines are entered: the only one, or the one of several that says `login = true`. Order decides nothing. */
import { sortedBy } from '../base/text.js';
import { Fault, type Ev } from './context.js';
import type { Obj } from './model.js';

/** None of several, or more than one of them, is an error that the demands of the lab report; the first by name stands in. */
export function loginOperator(ev: Ev): Obj | null {
  const operators = sortedBy(ev.root.childrenOf('operator'), (operator) => operator.key);
  return (operators.length === 1 ? operators : loginOperators(ev))[0] ?? operators[0] ?? null;
}

/** Those that say `login = true`, by name. */
export function loginOperators(ev: Ev): readonly Obj[] {
  return sortedBy(ev.root.childrenOf('operator'), (operator) => operator.key).filter((operator) => saysLogin(ev, operator));
}

/** A value that is no boolean is reported where every attribute is checked. */
function saysLogin(ev: Ev, operator: Obj): boolean {
  try {
    return ev.attribute(operator, 'login', operator.span) === true;
  } catch (fault) {
    if (fault instanceof Fault) return false;
    throw fault;
  }
}
