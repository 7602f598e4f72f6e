/** Captured appliances: what the recipe needs to copy the root disk of a machine into a new version of its image. */
import type { PlanCapture, PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';

export interface CaptureSettings extends PlanCapture {
  readonly vmid: number;
  readonly node: string;
  readonly address: string;
}

/** Null where no image is captured from the machine. */
export function captureSettings(plan: Plan, { guest, capture }: PlanMachine): CaptureSettings | null {
  if (guest === null || capture === undefined || capture === null) return null;
  const node = plan.clusters.find((cluster) => cluster.name === guest.cluster)?.nodes.find(({ name }) => name === guest.node);
  return node === undefined ? null : { ...capture, vmid: guest.vmid, node: node.name, address: node.address };
}
