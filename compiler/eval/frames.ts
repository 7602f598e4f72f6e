/** Who is being computed, from the outside in, and what is said when one of them asks for itself. */
import type { Span } from '../base/span.js';
import { types } from '../diagnostics/catalogue/types.js';
import { Fault } from './context.js';
import type { Obj } from './model.js';

/** An attribute, or a let (without an object), that is being computed. */
export interface Frame {
  readonly obj: Obj | null;
  readonly name: string;
  readonly span: Span;
}

/** What is read is being computed: every place of the circle is named. */
export function cycleFault(stack: readonly Frame[], obj: Obj | null, name: string, span: Span): Fault {
  const from = stack.findIndex((frame) => frame.obj === obj && frame.name === name);
  const frames = stack.slice(Math.max(0, from));
  const called = (frame: { readonly obj: Obj | null; readonly name: string }): string => (frame.obj === null ? frame.name : `${frame.obj.path()}.${frame.name}`);
  const labels = frames.slice(1, 4).map((frame) => ({ span: frame.span, text: `\`${called(frame)}\` is read here` }));
  return new Fault(types.create.cycle(span, { chain: [...frames, { obj, name }].map(called).join(' → ') }, { labels }));
}
