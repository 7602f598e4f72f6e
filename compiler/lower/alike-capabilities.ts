/**
 * Capabilities that machines share with all that is said about them: their items are lowered for the first machine, and made for
 * the others only where the lowering has read what depends on the machine. Statements whose items are alike stay closed.
 */
import { isLiteralDef } from '../eval/constants.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Obj } from '../eval/model.js';
import { Watch } from '../eval/watch.js';
import { labelText } from '../names/program.js';
import type { TemplateShape } from '../shapes/shape.js';
import { Delayed } from '../structure/delayed.js';
import type { Expr, Head } from '../syntax/ast.js';
import { isLike, MOST_VARIANTS, sampleOf, type Sample } from './alike.js';
import type { LoweredWithHandlers } from './lowered-item.js';

interface Known extends Sample {
  readonly delayed: Delayed;
  /** Statements of which every machine needs items of its own. */
  readonly own: ReadonlySet<Head>;
  /** What was looked for in the capability's frame. */
  readonly names: ReadonlyMap<string, Expr | null>;
  readonly lowered: readonly LoweredWithHandlers[];
  /** The places of items that are among `lowered`. */
  readonly covers: ReadonlySet<string>;
}

/** What a child is called by inside its parent. */
export function placeIn(child: Obj): string {
  return `${child.kind.word} ${child.key}`;
}

export class AlikeCapabilities {
  readonly #variants = new Map<TemplateShape, Known[]>();
  readonly #like = new Map<Obj, Known | null>();

  /** What of a capability's items is lowered, here or for another that is like it; null: nothing. */
  of(ev: Evaluator, capability: Obj, lower: (item: Obj) => readonly LoweredWithHandlers[]): Known | null {
    const before = this.#like.get(capability);
    if (before !== undefined) return before;
    const { template, unmade } = capability;
    const known = template !== null && unmade instanceof Delayed && capability.facts.incomplete !== true ? this.#known(ev, capability, template, unmade, lower) : null;
    this.#like.set(capability, known);
    return known;
  }

  #known(ev: Evaluator, capability: Obj, template: TemplateShape, delayed: Delayed, lower: (item: Obj) => readonly LoweredWithHandlers[]): Known | null {
    let variants = this.#variants.get(template);
    if (variants === undefined) this.#variants.set(template, (variants = []));
    for (const known of variants) {
      if (!delayed.sameAs(known.delayed) || !meansTheSame(known, capability) || !isLike(ev, known, capability)) continue;
      delayed.make(known.own);
      return known;
    }
    if (variants.length >= MOST_VARIANTS) return null;
    const known = learn(ev, capability, delayed, lower);
    variants.push(known);
    return known;
  }
}

/** Whether names mean the same inside both. */
function meansTheSame({ names }: Known, capability: Obj): boolean {
  for (const [name, expr] of names) {
    const binding = capability.frame?.own(name);
    if (expr === null ? binding !== undefined || capability.labelled(name) !== undefined : binding?.kind !== 'let' || binding.expr !== expr) return false;
  }
  return true;
}

/** Makes and lowers all items, and sees which of the statements others can share. */
function learn(ev: Evaluator, capability: Obj, delayed: Delayed, lower: (item: Obj) => readonly LoweredWithHandlers[]): Known {
  delayed.make();
  const watch = new Watch(capability);
  const own = new Set<Head>();
  const covers = new Set<string>();
  const lowered: LoweredWithHandlers[] = [];
  for (const { statements } of delayed.groups) {
    for (const head of statements.heads) {
      const items = head.entries.flatMap(({ label }) => capability.child(head.word.text, labelText(label)) ?? []);
      const { value, lasts } = ev.lasting(() => ev.watching(watch, () => items.flatMap(lower)));
      const shared = lasts && !watch.here && items.every((item) => sawAll(watch, item));
      watch.endPart(shared);
      if (shared) {
        lowered.push(...value);
        for (const item of items) covers.add(placeIn(item));
      } else own.add(head);
    }
  }
  return { ...sampleOf(capability, watch), delayed, own, names: watch.names, lowered, covers };
}

/** Whether everything that is said about an item is literal or was read: nothing is left that may be at fault elsewhere. */
function sawAll(watch: Watch, item: Obj): boolean {
  if (item.facts.incomplete === true) return false;
  for (const [name, defs] of item.defs) if (!defs.every(isLiteralDef) && !watch.saw(item.cell(name))) return false;
  for (const byKey of item.children.values()) for (const child of byKey.values()) if (!sawAll(watch, child)) return false;
  return true;
}
