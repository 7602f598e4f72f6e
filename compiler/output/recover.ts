/** The first thing every command does: what a killed build left half written below `out/` is finished or undone. */
import { compareText } from '../base/text.js';
import { host as faults } from '../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Disk } from '../host/disk.js';
import { attempt, HostError, reason } from '../host/host.js';
import { joinPath } from '../host/paths.js';
import { runningOwner, settle, stagePrefix } from './stage.js';

/** Notes on what was done; errors where it could not be done. Stages of builds that still run are left alone. */
export function recover(disk: Disk, out: string): readonly Diagnostic[] {
  const entries = attempt(() => disk.list(out));
  if (entries instanceof HostError) return [];
  const diagnostics: Diagnostic[] = [];
  for (const { name, type } of [...entries].sort((a, b) => compareText(a.name, b.name))) {
    if (type !== 'folder' || !name.startsWith(stagePrefix)) continue;
    const stage = joinPath(out, name);
    const output = joinPath(out, name.slice(stagePrefix.length));
    if (runningOwner(disk, stage) !== undefined) continue;
    const place = { file: output, start: 0, end: 0 };
    const settled = attempt(() => settle(disk, disk.realPath(out), stage));
    if (settled instanceof HostError) diagnostics.push(faults.create.halfWritten(place, { output, path: settled.path, reason: reason(settled) }));
    else if (settled !== 'cleared') diagnostics.push(faults.create.buildFinished(place, { output, outcome: settled === 'finished' ? 'finished' : 'taken back' }));
  }
  return diagnostics;
}
