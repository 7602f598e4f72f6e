/**
 * The stage: a folder beside the output, `out/.labc-stage-<lab>`, in which a build prepares everything it will move.
 * It belongs to one process at a time; a stage without a journal is waste, one with a journal is a promise.
 */
import type { Disk } from '../host/disk.js';
import { attempt, HostError } from '../host/host.js';
import { baseName, joinPath } from '../host/paths.js';
import { exists, finish, isConfined, isSound, journalName, parseJournal, tidy, tried, undo, undoName, type Journal } from './journal.js';
import { isRecord, parseJson } from './manifest.js';

export const stagePrefix = '.labc-stage-';
export const ownerName = 'owner.json';

/** Who writes, and what lies outside the stage: files beside the sources that must go with it. */
export interface Owner {
  readonly process: string;
  /** Relative to the folder that holds the outputs. */
  readonly beside: readonly string[];
}

export function stageName(lab: string): string {
  return `${stagePrefix}${lab}`;
}

export function printOwner(owner: Owner): string {
  return `${JSON.stringify(owner)}\n`;
}

/** The process that works in a stage, if another one that still runs does. */
export function runningOwner(disk: Disk, stage: string): string | undefined {
  const owner = ownerOf(disk, stage);
  return owner !== undefined && owner.process !== disk.process && disk.isRunning(owner.process) ? owner.process : undefined;
}

export type Settled = 'finished' | 'undone' | 'cleared';

/** Finishes or undoes what a build left behind in `stage`, and removes it. Throws `HostError` where that is impossible; the stage then stays. */
export function settle(disk: Disk, base: string, stage: string): Settled {
  const journal = readJournal(disk, stage);
  let outcome: Settled = 'cleared';
  if (journal !== undefined && isConfined(disk, base, journal)) {
    if (!exists(disk, joinPath(stage, undoName)) && isSound(disk, base, journal) && tried(() => finish(disk, base, journal, true))) {
      tidy(disk, base, journal);
      outcome = 'finished';
    } else {
      takeBack(disk, base, stage);
      outcome = 'undone';
    }
  }
  discard(disk, base, stage);
  return outcome;
}

/** Undoes what the journal of `stage` moved. */
export function takeBack(disk: Disk, base: string, stage: string): void {
  const journal = readJournal(disk, stage);
  if (journal === undefined) return;
  if (!exists(disk, joinPath(stage, undoName))) disk.write(joinPath(stage, undoName), new Uint8Array(), false);
  undo(disk, base, journal);
}

/** Removes the stage: the journal first, so that what is left in between is waste; the owner last, since it names what lies elsewhere. */
export function discard(disk: Disk, base: string, stage: string): void {
  const entries = attempt(() => disk.list(stage));
  if (entries instanceof HostError) {
    if (entries.fault === 'missing') return;
    throw entries;
  }
  if (exists(disk, joinPath(stage, journalName))) disk.remove(joinPath(stage, journalName));
  for (const path of ownerOf(disk, stage)?.beside ?? []) if (exists(disk, joinPath(base, path))) disk.remove(joinPath(base, path));
  for (const entry of entries) if (entry.name !== journalName && entry.name !== ownerName) disk.remove(joinPath(stage, entry.name));
  if (exists(disk, joinPath(stage, ownerName))) disk.remove(joinPath(stage, ownerName));
  disk.removeFolder(stage);
}

function readJournal(disk: Disk, stage: string): Journal | undefined {
  const path = joinPath(stage, journalName);
  const name = baseName(stage);
  return exists(disk, path) ? parseJournal(decode(disk.read(path)), name.slice(stagePrefix.length), name) : undefined;
}

function ownerOf(disk: Disk, stage: string): Owner | undefined {
  const bytes = attempt(() => disk.read(joinPath(stage, ownerName)));
  const json = bytes instanceof HostError ? undefined : parseJson(decode(bytes));
  if (!isRecord(json) || typeof json['process'] !== 'string' || !Array.isArray(json['beside'])) return undefined;
  return { process: json['process'], beside: json['beside'].filter((path) => typeof path === 'string' && isBeside(path, baseName(stage))) };
}

/** A repository may come with a forged owner: only the staged lock may be named. */
function isBeside(path: string, stage: string): boolean {
  return path.endsWith(`/${stage}-lock`) || path.endsWith(`/${stage}-lock.old`);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
