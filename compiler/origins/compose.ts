/** Lines of `compose/`: keys of a service by the attribute of the container that they are made of, files and secrets by path. */
import type { Plan } from '../plan/plan.js';
import type { PlanContainer, PlanInstance } from '../plan/workload.js';
import { of, said, type Subject } from './statement.js';
import { yamlPlace } from './yaml-place.js';

/** Of a service's keys the attribute of the container; the others are about the container as a whole. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  image: 'image', restart: 'restart', init: 'init', entrypoint: 'entrypoint', command: 'command', user: 'user', working_dir: 'workdir', hostname: 'hostname',
  depends_on: 'after', environment: 'env', dns: 'resolvers', extra_hosts: 'extra_hosts', shm_size: 'shm', stop_signal: 'stop', stop_grace_period: 'stop',
  healthcheck: 'ready', read_only: 'read_only', privileged: 'privileged', cap_add: 'cap_add', cap_drop: 'cap_drop', security_opt: 'no_new_privileges',
  group_add: 'groups', sysctls: 'sysctls', ulimits: 'ulimits', deploy: 'gpu', logging: 'logging', labels: 'labels', network_mode: 'network',
};

export function composeSubject(plan: Plan, path: string, lines: readonly string[], line: number): Subject | undefined {
  const [, machine, name, rest = ''] = /^compose\/([^/]+)\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const instance = plan.instances.find((one) => one.name === name && one.machine === machine);
  if (instance === undefined) return undefined;
  if (rest === 'compose.yaml') return projectSubject(plan, instance, lines, line);
  const secret = instance.secretFiles.find((file) => rest === `secrets/${file.name}`);
  const file = instance.files.find((one) => rest === `files/${one.path}`);
  const env = instance.containers.find((one) => rest === `env/${one.name}.env`);
  return of(file?.origin ?? env?.origin ?? plan.secrets.find((one) => one.key === secret?.secret)?.origin, instance.origin);
}

function projectSubject(plan: Plan, instance: PlanInstance, lines: readonly string[], line: number): Subject {
  const place = yamlPlace(lines, line).map((step) => step.key);
  const [part, name, key, sub] = place;
  if (part === 'secrets') return of(plan.secrets.find((one) => one.key === instance.secretFiles.find((file) => file.name === name)?.secret)?.origin, instance.origin);
  if (part === 'volumes') {
    const user = instance.containers.find((one) => one.mounts.some((mount) => mount.type === 'volume' && mount.volume === name));
    return of(user?.origin, instance.origin);
  }
  const container = [...instance.containers, ...instance.jobs.flatMap((job) => (job.container === null ? [] : [{ ...job.container, name: job.name, origin: job.origin }]))].find((one) => one.name === name);
  if (part !== 'services' || container === undefined) return of(instance.origin);
  if (key === 'ports' || key === 'volumes') return of(itemOrigin(container, key, lines, line), container.origin);
  if (key === 'secrets') {
    const file = instance.secretFiles.find((one) => new RegExp(`\\b${one.name}$`).test(lines[line - 1] ?? ''));
    return of(plan.secrets.find((one) => one.key === file?.secret)?.origin, container.origin);
  }
  const attribute = ATTRIBUTES[String(key)];
  if (attribute === undefined) return of(container.origin, instance.origin);
  // A container of a part stands within what `with` names.
  const owners = [`${instance.name}.${container.name}`, `${instance.name}.${container.name}.${container.name}`];
  return said(owners.flatMap((owner) => [...(key === 'environment' && sub !== undefined ? [`${owner}.${attribute}.${sub}`] : []), `${owner}.${attribute}`]), container.origin, instance.origin);
}

/** The port or mount that the item of the list is, by its target. */
function itemOrigin(container: PlanContainer, key: string, lines: readonly string[], line: number) {
  const from = lines.slice(0, line).findLastIndex((text) => /^ {6}- /.test(text));
  const until = lines.findIndex((text, i) => i > from && /^ {0,6}\S/.test(text));
  const item = from === -1 || !/^ {6,}/.test(lines[line - 1] ?? '') ? [] : lines.slice(from, until === -1 ? undefined : until);
  const target = item.map((text) => /^ {6}(?:- | {2})target: "?([^"]*)"?$/.exec(text)?.[1]).find((text) => text !== undefined);
  if (key === 'ports') return container.ports.find((port) => String(port.target) === target)?.origin;
  return container.mounts.flatMap((mount) => (mount.type === 'bind' && mount.target === target ? [mount.origin] : []))[0];
}
