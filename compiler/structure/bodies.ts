/**
 * What a body says, sorted once for all objects that it shapes: hundreds of machines share a persona, thousands of items a kind.
 */
import type { Span } from '../base/span.js';
import { names } from '../diagnostics/catalogue/names.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { OsValue } from '../eval/model.js';
import { labelText } from '../names/program.js';
import type { Assign, Head, If, For, Item } from '../syntax/ast.js';

export interface Said {
  /** What comes first: assignments, `without` and `let`, and blocks of a layer for those in them. */
  readonly values: readonly (Assign | Head)[];
  /** All else but `again`; blocks of a layer once more. */
  readonly rest: readonly (Head | If | For)[];
  /** Statements that declare what an earlier one of the same body declares already. */
  readonly again: ReadonlySet<Head>;
  /** Blocks for a system. */
  readonly blocks: readonly Head[];
  /** Those of them that apply, by system. */
  readonly nearest: Map<OsValue, ReadonlySet<Head>>;
}

/** Statements that say more each time they are written. */
const REPEATABLE: ReadonlySet<string> = new Set(['on', 'without', 'let', 'provides', 'needs', 'demands', 'contribute', 'fulfils', 'decline', 'task', 'undo', 'was', 'retire', 'allow', 'move', 'slot', 'use']);

// Most bodies are small, and a lab has thousands.
const NONE: ReadonlySet<Head> = new Set();
const NOWHERE: Said['nearest'] = new Map();

export class Bodies {
  readonly #known = new Map<readonly Item[], Said>();

  constructor(private readonly report: (diagnostic: Diagnostic) => void) {}

  said(items: readonly Item[]): Said {
    let known = this.#known.get(items);
    if (known === undefined) this.#known.set(items, (known = this.#sort(items)));
    return known;
  }

  #sort(items: readonly Item[]): Said {
    const values: (Assign | Head)[] = [];
    const rest: (Head | If | For)[] = [];
    const blocks: Head[] = [];
    const again: Head[] = [];
    const seen = new Map<string, Span>();
    for (const item of items) {
      if (item.kind === 'assign') values.push(item);
      else if (item.kind !== 'head') rest.push(item);
      else if (item.word.text === 'without' || item.word.text === 'let') values.push(item);
      else {
        if (isLayerBlock(item)) values.push(item);
        if (item.word.text === 'on') blocks.push(item);
        if (this.#isRepeated(item, seen)) again.push(item);
        else rest.push(item);
      }
    }
    return { values, rest, again: again.length === 0 ? NONE : new Set(again), blocks, nearest: blocks.length === 0 ? NOWHERE : new Map() };
  }

  /** Whether an earlier statement of the body declares the same; that is reported, once for all that the body shapes. */
  #isRepeated(head: Head, seen: Map<string, Span>): boolean {
    if (REPEATABLE.has(head.word.text)) return false;
    let again = false;
    for (const { label } of head.entries) {
      if (label.kind === 'str-label' && label.value.parts.some((part) => typeof part !== 'string')) continue;
      const name = labelText(label);
      const key = `${head.word.text} ${name}`;
      const first = seen.get(key);
      if (first === undefined) seen.set(key, label.span);
      else {
        again = true;
        this.report(names.create.duplicateDeclaration(label.span, { sort: head.word.text, name }, { labels: [{ span: first, text: 'the other one is here' }] }));
      }
    }
    return again;
  }
}

/** `L1 { ... }` to `L4 { ... }`. */
export function isLayerBlock({ word, entries }: Head): boolean {
  return entries.length === 0 && (word.text === 'L1' || word.text === 'L2' || word.text === 'L3' || word.text === 'L4');
}
