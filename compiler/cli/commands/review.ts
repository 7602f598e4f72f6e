/** `labc review [REV]`: what the edits since a Git revision do to what runs. Reads the repository and writes nothing. */
import { sourcePath } from '../../base/library-file.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { wrap } from '../../diagnostics/terminal-text.js';
import type { Host } from '../../host/host.js';
import type { Plan } from '../../plan/plan.js';
import { collectLab } from '../../sources/collect.js';
import type { Finding } from '../../review/finding.js';
import type { Options } from '../args.js';
import type { Compiler } from '../compiler.js';
import { folderAt, resolveRevision, type Commit } from '../git-history.js';
import { checkLabs, type CheckedLab } from '../labs.js';
import type { Report } from '../report.js';
import { reviewCodes, type World } from '../world.js';

const nowhere = { file: '', start: 0, end: 0 };

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<number> {
  const [revision = 'HEAD', ...paths] = operands;
  if (revision.startsWith('-')) {
    report.add([faults.create.revisionOption(nowhere, { revision })]);
    return reviewCodes.in_place;
  }
  const labs = (await checkLabs(world, paths, options, report, { mend: false, warn: false })).filter((lab) => lab.plan !== undefined);
  const json: unknown[] = [];
  let worst = 0;
  for (const lab of labs) {
    const old = await planAt(world, lab, revision);
    if ('diagnostic' in old) {
      report.add([old.diagnostic]);
      if (old.diagnostic.severity === 'note') json.push({ source: lab.root, lab: lab.plan?.lab.name, revision, isNew: true });
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
  report.set('labs', json);
  return worst;
}

/** What concerns every lab alike is said once. */
function repeats(diagnostic: Diagnostic): boolean {
  return ['LAB9024', 'LAB9025', 'LAB9026'].includes(diagnostic.code);
}

async function planAt(world: World, lab: CheckedLab, revision: string): Promise<{ readonly plan: Plan; readonly commit: Commit } | { readonly diagnostic: Diagnostic }> {
  const commit = resolveRevision(world.programs, lab.root, revision);
  if ('code' in commit) return { diagnostic: commit };
  const folder = folderAt(world.programs, lab.root, commit);
  if (folder !== undefined && 'code' in folder) return { diagnostic: folder };
  const isNew = { diagnostic: faults.create.labIsNew(nowhere, { lab: lab.root, revision }) };
  if (folder === undefined) return isNew;
  return compileOld(await world.parts.compiler(), folder, lab.root, revision) ?? isNew;

  function compileOld(compiler: Compiler, host: Host, root: string, at: string) {
    const collected = collectLab(host, root);
    if (collected.sources.files.length === 0 && collected.diagnostics.length === 0) return undefined;
    const result = compiler.check(collected.sources);
    const errors = [...collected.diagnostics, ...result.diagnostics].filter((diagnostic) => diagnostic.severity === 'error');
    const [first] = errors;
    if (first === undefined && result.plan !== undefined) return { plan: result.plan, commit: commit as Commit };
    const reason = first === undefined ? 'it makes no plan' : `${first.code}, ${first.message}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}`;
    return { diagnostic: faults.create.oldLabBroken(nowhere, { lab: root, revision: at, reason }) };
  }
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
