/** An L3 item as it is lowered, before the items of a machine are put together. */
import type { Obj } from '../eval/model.js';
import type { PlanFile, PlanHandler, PlanItem } from '../plan/machine.js';

export interface LoweredItem {
  readonly item: PlanItem;
  readonly obj: Obj;
  readonly order: number;
  /** Texts that its steps copy. */
  readonly files: ReadonlyMap<string, PlanFile>;
}

export interface LoweredWithHandlers extends LoweredItem {
  /** What its changes set off. */
  readonly handlers: readonly PlanHandler[];
}
