/** Promises about whole labs: order means nothing, building again changes nothing, and a new machine leaves the others alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LabSources } from '../../compiler/sources/lab-sources.js';
import { parseFile } from '../../compiler/syntax/parse.js';
import { build, differing, firstDifference, labOf, readLab, withFile } from '../e2e/lab-kit.js';
import { generateLab } from '../support/generate-lab.js';

const home = readLab('labs/home');
const built = build(home);

/** A file's top-level declarations, each with what stands before it; the rest of the file stays at its end. */
function chunks(file: LabSources['files'][number]): { readonly parts: readonly string[]; readonly rest: string } {
  const { items } = parseFile(file).value;
  const ends = items.map(({ span }) => span.end);
  return { parts: items.map((_, at) => `${file.text.slice(ends[at - 1] ?? 0, ends[at])}\n`), rest: file.text.slice(ends.at(-1) ?? 0) };
}

const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> => fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });

test('shuffling files and declarations keeps the bytes and the lock', () => {
  const files = shuffled(home.files).chain((order) => fc.tuple(...order.map((file) => {
    const { parts, rest } = chunks(file);
    return shuffled(parts).map((some) => ({ path: file.path, text: some.join('') + rest }));
  })));
  fc.assert(fc.property(files, (some) => {
    const again = build({ ...home, files: some });
    expect(firstDifference(built.files, again.files)).toBeUndefined();
    expect(again.lock).toBe(built.lock);
  }), { seed: 11, numRuns: 8 });
}, 120_000);

test('building twice is a fixpoint, for a lab of any size', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 40 }), (size) => {
    const sources = labOf('generated', generateLab(size));
    const first = build(sources);
    const second = build({ ...sources, lock: first.lock });
    expect(second.lock).toBe(first.lock);
    expect(firstDifference(first.files, second.files)).toBeUndefined();
  }), { seed: 12, numRuns: 5 });
}, 120_000);

/** What a lab says about all of its machines, and what providers make of requests. */
const indexes = /^(README\.md|topology\.svg|justfile|just\/lab\.json|ansible\/(L[34]\.yml|inventory\/.*)|terraform\/(outputs|images|provider)\.tf)$/;
const providers: readonly (readonly [machine: string, answers: RegExp])[] = [
  ['flagg', /^(compose\/flagg\/(traefik|pihole|prometheus|gatus|grafana)\/|ansible\/applied\/flagg\.json$|ansible\/roles\/flagg\/files\/etc\/nftables\.d\/lab\.nft$)/],
  ['carrie', /^(compose\/carrie\/homepage\/files\/|ansible\/applied\/carrie\.json$|ansible\/roles\/carrie\/files\/etc\/nftables\.d\/lab\.nft$)/],
];

const name = fc.tuple(fc.constantFrom('aa', 'new', 'm', 'zz'), fc.integer({ min: 0, max: 9999 })).map(([word, n]) => `${word}-${n}`);
const run = fc.option(fc.constantFrom('vaultwarden { host = "web-NAME.${lab.domain}"  admin = vaultwarden_adm }', 'trilium { host = "web-NAME.${lab.domain}" }', 'valkeyed', 'immich { host = "web-NAME.${lab.domain}"  library = /srv/photos }'), { nil: undefined });

test('a new machine leaves every allocation and every file of the others, but what answers its requests', () => {
  fc.assert(fc.property(name, fc.constantFrom('maturin', 'gan'), run, (machine, node, app) => {
    const workload = app === undefined || app === 'valkeyed' ? '' : `run app-${machine} = ${app.replace('NAME', machine)}`;
    const own = app === 'valkeyed' ? `\nuse parts.valkey\nworkload own() {\n  with cache = valkey()\n  container server { image = "docker.io/library/busybox:1.36"  port http = 80  after = [ready(cache)] }\n}\n` : '';
    const text = `vm ${machine} : docker_host {\n  node = ${node}  cores = 1  memory = 1GiB\n  nic lan { address = auto }\n  disk data = 8GiB { on = local-lvm  mount = /srv  keep = true }\n  ${own === '' ? workload : `run app-${machine} = own`}\n}\n${own}`;
    const more = build({ ...withFile(home, 'aa.lab', text), lock: built.lock });
    const facts = new Set(more.lock.split('\n'));
    expect(built.lock.split('\n').filter((fact) => !facts.has(fact))).toEqual([]);
    const others = differing(built.files, more.files).filter((path) => !new RegExp(`(^|/)(app-)?(${machine}|${machine.replace('-', '_')})([./]|$)`).test(path));
    expect(others.filter((path) => !indexes.test(path) && !providers.some(([, answers]) => answers.test(path)))).toEqual([]);
    // The playbooks gain plays, and lose nothing.
    for (const playbook of ['ansible/L3.yml', 'ansible/L4.yml']) {
      const lines = more.files.get(playbook)!.split('\n');
      let at = 0;
      for (const line of built.files.get(playbook)!.split('\n')) at = lines.indexOf(line, at) + 1 || Infinity;
      expect(at, playbook).toBeLessThan(Infinity);
    }
  }), { seed: 13, numRuns: 10 });
}, 120_000);
