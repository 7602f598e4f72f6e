/**
 * Promises about labs over time: whatever is added, removed, renamed or written in another order, machines that nobody touched
 * keep their bytes and what was allocated to them, a renamed one keeps its numbers, and a second build says the same.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLock, printLock } from '../../compiler/allocation/lock.js';
import { firstDifference, type BuiltLab } from '../e2e/lab-kit.js';
import { built, facts, NOTES } from '../identity/support.js';

interface Machine {
  readonly name: string;
  readonly was: readonly string[];
  /** Has a kept disk, and an instance with a state. */
  readonly holds: boolean;
}

const textOf = ({ name, was, holds }: Machine): string => [
  `vm ${name} : ${holds ? 'box_base' : 'base_debian'} {`, '  nic lan { address = auto }', ...(was.length > 0 ? [`  was ${was.join(', ')}`] : []),
  ...(holds ? [`  run notes-${was.at(-1) ?? name} = notes`] : ['  node = pve1', '  disk root = 8GiB { on = local-lvm }']), '}', '',
].join('\n');

const labOf = (machines: readonly Machine[]): string => NOTES + machines.map(textOf).join('');

/** What one edit does; numbers choose among what is there. */
type Edit =
  | { readonly do: 'add'; readonly holds: boolean; readonly at: number }
  | { readonly do: 'remove' | 'rename' | 'turn'; readonly at: number };

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), holds: fc.boolean(), at: fc.nat(20) }),
  fc.record({ do: fc.constantFrom('remove' as const, 'rename' as const, 'turn' as const), at: fc.nat(20) }),
);

/** The machines after an edit, and which of them are other than before. */
function apply(machines: readonly Machine[], change: Edit, fresh: string): { readonly next: readonly Machine[]; readonly touched: ReadonlySet<string> } {
  const at = machines.length === 0 ? 0 : change.at % machines.length;
  const here = machines[at];
  if (change.do === 'add' || here === undefined) return { next: [...machines.slice(0, at), { name: fresh, was: [], holds: change.do === 'add' && change.holds }, ...machines.slice(at)], touched: new Set([fresh]) };
  if (change.do === 'turn') return { next: [...machines.slice(at), ...machines.slice(0, at)], touched: new Set() };
  if (change.do === 'remove') return here.holds ? { next: machines, touched: new Set() } : { next: machines.filter((machine) => machine !== here), touched: new Set([here.name]) };
  return { next: machines.map((machine) => (machine === here ? { ...here, name: fresh, was: [here.name, ...here.was] } : machine)), touched: new Set([here.name, fresh]) };
}

const ofMachine = (name: string) => (line: string): boolean => new RegExp(`(^|[ /])${name}([ /,.:]|$)`).test(line);
const number = (lab: BuiltLab, name: string): number | undefined => lab.plan.machines.find((machine) => machine.name === name)?.guest?.vmid;

test('edits leave what they do not touch alone', () => {
  fc.assert(fc.property(fc.array(edit, { minLength: 2, maxLength: 5 }), (edits) => {
    let machines: readonly Machine[] = [{ name: 'm-a', was: [], holds: true }, { name: 'm-b', was: [], holds: false }];
    let before = built(labOf(machines));
    edits.forEach((change, i) => {
      const { next, touched } = apply(machines, change, `n-${i}`);
      const after = built(labOf(next), before.lock);
      for (const { name, was } of next) {
        if (!touched.has(name)) {
          expect(facts(after.lock, '').filter(ofMachine(name))).toEqual(facts(before.lock, '').filter(ofMachine(name)));
          for (const [path, text] of before.files) if (path === `terraform/${name}.tf` || path.startsWith(`ansible/roles/${name}/`)) expect(after.files.get(path), path).toBe(text);
        }
        if (was[0] !== undefined && number(before, was[0]) !== undefined) expect(number(after, name)).toBe(number(before, was[0]));
      }
      const again = built(labOf(next), after.lock);
      expect(again.lock).toBe(after.lock);
      expect(firstDifference(after.files, again.files)).toBeUndefined();
      machines = next;
      before = after;
    });
  }), { seed: 21, numRuns: 8 });
}, 240_000);

test('chains of `was` compose, however often it was built between', () => {
  fc.assert(fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), (builds) => {
    let lock = built(labOf([{ name: 'm-0', was: [], holds: true }])).lock;
    const first = lock;
    const names = ['m-0'];
    builds.forEach((builtBetween, i) => {
      names.unshift(`m-${i + 1}`);
      if (builtBetween) lock = built(labOf([{ name: names[0] ?? '', was: names.slice(1), holds: true }]), lock).lock;
    });
    const last = labOf([{ name: names[0] ?? '', was: names.slice(1), holds: true }]);
    const stepwise = built(last, lock);
    const atOnce = built(last, first);
    expect(stepwise.lock).toBe(atOnce.lock);
    expect(firstDifference(stepwise.files, atOnce.files)).toBeUndefined();
  }), { seed: 22, numRuns: 6 });
}, 240_000);

test('two branches that add different machines merge by union, without a word', () => {
  const name = fc.stringMatching(/^[a-z]{3,8}$/);
  const folder = mkdtempSync(join(tmpdir(), 'labc-merge-'));
  fc.assert(fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 2 }), fc.boolean(), ([left = '', right = ''], holds) => {
    const base: Machine = { name: 'm-base', was: [], holds: true };
    const start = built(labOf([base]));
    const [a, b] = [left, right].map((other) => ({ name: `x-${other}`, was: [], holds }));
    const [one, two] = [a, b].map((machine) => built(labOf([base, machine!]), start.lock));
    for (const [file, text] of [['base', start.lock], ['ours', one!.lock], ['theirs', two!.lock]] as const) writeFileSync(join(folder, file), text);
    const merged = execFileSync('git', ['merge-file', '-p', '--union', 'ours', 'base', 'theirs'], { cwd: folder, encoding: 'utf8' });
    const read = parseLock(merged, 'lab.lock');
    expect(read.diagnostics).toEqual([]);
    const all = built(labOf([base, a!, b!]), merged);
    expect(all.lock).toBe(printLock(read.value));
    expect([number(all, a!.name), number(all, b!.name)]).toEqual([number(one!, a!.name), number(two!, b!.name)]);
  }), { seed: 23, numRuns: 6 });
  rmSync(folder, { recursive: true });
}, 240_000);
