/** Functions that the language brings: codecs, files, shell and systemd quoting, endpoints of the machine, arithmetic. */
import { isLibraryFile } from '../base/library-file.js';
import type { Span } from '../base/span.js';
import { suggestHelp } from '../base/suggest.js';
import { types } from '../diagnostics/catalogue/types.js';
import { jinjaString } from '../emit/jinja/string.js';
import { shellWord } from '../emit/shell/quote.js';
import { encode, type CodecName } from './codecs.js';
import { Fault, type Ev } from './context.js';
import { machineEndpoint } from './endpoints.js';
import { readPort } from './literals.js';
import type { Obj, Rec, Scope, Template, Value } from './model.js';
import { compare, itemsOf, negate } from './operators.js';
import { interpolate, joinParts, partsOf, plainText } from './text.js';
import { describe, isObject, tagOf } from './value.js';

export interface CallSite {
  readonly ev: Ev;
  readonly scope: Scope;
  readonly span: Span;
  readonly name: string;
}

export type Builtin = (site: CallSite, args: readonly Value[], named: ReadonlyMap<string, Value>) => Value;

function wrong(site: CallSite, why: string, help: string): Fault {
  return new Fault(types.create.badArguments(site.span, { name: site.name, why, help }));
}

function textOf(site: CallSite, value: Value | undefined): string {
  const text = value === undefined ? undefined : plainText(value);
  if (text === undefined) throw wrong(site, 'wants text', `write \`${site.name}("...")\``);
  return text;
}

const codec = (format: CodecName): Builtin => (site, args) => {
  if (args.length !== 1) throw wrong(site, 'takes one value', `write \`${format}({ ... })\``);
  return encode(format, args[0] ?? null, site.span);
};

const endpoint = (scheme: string, protocol: 'tcp' | 'udp'): Builtin => (site, args) => {
  const given = args[0] ?? null;
  const read = typeof given === 'number' ? readPort(String(given)) : isObject(given) && given.t === 'port' ? { value: given } : null;
  if (read === null || 'why' in read) throw wrong(site, 'wants a port', `write \`${site.name}(8080)\``);
  site.ev.readHere();
  return machineEndpoint(site.scope.self()?.machine ?? null, scheme, read.value.port, read.value.protocol ?? protocol);
};

const extreme = (direction: 1 | -1): Builtin => (site, args) => {
  const items = args.length === 1 ? (itemsOf(args[0] ?? null) ?? args) : args;
  if (items.length === 0) throw wrong(site, 'wants at least one value', `write \`${site.name}(a, b)\``);
  return items.reduce((best, item) => (compare(item, best, site.name, site.span) * direction > 0 ? item : best));
};

/** Words of a command line: text, numbers, paths and secrets' paths. */
function words(site: CallSite, value: Value | undefined): (string | Template)[] {
  const items = value === undefined ? undefined : itemsOf(value);
  if (items === undefined) throw wrong(site, 'wants a list of words', `write \`${site.name}(["command", "argument"])\``);
  return items.filter((item) => item !== null).map((item) => joinParts(interpolate(item, site.span)));
}

/** systemd's own quoting of an argument in ExecStart: specifiers and variables are doubled. */
function systemdWord(text: string): string {
  const escaped = text.replace(/%/g, '%%').replace(/\$/g, '$$$$');
  return /^[A-Za-z0-9_@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

/** systemd-escape --path. */
function systemdEscape(path: string): string {
  const clean = path.replace(/\/+/g, '/').replace(/^\/|\/$/g, '');
  if (clean === '') return '-';
  return [...new TextEncoder().encode(clean)].map((byte, i) => {
    const char = String.fromCharCode(byte);
    if (char === '/') return '-';
    return /[A-Za-z0-9:_.]/.test(char) && !(char === '.' && i === 0) ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  yaml: codec('yaml'),
  json: codec('json'),
  ini: codec('ini'),
  toml: codec('toml'),
  env: codec('env'),
  tag: (site, args) => ({ t: 'tagged', tag: textOf(site, args[0]), value: args[1] ?? null }),
  http: endpoint('http', 'tcp'),
  https: endpoint('https', 'tcp'),
  icmp: (site) => {
    site.ev.readHere();
    return machineEndpoint(site.scope.self()?.machine ?? null, 'icmp', 0, 'tcp');
  },
  tcp: endpoint('tcp', 'tcp'),
  udp: endpoint('udp', 'udp'),
  min: extreme(-1),
  max: extreme(1),
  abs: (site, args) => (compare(args[0] ?? null, 0, 'abs', site.span) < 0 ? negate(args[0] ?? null, site.span) : (args[0] ?? null)),
  file: (site, args) => site.ev.readFile(textOf(site, args[0]), site.span),
  template: (site, args) => {
    const text = site.ev.readFile(textOf(site, args[0]), site.span);
    const given = isObject(args[1] ?? null) && tagOf(args[1] ?? null) === 'rec' ? (args[1] as Rec).fields : new Map<string, Value>();
    const pieces = text.split(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/);
    const holes = pieces.filter((_piece, i) => i % 2 === 1);
    for (const name of given.keys()) if (!holes.includes(name)) throw wrong(site, `gives \`${name}\`, which the text does not have`, suggestHelp(name, holes));
    return joinParts(pieces.flatMap((piece, i) => (i % 2 === 0 ? [piece] : given.has(piece) ? interpolate(given.get(piece) ?? null, site.span) : [`\${${piece}}`])));
  },
  asset: (site, args) => {
    const content = args[0] ?? null;
    return { t: 'asset', content: joinParts(interpolate(content, site.span)) };
  },
  sealed: (_site, args) => tagOf(args[0] ?? null) === 'template' || (isObject(args[0] ?? null) && (args[0] as Obj).t === 'obj'),
  path: (site, args) => {
    const secret = args[0] ?? null;
    if (secret === null) return null;
    if (isObject(secret) && secret.t === 'obj' && secret.kind.word === 'secret') return site.ev.secretPath(secret, site.span);
    throw wrong(site, `wants a secret, not ${describe(secret)}`, 'write `path(NAME)` with the name of a `secret`');
  },
  gid: (site, args) => ({ t: 'late-gid', group: textOf(site, args[0]) }),
  shell: (site, args) => joinParts(words(site, args[0]).flatMap((word, i) => [...(i === 0 ? [] : [' ']), ...(typeof word === 'string' ? [shellWord(word)] : partsOf(word).map((part) => (typeof part === 'string' ? shellWord(part) : part.escape === 'url' ? part : { ...part, escape: 'shell' as const })))])),
  jinja: (site, args) => jinjaString(textOf(site, args[0])),
  systemd_exec: (site, args) => joinParts(words(site, args[0]).flatMap((word, i) => [...(i === 0 ? [] : [' ']), ...(typeof word === 'string' ? [systemdWord(word)] : partsOf(word))])),
  systemd_escape: (site, args) => systemdEscape(textOf(site, args[0])),
  only: (site, args, named) => {
    const items = itemsOf(args[0] ?? null) ?? [];
    const what = plainText(named.get('what') ?? null) ?? 'one';
    if (items.length === 1) return items[0] ?? null;
    // The call stands in a default of the library: what lacks the statement is the thing that it is a default of.
    const self = site.scope.self();
    const at = self === null || !isLibraryFile(site.span.file) ? site : { ...site, span: self.span };
    if (items.length === 0 && what === 'node') throw new Fault(types.create.badArguments(at.span, { name: self?.key ?? site.name, why: 'has no node to run on', help: 'declare a cluster with a node: `cluster pve { endpoint = "https://192.168.1.10:8006"  token = NAME  node pve1 { address = 192.168.1.10 } }`' }));
    throw wrong(at, items.length === 0 ? `finds no ${what}` : `finds ${items.length}: ${items.map((item) => (isObject(item) && item.t === 'obj' ? item.key : '')).join(', ')}`, `say which: \`${what} = NAME\``);
  },
  hash: (site, args) => shortHash(textOf(site, args[0])),
};

/** FNV-1a over the text, twice: a short stable name for content, not a secret. */
function shortHash(text: string): string {
  const once = (seed: number): string => {
    let h = seed >>> 0;
    for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 16777619) >>> 0;
    return h.toString(16).padStart(8, '0');
  };
  return once(2166136261) + once(3339451269);
}

export function builtin(name: string): Builtin | undefined {
  return Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
}

export function builtinNames(): string[] {
  return Object.keys(BUILTINS);
}
