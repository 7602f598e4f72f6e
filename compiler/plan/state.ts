/** States: folders whose data must survive, of a container or of a capability. */
import type { Origin } from './data.js';

export interface PlanState {
  readonly name: string;
  /** Of an instance; of a machine the capability that asks for it. */
  readonly container: string;
  /** Path on the machine. */
  readonly path: string;
  readonly quiesce: string;
  readonly disposable: string | null;
  readonly repository: string | null;
  readonly origin: Origin;
}
