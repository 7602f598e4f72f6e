/** `labc lock`: what lab.lock holds, in groups; `--forget NAME` ends the memory of what was retired or moved. Reads no source. */
import { parseLock, printLock } from '../../allocation/lock.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import { identity } from '../../diagnostics/catalogue/identity.js';
import { attempt, HostError, reason } from '../../host/host.js';
import { joinPath } from '../../host/paths.js';
import { forget, forgetHelp, listLock, type Listed } from '../../identity/listing.js';
import { replaceFile } from '../../output/replace-file.js';
import { collectLab } from '../../sources/collect.js';
import { findLabs, place } from '../../sources/find-labs.js';
import { lockFileName } from '../../sources/lab-sources.js';
import type { Options } from '../args.js';
import { viewOf } from '../labs.js';
import { counted, type Report } from '../report.js';
import type { World } from '../world.js';

export function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<void> {
  const found = findLabs(world.disk, operands.length === 0 ? ['labs'] : operands);
  report.add(found.diagnostics);
  const labs = found.value.map((root) => {
    const collected = collectLab(world.disk, root);
    const lock = parseLock(collected.sources.lock ?? '', lockFileName);
    report.add(lock.diagnostics, viewOf(collected, () => undefined));
    return { root, lock: lock.value, whole: lock.diagnostics.length === 0, built: collected.sources.lock !== undefined };
  });
  const name = options.text('forget');
  if (name === undefined) {
    for (const { root, lock, built } of labs) report.say(built ? listing(root, listLock(lock)) : `${root}: no lab.lock, it was never built\n`);
    report.set('labs', labs.map(({ root, lock }) => ({ source: root, facts: listLock(lock) })));
    return Promise.resolve();
  }
  // A lock that cannot be read in full would lose what was not understood.
  if (report.hasErrors || labs.length === 0) return Promise.resolve();
  const knowing = labs.flatMap((lab) => {
    const without = forget(lab.lock, name);
    return without === undefined ? [] : [{ ...lab, without }];
  });
  if (knowing.length === 0) report.add([identity.create.nothingToForget({ file: '', start: 0, end: 0 }, { name, help: forgetHelp(labs.map((lab) => lab.lock), name) })]);
  for (const { root, without } of knowing) {
    const path = joinPath(root, lockFileName);
    const done = attempt(() => replaceFile(world.disk, path, printLock(without)));
    if (done instanceof HostError) report.add([faults.create.writeFailed(place(done.path), { output: path, path: done.path, reason: reason(done) })]);
    else report.say(`${root}: \`${name}\` is forgotten; remove what the sources still say of it, then build\n`);
  }
  report.set('labs', knowing.map(({ root }) => ({ source: root, forgotten: name })));
  return Promise.resolve();
}

function listing(root: string, listed: readonly Listed[]): string {
  const lines = [`${root}: ${counted(listed.length, 'fact')}`];
  let group = '';
  let subject = '';
  for (const fact of listed) {
    if (fact.group !== group) lines.push(`  ${(group = fact.group)}`);
    if (`${group} ${fact.subject}` !== subject) {
      subject = `${group} ${fact.subject}`;
      lines.push(`    ${fact.subject}`);
    }
    lines.push(`      ${fact.kind.padEnd(8)} ${[fact.part, fact.values.filter((value) => value !== '').join(', ')].filter((text) => text !== '').join('  ')}`);
  }
  return `${lines.join('\n')}\n`;
}
