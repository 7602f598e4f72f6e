/**
 * A build that is killed at any step leaves the old tree or the new one once the next command ran; a build that fails at any
 * step leaves the old one at once. Every step of the disk is tried, before and after its effect, and so is a second kill
 * while the first is mended.
 */
import { describe, expect, it } from 'vitest';
import { recover } from '../../compiler/output/recover.js';
import { writeLab, type Build, type Written } from '../../compiler/output/write-lab.js';
import { fault, Killed, MemoryDisk } from '../support/memory-disk.js';

const first: Build = {
  lab: 'home', source: 'labs/home', lock: { path: 'labs/home/lab.lock', text: 'lock 1\n' },
  files: [{ path: 'README.md', text: '1' }, { path: 'compose/box/x.yaml', text: 'x' }, { path: 'terraform/a.tf', text: 'a' }, { path: 'run', text: 'r' }],
};
const second: Build = {
  ...first, lock: { ...first.lock, text: 'lock 2\n' },
  files: [{ path: 'README.md', text: '2' }, { path: 'ansible/deep/x.yml', text: 'y' }, { path: 'terraform/a.tf', text: 'a' }, { path: 'run', text: 'r', executable: true }],
};
const options = { out: 'out', force: false };

/** The last build and what others put beside it. */
function start(): MemoryDisk {
  const disk = MemoryDisk.of({ 'labs/home/site.lab': '' });
  writeLab(disk, first, options);
  disk.put('out/home/terraform/.terraform/state', 's');
  disk.put('out/home/terraform/terraform.tfstate', 't');
  disk.put('out/other/manifest.json', 'o');
  disk.steps = 0;
  return disk;
}

const before = start().tree('.');
const done = start();
writeLab(done, second, options);
const after = done.tree('.');
const steps = done.steps;

/** Without folders: one that became empty and cannot be removed is no fault. */
function files(tree: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith('/')));
}

/** Runs `act`; true when it lived. */
function survives(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  }
}

/** Has the disk kill its process at one step: before it, after it, or in the midst of a write. */
function killAt(disk: MemoryDisk, step: number, when: 'before' | 'after' | 'amid'): void {
  const kill = (now: number): void => {
    if (now === step) throw new Killed();
  };
  if (when === 'after') disk.after = kill;
  else disk.before = (now, operation, path) => {
    if (now === step && when === 'amid' && operation === 'write') disk.put(path, 'ha');
    kill(now);
  };
}

describe('a kill', () => {
  it('tries enough', () => expect(steps).toBeGreaterThan(25));

  for (const when of ['before', 'after', 'amid'] as const) {
    it(`${when} any step leaves the old tree or the new one after the next command`, () => {
      const outcomes = new Set<string>();
      for (let step = 0; step < steps; step++) {
        const disk = start();
        killAt(disk, step, when);
        expect(survives(() => writeLab(disk, second, options))).toBe(false);
        const next = disk.restarted();
        recover(next, 'out');
        const tree = next.tree('.');
        expect([before, after], `step ${step}`).toContainEqual(tree);
        outcomes.add(JSON.stringify(tree) === JSON.stringify(before) ? 'old' : 'new');
        expect(recover(next.restarted(), 'out')).toEqual([]);
      }
      expect(outcomes).toEqual(new Set(['old', 'new']));
    });
  }

  it('while the next command mends a kill is mended by the one after it', () => {
    for (let step = 0; step < steps; step++) {
      for (let again = 0; ; again++) {
        const disk = start();
        killAt(disk, step, 'before');
        survives(() => writeLab(disk, second, options));
        const next = disk.restarted();
        killAt(next, again, 'after');
        const lived = survives(() => void recover(next, 'out'));
        const last = next.restarted();
        recover(last, 'out');
        expect([before, after], `steps ${step}, ${again}`).toContainEqual(last.tree('.'));
        if (lived) break;
      }
    }
  });

  it('while a failed build is taken back is mended by the next command', () => {
    for (let failing = 0; failing < steps; failing++) {
      for (let killed = failing + 1; ; killed++) {
        const disk = start();
        disk.before = (step, _, path) => {
          if (step === failing) throw fault('full', path);
          if (step === killed) throw new Killed();
        };
        const lived = survives(() => void writeLab(disk, second, options));
        const next = disk.restarted();
        recover(next, 'out');
        expect([before, after].map(files), `steps ${failing}, ${killed}`).toContainEqual(files(next.tree('.')));
        if (lived) break;
      }
    }
  });
});

describe('a failing disk', () => {
  const refusing = (kind: 'full' | 'denied' | 'cross-device', fails: (step: number, operation: string) => boolean): { disk: MemoryDisk; written: Written } => {
    const disk = start();
    disk.before = (step, operation, path) => {
      if (fails(step, operation)) throw fault(kind, path);
    };
    return { disk, written: writeLab(disk, second, options) };
  };

  it('at one step leaves the old tree at once, or the new one with nothing but waste beside it', () => {
    for (let at = 0; at < steps; at++) {
      const { disk, written } = refusing('denied', (step) => step === at);
      if (written.diff === undefined) {
        expect(written.diagnostics.map((d) => d.slug), `step ${at}`).toEqual(['write-failed']);
        expect(disk.tree('.'), `step ${at}`).toEqual(before);
      } else {
        recover(disk, 'out');
        expect(files(disk.tree('.')), `step ${at}`).toEqual(files(after));
      }
    }
  });

  it('that is full at any byte leaves the old tree', () => {
    const used = (disk: MemoryDisk): number => [...disk.entries.values()].reduce((sum, entry) => sum + (entry.type === 'file' ? entry.bytes.length : 0), 0);
    let failed = 0;
    for (let room = 0; room < 4000; room += 37) {
      const disk = start();
      disk.capacity = used(disk) + room;
      const written = writeLab(disk, second, options);
      if (written.diff !== undefined) continue;
      failed++;
      expect(written.diagnostics.map((d) => d.message)).toEqual([expect.stringContaining('the disk is full')]);
      expect(disk.tree('.')).toEqual(before);
    }
    expect(failed).toBeGreaterThan(10);
  });

  it('from some step on says that the tree is half written, and a later command mends it', () => {
    const slugs = new Set<string>();
    for (let from = 0; from < steps; from++) {
      const { disk, written } = refusing('denied', (step) => step >= from);
      for (const diagnostic of written.diagnostics) slugs.add(diagnostic.slug);
      recover(disk, 'out');
      const next = disk.restarted();
      recover(next, 'out');
      expect([before, after].map(files), `step ${from}`).toContainEqual(files(next.tree('.')));
    }
    expect([...slugs].sort()).toEqual(['half-written', 'write-failed']);
  });

  it('that cannot be mended is reported and left for later', () => {
    const disk = start();
    killAt(disk, steps - 14, 'before');
    expect(survives(() => writeLab(disk, second, options))).toBe(false);
    const next = disk.restarted();
    next.before = (_, operation, path) => {
      if (operation === 'rename' || operation === 'write') throw fault('read-only', path);
    };
    expect(recover(next, 'out').map((d) => d.slug)).toEqual(['half-written']);
    const last = next.restarted();
    expect(recover(last, 'out').map((d) => d.slug)).toEqual(['build-finished']);
    expect([before, after]).toContainEqual(last.tree('.'));
  });

  it('that lost power after the journal undoes what it cannot finish', () => {
    const disk = start();
    killAt(disk, steps - 17, 'before');
    expect(survives(() => writeLab(disk, second, options))).toBe(false);
    const waiting = [...disk.entries.keys()].filter((path) => /labc-stage-home\/\d+$/.test(path));
    expect(waiting.length).toBeGreaterThan(0);
    disk.put(waiting[0] ?? '', '');
    const next = disk.restarted();
    expect(recover(next, 'out').map((d) => d.message)).toEqual(['`out/home`: a build that was cut short has been taken back']);
    expect(next.tree('.')).toEqual(before);
  });
});
