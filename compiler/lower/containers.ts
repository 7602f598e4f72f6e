/** Lowers containers: what Compose runs, with endpoints published and secrets placed as evaluation has found them used. */
import { lab } from '../diagnostics/catalogue/lab.js';
import { labAlias, serviceName } from '../eval/endpoints.js';
import { endpointOf } from '../eval/objects.js';
import type { Obj, Owner, Template, Value } from '../eval/model.js';
import { itemsOf } from '../eval/operators.js';
import { interpolate, joinParts, plainText } from '../eval/text.js';
import { isObject, isTainted } from '../eval/value.js';
import type { PlanContainer, PlanPort, PlanReady } from '../plan/workload.js';
import type { PlanRecord, PlanText } from '../plan/data.js';
import { compareText, sortedBy } from '../base/text.js';
import type { Lowering } from './context.js';
import { mountsOf, type FolderBook } from './mounts.js';

export interface Environment {
  readonly plain: { readonly name: string; readonly value: string }[];
  readonly secret: { readonly name: string; readonly value: PlanText }[];
}

/** Variables of a container: those with a secret in them go into a file of their own. */
export function environmentOf(low: Lowering, container: Obj): Environment {
  const plain: { name: string; value: string }[] = [];
  const secret: { name: string; value: PlanText }[] = [];
  const span = container.defs.get('env')?.[0]?.span ?? container.span;
  for (const [name, value] of low.record(container, 'env')) {
    if (value === null) continue;
    if (!/^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name)) {
      low.ev.report(lab.create.badValue(span, { what: `${JSON.stringify(name)} is no name of a variable`, help: 'use letters, digits and `_`' }));
      continue;
    }
    const text = low.ev.attempt(() => joinParts(listText(value, span)), null);
    if (text === null) continue;
    if (typeof text === 'string') plain.push({ name, value: text });
    else {
      if (text.parts.some((part) => typeof part === 'string' && /[\r\n]/.test(part))) low.ev.report(lab.create.insecureSink(span, { sink: `\`${name}\`, which has several lines: a file of variables has one line for each`, help: 'give it as a file: `file /path = ...`, and name the path' }));
      secret.push({ name, value: low.planText(text as Template) });
    }
  }
  return { plain: sortedBy(plain, (item) => item.name), secret: sortedBy(secret, (item) => item.name) };
}

/** A list is its items with commas between them. */
function listText(value: Value, span: Obj['span']): ReturnType<typeof interpolate> {
  const items = itemsOf(value);
  return items === undefined ? interpolate(value, span) : items.flatMap((item, i) => [...(i === 0 ? [] : [',']), ...interpolate(item, span)]);
}

export function lowerContainer(low: Lowering, container: Obj, folders: FolderBook, secretEnvPath: string | null): PlanContainer {
  const name = serviceName(container);
  const span = container.span;
  const env = environmentOf(low, container);
  const network = networkOf(low, container);
  const security = low.record(container, 'security');
  const stop = low.record(container, 'stop');
  const limits = low.record(container, 'limits');
  const cap = low.record(container, 'cap');
  const mounts = mountsOf(low, container, folders);
  const members = low.ev.reachBook?.labMembers.has(container) === true;
  const lowered: Omit<PlanContainer, 'secrets'> = {
    name, image: secretFree(low, low.get(container, 'image'), span, 'an image') ?? '', command: argv(low, container, 'command'), entrypoint: argv(low, container, 'entrypoint'),
    user: userText(low.get(container, 'user')), init: low.bool(container, 'init'), readOnly: low.bool(container, 'read_only'), privileged: low.bool(container, 'privileged'),
    restart: (low.text(container, 'restart') ?? 'unless-stopped') as PlanContainer['restart'], workdir: low.text(container, 'workdir'), hostname: low.text(container, 'hostname'),
    environment: env.plain, secretEnv: env.secret.length > 0 ? secretEnvPath : null, ports: network.mode === 'own' ? portsOf(low, container) : [], mounts, network,
    labAliases: members ? [labAlias(container)] : [], egress: low.get(container, 'egress') === null && container.param('egress') !== undefined ? 'none' : 'any',
    after: afterOf(low, container), ready: readyOf(low, container), stop: { signal: plainText(stop.get('signal') ?? null) ?? null, grace: ms(stop.get('grace')) },
    shm: low.bytes(container, 'shm'), capAdd: words(cap.get('add')), capDrop: words(cap.get('drop')), noNewPrivileges: security.get('no_new_privileges') === true, securityOptions: words(security.get('options')),
    devices: container.childrenOf('device').map((device) => ({ source: low.text(device, 'source') ?? '', target: device.key })),
    gpu: gpuOf(low, container), groupAdd: low.list(container, 'group_add').map((item) => (isObject(item) && item.t === 'late-gid' ? { group: item.group } : Number(plainText(item) ?? 0))),
    limits: { memory: bytes(limits.get('memory')), cpus: plainText(limits.get('cpus') ?? null) ?? null, pids: typeof limits.get('pids') === 'number' ? (limits.get('pids') as number) : null },
    ulimits: container.childrenOf('limit').map((limit) => ({ name: limit.key, soft: low.int(limit, 'soft') ?? 0, hard: low.int(limit, 'hard') ?? 0 })),
    sysctls: sortedBy([...low.record(container, 'sysctls')].map(([key, value]) => ({ name: key, value: secretFree(low, value, span, 'a kernel parameter') ?? '' })), (item) => item.name),
    resolvers: low.texts(container, 'resolvers'), extraHosts: [], labels: sortedBy([...low.record(container, 'labels')].map(([key, value]) => ({ name: key, value: secretFree(low, value, span, 'a label') ?? '' })), (item) => item.name),
    logging: loggingOf(low, container), compose: composeOf(low, container), origin: low.origin(container),
  };
  // Last: whatever was evaluated above may have named a secret's file.
  return { ...lowered, secrets: [...(low.secretFiles.get(container)?.keys() ?? [])].sort(compareText) };
}

/** Command lines, images and labels are readable by everybody on the machine. */
function secretFree(low: Lowering, value: Value, span: Obj['span'], sink: string): string | null {
  if (value === null) return null;
  if (tainted(value)) {
    low.ev.report(lab.create.insecureSink(span, { sink, help: 'give it as a file: `path(NAME)`, or in `env`' }));
    return null;
  }
  return plainText(value) ?? null;
}

function argv(low: Lowering, container: Obj, name: string): string[] | null {
  const value = low.get(container, name);
  const items = itemsOf(value);
  if (items === undefined) return null;
  const span = container.defs.get(name)?.[0]?.span ?? container.span;
  return items.map((item) => secretFree(low, item, span, 'a command') ?? '');
}

export function userText(value: Value): string | null {
  return isObject(value) && value.t === 'owner' ? `${(value as Owner).uid}:${(value as Owner).gid}` : value === null ? null : (plainText(value) ?? null);
}

export function networkOf(low: Lowering, container: Obj): PlanContainer['network'] {
  const mode = low.ev.reachBook?.modeOf(container);
  if (mode === undefined || mode.mode === 'own') return { mode: 'own' };
  if (mode.mode === 'machine' || mode.of === null) return { mode: 'machine' };
  return { mode: 'container', of: serviceName(mode.of) };
}

/** Published ports of a container and of those that live in its network. */
function portsOf(low: Lowering, container: Obj): PlanPort[] {
  const reach = low.ev.reachBook;
  if (reach === null) return [];
  const out: PlanPort[] = [];
  const guests = low.ev.census.in(container.instance, 'container').filter((other) => other === container || reach.ownerOf(other).container === container);
  for (const guest of guests) {
    for (const port of [...guest.childrenOf('publish'), ...guest.childrenOf('port')]) {
      const endpoint = low.ev.attempt(() => endpointOf(low.ev, port), null);
      if (endpoint === null || !reach.isPublished(endpoint)) continue;
      const machine = container.machine;
      const everywhere = port.kind.word === 'publish' && machine !== null ? machine.childrenOf('nic').flatMap((nic) => low.text(nic, 'address') ?? []) : [];
      const addresses = new Set([...everywhere, ...(reach.uses.get(endpoint.id)?.addresses ?? [])]);
      for (const address of [...addresses].filter((item) => item !== '' && item !== 'dhcp').sort(compareText)) {
        out.push({ target: endpoint.port, published: reach.hostPortOf(endpoint), address, protocol: endpoint.protocol, origin: low.origin(port) });
      }
    }
  }
  return out.sort((a, b) => a.target - b.target || compareText(a.protocol, b.protocol) || compareText(a.address, b.address));
}

export function afterOf(low: Lowering, container: Obj): PlanContainer['after'] {
  return low.list(container, 'after').flatMap((item) => {
    if (!isObject(item) || item.t !== 'variant') return [];
    const what = item.fields.get('what') ?? null;
    if (!isObject(what) || what.t !== 'obj') return [];
    const targets = what.kind.word === 'with' ? what.childrenOf('container') : [what];
    for (const target of targets) {
      const fault = waitFault(low, item.name, target);
      if (fault !== null) low.ev.report(lab.create.neverReady(container.defs.get('after')?.[0]?.span ?? container.span, { word: `${item.name}(${what.key})`, what: target.key, ...fault }, { labels: [{ span: target.span, text: 'it is declared here' }] }));
    }
    return targets.map((target) => ({ container: serviceName(target), condition: item.name as 'started', restart: item.name === 'ready' && target.childrenOf('state').length > 0 }));
  });
}

/** Why waiting for that would never end, or would tell nothing. */
function waitFault(low: Lowering, condition: string, target: Obj): { readonly why: string; readonly help: string } | null {
  const job = target.kind.word === 'job';
  if (condition === 'ready' && (job || low.get(target, 'ready') === null)) {
    return job ? { why: 'is a job', help: `write \`done(${target.key})\`` } : { why: 'has no probe', help: `write \`ready { http = "/path" }\` in it (or \`run\`, \`tcp\`, \`image_default\`), or wait for \`started(${target.key})\`` };
  }
  return condition === 'done' && !job ? { why: 'is a container and never ends', help: `write \`ready(${target.key})\` or \`started(${target.key})\`` } : null;
}

function readyOf(low: Lowering, container: Obj): PlanReady | null {
  const value = low.get(container, 'ready');
  if (!isObject(value) || value.t !== 'rec') return null;
  const { fields } = value;
  const http = plainText(fields.get('http') ?? null);
  const run = itemsOf(fields.get('run') ?? null);
  const first = container.childrenOf('port')[0] ?? container.childrenOf('publish')[0];
  const port = plainText(fields.get('port') ?? null) ?? (first === undefined ? undefined : plainText(low.get(first, 'port')));
  const times = { every: ms(fields.get('every')), timeout: ms(fields.get('timeout')), retries: typeof fields.get('retries') === 'number' ? (fields.get('retries') as number) : null, grace: ms(fields.get('grace')), atStart: ms(fields.get('at_start')) };
  if (run !== undefined) return { test: { how: 'exec', command: run.map((word) => plainText(word) ?? '') }, ...times };
  if (fields.get('image_default') === true) return { test: { how: 'image' }, ...times };
  if (http !== undefined && http !== null && fields.get('http') !== null) {
    const url = `http://127.0.0.1:${port ?? '80'}${http}`;
    const command = plainText(fields.get('tool') ?? null) === 'wget' ? ['wget', '-q', '-O', '/dev/null', url] : ['curl', '-fsS', '-o', '/dev/null', url];
    return { test: { how: 'exec', command }, ...times };
  }
  if (fields.get('tcp') === true) return { test: { how: 'exec', command: ['nc', '-z', '127.0.0.1', port ?? '80'] }, ...times };
  low.ev.report(lab.create.badValue(container.defs.get('ready')?.[0]?.span ?? container.span, { what: '`ready` says nothing to ask', help: 'write `http = "/path"`, `run = [...]`, `tcp = true` or `image_default = true`' }));
  return null;
}

function gpuOf(low: Lowering, container: Obj): PlanContainer['gpu'] {
  if (low.get(container, 'gpu') === null) return null;
  const machine = container.machine;
  if (machine?.facts.provides?.has('nvidia_runtime') !== true) {
    low.ev.report(lab.create.missingCapability(container.defs.get('gpu')?.[0]?.span ?? container.span, { what: `the container \`${container.key}\``, capability: 'nvidia_runtime', machine: machine?.key ?? 'the machine', help: 'write `has nvidia` on the machine' }));
  }
  return { driver: 'nvidia', capabilities: ['gpu', 'compute', 'utility', 'video'] };
}

function loggingOf(low: Lowering, container: Obj): PlanContainer['logging'] {
  const value = low.get(container, 'logging');
  if (!isObject(value) || value.t !== 'rec') return null;
  const options = value.fields.get('options');
  const fields = options !== undefined && isObject(options) && options.t === 'rec' ? options.fields : new Map<string, Value>();
  return { driver: plainText(value.fields.get('driver') ?? null) ?? '', options: Object.fromEntries([...fields].map(([key, item]) => [key, plainText(item) ?? ''])) };
}

/** Whether a secret lies anywhere in it. */
function tainted(value: Value): boolean {
  const items = itemsOf(value);
  if (items !== undefined) return items.some(tainted);
  return isTainted(value) || (isObject(value) && value.t === 'rec' && [...value.fields.values()].some(tainted));
}

function composeOf(low: Lowering, container: Obj): PlanRecord | null {
  const value = low.get(container, 'compose');
  if (tainted(value)) low.ev.report(lab.create.insecureSink(container.defs.get('compose')?.[0]?.span ?? container.span, { sink: 'raw Compose', help: 'give it as a file: `path(NAME)`, or in `env`' }));
  return value === null ? null : (low.data(value, container.span, () => null) as PlanRecord);
}

function ms(value: Value | undefined): number | null {
  return value !== undefined && isObject(value) && value.t === 'duration' ? value.ms : null;
}

function bytes(value: Value | undefined): number | null {
  return value !== undefined && isObject(value) && value.t === 'size' ? value.bytes : null;
}

function words(value: Value | undefined): string[] {
  return (itemsOf(value ?? null) ?? []).flatMap((item) => plainText(item) ?? []);
}
