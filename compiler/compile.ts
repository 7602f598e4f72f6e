/**
 * The whole of labc on one page: sources to plan, stratum by stratum. Every phase is total; what is wrong is in `diagnostics`,
 * and a plan is given only when nothing is.
 */
import { allocate, keyOf } from './allocation/allocate.js';
import { emptyLock, parseLock, printLock } from './allocation/lock.js';
import { isLibraryFile } from './base/library-file.js';
import { lineColumn, lineStarts, type Span } from './base/span.js';
import { matchContracts } from './contracts/match.js';
import type { Diagnostic, Result } from './diagnostics/diagnostic.js';
import type { Evaluator } from './eval/evaluator.js';
import type { Obj } from './eval/model.js';
import { normalPath } from './host/paths.js';
import { placeNics } from './identity/nics.js';
import { readRenames, renameLock, serialFrom } from './identity/renames.js';
import { settlePast, vmidsOfThePast } from './identity/settle.js';
import type { StandardLibrary } from './library.js';
import { Lowering, type LineOf } from './lower/context.js';
import { checkGround } from './lower/checks.js';
import { checkObjects } from './lower/demands.js';
import { DATA_VMIDS } from './lower/guests.js';
import { lowerPlan, readPlan, type Lowered } from './lower/plan.js';
import { hostPorts, portWants, reachBook, requestReach } from './lower/reach.js';
import { dataWants, groundWants, settleAddresses } from './lower/wants.js';
import { libraryStatements, readLibraries, type LibraryStatement } from './names/libraries.js';
import { Program } from './names/program.js';
import type { Origin } from './plan/data.js';
import type { Plan } from './plan/plan.js';
import { prove } from './proofs/index.js';
import { Shapes } from './shapes/shapes.js';
import type { LabSources } from './sources/lab-sources.js';
import { lockFileName } from './sources/lab-sources.js';
import { checkDeclared } from './structure/declared.js';
import { buildStructure } from './structure/lab.js';
import { believed, withoutSequels } from './syntax/broken.js';
import { parseFile } from './syntax/parse.js';
import { explainValue, nearValues, type Why } from './why.js';

export interface CheckResult {
  readonly plan: Plan | undefined;
  readonly lock: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  textOf(file: string): string | undefined;
  why(path: string): Why | undefined;
  /** Values that a path which names none may have meant. */
  near(path: string): readonly string[];
}

/** Of a lab that has no objects yet. */
const NO_VALUES = { why: () => undefined, near: () => [] } as const;

export function compile(sources: LabSources, library: StandardLibrary): CheckResult {
  const parsed = sources.files.map((file) => parseFile(file));                                     // S0
  const diagnostics: Diagnostic[] = parsed.flatMap((result) => [...result.diagnostics]);
  const textOf = textLookup(sources, library);
  const lock = sources.lock === undefined ? { value: emptyLock, diagnostics: [] } : parseLock(sources.lock, lockFileName);
  diagnostics.push(...lock.diagnostics);
  const named = libraryStatements(parsed.map((result) => result.value), standardFolders(library));
  const taken = readLibraries(named.diagnostics.length > 0 ? [] : named.value, sources.vendored ?? [], (name) => lock.value.facts.get(`library ${name}`)?.value, sources.root);
  diagnostics.push(...named.diagnostics, ...taken.diagnostics);
  if (taken.value.incomplete || named.diagnostics.length > 0) return { plan: undefined, lock: undefined, diagnostics, textOf, ...NO_VALUES };
  const program = new Program([{ name: 'std', files: library.files }, ...taken.value.libraries, { name: 'lab', files: parsed.map((result) => result.value) }]);    // S1
  const shapes = new Shapes(program);                                                              // S2
  const structure = buildStructure(program, shapes, fileReader(sources, library), serialFrom(lock.value));   // S3
  if (structure === null) return { plan: undefined, lock: undefined, diagnostics, textOf, ...NO_VALUES };
  const { ev, builder } = structure;
  placeNics(ev, lock.value);
  const matching = matchContracts(ev, builder);                                                    // S4, S5
  if (ev.exhausted) return { plan: undefined, lock: undefined, diagnostics: [...diagnostics, ...ev.diagnostics], textOf, ...NO_VALUES };
  builder.reportWithouts();
  placeNics(ev, lock.value);  // contracts may have made more
  const was = readRenames(ev);                                                                     // S6
  const past = renameLock(lock.value, was.renames);
  const wanted = groundWants(ev);
  const ground = [...wanted, ...vmidsOfThePast(past.lock, new Set(wanted.map(keyOf)))];
  const first = allocate(ground, past.lock);
  const data = dataWants(ev, first.values);
  settleAddresses(ev, builder, first.values);
  const lineOf = lineLookup(textOf);
  const open = (item: Obj): void => builder.open(item);
  const trace = new Lowering(ev, lineOf, sources.root, first.values, past.lock, open);
  ev.reachBook = reachBook(ev);
  builder.unfoldSteps();
  readPlan(trace);
  const { reachBook: noted } = ev;
  const ports = portRange(ev);
  const second = allocate([...ground, ...data, ...portWants(ev, noted, ports.from, ports.to)], past.lock);
  requestReach(ev, builder, noted);
  ev.reachBook = reachBook(ev);
  ev.reachBook.hostPorts = hostPorts(noted, second.values);
  ev.reachBook.adopt(noted);
  ev.forgetLate();
  const low = new Lowering(ev, lineOf, sources.root, second.values, past.lock, open, trace);                               // S7
  const why = (path: string): Why | undefined => explainValue(ev, path, lineOf, open, { lock: sources.lock, values: second.values });
  const near = (path: string): readonly string[] => nearValues(ev, path, open);
  const lowered: Lowered = lowerPlan(low, matching.unmet);
  checkGround(ev);
  if (![...diagnostics, ...ev.diagnostics, ...second.diagnostics].some(isError)) checkObjects(low);        // S8
  const judged = [...program.diagnostics, ...shapes.diagnostics, ...ev.diagnostics, ...was.diagnostics, ...past.diagnostics, ...second.diagnostics];
  const found = withoutSequels([...judged, ...checkDeclared(builder, new Set(['lab', ...taken.value.libraries.map((other) => other.name)]), judged)], parsed.map((result) => result.value));
  const faults = parsed.flatMap((result) => [...result.diagnostics]);
  diagnostics.push(...believed(found, faults, parsed.map((result) => result.value), textOf));
  if (!diagnostics.some(isError)) diagnostics.push(...prove(lowered));
  if (diagnostics.some(isError)) return { plan: undefined, lock: undefined, diagnostics, textOf, why, near };
  const originOf = (span: Span): Origin => low.origin(ev.root, span);
  const settled = settlePast({ plan: lowered.plan, lock: past.lock, renames: was.renames, statements: ev.root.facts.past ?? [], dataVmids: DATA_VMIDS, originOf, textOf });
  diagnostics.push(...settled.diagnostics);
  const failed = diagnostics.some(isError);
  const facts = new Map([...second.lock.facts, ...settled.facts]);
  return {
    plan: failed ? undefined : settled.plan, lock: failed ? undefined : printLock({ facts }), diagnostics, textOf,
    why, near,
  };
}

/** The libraries that a lab names beside the standard one. */
export function librariesOf(sources: LabSources, library: StandardLibrary): Result<readonly LibraryStatement[]> {
  const parsed = sources.files.map((file) => parseFile(file));
  const faults = parsed.flatMap((result) => [...result.diagnostics]);
  return faults.length > 0 ? { value: [], diagnostics: faults } : libraryStatements(parsed.map((result) => result.value), standardFolders(library));
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}

function portRange(ev: Evaluator): { readonly from: number; readonly to: number } {
  const range = ev.attempt(() => ev.attribute(ev.root, 'ports', ev.root.span), null);
  if (range !== null && typeof range === 'object' && 't' in range && range.t === 'range') return { from: Number(range.from), to: Number(range.to) };
  return { from: 20000, to: 29999 };
}

function textLookup(sources: LabSources, library: StandardLibrary): (file: string) => string | undefined {
  const own = new Map([...sources.files, ...(sources.vendored ?? []).flatMap((vendored) => vendored.files)].map((file) => [file.path, file.text]));
  return (file) => own.get(file) ?? (file === lockFileName ? sources.lock : library.text(file));
}

function lineLookup(textOf: (file: string) => string | undefined): LineOf {
  const starts = new Map<string, readonly number[]>();
  return (file, offset) => {
    let lines = starts.get(file);
    if (lines === undefined) starts.set(file, (lines = lineStarts(textOf(file) ?? '')));
    return lineColumn(lines, offset).line;
  };
}

/** Named files: a lab's beside its sources, the library's from the bundle, a vendored library's among what its digest covers; relative to the file that names them. */
function fileReader(sources: LabSources, library: StandardLibrary): (path: string, from: string) => string | { readonly missing: string } {
  return (path, from) => {
    const folder = from.slice(0, from.lastIndexOf('/') + 1);
    if (from.startsWith('stdlib/')) return library.text(folder + path) ?? { missing: 'the library' };
    if (isLibraryFile(from)) return vendoredText(sources, normalPath(folder + path), from.split('/')[1] ?? '') ?? { missing: 'the library' };
    const asset = sources.assets.find(folder + path);
    return asset.found ? asset.text : { missing: `the lab (${asset.detail})` };
  };
}

function vendoredText(sources: LabSources, path: string, library: string): string | undefined {
  return sources.vendored?.find((other) => other.name === library)?.files.find((file) => file.path === path)?.text;
}

/** Folders that a `use` takes from the standard library: no other library has such a name. */
function standardFolders(library: StandardLibrary): string[] {
  return [...new Set(library.files.map((file) => file.span.file.split('/')[1] ?? '')), 'std', 'stdlib', 'lab'];
}
