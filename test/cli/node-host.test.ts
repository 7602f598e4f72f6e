/** The real disk answers as the one in memory does: links, bytes, faults. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeDisk } from '../../compiler/cli/node-host.js';
import { attempt, HostError } from '../../compiler/host/host.js';
import { recover } from '../../compiler/output/recover.js';
import { writeLab } from '../../compiler/output/write-lab.js';
import { collectLab } from '../../compiler/sources/collect.js';
import { findLabs } from '../../compiler/sources/find-labs.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'labc-host-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...parts: string[]): string => join(folder, ...parts);
const faultOf = (act: () => unknown): string => {
  const answer = attempt(act);
  return answer instanceof HostError ? answer.fault : 'none';
};

describe('nodeDisk', () => {
  it('names every fault', () => {
    mkdirSync(at('f', 'sub'), { recursive: true });
    writeFileSync(at('f', 'file'), 'x');
    symlinkSync('loop', at('f', 'loop'));
    expect(faultOf(() => nodeDisk.read(at('f', 'none')))).toBe('missing');
    expect(faultOf(() => nodeDisk.read(at('f', 'sub')))).toBe('is-folder');
    expect(faultOf(() => nodeDisk.read(at('f', 'file', 'x')))).toBe('not-folder');
    expect(faultOf(() => nodeDisk.list(at('f', 'file')))).toBe('not-folder');
    expect(faultOf(() => nodeDisk.realPath(at('f', 'loop')))).toBe('loop');
    expect(faultOf(() => nodeDisk.createFolder(at('f', 'sub')))).toBe('exists');
    expect(faultOf(() => nodeDisk.removeFolder(at('f')))).toBe('not-empty');
    expect(faultOf(() => nodeDisk.write('/dev/full', new Uint8Array(1), false))).toBe('full');
    expect(faultOf(() => nodeDisk.read(at('x'.repeat(300))))).toBe('name-too-long');
    expect(nodeDisk.stat(at('f', 'none'))).toBeUndefined();
    expect(nodeDisk.stat(at('f', 'loop'))).toMatchObject({ type: 'link' });
    expect(attempt(() => nodeDisk.read(at('nul\0')))).toBeInstanceOf(HostError);
  });

  it('writes modes, hashes, and knows which processes run', () => {
    nodeDisk.write(at('x'), new TextEncoder().encode('abc'), true);
    expect(nodeDisk.stat(at('x'))).toEqual({ type: 'file', size: 3, executable: true });
    expect(nodeDisk.sha256(nodeDisk.read(at('x')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(nodeDisk.isRunning(nodeDisk.process)).toBe(true);
    expect(['', '0', '-1', 'x', '99999999'].map((word) => nodeDisk.isRunning(word))).toEqual([false, false, false, false, false]);
  });

  it('reads a lab with everything that can be wrong with a file', () => {
    const lab = at('labs', 'home');
    mkdirSync(join(lab, 'deep', 'er'), { recursive: true });
    writeFileSync(join(lab, 'deep', 'er', 'a.lab'), 'lab home { }');
    writeFileSync(join(lab, 'site.lab'), '\uFEFFvm x { }');
    writeFileSync(join(lab, 'latin.lab'), Buffer.from('vm b\u00f6x', 'latin1'));
    writeFileSync(join(lab, 'big.lab'), Buffer.alloc(50_000_000, ' '));
    writeFileSync(at('outside.lab'), '');
    symlinkSync('../../outside.lab', join(lab, 'away.lab'));
    symlinkSync('gone', join(lab, 'gone.lab'));
    symlinkSync('self.lab', join(lab, 'self.lab'));
    symlinkSync('..', join(lab, 'deep', 'up'));
    mkdirSync(join(lab, 'folder.lab'));
    expect(findLabs(nodeDisk, [at('labs')])).toEqual({ value: [lab], diagnostics: [] });
    const { sources, diagnostics } = collectLab(nodeDisk, lab);
    expect(sources.files).toEqual([{ path: 'deep/er/a.lab', text: 'lab home { }' }, { path: 'site.lab', text: 'vm x { }' }]);
    expect(diagnostics.map((d) => `${d.slug} ${d.span.file}`).sort()).toEqual([
      'invalid-utf8 latin.lab', 'link-broken gone.lab', 'link-leaves away.lab', 'link-loop deep/up', 'link-loop self.lab', 'too-large big.lab',
    ]);
  });

  it('does not wait for a pipe that ends in .lab', () => {
    const lab = at('piped');
    mkdirSync(lab);
    execFileSync('mkfifo', [join(lab, 'pipe.lab')]);
    symlinkSync('pipe.lab', join(lab, 'link.conf'));
    const { sources, diagnostics } = collectLab(nodeDisk, lab);
    expect(diagnostics.map((d) => d.message)).toEqual(['`pipe.lab` cannot be read: it is neither a file nor a folder']);
    expect(sources.assets.find('link.conf')).toMatchObject({ fault: 'unreadable' });
    expect(sources.assets.find('/dev/zero')).toMatchObject({ fault: 'absolute' });
  });

  it('builds below a link to the working tree, and reports where it cannot', () => {
    mkdirSync(at('real', 'labs', 'home'), { recursive: true });
    symlinkSync('real', at('linked'));
    const build = { lab: 'home', source: 'labs/home', files: [{ path: 'a/b', text: 'x', executable: true }], lock: { path: at('linked', 'labs', 'home', 'lab.lock'), text: 'l' } };
    expect(writeLab(nodeDisk, build, { out: at('linked', 'out'), force: false })).toMatchObject({ diagnostics: [], lockChanged: true });
    expect(nodeDisk.stat(at('real', 'out', 'home', 'a', 'b'))).toMatchObject({ executable: true });
    expect(nodeDisk.list(at('real', 'labs', 'home')).map((entry) => entry.name)).toEqual(['lab.lock']);
    expect(recover(nodeDisk, at('linked', 'out'))).toEqual([]);
    const refused = writeLab(nodeDisk, build, { out: '/proc/labc/out', force: false });
    expect(refused.diagnostics.map((d) => d.slug)).toEqual(['write-failed']);
  });

  it('respects the rights of others than root', () => {
    mkdirSync(at('locked'));
    writeFileSync(at('locked', 'x'), '');
    chmodSync(at('locked', 'x'), 0);
    chmodSync(at('locked'), 0o555);
    chmodSync(at(), 0o755);
    asNobody(() => {
      expect(faultOf(() => nodeDisk.read(at('locked', 'x')))).toBe('denied');
      expect(faultOf(() => nodeDisk.createFolder(at('locked', 'y')))).toBe('denied');
    });
    chmodSync(at('locked'), 0o700);
  });
});

/** Rights mean nothing to root, so root steps down for the while. */
function asNobody(work: () => void): void {
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  try {
    work();
  } finally {
    if (root) process.seteuid?.(0);
  }
}
