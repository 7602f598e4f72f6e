/** What has a type takes nothing that its target would read as more: each hostile text is refused where it stands, by a sentence. */
import { describe, expect, test } from 'vitest';
import { lineColumn, lineStarts } from '../../compiler/base/span.js';
import { box, ground, literal, texts } from '../e2e/hostile-lab.js';
import { check, labOf } from '../e2e/lab-kit.js';

const words = [...new Set([...texts, '$HOME/x', '/a/$b', '/a\nb', '../x', '/a/\u2028b', 'ok1'])];
const many = (say: (text: string, at: number) => string): string => words.map((word, at) => say(literal(word), at)).join('\n');
const app = (inside: string, beside = ''): string =>
  box('run app\nrun traefik { tls = internal() }', `workload app() {\nneeds container_runtime\ncontainer server {\nimage = "docker.io/library/busybox:1.36"\nport http = 80\n${inside}\n}\n${beside}\n}`);

const host = /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/;
const path = /^\/[^$\p{C}\u2028\u2029]*$/u;
const name = /^[A-Za-z0-9_@:+][A-Za-z0-9_.@:+-]*$/;
const service = /^[a-z0-9][a-z0-9_-]*$/;
const line = /^[^\r\n]*$/;
const nothing = /^$a/;
const container = (attribute: string): string => box('run app', `workload app() {\nneeds container_runtime\n${many((text, at) => `container c${at} { image = "docker.io/library/busybox:1.36"  ${attribute} = ${text} }`)}\n}`);

/** The slot, a lab that has one line for each text, and what of the texts it admits. */
const slots: readonly (readonly [slot: string, source: string, admits: RegExp])[] = [
  ['a path of a file', box(many((text) => `file ${text} { content = "x" }`)), path],
  ['a path of a folder', box(many((text) => `directory ${text}`)), path],
  ['a file in a container', app(many((text) => `file ${text} = "x"`)), path],
  ['a bind', app(many((text) => `bind ${text} = /x`)), path],
  ['the source of a bind', app(many((text, at) => `bind /b${at} = ${text}`)), nothing],
  ['a scratch', app(many((text) => `scratch ${text}`)), path],
  ['a device', app(many((text) => `device ${text}`)), path],
  ['a working folder', container('workdir'), nothing],
  ['a host name in a container', container('hostname'), host],
  ['an image', container('image').replaceAll('image = "docker.io/library/busybox:1.36"  ', ''), /^[A-Za-z0-9._/:@-]+$/],
  ['a container', box('run app', `workload app() {\nneeds container_runtime\n${many((text) => `container ${text} { image = "docker.io/library/busybox:1.36" }`)}\n}`), service],
  ['an instance', box(many((text) => `run ${text} = app`), 'workload app() {\nneeds container_runtime\ncontainer server { image = "docker.io/library/busybox:1.36" }\n}'), service],
  ['a state', app(many((text, at) => `state ${text} = /s${at} { disposable = "x" }`)), service],
  ['a cache', app(many((text, at) => `cache ${text} = /c${at}`)), name],
  ['the host of a route', app('', many((text, at) => `route r${at} = server.port.http { host = ${text} }`)), host],
  ['the path of a route', app('', many((text, at) => `route r${at} = server.port.http { host = "h${at}.lab.example.net"  path = ${text} }`)), nothing],
  ['a machine', `${ground}\n${many((text) => `vm ${text} : base_debian { disk root = 8GiB { on = local-lvm }  nic lan { address = auto } }`)}`, host],
  ['a variable of a secret', box('', many((text, at) => `secret s${at} { from = env(${text}) }`)), /^\w+$/],
  ['the key of a user', box(many((text, at) => `authorized_keys u${at} { keys = [${text}] }`)), nothing],
  ['an ensure', box(many((text) => `ensure ${text} { command = ["true"] }`)), name],
  ['the user of an ensure', box(many((text, at) => `ensure e${at} { command = ["true"]  as = ${text} }`)), name],
  ['a timer', box(many((text) => `timer ${text} { command = ["/bin/true"] }`)), name],
  ['a service', box(many((text) => `service ${text}`)), name],
  ['a package', box(many((text) => `package ${text}`)), name],
  ['a user', box(many((text) => `user ${text}`)), name],
  ['who may use sudo', box(many((text) => `sudo ${text}`)), name],
  ['what sudo allows', box(many((text, at) => `sudo u${at} { commands = [${text}] }`)), line],
  ['a unit', box(many((text) => `unit ${text} { content = "x" }`)), name],
  ['a repository', box(many((text) => `package_repository ${text} { uri = "http://x"  keyring = /k }`)), name],
  ['the place of a repository', box(many((text, at) => `package_repository r${at} { uri = ${text}  keyring = /k }`)), line],
  ['a kernel setting', box(many((text) => `sysctl ${text} = 1`)), name],
  ['a checksum', box(many((text, at) => `download d${at} { url = "https://x/y"  sha256 = ${text}  to = /tmp/x${at}  unpack = bz2 }`)), nothing],
  ['an owner', box(many((text, at) => `file /x${at} { content = "x"  owner = ${text} }`)), name],
];

describe('a hostile text is refused as', () => {
  test.each(slots)('%s', (_slot, source, admits) => {
    const { diagnostics } = check(labOf('typed', { 'typed.lab': source }));
    const starts = lineStarts(source);
    const errors = diagnostics.filter(({ severity, span }) => severity === 'error' && span.file === 'typed.lab');
    const refused = new Set(errors.flatMap(({ span, labels }) => [span, ...(labels ?? []).map((label) => label.span)]).map((span) => lineColumn(starts, span.start).line));
    const first = source.split('\n').findIndex((text) => text.includes(literal(words[2]!)) && text.includes('"plain"')) + 1 - 2;
    const taken = words.filter((_, at) => !refused.has(first + at));
    expect(taken.filter((text) => !admits.test(text))).toEqual([]);
  });
});

test('a name of a variable in a container', () => {
  for (const text of ['', ' ', 'a b', 'a=b', '$HOME', '${x}', 'a\nb', '1x', '{{ x }}']) {
    expect(check(labOf('typed', { 'typed.lab': app(`env { ${literal(text)} = 1 }`) })).plan, text).toBeUndefined();
  }
});

test('a tag of a machine', () => {
  for (const text of ['', ' ', 'a b', 'a;b', 'a,b', '$HOME', '${x}', 'a\nb', '-a', '{{ x }}']) {
    expect(check(labOf('typed', { 'typed.lab': box(`tags = [${literal(text)}]`) })).plan, text).toBeUndefined();
  }
});
