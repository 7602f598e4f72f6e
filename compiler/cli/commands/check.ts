/** `labc check`: reports what is wrong and writes nothing; `--frozen` also asks whether what was built is what the sources say. */
import { sourcePath } from '../../base/library-file.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { joinPath } from '../../host/paths.js';
import { frozenDifferences, type Difference } from '../../output/frozen.js';
import { lockFileName } from '../../sources/lab-sources.js';
import type { Options } from '../args.js';
import { checkLabs, outFolder, type CheckedLab } from '../labs.js';
import { counted, type Report } from '../report.js';
import type { World } from '../world.js';

/** So many differences are named. */
const named = 3;

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  const frozen = options.has('frozen');
  const labs = await checkLabs(world, operands, options, report, { mend: !frozen, warn: !frozen });
  const differences = frozen ? await compare(world, labs, outFolder(options), report) : undefined;
  for (const lab of labs) {
    const { root, plan } = lab;
    if (plan === undefined) continue;
    const counts = [counted(plan.machines.length, 'machine'), counted(plan.instances.length, 'instance'), counted(plan.networks.length, 'network')];
    if (frozen) {
      if (differences?.get(root)?.length === 0) report.say(`${root}: ${joinPath(outFolder(options), plan.lab.name)} is what it produces\n`);
      continue;
    }
    report.say(`${root}: no errors in ${counts.join(', ')}\n`);
    for (const note of plan.notes) report.say(`  note: ${note.text} (${sourcePath(root, note.origin.file)}:${note.origin.line})\n`);
  }
  report.set('labs', labs.map(({ root, plan }) => ({
    source: root, lab: plan?.lab.name ?? null, checked: plan !== undefined,
    machines: plan?.machines.length ?? null, instances: plan?.instances.length ?? null, notes: plan?.notes ?? [],
    ...(frozen ? { frozen: differences?.get(root)?.length === 0, differences: differences?.get(root) ?? [] } : {}),
  })));
}

/** Differences by lab; each lab that has some is one diagnostic. The emitters are loaded for this alone. */
async function compare(world: World, labs: readonly CheckedLab[], out: string, report: Report): Promise<ReadonlyMap<string, readonly Difference[]>> {
  const found = new Map<string, readonly Difference[]>();
  if (labs.every((lab) => lab.plan === undefined)) return found;
  const emit = await world.parts.emit();
  for (const { root, plan, result } of labs) {
    if (plan === undefined) continue;
    const build = { lab: plan.lab.name, source: root, files: emit(plan), lock: { path: joinPath(root, lockFileName), text: result.lock ?? '' } };
    const differences = frozenDifferences(world.disk, build, out);
    found.set(root, differences);
    if (differences.length > 0) report.add([fault(joinPath(out, plan.lab.name), root, differences)]);
  }
  return found;
}

const words: Readonly<Record<Difference['is'], string>> = {
  missing: 'is missing', edited: 'was edited', outdated: 'is out of date', unbuilt: 'is no longer built',
  unreadable: 'cannot be read', interrupted: 'holds a build that was cut short',
};

function fault(output: string, source: string, differences: readonly Difference[]): Diagnostic {
  const shown = differences.slice(0, named).map(({ path, is }) => `${path} ${words[is]}`);
  const rest = differences.length - shown.length;
  const edited = differences.some(({ is }) => is === 'edited');
  const help = edited ? `write into the sources what was edited by hand and run \`labc build ${source}\`, or give it up with \`labc build ${source} --force\`` : `run \`labc build ${source}\``;
  return faults.create.notFrozen({ file: '', start: 0, end: 0 }, { output, source, help, differences: [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join(', ') });
}
