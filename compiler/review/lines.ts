/** Findings as the few lines that a person reads: one for each machine and impact, machines that change alike together. */
import { sourcePath } from '../base/library-file.js';
import { IMPACTS, type Impact } from '../impact/impact.js';
import type { AffectedData, Finding, Review } from './finding.js';
import { sizeText } from './words.js';

export interface Line {
  /** `carrie`, `carrie, misery and 3 more`, `lab`. */
  readonly who: string;
  readonly impact: Impact;
  readonly text: string;
  /** What becomes of data, loud where nothing backs it up. */
  readonly data: readonly string[];
  /** `labs/home/machines.lab:12`, at most two. */
  readonly places: readonly string[];
}

export const IMPACT_WORDS: Readonly<Record<Impact, string>> = {
  in_place: 'in place', restart: 'restart', reboot: 'reboot', replace: 'REPLACE', destroys_data: 'DESTROYS DATA', refused: 'REFUSED',
};

/** So many different things are named on one line, of what disturbs nothing fewer. */
const NAMED = 5;
const NAMED_IN_PLACE = 3;
const TOGETHER = 3;

/** `all` says every finding on a line of its own. */
export function linesOf(review: Review, source: string, all: boolean): readonly Line[] {
  const byMachine = new Map<string | null, Finding[]>();
  for (const one of review.findings) byMachine.set(one.machine, [...(byMachine.get(one.machine) ?? []), one]);
  const blocks = [...byMachine].map(([machine, findings]) => ({ machine, lines: machineLines(machine, findings, source, all) }));
  const alike = new Map<string, typeof blocks>();
  for (const block of blocks) {
    const key = block.machine === null ? 'lab' : JSON.stringify(block.lines.map(({ impact, text, data }) => [impact, text, data]));
    alike.set(key, [...(alike.get(key) ?? []), block]);
  }
  return [...alike.values()].flatMap((same) => {
    const who = same[0]?.machine == null ? 'lab' : together(same.map(({ machine }) => machine ?? ''), all ? Infinity : 2);
    const places = (at: number): readonly string[] => [...new Set(same.flatMap(({ lines }) => lines[at]?.places ?? []))].slice(0, same.length > 1 ? 1 : 2);
    return (same[0]?.lines ?? []).map((line, at) => ({ ...line, who, places: places(at) }));
  });
}

function machineLines(machine: string | null, findings: readonly Finding[], source: string, all: boolean): readonly Line[] {
  return [...IMPACTS].reverse().flatMap((impact): readonly Line[] => {
    const own = findings.filter((one) => one.impact === impact);
    if (own.length === 0) return [];
    const line = (some: readonly Finding[], text: string): Line => ({
      who: machine ?? 'lab', impact, text, data: dataText(some.flatMap((one) => one.data)),
      places: [...new Set(some.flatMap((one) => place(one, source)))].slice(0, 2),
    });
    if (all) return own.map((one) => line([one], sentence(one.kind, [one.name], one.what, one.note)));
    const groups = grouped(own);
    const most = impact === 'in_place' ? NAMED_IN_PLACE : NAMED;
    const shown = groups.slice(0, most).map((group) => sentence(group.kind, group.names, group.what, loud(impact) ? group.note : null));
    const rest = groups.slice(most).reduce((sum, group) => sum + group.names.length, 0);
    return [line(own, [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; '))];
  });
}

/** Whether the reason is told too: what a person did not ask for. */
function loud(impact: Impact): boolean {
  return impact === 'refused' || impact === 'destroys_data';
}

interface Group {
  readonly kind: string;
  readonly what: string;
  readonly note: string | null;
  readonly names: string[];
}

/** Things of one sort to which the same happens. */
function grouped(findings: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const { kind, name, what, note } of findings) {
    const key = `${kind} ${what}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { kind, what, note, names: [name] });
    else group.names.push(name);
  }
  return [...groups.values()];
}

/** Sorts whose name says enough. */
const PLAIN: ReadonlySet<string> = new Set(['setting', 'container', 'machine']);

function sentence(kind: string, names: readonly string[], what: string, note: string | null): string {
  const list = together(names, TOGETHER);
  const subject = kind === 'machine' ? '' : PLAIN.has(kind) ? `${list} ` : `${kind} ${list} `;
  return `${subject}${what}${note === null || note === '' ? '' : `: ${note}`}`;
}

function together(names: readonly string[], most: number): string {
  if (names.length <= most + 1) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

function dataText(data: readonly AffectedData[]): readonly string[] {
  const known = new Map(data.map((one) => [one.name, one]));
  const of = (happens: AffectedData['happens'], disk: boolean): readonly AffectedData[] => [...known.values()].filter((one) => one.happens === happens && one.name.startsWith('disk ') === disk);
  const disks = (happens: AffectedData['happens']): string => of(happens, true).map(({ name, size }) => `${name.slice('disk '.length)}${size === null ? '' : ` (${sizeText(size)})`}`).join(', ');
  const out: string[] = [];
  if (of('goes', true).length > 0) out.push(`disks go: ${disks('goes')}`);
  for (const one of of('goes', false)) out.push(one.disposable === null ? `${one.name} is lost there: ${backup(one)}` : `${one.name} is lost (${one.disposable})`);
  for (const one of of('moves', false)) out.push(`${one.name} has to be taken along: ${backup(one)}`);
  if (of('stays', true).length > 0) out.push(`kept disks stay: ${disks('stays')}`);
  for (const one of of('stays', false)) if (one.backup === null && one.disposable === null) out.push(`${one.name} stays at ${one.path ?? 'its place'}: NO BACKUP`);
  return out;
}

function backup({ backup: found }: AffectedData): string {
  return found === null ? 'NO BACKUP' : `backed up to ${found.repository}, ${found.schedule}`;
}

/** The place of a finding, with the lab's folder; the library's own path. */
export function place({ origin }: Pick<Finding, 'origin'>, source: string): readonly string[] {
  if (origin === null) return [];
  return [`${sourcePath(source, origin.file)}:${origin.line}`];
}
