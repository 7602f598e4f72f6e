/** `labc check`: reports what is wrong and writes nothing. */
import type { Options } from '../args.js';
import { checkLabs } from '../labs.js';
import { counted, type Report } from '../report.js';
import type { World } from '../world.js';

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  const labs = await checkLabs(world, operands, options, report);
  for (const { root, plan } of labs) {
    if (plan === undefined) continue;
    const counts = [counted(plan.machines.length, 'machine'), counted(plan.instances.length, 'instance'), counted(plan.networks.length, 'network')];
    report.say(`${root}: no errors in ${counts.join(', ')}\n`);
    for (const note of plan.notes) report.say(`  note: ${note.text} (${note.origin.file.startsWith('stdlib/') ? '' : `${root}/`}${note.origin.file}:${note.origin.line})\n`);
  }
  report.set('labs', labs.map(({ root, plan }) => ({
    source: root, lab: plan?.lab.name ?? null, checked: plan !== undefined,
    machines: plan?.machines.length ?? null, instances: plan?.instances.length ?? null, notes: plan?.notes ?? [],
  })));
}
