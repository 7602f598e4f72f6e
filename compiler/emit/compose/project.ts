/** A Compose project: the services of one instance, and the networks, volumes and secrets that they name. */
import type { ComposeFile } from '../../bindings/compose.gen.js';
import type { PlanContainer, PlanInstance, PlanJob } from '../../plan/workload.js';
import { escapeDollars } from './dollars.js';
import { mergeRaw } from './merge.js';
import { projectNetworks } from './networks.js';
import { composeService } from './service.js';

/** Jobs with a container of their own are services that `up` leaves alone. */
const JOB_PROFILE = 'job';

/** What stands in `compose.yaml`. The author's raw Compose is merged last and is the only part that no type has seen. */
export function composeProject(instance: PlanInstance): Omit<ComposeFile, 'services'> & { readonly services: Readonly<Record<string, unknown>> } {
  const jobs = instance.jobs.flatMap((job) => (job.container === null ? [] : [jobContainer(job, job.container)]));
  const services = [
    ...instance.containers.map((container) => [container, composeService(instance, container)] as const),
    ...jobs.map((container) => [container, { profiles: [JOB_PROFILE], ...composeService(instance, container) }] as const),
  ];
  return {
    name: instance.name,
    services: Object.fromEntries(services.map(([{ name, compose }, service]) => [name, compose === null ? service : mergeRaw({ ...service }, escapeDollars(compose))])),
    ...escapeDollars(resources(instance, jobs)),
  };
}

function resources(instance: PlanInstance, jobs: readonly PlanContainer[]): Pick<ComposeFile, 'networks' | 'volumes' | 'secrets'> {
  return {
    networks: projectNetworks(instance, [...instance.containers, ...jobs]),
    volumes: filled(instance.volumes.map((volume) => [volume.name, { name: volume.external }] as const)),
    secrets: filled(instance.secretFiles.map((file) => [file.name, { file: file.path }] as const)),
  };
}

/** The job's own command, user and order stand in for those of the container that it is made from. */
function jobContainer(job: PlanJob, container: PlanContainer): PlanContainer {
  return {
    ...container,
    name: job.name,
    restart: 'no',
    command: job.command.length === 0 ? container.command : job.command,
    user: job.user ?? container.user,
    after: job.after.map((edge) => ({ ...edge, restart: false })),
  };
}

function filled<T>(entries: readonly (readonly [string, T])[]): Record<string, T> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
