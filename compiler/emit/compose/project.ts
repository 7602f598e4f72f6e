/** A Compose project: the services of one instance, and the networks, volumes and secrets that they name. */
import type { PlanContainer, PlanInstance, PlanJob } from '../../plan/workload.js';
import { projectNetworks } from './networks.js';
import { composeService } from './service.js';

/** Jobs with a container of their own are services that `up` leaves alone. */
export const JOB_PROFILE = 'job';

export function composeProject(instance: PlanInstance): Record<string, unknown> {
  const jobs = instance.jobs.flatMap((job) => (job.container === null ? [] : [jobContainer(job, job.container)]));
  return {
    name: instance.name,
    services: Object.fromEntries([
      ...instance.containers.map((container) => [container.name, composeService(instance, container)] as const),
      ...jobs.map((container) => [container.name, { profiles: [JOB_PROFILE], ...composeService(instance, container) }] as const),
    ]),
    networks: projectNetworks(instance, [...instance.containers, ...jobs]),
    volumes: filled(instance.volumes.map((volume) => [volume.name, { name: volume.external }])),
    secrets: filled(instance.secretFiles.map((file) => [file.name, { file: file.path }])),
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

function filled(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
