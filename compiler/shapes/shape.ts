/** Shapes of kinds, contracts and templates: what their declarations say, before any object exists. */
import type { Span } from '../base/span.js';
import type { Item } from '../syntax/ast.js';
import type { ParamShape } from './types.js';

export type LayerWord = 'L0' | 'L1' | 'L2' | 'L3' | 'L4';

export interface ContractShape {
  readonly name: string;
  readonly provider: 'one' | 'each';
  readonly unmet: 'error' | 'note';
  readonly unique: readonly string[];
  readonly derives: readonly string[];
  readonly offer: ReadonlyMap<string, ParamShape>;
}

export interface KindShape {
  readonly word: string;
  readonly layer: LayerWord | null;
  /** Order inside L3. */
  readonly phase: number;
  /** Order among kinds of one phase. */
  readonly order: number;
  /** The parameter that the label fills; none: one object without a label. */
  readonly key: string | null;
  /** The parameter that `= v` fills. */
  readonly first: string | null;
  /** Roles of objects that it may stand in. */
  readonly parents: ReadonlySet<string>;
  /** What the object counts as for its own children: its word and, say, `machine`. */
  readonly roles: ReadonlySet<string>;
  readonly params: ReadonlyMap<string, ParamShape>;
  /** Layers that a machine of this kind takes from its personas; empty: all. */
  readonly takes: ReadonlySet<string>;
  /** Attributes that belong to another layer than the kind's own: what of a machine its image decides. */
  readonly layers: ReadonlyMap<string, LayerWord>;
  /** Any attribute may be written, as in `task` and `undo`. */
  readonly free: boolean;
  /** Several items of one owner become one task with a list for this option. */
  readonly batch: string | null;
  /** A sentence about an item for people, with the item's parameters in scope. */
  readonly title: import('../syntax/ast.js').Expr | null;
  /** What a change of an item disturbs beyond what its handlers and modules tell. */
  readonly impact: 'restart' | 'reboot' | 'destroys_data' | null;
  /** Items of the body that every object of the kind gets: lets, on, if, for, children. */
  readonly body: readonly Item[];
  readonly contract: ContractShape | null;
  readonly library: string;
  readonly span: Span;
  readonly doc: string | undefined;
}

/** A workload, part, capability or persona. */
export interface TemplateShape {
  readonly sort: 'workload' | 'part' | 'capability' | 'persona';
  readonly name: string;
  readonly params: ReadonlyMap<string, ParamShape>;
  readonly parents: readonly { readonly name: string; readonly span: Span }[];
  readonly items: readonly Item[];
  readonly offer: ReadonlyMap<string, ParamShape>;
  readonly library: string;
  readonly span: Span;
  readonly doc: string | undefined;
}

/** A system: `os ubuntu : debian { ... }`. */
export interface OsShape {
  readonly name: string;
  readonly parent: string | null;
  readonly items: readonly Item[];
  readonly library: string;
  readonly span: Span;
}
