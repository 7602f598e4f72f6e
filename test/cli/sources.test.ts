/** Finding labs and reading them, over a disk in memory; the real disk is tried in node-host.test.ts. */
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import { collectLab } from '../../compiler/sources/collect.js';
import { decodeUtf8 } from '../../compiler/sources/decode.js';
import { findLabs } from '../../compiler/sources/find-labs.js';
import { MemoryDisk } from '../support/memory-disk.js';

const said = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map((d) => `${d.slug} ${d.span.file}`);

describe('findLabs', () => {
  it('takes a folder with a .lab file as one lab, however deep its files lie', () => {
    const disk = MemoryDisk.of({ 'labs/home/site.lab': '', 'labs/home/more/vms.lab': '', 'labs/b/c/x.lab': '', 'labs/none/readme.md': '', 'labs/.git/x.lab': '' });
    expect(findLabs(disk, ['labs/'])).toEqual({ value: ['labs/b/c', 'labs/home'], diagnostics: [] });
    expect(findLabs(disk, ['labs/home', './labs', 'labs/home/']).value).toEqual(['labs/b/c', 'labs/home']);
  });

  it.each([
    ['a missing folder', { 'a/x.txt': '' }, 'labs', ['path-missing labs']],
    ['a folder without a lab', { 'labs/readme.md': '' }, 'labs', ['no-lab labs']],
    ['a file', { 'labs/home/x.lab': '' }, 'labs/home/x.lab', ['path-is-file labs/home/x.lab']],
    ['a link to a folder above', { 'labs/b/up': { link: '..' } }, 'labs', ['link-loop labs/b/up']],
    ['links in a circle', { 'labs/a': { link: 'b' }, 'labs/b': { link: 'a' } }, 'labs', ['link-loop labs/a', 'link-loop labs/b']],
  ])('reports %s', (_, files, path, expected) => {
    expect(said(findLabs(MemoryDisk.of(files), [path]).diagnostics)).toEqual(expected);
  });
});

describe('collectLab', () => {
  it('reads every source by path, the lock, and named files on demand', () => {
    const disk = MemoryDisk.of({ 'labs/home/b.lab': 'b', 'labs/home/a/a.lab': 'a', 'labs/home/lab.lock': 'l', 'labs/home/x.conf': 'x', 'labs/home/.y.lab': '' });
    const { sources, diagnostics } = collectLab(disk, 'labs/home');
    expect(diagnostics).toEqual([]);
    expect(sources).toMatchObject({ name: 'home', root: 'labs/home', lock: 'l', files: [{ path: 'a/a.lab', text: 'a' }, { path: 'b.lab', text: 'b' }] });
    expect(sources.assets.find('x.conf')).toEqual({ found: true, text: 'x' });
    expect(sources.assets.find('a/../x.conf')).toEqual({ found: true, text: 'x' });
  });

  it.each([
    ['missing', 'no.conf'], ['absolute', '/etc/passwd'], ['outside', '../secret'], ['outside', 'out.conf'], ['folder', 'a'], ['folder', '.'],
    ['encoding', 'latin.conf'], ['missing', 'a.conf/x'], ['loop', 'loop'],
  ])('answers %s for %s', (fault, path) => {
    const disk = MemoryDisk.of({
      'labs/home/a/x.lab': '', 'labs/home/a.conf': '', 'labs/secret': 's', 'labs/home/out.conf': { link: '../secret' },
      'labs/home/latin.conf': new Uint8Array([0x61, 0xe9]), 'labs/home/loop': { link: 'loop' },
    });
    expect(collectLab(disk, 'labs/home').sources.assets.find(path)).toMatchObject({ found: false, fault });
  });

  it('reports what it cannot read and keeps the rest', () => {
    const disk = MemoryDisk.of({
      'labs/home/good.lab': 'ok', 'labs/home/latin.lab': new Uint8Array([0x61, 0x0a, 0xc3, 0xa4, 0xe4, 0x62]), 'labs/home/secret.lab': '', 'labs/else.lab': '', 'labs/else/x': '',
      'labs/home/big.lab': new Uint8Array(50_000_000).fill(32), 'labs/home/away.lab': { link: '../else.lab' }, 'labs/home/folder': { link: '../else' },
      'labs/home/gone.lab': { link: 'nowhere' }, 'labs/home/up': { link: '.' }, 'labs/home/same.lab': { link: 'good.lab' }, 'labs/home/editor.lock': { link: 'me@host' },
    });
    disk.deny('labs/home/secret.lab');
    const { sources, diagnostics, shown } = collectLab(disk, 'labs/home');
    expect(sources.files.map((file) => file.path)).toEqual(['good.lab']);
    expect(said(diagnostics).sort()).toEqual([
      'invalid-utf8 latin.lab', 'link-broken gone.lab', 'link-leaves away.lab', 'link-leaves folder', 'link-loop up', 'too-large big.lab', 'unreadable secret.lab',
    ]);
    expect(diagnostics.find((d) => d.slug === 'invalid-utf8')).toMatchObject({ span: { start: 3, end: 4 }, message: '`latin.lab` is not UTF-8: byte 0xE4 at offset 4 begins no character' });
    expect(shown).toEqual([{ path: 'latin.lab', text: 'a\nä\uFFFDb' }]);
  });
});

describe('decodeUtf8', () => {
  it.each([
    [[0x61, 0xff, 0x62], 1], [[0xe2, 0x82], 0], [[0x61, 0xf0, 0x9f, 0x98, 0x80, 0xc0, 0xaf], 5], [[0xed, 0xa0, 0x80], 0],
  ])('finds the first bad byte of %j', (bytes, offset) => {
    expect(decodeUtf8(new Uint8Array(bytes))).toMatchObject({ valid: false, offset });
  });
});
