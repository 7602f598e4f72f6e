/**
 * The past of a lab against its plan: what was renamed, retired and moved, what may not change, and what the lock records of
 * this build. Pure, and a second build of the same sources says the same.
 */
import type { Fact, Lock } from '../allocation/lock.js';
import type { Want } from '../allocation/allocate.js';
import type { Span } from '../base/span.js';
import { compareText } from '../base/text.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PastStatement } from '../eval/past.js';
import type { Origin } from '../plan/data.js';
import type { PlanRename } from '../plan/identity.js';
import type { PlanMachine } from '../plan/machine.js';
import type { Plan } from '../plan/plan.js';
import { changes } from './changes.js';
import { emittedFacts, halves, partsOf, readEmission } from './facts.js';
import type { TextOf } from './fixes.js';
import { removals } from './removals.js';
import { renamedState, type Renames } from './renames.js';
import { moveRecords, remember, retiredRecords } from './retired.js';
import { replacedSecrets } from './secrets.js';
import { pastId, presentOf, Subjects } from './subjects.js';

export interface PastInput {
  /** Without its identity. */
  readonly plan: Plan;
  /** Under present names. */
  readonly lock: Lock;
  readonly renames: Renames;
  readonly statements: readonly PastStatement[];
  /** Owners of kept disks are numbered from here. */
  readonly dataVmids: number;
  originOf(span: Span): Origin;
  readonly textOf: TextOf;
}

export interface Settled {
  readonly plan: Plan;
  /** What the lock is to say beside allocations. */
  readonly facts: ReadonlyMap<string, Fact>;
  readonly diagnostics: readonly Diagnostic[];
}

export function settlePast({ plan, lock, renames, statements, dataVmids, originOf, textOf }: PastInput): Settled {
  const subjects = new Subjects(readEmission(lock), presentOf(plan), lock);
  const memory = remember(subjects, statements, renames.machines, { dataVmids });
  const diagnostics = [...memory.diagnostics];
  if (diagnostics.length === 0) {
    const renamed = new Set(renames.said.map(({ sort, name }) => `${sort} ${name}`));
    diagnostics.push(
      ...removals({ subjects, lab: plan.lab.origin, textOf, isRetired: (subject) => memory.retired.has(pastId(subject)), renamed }),
      ...replacedSecrets(plan, lock),
      ...changes({ subjects, statements, isMoved: (subject) => memory.moved.has(pastId(subject)), isRenamedPath: (key, before, after) => renamedState(renames, key, before, after) }),
    );
  }
  const origin = (id: string): Origin | null => {
    const span = memory.said.get(id);
    return span === undefined ? null : originOf(span);
  };
  const identity = {
    renames: renames.said.map(({ sort, name, was, obj }): PlanRename => ({ sort, name, was, origin: originOf(obj.span) })),
    retired: retiredRecords(memory.facts, origin), moves: moveRecords(memory.facts, subjects, origin),
  };
  const facts = new Map([...emittedFacts(plan), ...memory.facts].map(([key, value]) => [key, { value, span: null }]));
  return { plan: { ...plan, identity, machines: plan.machines.map((machine) => withStacks(machine, memory.facts)) }, facts, diagnostics };
}

/** A machine gives up the stacks that were retired on it; one that nobody knows the machine of, wherever it is. */
function withStacks(machine: PlanMachine, facts: ReadonlyMap<string, string>): PlanMachine {
  const stacks = [...facts].flatMap(([key, value]) => {
    const [, on = ''] = partsOf(value);
    return key.startsWith('retired instance/') && (on === '' || on === machine.name) ? [`stack:${key.slice('retired instance/'.length)}`] : [];
  });
  if (machine.converge === null || stacks.length === 0) return machine;
  const retired = [...new Set([...machine.converge.retired, ...stacks])].sort(compareText);
  return { ...machine, converge: { ...machine.converge, retired } };
}

/** VMIDs that nobody may get: of what was retired, and of machines that leave with this build. */
export function vmidsOfThePast(lock: Lock, wanted: ReadonlySet<string>): Want[] {
  const pool = { kind: 'list', items: [] } as const;
  const taken = (cluster: string, id: string, fixed: string, fact: Fact): Want => ({ space: `vmid/${cluster}`, id, fixed, reserved: true, pool, span: fact.span ?? { file: 'lab.lock', start: 0, end: 0 } });
  return [...lock.facts].flatMap(([key, fact]): Want[] => {
    const [kind, id] = halves(key, ' ');
    if (kind === 'vmid' && !wanted.has(key)) return [taken(halves(id, '/')[0], `the last build of ${halves(id, '/')[1]}`, fact.value, fact)];
    if (kind !== 'retired' || !id.startsWith('machine/')) return [];
    const [, name = '', , cluster = '', , vmid = '', data = ''] = partsOf(fact.value);
    return [vmid, data].filter((number) => cluster !== '' && number !== '').map((number) => taken(cluster, `${number} of ${name}, retired`, number, fact));
  });
}
