/** The machines that Terraform makes, each with its image. Metal, devices and foreign appliances are none of its business. */
import type { PlanGuest, PlanMachine } from '../../plan/machine.js';
import type { Plan, PlanImage } from '../../plan/plan.js';
import { present } from './header.js';

export interface Guest {
  readonly machine: PlanMachine;
  readonly guest: PlanGuest;
  readonly image: PlanImage | null;
}

export function guestsOf(plan: Plan): readonly Guest[] {
  const images = new Map(plan.images.map((image) => [image.key, image]));
  return plan.machines.flatMap((machine) => {
    const guest = machine.guest;
    if (guest === null) return [];
    const image = guest.image === null ? null : present(images.get(guest.image) ?? null, `the image ${guest.image}`);
    return [{ machine, guest, image }];
  });
}
