/** `labc escapes`: everything that goes around the language: raw fragments, `ensure` steps, declined contracts. */
import { sourcePath } from '../../base/library-file.js';
import type { Options } from '../args.js';
import { checkLabs } from '../labs.js';
import { counted, type Report } from '../report.js';
import type { World } from '../world.js';

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  const labs = (await checkLabs(world, operands, options, report, { warn: false })).filter((lab) => lab.plan !== undefined);
  for (const { root, plan } of labs) {
    const escapes = plan?.escapes ?? [];
    report.say(`${root}: ${counted(escapes.length, 'escape')}\n`);
    const kind = Math.max(0, ...escapes.map((escape) => escape.kind.length));
    const where = Math.max(0, ...escapes.map((escape) => escape.where.length));
    for (const escape of escapes) {
      const { file, line } = escape.origin;
      const place = `${sourcePath(root, file)}:${line}`;
      report.say(`  ${escape.kind.padEnd(kind)}  ${escape.where.padEnd(where)}  ${escape.what}  (${place})\n`);
    }
  }
  report.set('labs', labs.map(({ root, plan }) => ({ source: root, lab: plan?.lab.name, escapes: plan?.escapes ?? [] })));
}
