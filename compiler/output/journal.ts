/**
 * The journal of one build: what is to be moved where, written when everything is staged and before anything is moved.
 * With it a build that was cut short can be finished or undone from wherever it stopped, and either can be cut short
 * again: every step looks at what is there before it acts. Paths are relative to the folder that holds the outputs.
 */
import type { Disk } from '../host/disk.js';
import { HostError, type Fault } from '../host/host.js';
import { joinPath, parentPath } from '../host/paths.js';
import { isInside, isRecord, parseJson } from './manifest.js';

export const journalName = 'journal.json';
/** Says that the build is being undone; the journal is then never followed forward again. */
export const undoName = 'undo';

export type Step =
  /** Moves `from` over `to`; `backup` is a copy of what stood there. */
  | { readonly do: 'write'; readonly from: string; readonly to: string; readonly backup: string | null; readonly sha256: string }
  /** Moves `to` out of the way. */
  | { readonly do: 'remove'; readonly to: string; readonly trash: string };

export interface Journal {
  /** The folder that is written: `home`. */
  readonly output: string;
  /** Folders to make, the outermost first. */
  readonly folders: readonly string[];
  readonly steps: readonly Step[];
}

export function printJournal(journal: Journal): string {
  return `${JSON.stringify(journal)}\n`;
}

/**
 * Undefined for a text that is no journal of labc for the output `output`. A repository may come with a forged one, so
 * nothing but files below the output and the lock beside the sources may be named.
 */
export function parseJournal(text: string, output: string, stage: string): Journal | undefined {
  const json = parseJson(text);
  if (!isRecord(json) || json['output'] !== output || !Array.isArray(json['folders']) || !Array.isArray(json['steps'])) return undefined;
  const within = (folder: string, path: unknown): path is string => typeof path === 'string' && isInside(path) && path.startsWith(`${folder}/`);
  const isStep = (step: unknown): step is Step => {
    if (!isRecord(step)) return false;
    if (step['do'] === 'remove') return within(output, step['to']) && within(stage, step['trash']);
    const { from, to, backup, sha256 } = step;
    if (step['do'] !== 'write' || typeof sha256 !== 'string' || typeof to !== 'string') return false;
    const beside = besideLock(to, stage);
    if (beside !== undefined) return from === beside && (backup === null || backup === `${beside}.old`);
    return within(output, to) && within(stage, from) && (backup === null || within(stage, backup));
  };
  const isFolder = (folder: unknown): folder is string => folder === output || within(output, folder);
  const { folders, steps } = json;
  return folders.every(isFolder) && steps.every(isStep) ? { output, folders, steps } : undefined;
}

/** Where the new text of a lock waits: beside it, since the sources may lie on another file system. Undefined for other files. */
export function besideLock(to: string, stage: string): string | undefined {
  return to.endsWith('/lab.lock') ? `${to.slice(0, -'lab.lock'.length)}${stage}-lock` : undefined;
}

/** No folder that the steps go through is a link that leads elsewhere. */
export function isConfined(disk: Disk, base: string, journal: Journal): boolean {
  const folders = new Set(journal.steps.map((step) => joinPath(base, parentPath(step.to))));
  return [...folders].every((folder) => !exists(disk, folder) || disk.realPath(folder) === folder);
}

/**
 * Moves everything in place that is not there yet, in order. `base` is the folder that holds the outputs; `begun` says
 * that a part of it may be done already, which costs a look at each step.
 */
export function finish(disk: Disk, base: string, journal: Journal, begun: boolean): void {
  const at = (path: string): string => joinPath(base, path);
  for (const folder of journal.folders) unless('exists', () => disk.createFolder(at(folder)));
  for (const step of journal.steps) {
    if (step.do === 'write') {
      if (!begun || exists(disk, at(step.from))) disk.rename(at(step.from), at(step.to));
    } else if (!begun || (exists(disk, at(step.to)) && !exists(disk, at(step.trash)))) disk.rename(at(step.to), at(step.trash));
  }
}

/** Removes the folders that became empty. Only a courtesy, so a refusal is no fault. */
export function tidy(disk: Disk, base: string, journal: Journal): void {
  for (const step of journal.steps) {
    if (step.do !== 'remove') continue;
    for (let folder = parentPath(step.to); folder !== journal.output && folder !== '.'; folder = parentPath(folder)) {
      const path = joinPath(base, folder);
      if (!tried(() => exists(disk, path) && disk.removeFolder(path))) break;
    }
  }
}

/** Moves everything back, in reverse. */
export function undo(disk: Disk, base: string, journal: Journal): void {
  const at = (path: string): string => joinPath(base, path);
  for (const step of [...journal.steps].reverse()) {
    if (step.do === 'write') {
      if (!exists(disk, at(step.from)) && exists(disk, at(step.to))) disk.rename(at(step.to), at(step.from));
      if (step.backup !== null && !exists(disk, at(step.to)) && exists(disk, at(step.backup))) disk.rename(at(step.backup), at(step.to));
    } else if (!exists(disk, at(step.to)) && exists(disk, at(step.trash))) disk.rename(at(step.trash), at(step.to));
  }
  for (const folder of [...journal.folders].reverse()) if (exists(disk, at(folder))) unless('not-empty', () => disk.removeFolder(at(folder)));
}

/** Every staged file that still waits is whole: a machine that lost power may hold half of one. */
export function isSound(disk: Disk, base: string, journal: Journal): boolean {
  return journal.steps.every((step) => {
    if (step.do !== 'write' || !exists(disk, joinPath(base, step.from))) return true;
    return disk.sha256(disk.read(joinPath(base, step.from))) === step.sha256;
  });
}

export function exists(disk: Disk, path: string): boolean {
  return disk.stat(path) !== undefined;
}

/** Whether `act` was possible. */
export function tried(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof HostError) return false;
    throw error;
  }
}

function unless(fault: Fault, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof HostError) || error.fault !== fault) throw error;
  }
}
