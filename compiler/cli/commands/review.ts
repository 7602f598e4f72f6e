/** `labc review [REV]`: what the edits since a Git revision do to what runs. Reads the repository and writes nothing. */
import { sourcePath } from '../../base/library-file.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { wrap } from '../../diagnostics/terminal-text.js';
import type { Host } from '../../host/host.js';
import { isWithin, normalPath, parentPath } from '../../host/paths.js';
import type { PlanMachine } from '../../plan/machine.js';
import type { Plan } from '../../plan/plan.js';
import { collectLab } from '../../sources/collect.js';
import { findLabs } from '../../sources/find-labs.js';
import type { Finding } from '../../review/finding.js';
import type { Options } from '../args.js';
import type { Compiler } from '../compiler.js';
import { deletedSources, folderAt, resolveRevision, type Commit } from '../git-history.js';
import { checkLabs, type CheckedLab } from '../labs.js';
import { counted, type Report } from '../report.js';
import { reviewCodes, type World } from '../world.js';

const nowhere = { file: '', start: 0, end: 0 };

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<number> {
  const [revision = 'HEAD', ...paths] = operands;
  if (revision.startsWith('-')) {
    report.add([faults.create.revisionOption(nowhere, { revision })]);
    return reviewCodes.in_place;
  }
  const gone = await goneLabs(world, paths, revision);
  const here = paths.filter((path) => !gone.some(({ root }) => isWithin(normalPath(path), root) && world.disk.stat(path) === undefined));
  const labs = paths.length > 0 && here.length === 0 ? [] : (await checkLabs(world, here, options, report, { mend: false, warn: false })).filter((lab) => lab.plan !== undefined);
  const moved = (name: string | undefined): OldLab | undefined => gone.find((old) => 'plan' in old && old.plan.lab.name === name);
  const json: unknown[] = [];
  let worst = 0;
  for (const lab of labs) {
    const inPlace = await planAt(world, lab, revision);
    const old = isNew(inPlace) ? moved(lab.plan?.lab.name) ?? inPlace : inPlace;
    if ('diagnostic' in old) {
      report.add([old.diagnostic]);
      if (isNew(old)) json.push({ source: lab.root, lab: lab.plan?.lab.name, revision, isNew: true });
      else if (lab.plan !== undefined && repeats(old.diagnostic)) break;
      continue;
    }
    const { reviewPlans, reviewText, reviewMarkdown } = await world.parts.review();
    const review = reviewPlans(old.plan, lab.plan!, whereOf(lab));
    const since = { source: lab.root, revision, commit: old.commit.id.slice(0, 7) };
    const screen = { colour: world.stdout.colour, width: world.stdout.width, wrap };
    report.say(options.has('markdown') ? reviewMarkdown(review, since, options.has('all')) : reviewText(review, since, options.has('all'), screen));
    const exit = review.worst === null ? 0 : reviewCodes[review.worst];
    worst = Math.max(worst, exit);
    json.push({
      source: lab.root, lab: lab.plan!.lab.name, revision, commit: old.commit.id, worst: review.worst, exit,
      findings: review.findings.map((one) => findingJson(one, lab.root)), steps: review.steps,
    });
  }
  const names = new Set(labs.map((lab) => lab.plan?.lab.name));
  for (const old of gone) {
    if ('plan' in old && names.has(old.plan.lab.name)) continue;
    if ('plan' in old && machinesOf(old.plan).length === 0) {
      report.say(`${old.root} since ${revision}: gone, and it had no machines\n`);
      continue;
    }
    report.add(['plan' in old ? faults.create.labGone(nowhere, { lab: old.root, revision, left: leftBy(old.plan) }) : old.diagnostic]);
    json.push({ source: old.root, lab: 'plan' in old ? old.plan.lab.name : null, revision, isGone: true });
  }
  report.set('labs', json);
  return worst;
}

/** A lab as it was, or why there is none to compare with. */
type Old = { readonly plan: Plan; readonly commit: Commit } | { readonly diagnostic: Diagnostic };
type OldLab = Old & { readonly root: string };

function isNew(old: Old): boolean {
  return 'diagnostic' in old && old.diagnostic.severity === 'note';
}

/** What concerns every lab alike is said once. */
function repeats(diagnostic: Diagnostic): boolean {
  return ['LAB9024', 'LAB9025', 'LAB9026'].includes(diagnostic.code);
}

async function planAt(world: World, lab: CheckedLab, revision: string): Promise<Old> {
  const commit = resolveRevision(world.programs, lab.root, revision);
  if ('code' in commit) return { diagnostic: commit };
  const folder = folderAt(world.programs, lab.root, commit);
  if (folder !== undefined && 'code' in folder) return { diagnostic: folder };
  return (folder === undefined ? undefined : compileOld(await world.parts.compiler(), folder, lab.root, revision, commit))
    ?? { diagnostic: faults.create.labIsNew(nowhere, { lab: lab.root, revision }) };
}

/** Undefined where the folder held no lab. */
function compileOld(compiler: Compiler, host: Host, root: string, revision: string, commit: Commit): Old | undefined {
  const collected = collectLab(host, root);
  if (collected.sources.files.length === 0 && collected.diagnostics.length === 0) return undefined;
  const result = compiler.check(collected.sources);
  const errors = [...collected.diagnostics, ...result.diagnostics].filter((diagnostic) => diagnostic.severity === 'error');
  const [first] = errors;
  if (first === undefined && result.plan !== undefined) return { plan: result.plan, commit };
  const reason = first === undefined ? 'it makes no plan' : `${first.code}, ${first.message}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}`;
  return { diagnostic: faults.create.oldLabBroken(nowhere, { lab: root, revision, reason }) };
}

/** Labs of the revision at or below the paths whose folders hold no lab now. */
async function goneLabs(world: World, paths: readonly string[], revision: string): Promise<readonly OldLab[]> {
  const gone = new Map<string, OldLab>();
  for (const path of (paths.length === 0 ? ['labs'] : paths).map(normalPath)) {
    let base = path;
    while (base !== '.' && base !== '/' && world.disk.stat(base)?.type !== 'folder') base = parentPath(base);
    const commit = resolveRevision(world.programs, base, revision);
    if ('code' in commit || !deletedSources(world.programs, base, commit).some((file) => isWithin(path, file))) continue;
    const folder = folderAt(world.programs, base, commit);
    if (folder === undefined || 'code' in folder) continue;
    const now = findLabs(world.disk, [path]).value;
    for (const root of findLabs(folder, [path]).value) {
      if (now.includes(root) || gone.has(root)) continue;
      const old = compileOld(await world.parts.compiler(), folder, root, revision, commit);
      if (old !== undefined) gone.set(root, { ...old, root });
    }
  }
  return [...gone.values()];
}

/** Machines that labc made or converged. */
function machinesOf(plan: Plan): readonly PlanMachine[] {
  return plan.machines.filter(({ guest, converge }) => guest !== null || converge !== null);
}

/** `1 machine (box), with the kept disk data of box and the data of vaultwarden`. */
function leftBy(plan: Plan): string {
  const machines = machinesOf(plan);
  const disks = machines.flatMap(({ name, guest }) => (guest?.disks ?? []).filter(({ keep }) => keep).map((disk) => `the kept disk \`${disk.name}\` of \`${name}\``));
  const owners = [...machines, ...plan.instances].filter(({ states }) => states.some(({ disposable }) => disposable === null)).map(({ name }) => `the data of \`${name}\``);
  const held = [...disks, ...owners];
  const named = `${counted(machines.length, 'machine')} (${machines.map(({ name }) => `\`${name}\``).join(', ')})`;
  return held.length === 0 ? named : `${named}, with ${held.join(', ')}`;
}

/** The statement that won, as `labc why` finds it. */
function whereOf(lab: CheckedLab) {
  return (path: string) => {
    const step = lab.result.why(path)?.said[0];
    return step === undefined || step.rank === 'default' ? undefined : { file: step.file, line: step.line, rank: step.rank };
  };
}

function findingJson(finding: Finding, root: string): unknown {
  const { origin, ...rest } = finding;
  return { ...rest, place: origin === null ? null : { file: sourcePath(root, origin.file), line: origin.line } };
}
