/**
 * One instance as the role `stack` takes it, and its files that hold secrets: a sealed file for every secret and for
 * every environment file, beside its `compose.yaml`.
 */
import { sha256 } from '../../base/sha256.js';
import { sortedBy } from '../../base/text.js';
import type { EmittedFile } from '../../plan/emitted.js';
import type { PlanData } from '../../plan/data.js';
import type { Plan } from '../../plan/plan.js';
import type { PlanConfigFile, PlanInstance, PlanJob } from '../../plan/workload.js';
import { arrivals, jobStamp, renamedStack } from './identity.js';
import { containerGids, instanceGids } from './holes.js';
import { gidEnvironment, gidVariable, renderSealed, secretVariable } from './sealed.js';
import { literalText, literalValue } from './task.js';

type Vars = Readonly<Record<string, unknown>>;

export function stackVariables(plan: Plan, instance: PlanInstance, migrate: string): Vars {
  const early = earlyJobs(instance);
  const environment = containerGids(instance).map((group) => [gidEnvironment(group), gidVariable(group)] as const);
  const renamed = renamedStack(plan, instance);
  const awaited = arrivals(plan, instance);
  const plain = instance.files.filter((file) => typeof file.content === 'string');
  const sealed = instance.files.filter((file) => typeof file.content !== 'string');
  const lists = {
    stack_folders: folders(instance),
    stack_files: plain.map((file) => configFile(instance, file)),
    stack_sealed: [...sealed.map((file) => configFile(instance, file)), ...secretFiles(instance), ...environmentFiles(instance)],
    stack_early_services: early.length === 0 ? [] : servicesBefore(instance, early).map(literalText),
    stack_early_jobs: early.map((job) => jobVariables(instance, job)),
    stack_late_jobs: orderedJobs(instance).filter((job) => !early.includes(job)).map((job) => jobVariables(instance, job)),
  };
  return {
    stack_name: instance.name,
    stack_folder: projectFolder(instance),
    stack_source: `{{ playbook_dir }}/../compose/${instance.machine}/${instance.name}`,
    ...(oneLiners(instance).length === 0 ? {} : { stack_one_line: oneLiners(instance) }),
    ...(renamed === null ? {} : { stack_renamed: literalNames(renamed) }),
    ...(awaited.length === 0 ? {} : { stack_arrivals: literalNames(awaited), stack_migrate: migrate }),
    ...(instanceGids(instance).length === 0 ? {} : { stack_reads_groups: true }),
    ...(environment.length === 0 ? {} : { stack_environment: Object.fromEntries(environment) }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
  };
}

/** Paths may hold anything; what is not known is left out. */
function literalNames(value: object): unknown {
  return literalValue(JSON.parse(JSON.stringify(value, (_key, item: unknown) => (item === null ? undefined : item))) as PlanData);
}

/** Files with nothing but secrets in them, as templates for the controller. */
export function sealedFiles(instance: PlanInstance): readonly EmittedFile[] {
  const folder = `compose/${instance.machine}/${instance.name}`;
  return [
    ...instance.secretFiles.map((file) => ({
      path: `${folder}/secrets/${file.name}`, text: renderSealed({ $: 'template', parts: [{ hole: 'secret', secret: file.secret, escape: 'none' }] }),
    })),
    ...instance.secretEnv.map((env) => ({
      path: `${folder}/env/${env.container}.env`,
      text: env.variables.map(({ name, value }) => `${name}=${renderSealed(value)}\n`).join(''),
    })),
  ];
}

function projectFolder(instance: PlanInstance): string {
  return `/etc/labc/workloads/${instance.name}`;
}

function configFile(instance: PlanInstance, file: PlanConfigFile): Vars {
  const sealed = typeof file.content !== 'string';
  const [owner = 'root', group = owner] = file.owner.split(':');
  return {
    src: literalText(`${sealed ? 'templates' : 'files'}/${file.path}`),
    dest: literalText(file.target),
    ...ownership(owner, group),
    ...(file.mode === '0644' ? {} : { mode: file.mode }),
    ...(file.write === 'seed' ? { seed: true } : {}),
    // Plain text is part of the container's definition by its digest; what fills the holes is not.
    ...(sealed && file.reload.how === 'restart' && file.write === 'managed' ? { restart: readers(instance, file.target, file.container) } : {}),
    ...(file.reload.how === 'post' ? { post: postTarget(file.container, file.reload.url) } : {}),
  };
}

/** The URL names the endpoint as the container has it; the machine asks at the container's own address. */
function postTarget(container: string, url: string): Vars {
  const [, port, path] = /^https?:\/\/[^/:]*(?::(\d+))?(\/.*)?$/.exec(url) ?? [];
  return { service: container, port: Number(port ?? 80), path: literalText(path ?? '/') };
}

function readers(instance: PlanInstance, target: string, own: string): readonly string[] {
  return instance.containers
    .filter((container) => container.name === own || container.mounts.some((mount) => mount.type === 'bind' && `${target}/`.startsWith(`${mount.source}/`)))
    .map((container) => container.name);
}

function secretFiles(instance: PlanInstance): readonly Vars[] {
  return instance.secretFiles.map((file) => ({
    src: literalText(`secrets/${file.name}`), dest: literalText(file.path), mode: '0444',
    restart: instance.containers.filter((container) => container.secrets.includes(file.name)).map((container) => container.name),
  }));
}

/** Secrets that a file of variables has one line for, as their variables end; in a URL a line break is escaped. */
function oneLiners(instance: PlanInstance): readonly string[] {
  const parts = instance.secretEnv.flatMap((env) => env.variables.flatMap(({ value }) => (typeof value === 'string' ? [] : value.parts)));
  const secrets = parts.flatMap((part) => (typeof part !== 'string' && part.hole === 'secret' && part.escape !== 'url' ? [secretVariable(part.secret).replace('lab_secret_', '')] : []));
  return sortedBy(new Set(secrets), (name) => name);
}

/** A change of an environment file is noticed by Compose itself. */
function environmentFiles(instance: PlanInstance): readonly Vars[] {
  return instance.secretEnv.map((env) => ({ src: `env/${env.container}.env`, dest: literalText(env.path), mode: '0600' }));
}

/** Folders of secrets and of configuration, then those that the plan wants; parents before children. */
function folders(instance: PlanInstance): readonly Vars[] {
  const hasSecrets = instance.secretFiles.length + instance.secretEnv.length > 0;
  const managed = new Set(instance.files.filter((file) => file.write === 'managed').flatMap((file) => parents(file.target, projectFolder(instance))));
  const wanted = new Set(instance.folders.map((folder) => folder.path));
  const seeds = instance.files.filter((file) => file.write === 'seed').flatMap((file) => {
    const folder = instance.folders.reduce<PlanInstance['folders'][number] | undefined>((best, other) =>
      file.target.startsWith(`${other.path}/`) && other.path.length > (best?.path.length ?? 0) ? other : best, undefined);
    return folder === undefined ? [] : parents(file.target, folder.path).map((path) => ({ path, owner: folder.owner, group: folder.group, mode: folder.mode }));
  });
  const list: readonly { readonly path: string; readonly owner?: string; readonly group?: string; readonly mode?: string }[] = [
    ...(hasSecrets ? [{ path: '/etc/labc/secrets', mode: '0700' }, { path: `/etc/labc/secrets/${instance.name}`, mode: '0700' }] : []),
    ...[...managed].filter((path) => !wanted.has(path)).map((path) => ({ path })),
    ...instance.folders.map(({ path, owner, group, mode }) => ({ path, owner, group, mode })),
    ...seeds,
  ];
  const unique = new Map(list.map((folder) => [folder.path, folder]));
  return sortedBy(unique.values(), (folder) => folder.path).map(({ path, owner = 'root', group = 'root', mode = '0755' }) => ({
    path: literalText(path), ...ownership(owner, group), ...(mode === '0755' ? {} : { mode }),
  }));
}

/** What the role gives by itself is not said again: root owns it, by name or by number. */
function ownership(owner: string, group: string): Vars {
  return [owner, group].every((name) => name === 'root' || name === '0') ? {} : { owner, group };
}

/** Folders between `root` and the file, both ends left out. */
function parents(path: string, root: string): readonly string[] {
  if (!path.startsWith(`${root}/`)) return [];
  const names = path.slice(root.length + 1).split('/').slice(0, -1);
  return names.map((_, index) => `${root}/${names.slice(0, index + 1).join('/')}`);
}

/** Jobs in the order in which they wait for each other. */
function orderedJobs(instance: PlanInstance): readonly PlanJob[] {
  const done = new Set<PlanJob>();
  const seen = new Set<PlanJob>();
  const visit = (job: PlanJob): void => {
    if (seen.has(job)) return;
    seen.add(job);
    for (const edge of job.after) instance.jobs.filter((one) => one.name === edge.container).forEach(visit);
    done.add(job);
  };
  instance.jobs.forEach(visit);
  return [...done];
}

/** Jobs that a service or another early job waits for. */
function earlyJobs(instance: PlanInstance): readonly PlanJob[] {
  const awaited = new Set(instance.containers.flatMap((container) => container.after.map((edge) => edge.container)));
  const ordered = orderedJobs(instance);
  for (const job of [...ordered].reverse()) if (awaited.has(job.name)) job.after.forEach((edge) => awaited.add(edge.container));
  return ordered.filter((job) => awaited.has(job.name));
}

/** Services that wait for no job, neither directly nor over another service. */
function servicesBefore(instance: PlanInstance, jobs: readonly PlanJob[]): readonly string[] {
  const late = new Set(jobs.map((job) => job.name));
  for (let size = -1; size !== late.size;) {
    size = late.size;
    for (const container of instance.containers) if (container.after.some((edge) => late.has(edge.container))) late.add(container.name);
  }
  return instance.containers.map((container) => container.name).filter((name) => !late.has(name));
}

function jobVariables(instance: PlanInstance, job: PlanJob): Vars {
  const inside = instance.containers.find((container) => container.name === job.exec);
  const { origin: _origin, ...definition } = job;
  return {
    name: literalText(job.name), stamp: literalText(jobStamp(instance.name, job.name)),
    inputs: sha256(JSON.stringify(definition, (key, value: unknown) => (key === 'origin' || (job.once && key === 'image') ? undefined : value))),
    image: literalText(job.container?.image ?? inside?.image ?? ''),
    ...(job.once ? { once: true } : {}),
    how: job.exec === null ? 'run' : 'exec',
    service: literalText(job.exec ?? job.name),
    ...(job.exec !== null && job.user !== null ? { user: job.user } : {}),
    ...(job.exec === null ? {} : { command: job.command.map(literalText) }),
  };
}
