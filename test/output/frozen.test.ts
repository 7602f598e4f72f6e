/** `labc check --frozen`: silence for a fresh build, one sentence for everything else, and never a byte written. */
import { describe, expect, it } from 'vitest';
import { labc } from '../support/fake-world.js';
import { MemoryDisk } from '../support/memory-disk.js';

const home = 'lab home { }\nvm box { cores = 4 }\nvm nas { }\n';

async function built(): Promise<MemoryDisk> {
  const disk = MemoryDisk.of({ 'labs/home/site.lab': home });
  await labc(disk, ['build']);
  return disk;
}

/** What `check --frozen --json` finds after `spoil`; the disk is as it was. */
async function differences(spoil: (disk: MemoryDisk) => void): Promise<readonly string[]> {
  const disk = await built();
  spoil(disk);
  const before = disk.tree('/work');
  const ran = await labc(disk, ['check', '--frozen', '--json']);
  expect(disk.tree('/work')).toEqual(before);
  const document = JSON.parse(ran.out) as { labs: { frozen: boolean; differences: { path: string; is: string }[] }[]; diagnostics: { help: string }[] };
  const found = document.labs[0]?.differences ?? [];
  expect(ran.exit).toBe(found.length === 0 ? 0 : 1);
  expect(document.labs[0]?.frozen).toBe(found.length === 0);
  if (found.length > 0) expect(document.diagnostics.map(({ help }) => help)).toEqual([expect.stringContaining('labc build labs/home')]);
  return found.map(({ path, is }) => `${path} ${is}`);
}

describe('check --frozen', () => {
  it('says that a fresh build is fresh', async () => {
    expect(await labc(await built(), ['check', '--frozen'])).toEqual({ exit: 0, err: '', out: 'labs/home: out/home is what it produces\n' });
  });

  it('finds what was edited, removed, left over, or never built', async () => {
    expect(await differences(() => {})).toEqual([]);
    expect(await differences((disk) => disk.put('out/home/terraform/box.tf', 'x'))).toEqual(['terraform/box.tf edited']);
    expect(await differences((disk) => disk.remove('out/home/README.md'))).toEqual(['README.md missing']);
    expect(await differences((disk) => disk.put('out/home/README.md', '# home\n', true))).toEqual([]);
    expect(await differences((disk) => disk.remove('out/home/manifest.json'))).toEqual(['manifest.json missing']);
    expect(await differences((disk) => disk.put('labs/home/lab.lock', 'another\n'))).toEqual(['labs/home/lab.lock outdated']);
    expect(await differences((disk) => disk.put('labs/home/site.lab', home.replace('vm nas', 'vm web')))).toEqual(['terraform/nas.tf unbuilt', 'terraform/web.tf missing']);
    expect(await differences((disk) => disk.deny('out/home/README.md'))).toEqual(['README.md unreadable']);
    expect(await differences((disk) => disk.put('out/.labc-stage-home/journal.json', '{}'))).toEqual(['out/home interrupted']);
  });

  it('does not ask about files that labc never wrote', async () => {
    expect(await differences((disk) => disk.put('out/home/terraform/terraform.tfstate', '{}'))).toEqual([]);
  });

  it('reports the faults of a lab that does not compile, and nothing about out/', async () => {
    const disk = await built();
    disk.put('labs/home/site.lab', home.replace('4', 'oops'));
    const { exit, err } = await labc(disk, ['check', '--frozen']);
    expect(exit).toBe(1);
    expect(err).toContain('LAB2001');
    expect(err).not.toContain('LAB9022');
  });
});
