/** Items of which the same is said on several machines are lowered once; whatever tells them apart keeps them apart. */
import { describe, expect, it } from 'vitest';
import type { PlanItem } from '../../compiler/plan/machine.js';
import { lab } from '../language/support.js';

const two = (thing: string, second = ''): string => `
${thing}
vm one : box_base {
  nic lan { address = 10.0.0.20 }
  has thing
}
vm two : box_base {
  nic lan { address = 10.0.0.21 }
  has thing ${second}
}
`;

/** What the thing's items of a kind are on both machines. */
function items(source: string, kind: string): readonly PlanItem[] {
  const compiled = lab(source);
  return ['one', 'two'].flatMap((name) => compiled.machine(name).converge?.items.find((item) => item.kind === kind && item.owner === 'thing') ?? []);
}

const args = (source: string, kind: string): readonly string[] => items(source, kind).map((item) => JSON.stringify(item.tasks[0]?.args));

const kind = (body: string): string => `
kind note(name: String, text: String = machine.name) {
  layer = L3  phase = 4  key = name  parents = [capability]
  ${body}
}
capability thing() { note a { } }
`;

describe('items on two machines', () => {
  it('are one where the same is said', () => {
    const [one, other] = items(two('capability thing() { directory /opt/x { mode = 0700 } }'), 'directory');
    expect(one?.tasks).toHaveLength(1);
    expect(other?.tasks[0]).toBe(one?.tasks[0]);
  });

  it.each([
    ['a value', 'capability thing() { note a { text = machine.name } }\nkind note(name: String, text: String) { layer = L3  phase = 4  key = name  parents = [capability]\n task ansible.builtin.copy { dest = "/n"  content = text } }'],
    ['a default', kind('task ansible.builtin.copy { dest = "/n"  content = text }')],
    ['a step', kind('task ansible.builtin.copy { dest = "/n"  content = machine.name }')],
    ['a `let`', kind('let who = machine.nic.lan.address\n  task ansible.builtin.copy { dest = "/n"  content = "${who}" }')],
    ['a condition', kind('if machine.name == "one" { task ansible.builtin.copy { dest = "/n"  content = "one" } } else { task ansible.builtin.copy { dest = "/n"  content = "two" } }')],
  ])('differ where %s reads the machine', (_what, source) => {
    const [one, other] = args(two(source), 'note');
    expect(one).not.toBe(undefined);
    expect(other).not.toBe(one);
  });

  it('are apart where one machine says more', () => {
    const [one, other] = args(two('capability thing() { directory /opt/x }', '{ directory /opt/x { mode = 0700 } }'), 'directory');
    expect([one, other]).toEqual([expect.stringContaining('0755'), expect.stringContaining('0700')]);
  });

  // The first machine's are lowered to see what is shared at all.
  const three = (thing: string): string => `${two(thing)}vm three : box_base {\n  nic lan { address = 10.0.0.22 }\n  has thing\n}\n`;

  it('are one where only the text of a file reads the machine, and each has its own text', () => {
    const compiled = lab(three('capability thing() { file /etc/thing = "of ${machine.name}" }'));
    const item = (name: string): PlanItem | undefined => compiled.machine(name).converge?.items.find(({ key }) => key === '/etc/thing');
    const text = (name: string): unknown => compiled.machine(name).converge?.files.find(({ path }) => path === 'etc/thing')?.content;
    expect(item('two')).not.toBe(undefined);
    expect(item('three')).toBe(item('two'));
    expect(['one', 'two', 'three'].map(text)).toEqual(['of one\n', 'of two\n', 'of three\n']);
  });

  it.each([
    ['a secret in it', 'secret word { from = env("WORD") }\ncapability thing() { file /etc/thing = if machine.name == "three" then "x ${word}" else "plain" }', 'file'],
    ['a say in a step', 'kind note(name: String, text: Template) {\n  layer = L3  phase = 4  key = name  parents = [capability]\n  task ansible.builtin.copy { dest = "/n"  src = asset(text)  mode = if text == "of three" then "0600" else "0644" }\n}\ncapability thing() { note a { text = "of ${machine.name}" } }', 'note'],
  ])('differ where the text of a file has %s', (_what, source, word) => {
    const compiled = lab(three(source));
    const tasks = (name: string): string => JSON.stringify(compiled.machine(name).converge?.items.find(({ kind: of, owner }) => of === word && owner === 'thing')?.tasks);
    expect(tasks('two')).toMatch(/^\[\{/);
    expect(tasks('three')).not.toBe(tasks('two'));
  });

  it('say where their values come from all the same, those inside them too', () => {
    const compiled = lab(two('capability thing() { directory /opt/x }'));
    for (const path of ['capability.thing.directory./opt/x.mode', 'capability.docker.package.docker-ce.held_package.docker-ce.name']) {
      expect(compiled.value(`two.${path}`)).toBeDefined();
      expect(compiled.value(`two.${path}`)).toBe(compiled.value(`one.${path}`));
    }
  });
});

describe('a value that is the same on one machine and not on the next', () => {
  it.each([
    ['a `let` that a condition chooses', 'if machine.name == "one" { let word = "one" } else { let word = "two" }\n  file /etc/word = ini({ A = { B = word } })'],
    ['a `let` that only one has', 'if machine.name == "one" { let word = "one" }\n  file /etc/word = machine.name'],
    ['a loop', 'for word in [machine.name] { file /etc/word = ini({ A = { B = word } }) }'],
    ['a parameter', 'file /etc/word = ini({ A = { B = given } })'],
    ['a function that is handed the machine', 'file /etc/word = label(machine)'],
  ])('%s', (_what, body) => {
    const source = `fn label(m: Ref(machine)): String = "machine \${m.name}"\ncapability thing(given: String = machine.name) {\n  ${body}\n}`;
    const compiled = lab(two(source));
    const [one, other] = ['one', 'two'].map((name) => compiled.machine(name).converge?.files.find((file) => file.path === 'etc/word')?.content);
    expect(one).toContain('one');
    expect(other).toContain('two');
  });
});

describe('a capability that two machines have', () => {
  const both = (source: string): readonly (readonly PlanItem[])[] => {
    const compiled = lab(two(source));
    return ['one', 'two'].map((name) => compiled.machine(name).converge?.items.filter((item) => item.owner === 'thing') ?? []);
  };
  const paths = (items: readonly PlanItem[] | undefined): readonly string[] => (items ?? []).map((item) => item.key);

  it('has the same items on both, those apart that read the machine', () => {
    const [one, other] = both('capability thing() {\n  let word = "w"\n  directory /opt/x, /opt/y\n  file /opt/a = word\n  file /opt/b = "${word} ${machine.name}"\n  file /opt/c = "${word}!"\n}');
    expect(paths(one)).toEqual(['/opt/x', '/opt/y', '/opt/a', '/opt/b', '/opt/c']);
    expect(paths(other)).toEqual(paths(one));
    expect(one?.map((item, i) => item.tasks[0] === other?.[i]?.tasks[0])).toEqual([true, true, true, false, true]);
  });

  it('is seen whole by whoever asks for all items of a kind', () => {
    const compiled = lab(`${two('capability thing() { directory /opt/x, /opt/y }')}\ncapability census() { file /etc/all = directory.map(d => "\${d.path}").where(path => path.starts_with("/opt/")).join(" ") }\nvm three : box_base {\n  nic lan { address = 10.0.0.22 }\n  has census\n}`);
    expect(compiled.machine('three').converge?.files.find((file) => file.path === 'etc/all')?.content).toBe('/opt/x /opt/y /opt/x /opt/y\n');
  });

  it('may lose an item on one of them', () => {
    const compiled = lab(two('capability thing() { directory /opt/x, /opt/y }', '{ without directory = /opt/x }'));
    const [one, other] = ['one', 'two'].map((name) => paths(compiled.machine(name).converge?.items.filter((item) => item.owner === 'thing')));
    expect([one, other]).toEqual([['/opt/x', '/opt/y'], ['/opt/y']]);
  });
});
