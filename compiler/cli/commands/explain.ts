/** `labc explain CODE`: the page of a diagnostic; without a code the list of all. */
import { suggest } from '../../base/suggest.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import { catalogue, findEntries } from '../../diagnostics/catalogue/index.js';
import { explain, pattern } from '../../diagnostics/explain.js';
import type { Options } from '../args.js';
import type { Report } from '../report.js';
import type { World } from '../world.js';

export async function run(world: World, operands: readonly string[], _options: Options, report: Report): Promise<void> {
  const code = operands[0];
  if (code === undefined) {
    for (const { entry, slug } of catalogue()) report.say(`${entry.code}  ${slug}\n`);
    report.set('entries', catalogue().map(({ entry, slug }) => ({ code: entry.code, slug, severity: entry.severity, message: pattern(entry.message) })));
    return;
  }
  const found = findEntries(code);
  if (found.length === 0) {
    const near = suggest(code, catalogue().flatMap(({ entry, slug }) => [entry.code, slug]))[0];
    const help = near === undefined ? {} : { help: `did you mean \`labc explain ${near}\`?` };
    report.add([faults.create.unknownCode({ file: '', start: 0, end: 0 }, { code }, help)]);
    return;
  }
  report.say(found.map((listed) => explain(listed, world.stdout)).join('\n'));
  report.set('entries', found.map(({ entry, slug }) => ({
    code: entry.code, slug, severity: entry.severity, message: pattern(entry.message),
    help: entry.help === undefined ? null : pattern(entry.help), explain: entry.explain,
  })));
}
