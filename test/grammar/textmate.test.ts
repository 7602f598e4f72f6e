import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { unzipSync } from 'fflate';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { beforeAll, expect, test } from 'vitest';
import { generateTextmate, textmateGrammar } from '../../grammar/textmate.js';
// @ts-expect-error the packer is a plain script without types
import { pack } from '../../grammar/vscode/pack.mjs';

const root = new URL('../../', import.meta.url);
let grammar: textmate.IGrammar;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (sources) => new oniguruma.OnigScanner(sources), createOnigString: (text) => new oniguruma.OnigString(text) }),
    loadGrammar: async () => textmate.parseRawGrammar(JSON.stringify(textmateGrammar()), 'lab.json'),
  });
  grammar = (await registry.loadGrammar('source.lab')) as textmate.IGrammar;
});

/** The innermost scope of each sign or word of a text, blanks left out. */
function scopes(text: string): [string, string][] {
  let stack = textmate.INITIAL;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.map((token): [string, string] => [line.slice(token.startIndex, token.endIndex), token.scopes[token.scopes.length - 1] ?? '']);
  }).filter(([part]) => part.trim() !== '');
}

const kind = 'storage.type.kind.lab';
const label = 'entity.name.label.lab';
const property = 'variable.other.property.lab';

test.each<[string, Record<string, string>]>([
  ['vm carrie : docker_host {', { vm: kind, carrie: label, docker_host: 'variable.other.lab' }],
  ['  has docker; has nfs', { has: kind, docker: label, nfs: label }],
  ['  state data = /data { quiesce = stop }', { state: kind, data: label, '/data': 'constant.other.path.lab', quiesce: property, stop: 'variable.other.lab' }],
  ['  stop { grace = 60s }   shm = 128MiB', { stop: kind, grace: property, '60s': 'constant.numeric.quantity.lab', shm: property }],
  ['tile "Immich" { link = web }', { tile: kind, link: property, web: 'variable.other.lab' }],
  ['sysctl net.ipv4.ip_forward = 1', { sysctl: kind, 'net.ipv4.ip_forward': label, 1: 'constant.numeric.integer.lab' }],
  ['env {', { env: kind }],
  ['port state = 80', { port: kind, state: label }],
  ['every = daily at 03:30', { every: property, daily: 'variable.other.lab', at: 'keyword.operator.word.lab', '03:30': 'constant.other.pair.lab' }],
  ['x = if a in b and not c then true else none', { if: 'keyword.control.lab', in: 'keyword.operator.word.lab', and: 'keyword.operator.word.lab', a: 'variable.other.lab', true: 'constant.language.lab', none: 'constant.language.lab' }],
  ['for c in names { }', { for: 'keyword.control.lab', c: 'variable.other.lab', names: kind }],
  ['a = b.where(c => c.in)', { where: 'variable.other.member.lab', in: 'variable.other.member.lab', '=>': 'keyword.operator.lab' }],
  ['x = env("A")', { x: property, env: 'entity.name.function.lab' }],
  ['fn f(a: Ref(route), b: Path? = none): String = a', { fn: kind, f: 'entity.name.label.lab', Ref: 'entity.name.type.lab', Path: 'entity.name.type.lab', String: 'entity.name.type.lab' }],
  ['a = 192.168.1.0/24  m = 02:42:ac:11:00:02  v = 1.2.3  d = 2026-02-07  p = 8080/tcp  e = 24.04', {
    '192.168.1.0/24': 'constant.other.ip.lab', '02:42:ac:11:00:02': 'constant.other.mac.lab', '1.2.3': 'constant.other.version.lab', '2026-02-07': 'constant.other.date.lab',
    '8080/tcp': 'constant.other.port.lab', '24.04': 'constant.numeric.decimal.lab',
  }],
  ['x = https://a.b // c', { 'https://a.b': 'invalid.illegal.url.lab', '// c': 'comment.line.double-slash.lab' }],
  ['/// What it is.', { '/// What it is.': 'comment.line.documentation.lab' }],
])('%s', (text, wanted) => {
  const found = scopes(text);
  for (const [part, scope] of Object.entries(wanted)) expect(found).toContainEqual([part, scope]);
});

test('strings hold escapes and expressions, and expressions hold strings', () => {
  const found = scopes('x = "a${f("b", { c = 1 })}\\n\\d" + y');
  expect(found).toContainEqual(['a', 'string.quoted.double.lab']);
  expect(found).toContainEqual(['b', 'string.quoted.double.lab']);
  expect(found).toContainEqual(['c', property]);
  expect(found).toContainEqual(['\\n', 'constant.character.escape.lab']);
  expect(found).toContainEqual(['\\d', 'invalid.illegal.escape.lab']);
  expect(found).toContainEqual(['y', 'variable.other.lab']);
});

test('a string that is not closed ends with its line, one of several lines does not', () => {
  expect(scopes('x = "a\nvm b { }')).toContainEqual(['vm', kind]);
  expect(scopes('x = """\n  vm b { }\n  """\nvm c { }').filter(([, scope]) => scope === kind)).toEqual([['vm', kind]]);
  expect(scopes("x = '${y}'")).toContainEqual(['${y}', 'string.quoted.single.raw.lab']);
});

test('the generated grammar is fresh', () => {
  for (const { path, text } of generateTextmate()) expect(readFileSync(new URL(path, root), 'utf8')).toBe(text);
});

test('the extension packs into an archive with all that it names', () => {
  const { name, data } = pack() as { name: string; data: Uint8Array };
  expect(name).toMatch(/^lab-language-\d+\.\d+\.\d+\.vsix$/);
  expect(pack().data).toEqual(data);
  const files = unzipSync(data);
  const text = (path: string): string => new TextDecoder().decode(files[path]);
  const about = JSON.parse(text('extension/package.json')) as { contributes: Record<string, { path?: string; configuration?: string }[]> };
  const named = Object.values(about.contributes).flat().map((each) => each.path ?? each.configuration ?? '');
  for (const path of named) expect(() => JSON.parse(text(`extension/${path.slice(2)}`))).not.toThrow();
  expect(text('extension.vsixmanifest')).toContain('Path="extension/package.json"');
  for (const path of Object.keys(files)) expect(text('[Content_Types].xml')).toContain(path === '[Content_Types].xml' ? 'Types' : `Extension=".${path.split('.').pop()}"`);
});
