/** `labc fmt`: formats files in place, or says with `--check` which it would change. */
import { host as faults } from '../../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { attempt, HostError, reason } from '../../host/host.js';
import { joinPath, normalPath, parentPath } from '../../host/paths.js';
import { recover } from '../../output/recover.js';
import { collectLab } from '../../sources/collect.js';
import { findLabs, place } from '../../sources/find-labs.js';
import type { Options } from '../args.js';
import { outFolder, viewOf } from '../labs.js';
import { counted, plainView, type Report } from '../report.js';
import type { World } from '../world.js';

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  report.add(recover(world.disk, outFolder(options)));
  const single = operands.map(normalPath).filter((path) => path.endsWith('.lab') && isFile(world, path));
  const folders = operands.map(normalPath).filter((path) => !single.includes(path));
  const found = operands.length === 0 ? findLabs(world.disk, ['labs']) : findLabs(world.disk, folders);
  report.add(found.diagnostics);
  const format = await world.parts.format();
  const changed: string[] = [];
  let count = 0;
  for (const root of new Set([...found.value, ...single.map(parentPath)])) {
    const collected = collectLab(world.disk, root);
    const view = viewOf(collected, () => undefined);
    const wanted = (path: string): boolean => found.value.includes(root) || single.includes(joinPath(root, path));
    report.add(collected.diagnostics.filter((diagnostic) => wanted(diagnostic.span.file)), view);
    for (const file of collected.sources.files) {
      if (!wanted(file.path)) continue;
      count++;
      const path = joinPath(root, file.path);
      const formatted = format(file.text, file.path);
      report.add(formatted.diagnostics, view);
      if (formatted.text !== file.text) {
        changed.push(path);
        if (options.has('check')) report.add([faults.create.notFormatted(place(path), { path })]);
        else report.add(rewrite(world, path, formatted.text), plainView);
      }
    }
  }
  const verb = options.has('check') ? 'would change' : 'formatted';
  if (!options.has('check')) for (const path of changed) report.say(`${path}\n`);
  if (count > 0) report.say(`${counted(count, 'file')}, ${changed.length} ${verb}\n`);
  report.set('files', count);
  report.set('changed', changed);
}

function isFile(world: World, path: string): boolean {
  const stat = attempt(() => world.disk.stat(path));
  return !(stat instanceof HostError) && stat?.type === 'file';
}

/** Replaces the file in one step, so that a kill leaves the old text or the new one. */
function rewrite(world: World, path: string, text: string): readonly Diagnostic[] {
  const { disk } = world;
  const beside = `${parentPath(path)}/.labc-fmt-${disk.process}`;
  const done = attempt(() => {
    disk.write(beside, new TextEncoder().encode(text), disk.stat(path)?.executable === true);
    disk.rename(beside, disk.realPath(path));
  });
  if (!(done instanceof HostError)) return [];
  attempt(() => disk.remove(beside));
  return [faults.create.writeFailed(place(path), { output: path, path: done.path, reason: reason(done) })];
}
