/** What `labc graph` and `labc escapes` say of labs/home is true, and survives being read by a machine. */
import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Parts } from '../../compiler/cli/compiler.js';
import { labc } from '../support/fake-world.js';
import { MemoryDisk } from '../support/memory-disk.js';

const folder = new URL('../../labs/home/', import.meta.url);
let parts: Parts;
let disk: MemoryDisk;

beforeAll(async () => {
  ({ parts } = await import('../../compiler/cli/parts.js'));
  disk = new MemoryDisk();
  for (const name of readdirSync(folder)) if (/\.(lab|lock)$/.test(name)) disk.put(`labs/home/${name}`, new Uint8Array(readFileSync(new URL(name, folder))));
});

interface Stage {
  readonly index: number;
  readonly machine: string;
  readonly layer: string;
  readonly wave: number;
  readonly after: readonly number[];
  readonly because: readonly string[];
}

let known: readonly Stage[] | undefined;
const stages = async (): Promise<readonly Stage[]> => (known ??= (JSON.parse((await labc(disk, ['graph', 'labs/home', '--json'], parts)).out) as { labs: { stages: Stage[] }[] }).labs[0]?.stages ?? []);

describe('the graph of labs/home', () => {
  it('lists every stage after all it waits for, each with a reason', async () => {
    const all = await stages();
    expect(all.length).toBeGreaterThan(10);
    for (const stage of all) {
      expect(stage.because).toHaveLength(stage.after.length);
      for (const before of stage.after) expect(all[before]?.wave).toBeLessThan(stage.wave);
      expect(stage.after.every((before) => before < stage.index)).toBe(true);
    }
  });

  it('knows the gateway, the export and the resolver', async () => {
    const all = await stages();
    const waits = (machine: string): string[] => all.filter((stage) => stage.machine === machine && stage.layer === 'L3').flatMap((stage) => stage.after.map((before, i) => `${all[before]?.machine} ${all[before]?.layer}: ${stage.because[i]}`));
    expect(waits('patricia')).toEqual(expect.arrayContaining(['blaine L3: goes out through blaine', 'flagg L4: asks it for names']));
    expect(waits('misery')).toContain('pennywise L2: mounts pennywise.export.photos');
    expect(waits('flagg')).toEqual([]);
  });

  it('prints the same as text and for Graphviz', async () => {
    const text = (await labc(disk, ['graph', 'labs/home'], parts)).out;
    expect(text).toMatch(/^ {2}patricia {3}L3 {2}after blaine L3 \(goes out through blaine\), flagg L4 \(asks it for names\)$/m);
    const dot = (await labc(disk, ['graph', 'labs/home', '--dot'], parts)).out;
    expect(dot).toContain('"blaine L3" -> "patricia L3" [tooltip="goes out through blaine"];');
    const all = await stages();
    expect(dot.match(/ -> /g)).toHaveLength(all.flatMap((stage) => stage.after).length);
  });
});

describe('the escapes of labs/home', () => {
  it('are none, and every way around the language is one once it is written', async () => {
    expect((await labc(disk, ['escapes', 'labs/home'], parts)).out).toContain('labs/home: 0 escapes');
    const more = new MemoryDisk();
    for (const [path, entry] of disk.entries) if (entry.type === 'file') more.put(path, entry.bytes);
    more.put('labs/home/more.lab', `
device scale { address = 192.168.86.60 }
vm extra : router {
  node = gan
  nic lan { address = auto }
  terraform """
    machine = "q35"
    """
  task ansible.builtin.file { path = "/srv/x"  state = "directory" }
  ensure join_mesh { command = ["mesh", "join"]  creates = /etc/mesh }
  decline metrics
}
`);
    const { out } = await labc(more, ['escapes', 'labs/home', '--json'], parts);
    const escapes = (JSON.parse(out) as { labs: { escapes: { kind: string; where: string; what: string; origin: { file: string; line: number } }[] }[] }).labs[0]?.escapes ?? [];
    expect(escapes.map(({ kind, where, what, origin }) => `${kind} ${where} ${what} ${origin.file}:${origin.line}`)).toEqual([
      'decline home.extra metrics more.lab:11', 'ensure extra join_mesh more.lab:10', 'task extra ansible.builtin.file more.lab:9', 'terraform extra machine = "q35" more.lab:6',
    ]);
  });
});
