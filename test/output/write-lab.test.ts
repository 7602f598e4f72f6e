/** Writing a lab's folder: what changes, what is kept, what is refused. Faults of the disk are in faults.test.ts. */
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.js';
import { printManifest, parseManifest } from '../../compiler/output/manifest.js';
import { recover } from '../../compiler/output/recover.js';
import { writeLab, type Build, type Written } from '../../compiler/output/write-lab.js';
import { MemoryDisk } from '../support/memory-disk.js';

const build = (files: Readonly<Record<string, string>>, more: Partial<Build> = {}): Build => ({
  lab: 'home', source: 'labs/home', files: Object.entries(files).map(([path, text]) => ({ path, text })), lock: { path: 'labs/home/lab.lock', text: 'lock\n' }, ...more,
});
const fresh = (): MemoryDisk => MemoryDisk.of({ 'labs/home/site.lab': '' });
const write = (disk: MemoryDisk, files: Readonly<Record<string, string>>, force = false): Written => writeLab(disk, build(files), { out: 'out', force });
const said = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map((d) => `${d.slug} ${d.span.file}`);

describe('writeLab', () => {
  it('writes a tree with its manifest and lock, and nothing the second time', () => {
    const disk = fresh();
    const { diff, diagnostics, lockChanged } = write(disk, { 'README.md': 'r', 'terraform/a.tf': 'a' });
    expect({ diff, diagnostics, lockChanged }).toMatchObject({ diff: { added: ['README.md', 'terraform/a.tf'] }, diagnostics: [], lockChanged: true });
    expect(Object.keys(disk.tree('out'))).toEqual(['home/', 'home/README.md', 'home/manifest.json', 'home/terraform/', 'home/terraform/a.tf']);
    expect(Object.keys(disk.tree('labs'))).toEqual(['home/', 'home/lab.lock', 'home/site.lab']);
    const steps = disk.steps;
    expect(write(disk, { 'README.md': 'r', 'terraform/a.tf': 'a' })).toMatchObject({ diff: { unchanged: 2, added: [], changed: [] }, lockChanged: false });
    expect(disk.steps).toBe(steps);
  });

  it('prints a manifest that reads back, sorted and with modes', () => {
    const disk = fresh();
    writeLab(disk, build({}, { files: [{ path: 'b.sh', text: '#!', executable: true }, { path: 'a "quoted".md', text: '' }] }), { out: 'out', force: false });
    const text = disk.tree('out')['home/manifest.json'] ?? '';
    expect(text).toMatchInlineSnapshot(`
      "{
        "format": 1,
        "lab": "home",
        "source": "labs/home",
        "files": {
          "a \\"quoted\\".md": { "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
          "b.sh": { "sha256": "3612ddaf46e149a4f583faf0face846585148f59e0ce2645594df83b5dc807e8", "executable": true }
        }
      }
      "
    `);
    const manifest = parseManifest(text);
    expect(typeof manifest === 'string' ? manifest : printManifest(manifest)).toBe(text);
    expect(disk.tree('out')['home/b.sh']).toBe('#! (executable)');
  });

  it('changes and removes what labc wrote, with the folders that become empty, and leaves what others wrote', () => {
    const disk = fresh();
    write(disk, { 'README.md': '1', 'compose/box/x.yaml': 'x', 'terraform/a.tf': 'a' });
    disk.put('out/home/terraform/.terraform/state', 's');
    disk.put('out/home/notes.txt', 'n');
    expect(write(disk, { 'README.md': '2' }).diff).toMatchObject({ changed: ['README.md'], removed: ['compose/box/x.yaml', 'terraform/a.tf'] });
    expect(Object.keys(disk.tree('out/home'))).toEqual(['README.md', 'manifest.json', 'notes.txt', 'terraform/', 'terraform/.terraform/', 'terraform/.terraform/state']);
  });

  it('keeps and reports a file that a person edited, again and again, until forced or edited back', () => {
    const disk = fresh();
    write(disk, { a: '1', b: '1' });
    disk.put('out/home/a', 'mine');
    expect(said(write(disk, { a: '2', b: '2' }).diagnostics)).toEqual(['edited-by-hand out/home/a']);
    expect(said(write(disk, { a: '3', b: '2' }).diagnostics)).toEqual(['edited-by-hand out/home/a']);
    expect(disk.tree('out/home')).toMatchObject({ a: 'mine', b: '2' });
    expect(write(disk, { a: '3', b: '2' }, true)).toMatchObject({ diagnostics: [], diff: { changed: ['a'] } });
    expect(disk.tree('out/home')['a']).toBe('3');
    disk.put('out/home/a', 'mine');
    disk.put('out/home/a', '4');
    expect(said(write(disk, { a: '4', b: '2' }).diagnostics)).toEqual([]);
  });

  it('restores a file that a person removed', () => {
    const disk = fresh();
    write(disk, { a: '1' });
    disk.remove('out/home/a');
    expect(write(disk, { a: '1' }).diff).toMatchObject({ added: ['a'] });
  });

  it('mends a lost executable bit', () => {
    const disk = fresh();
    const files = [{ path: 'x', text: 'x', executable: true }];
    writeLab(disk, build({}, { files }), { out: 'out', force: false });
    disk.put('out/home/x', 'x', false);
    expect(writeLab(disk, build({}, { files }), { out: 'out', force: false }).diff?.changed).toEqual(['x']);
  });

  it('leaves an edited file that is no longer built, and forgets it', () => {
    const disk = fresh();
    write(disk, { a: '1', b: '1' });
    disk.put('out/home/a', 'mine');
    expect(said(write(disk, { b: '1' }).diagnostics)).toEqual(['stale-edited out/home/a']);
    expect(said(write(disk, { b: '1' }).diagnostics)).toEqual([]);
    expect(said(write(disk, { a: '1', b: '1' }).diagnostics)).toEqual(['not-ours out/home/a']);
  });

  it.each<[string, (disk: MemoryDisk) => void, string[]]>([
    ['out is a file', (disk) => disk.put('out', ''), ['output-blocked out']],
    ['out is a link', (disk) => disk.put('out', { link: 'elsewhere' }), ['output-blocked out']],
    ['the lab is a link', (disk) => (disk.put('else/x', ''), disk.put('out/home', { link: '../else' })), ['output-blocked out/home']],
    ['a folder is a link', (disk) => (disk.put('else/x', ''), disk.put('out/home/d', { link: '../../else' })), ['output-blocked out/home/d']],
    ['a folder is a file', (disk) => disk.put('out/home/d', ''), ['output-blocked out/home/d']],
    ['a file is a folder', (disk) => disk.put('out/home/a/x', ''), ['output-blocked out/home/a']],
    ['the manifest is damaged', (disk) => disk.put('out/home/manifest.json', '{'), ['manifest-broken out/home/manifest.json']],
    ['the manifest climbs', (disk) => disk.put('out/home/manifest.json', '{"format":1,"lab":"home","source":"labs/home","files":{"../x":{"sha256":""}}}'), ['manifest-broken out/home/manifest.json']],
    ['it was built from another lab', (disk) => disk.put('out/home/manifest.json', printManifest({ lab: 'home', source: 'labs/x', files: new Map() })), ['output-taken out/home/manifest.json']],
    ['the lock is a folder', (disk) => disk.put('labs/home/lab.lock/x', ''), ['output-blocked labs/home/lab.lock']],
    ['out cannot be written', (disk) => (disk.put('out/x', ''), disk.deny('out')), ['write-failed out/home']],
    ['the lab cannot be written', (disk) => (disk.put('out/home/x', ''), disk.deny('out/home')), ['write-failed out/home']],
    ['a folder cannot be written', (disk) => (disk.put('out/home/d/x', ''), disk.deny('out/home/d')), ['write-failed out/home']],
    ['the sources cannot be written', (disk) => disk.deny('labs/home'), ['write-failed out/home']],
    ['another labc writes', (disk) => (disk.put('out/.labc-stage-home/owner.json', '{"process":"7","beside":[]}'), disk.running.add('7')), ['build-running out/home']],
  ])('changes nothing when %s', (_, prepare, expected) => {
    const disk = fresh();
    prepare(disk);
    const before = disk.tree('.');
    const written = write(disk, { 'a': 'a', 'd/b': 'b' });
    expect(said(written.diagnostics)).toEqual(expected);
    expect(written.diff).toBeUndefined();
    expect(disk.tree('.')).toEqual(before);
  });

  it('makes the folders above out', () => {
    const disk = fresh();
    writeLab(disk, build({ a: 'a' }), { out: 'x/y/out', force: false });
    expect(disk.tree('x')).toMatchObject({ 'y/out/home/a': 'a' });
  });
});

describe('recover', () => {
  it('follows no forged journal and no forged owner out of the folder', () => {
    const forged = (steps: unknown[], output = 'home'): string => JSON.stringify({ output, folders: [], steps });
    const journals = [
      forged([{ do: 'write', from: '.labc-stage-home/0', to: '../victim', backup: null, sha256: '' }]),
      forged([{ do: 'write', from: '.labc-stage-home/0', to: 'home/../../victim', backup: null, sha256: '' }]),
      forged([{ do: 'remove', to: '../victim', trash: '.labc-stage-home/0.old' }]),
      forged([{ do: 'remove', to: 'home/link/victim', trash: '.labc-stage-home/0.old' }]),
      forged([{ do: 'write', from: '../victim', to: 'home/a', backup: null, sha256: '' }]),
      forged([{ do: 'write', from: '.labc-stage-home/0', to: 'x/a', backup: null, sha256: '' }], 'x'),
      '{', '[]', 'null',
    ];
    for (const journal of journals) {
      const disk = MemoryDisk.of({
        'victim': 'v', 'out/home/link': { link: '../..' }, 'out/.labc-stage-home/0': 'evil', 'out/.labc-stage-home/journal.json': journal,
        'out/.labc-stage-home/owner.json': '{"process":"9","beside":["../victim","../x/.labc-stage-home-lock/../victim"]}',
      });
      expect(recover(disk, 'out')).toEqual([]);
      expect(disk.tree('.')).toEqual({ 'victim': 'v', 'out/': '', 'out/home/': '', 'out/home/link': '-> ../..' });
    }
  });
});
