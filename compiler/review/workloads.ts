/** Differences of what Compose runs (L4): services key by key, the files they read, their secrets, jobs and states. */
import { isLibraryFile } from '../base/library-file.js';
import { composeProject } from '../emit/compose/project.js';
import { CONFIG_LABEL } from '../emit/compose/service.js';
import { composeImpact } from '../impact/compose.js';
import type { ImpactOf } from '../impact/impact.js';
import type { PlanConfigFile, PlanInstance } from '../plan/workload.js';
import { changeText, finding, type Context } from './context.js';
import { stateData } from './data.js';
import type { Finding } from './finding.js';
import { UNKNOWN_COMPOSE, worstOf } from './impacts.js';
import { same } from './renames.js';
import { short } from './words.js';

type Values = Readonly<Record<string, unknown>>;

export function instanceFindings(context: Context, before: PlanInstance, after: PlanInstance): readonly Finding[] {
  const [old, now] = [composeProject(before), composeProject(after)] as const;
  return [
    ...serviceFindings(context, before, after, old.services, now.services),
    ...(['networks', 'volumes', 'secrets'] as const).flatMap((key) => resourceFindings(context, after, key, old[key] ?? {}, now[key] ?? {})),
    ...fileFindings(context, before, after),
    ...secretFindings(context, before, after),
    ...jobFindings(context, before, after),
    ...stateFindings(context, before, after),
  ].map((one) => ({ ...one, layer: 'L4' as const, machine: after.machine, instance: after.name, origin: inLab(one.origin) ?? inLab(after.origin) ?? one.origin }));
}

/** A statement of the lab itself, which says more to its author than one of the library. */
function inLab(origin: Finding['origin']): Finding['origin'] {
  return origin === null || isLibraryFile(origin.file) ? null : origin;
}

type Part = Finding;

function part(instance: PlanInstance, kind: string, name: string, what: string, impact: ImpactOf, more: Partial<Finding> = {}): Part {
  return finding({ layer: 'L4', kind, name: `${instance.name}.${name}`, what, impact: impact.impact, note: impact.note, source: impact.source, ...more });
}

function serviceFindings(context: Context, before: PlanInstance, after: PlanInstance, old: Values, now: Values): readonly Part[] {
  const containers = context.renames.pairs('container', after.name, Object.keys(old), Object.keys(now), (name) => name);
  return containers.flatMap(({ before: was, after: is }): readonly Part[] => {
    const origin = [after, before].flatMap((one) => [...one.containers, ...one.jobs]).find((one) => one.name === (is ?? was))?.origin ?? after.origin;
    if (is === undefined || was === undefined) {
      const impact = composeImpact('services', was === undefined ? undefined : old[was], is === undefined ? undefined : now[is]) ?? UNKNOWN_COMPOSE;
      return [part(after, 'container', is ?? was ?? '', is === undefined ? 'removed' : 'added', impact, { origin })];
    }
    const [a, b] = [withoutDigest(old[was] as Values), withoutDigest(now[is] as Values)];
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((key) => !same(a[key], b[key]) && !context.renames.explains(a[key], b[key]));
    if (keys.length === 0) return [];
    const impact = worstOf(keys.map((key) => composeImpact(`services.${key}`, a[key], b[key]) ?? UNKNOWN_COMPOSE));
    const at = `${after.name}.${is}`;
    const where = context.where(`${at}.${keys[0] === 'environment' ? 'env' : (keys[0] ?? '')}`);
    return [part(after, 'container', is, keys.map((key) => keyText(key, a[key], b[key])).join(', '), impact, { origin: where ?? origin })];
  });
}

/** The digest of configuration is told by the files themselves. */
function withoutDigest(service: Values): Values {
  const labels = service['labels'] as Values | undefined;
  if (labels?.[CONFIG_LABEL] === undefined) return service;
  const { [CONFIG_LABEL]: _digest, ...rest } = labels;
  return { ...service, labels: Object.keys(rest).length === 0 ? undefined : rest };
}

/** `image 1.2 -> 1.3` (without what both have in front), `environment LOG_LEVEL`, `ports`. */
function keyText(key: string, before: unknown, after: unknown): string {
  const word = key.replace(/_/g, ' ');
  if (key === 'image' && typeof before === 'string' && typeof after === 'string') {
    const [from, to] = [before.split(':'), after.split(':')];
    return from[0] === to[0] ? `image ${from.slice(1).join(':')} -> ${to.slice(1).join(':')}` : `image ${before} -> ${after}`;
  }
  if (isRecord(before) || isRecord(after)) {
    const [a, b] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => !same(a[name], b[name]));
    return `${word} ${names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ')}`;
  }
  const plain = [before, after].every((value) => value === undefined || ['string', 'number', 'boolean'].includes(typeof value));
  return plain ? `${word} ${changeText(before === undefined ? undefined : short(String(before)), after === undefined ? undefined : short(String(after)))}` : word;
}

function resourceFindings(context: Context, after: PlanInstance, key: 'networks' | 'volumes' | 'secrets', old: object, now: object): readonly Part[] {
  const a: Values = Object.fromEntries(Object.entries(old).map(([name, value]) => [name in now ? name : context.renames.renamed(name), value as unknown]));
  const b = now as Values;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((name): readonly Part[] => {
    if (same(a[name], b[name]) || context.renames.explains(a[name], b[name])) return [];
    if (a[name] === undefined && key !== 'volumes') return [];
    const impact = composeImpact(key, a[name], b[name]) ?? UNKNOWN_COMPOSE;
    return [part(after, key.slice(0, -1), name, a[name] === undefined ? 'added' : b[name] === undefined ? 'removed' : 'changed', impact)];
  });
}

const RELOADS: Readonly<Record<PlanConfigFile['reload']['how'] | 'seed', readonly [string, ImpactOf]>> = {
  watched: ['read again at once', { impact: 'in_place', note: 'the app watches the file', source: 'reload = watched' }],
  post: ['reloaded by a request', { impact: 'in_place', note: 'the app is told to read it again', source: 'reload = post' }],
  restart: ['restarts the container', { impact: 'restart', note: 'the digest of the file is a label: Compose makes the container anew', source: 'reload = restart' }],
  seed: ['only for a new state', { impact: 'in_place', note: 'it is written once, into an empty state', source: 'write = seed' }],
};

function fileFindings(context: Context, before: PlanInstance, after: PlanInstance): readonly Part[] {
  const old = new Map(before.files.map((file) => [context.renames.renamed(file.path), file]));
  const now = new Map(after.files.map((file) => [file.path, file]));
  const one = (file: PlanConfigFile, change: string): Part => {
    const [text, impact] = RELOADS[file.write === 'seed' ? 'seed' : file.reload.how];
    return part(after, 'file', file.path, change === 'removed' ? change : `${change}, ${text}`, impact, { origin: file.origin });
  };
  return [
    ...after.files.flatMap((file): readonly Part[] => {
      const was = old.get(file.path);
      if (was === undefined) return [one(file, 'added')];
      return same(was, file) || context.renames.explains(was, file) ? [] : [one(file, 'changed')];
    }),
    ...[...old].flatMap(([path, file]) => (now.has(path) ? [] : [one(file, 'removed')])),
  ];
}

/** Variables with secrets are in a file that Compose reads; a changed one makes the container anew. */
function secretFindings(context: Context, before: PlanInstance, after: PlanInstance): readonly Part[] {
  const impact = composeImpact('services.env_file', {}, {}) ?? UNKNOWN_COMPOSE;
  return after.secretEnv.flatMap((env): readonly Part[] => {
    const was = before.secretEnv.find((other) => other.container === env.container);
    if (was === undefined || same(was.variables, env.variables) || context.renames.explains(was.variables, env.variables)) return [];
    return [part(after, 'container', env.container, 'variables with secrets', impact, { origin: after.containers.find(({ name }) => name === env.container)?.origin ?? after.origin })];
  });
}

function jobFindings(context: Context, before: PlanInstance, after: PlanInstance): readonly Part[] {
  return after.jobs.flatMap((job): readonly Part[] => {
    const was = before.jobs.find((other) => other.name === job.name);
    if (was !== undefined && (same(was, job) || context.renames.explains(was, job))) return [];
    return [part(after, 'job', job.name, was === undefined ? 'added: it runs once more' : 'changed: it runs again', { impact: 'in_place', note: '', source: '' }, { origin: job.origin })];
  });
}

/** Folders of data, and who backs them up. Losing a backup loses nothing today, and is said like a loss. */
function stateFindings(context: Context, before: PlanInstance, after: PlanInstance): readonly Part[] {
  const nameOf = (state: PlanInstance['states'][number]): string => `${state.container}.${state.name}`;
  const calm: ImpactOf = { impact: 'in_place', note: '', source: '' };
  const old = new Map(before.states.map((state) => [nameOf(state), state]));
  // Either part of the name may have changed, each by a statement of its own.
  const formerly = (state: PlanInstance['states'][number]): readonly string[] => {
    const containers = [state.container, ...context.renames.formerNames('container', `${after.name}.${state.container}`)];
    const states = [state.name, ...context.renames.formerNames('state', `${after.name}.${nameOf(state)}`)];
    return containers.flatMap((container) => states.map((name) => `${container}.${name}`));
  };
  const found = after.states.flatMap((state): readonly Part[] => {
    const former = formerly(state).find((name) => old.has(name)) ?? '';
    const was = old.get(former);
    old.delete(former);
    if (was === undefined) return [part(after, 'state', nameOf(state), state.disposable === null && state.repository === null ? 'added, not backed up' : 'added', calm, { origin: state.origin })];
    const isTold = context.after.identity.moves.some((move) => move.states.some(({ to }) => to === state.path) && move.machine === after.machine);
    const moved = !isTold && !same(was.path, state.path) && !context.renames.explains(was.path, state.path);
    const parts: Part[] = [];
    if (moved) parts.push(part(after, 'state', nameOf(state), `${was.path} -> ${state.path}`, { impact: 'restart', note: 'the container starts on the other folder', source: '' }, { origin: state.origin, data: [stateData(context.before, before, was, 'moves')] }));
    if (was.repository !== state.repository) {
      const data = [stateData(context.after, after, state, 'stays')];
      parts.push(part(after, 'state', nameOf(state), state.repository === null ? `no longer backed up to ${was.repository}` : `backed up to ${state.repository}`, calm, { origin: state.origin, data: state.repository === null ? data : [] }));
    }
    return parts;
  });
  const gone = [...old].map(([name, state]) =>
    part(after, 'state', name, 'no longer used', { impact: 'in_place', note: 'its folder stays on the machine', source: '' }, { origin: after.origin, data: [stateData(context.before, before, state, 'stays')] }));
  return [...found, ...gone];
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
