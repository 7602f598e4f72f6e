/**
 * What makes a new image rebuild a machine. The provider reads `import_from` only when it makes the disk, so a
 * promotion alone changes nothing that runs; the generation turns it into a replacement of exactly the machines on it.
 */
import type { HclBlock, HclRef } from '../../bindings/hcl-value.js';
import { hclRef } from '../../bindings/hcl-value.js';
import { terraformData } from '../../bindings/terraform-blocks.js';
import type { PlanMachine } from '../../plan/machine.js';
import type { PlanImage } from '../../plan/plan.js';
import { generationLabelOf } from './header.js';

/** An image is what it holds: another name for it replaces nothing. `input` and not `triggers_replace`: OpenTofu before 1.12 does not see that a referenced resource is replaced. */
export function generation(machine: PlanMachine, image: PlanImage): HclBlock {
  const { algorithm, value } = image.checksum;
  return terraformData(
    generationLabelOf(machine.name),
    { input: { version: image.version, [algorithm]: value } },
    { comment: `Promoting ${image.image} changes this value, and this value replaces ${machine.name}.` },
  );
}

export function generationRef(machine: PlanMachine): HclRef {
  return hclRef('terraform_data', generationLabelOf(machine.name));
}
