import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseLock, printLock, type Fact } from '../../compiler/allocation/lock.js';

const codes = (text: string) => parseLock(text, 'lab.lock').diagnostics.map((d) => d.code);
const facts = (text: string) => [...parseLock(text, 'lab.lock').value.facts].map(([key, fact]) => `${key} ${fact.value}`);

describe('lab.lock', () => {
  test('is one fact a line, sorted, under a version', () => {
    const { value, diagnostics } = parseLock('vmid pve/carrie 228\r\n\naddress lan/misery 192.168.86.217\nlock 1\nvmid pve/carrie 228\n# a remark\n', 'lab.lock');
    expect(diagnostics).toEqual([]);
    expect(printLock(value).split('\n').slice(1)).toEqual(['lock 2', expect.stringMatching(/^address lan\/misery 192\.168\.86\.217 ~[a-z2-7]{4}$/), expect.stringMatching(/^vmid pve\/carrie 228 ~[a-z2-7]{4}$/), '']);
  });

  test('two lines that differ are an error that shows both', () => {
    const text = 'vmid pve/a 201\nmac a/lan 02:00:00:00:00:01\nvmid pve/a 202\n';
    const [found, ...more] = parseLock(text, 'lab.lock').diagnostics;
    expect(more).toEqual([]);
    expect(found).toMatchObject({ code: 'LAB4012', message: 'lab.lock says two things about vmid pve/a: 201 and 202' });
    expect(text.slice(found!.span.start, found!.span.end)).toBe('vmid pve/a 202');
    expect(text.slice(found!.labels[0]!.span.start, found!.labels[0]!.span.end)).toBe('vmid pve/a 201');
  });

  test('a line that cannot be read hides no other, and the marks of a conflict are told once', () => {
    const text = '<<<<<<< HEAD\nvmid pve/a 201\n=======\nvmid\nvmid pve/b 202 203\nVMID x y\nvmid pve/c \\x\n>>>>>>> other\nvmid pve/d 204';
    expect(codes(text)).toEqual(['LAB4011', 'LAB4011', 'LAB4011', 'LAB4011', 'LAB4011']);
    expect(facts(text)).toEqual(['vmid pve/a 201', 'vmid pve/d 204']);
  });

  test('an edited line is told from one that labc wrote, and says what to write instead', () => {
    const text = printLock({ facts: new Map([['vmid pve/carrie', { value: '228', span: null }], ['disk carrie/data', { value: 'tank,8GiB', span: null }]]) });
    expect(codes(text)).toEqual([]);
    const [edited] = parseLock(text.replace(' 228', ' 229'), 'lab.lock').diagnostics;
    expect(edited).toMatchObject({ code: 'LAB6001', help: 'write `vmid = 229` in carrie, and restore the line: `git checkout lab.lock` in the folder of the lab' });
    expect(facts(text.replace(' 228', ' 229'))).toEqual(['disk carrie/data tank,8GiB']);
    expect(codes(`${text}vmid pve/new 300\n`)).toEqual(['LAB6001']);
    // A branch with a labc that knew no checks: the union of both is read.
    expect(codes(`${text}lock 1\nvmid pve/new 300\n`)).toEqual([]);
    expect(codes(`${text.replace(' 228', ' 229')}lock 1\nvmid pve/new 300\n`)).toEqual(['LAB6001']);
  });

  test('a newer form is refused', () => {
    expect(codes('lock 3\nvmid pve/a 201\n')).toEqual(['LAB5901']);
    expect(codes('')).toEqual([]);
  });

  const word = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('', '""', '\\u0000', '#', '\u2028', '\ud800', 'a b'));
  const lock = fc.array(fc.tuple(fc.constantFrom('vmid', 'address', 'tombstone'), word, word), { maxLength: 12 })
    .map((rows) => ({ facts: new Map<string, Fact>(rows.map(([kind, id, value]) => [`${kind} ${id}`, { value, span: null }])) }));

  test('reading gives back what was written, from lines in any order, twice over', () => {
    fc.assert(fc.property(lock, fc.infiniteStream(fc.nat()), (made, dice) => {
      const text = printLock(made);
      const lines = [...text.split('\n'), ...text.split('\n')].map((line) => ({ line, key: dice.next().value as number })).sort((a, b) => a.key - b.key).map((x) => x.line);
      const read = parseLock(lines.join('\n'), 'lab.lock');
      expect(read.diagnostics).toEqual([]);
      expect(printLock(read.value)).toBe(text);
      expect(new Map([...read.value.facts].map(([key, fact]) => [key, fact.value]))).toEqual(new Map([...made.facts].map(([key, fact]) => [key, fact.value])));
    }));
  });

  test('no text makes it throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => { printLock(parseLock(text, 'lab.lock').value); }));
  });
});
