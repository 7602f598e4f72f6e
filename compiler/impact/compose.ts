/**
 * What a change of a Compose project does when it is brought up again. Compose recreates a container when the hash of its
 * service changes, which nearly every key of a service does; the exceptions and what lies beside services are listed here.
 */
import { changeOf, impactOf, ruleFor, type Rule } from './change.js';
import type { ImpactOf } from './impact.js';

const HASH = 'docker compose config --hash: the hash of the service does not move';
const RECREATED = 'docker compose config --hash: a service with another hash is recreated';
const UP = 'docker compose up';

export const COMPOSE_RULES: readonly Rule[] = [
  { path: '', on: ['added'], impact: 'in_place', note: 'the stack is started; nothing else changes', source: UP },
  { path: '', on: ['removed'], impact: 'restart', note: 'the stack is taken down; what it stored stays on the machine', source: 'docker compose down, without --volumes' },
  { path: 'name', impact: 'restart', note: 'every container is made anew in the other project; volumes have names of their own and come along', source: 'labc writes name for every volume' },
  { path: 'services', on: ['added'], impact: 'in_place', note: 'the container is started; the others go on', source: UP },
  { path: 'services', on: ['removed'], impact: 'restart', note: 'the container is stopped and removed; what it stored stays on the machine', source: 'docker compose up --remove-orphans' },
  { path: 'services.depends_on', impact: 'in_place', note: 'counts for the next start', source: HASH },
  { path: 'services.depends_on.*', impact: 'in_place', note: 'counts for the next start', source: HASH },
  { path: 'services.profiles', impact: 'in_place', note: 'whether `up` starts it; nothing that runs changes', source: HASH },
  { path: 'services', impact: 'restart', note: 'the container is recreated', source: RECREATED },
  { path: 'services.volumes', impact: 'restart', note: 'the container is recreated and sees other folders; what it wrote before stays where it was', source: RECREATED },
  { path: 'services.volumes.*', impact: 'restart', note: 'the container is recreated and sees other folders; what it wrote before stays where it was', source: RECREATED },
  { path: 'services.*', impact: 'restart', note: 'the container is recreated', source: RECREATED },
  { path: 'volumes', on: ['added'], impact: 'in_place', note: 'the volume is made, empty', source: UP },
  { path: 'volumes', on: ['removed'], impact: 'in_place', note: 'the volume stays on the machine, and nothing uses it', source: UP },
  { path: 'volumes', impact: 'destroys_data', note: 'the containers start with an empty volume; the old one stays on the machine, and nothing uses it', source: UP },
  { path: 'volumes.*', impact: 'destroys_data', note: 'the containers start with an empty volume; the old one stays on the machine, and nothing uses it', source: UP },
  { path: 'networks', on: ['added', 'removed'], impact: 'in_place', note: 'the network is made, or left over; services that join or leave it are recreated', source: UP },
  { path: 'networks', impact: 'restart', note: 'the network is made anew, and the containers on it are recreated', source: UP },
  { path: 'networks.*', impact: 'restart', note: 'the network is made anew, and the containers on it are recreated', source: UP },
  { path: 'secrets', impact: 'restart', note: 'the containers that read it are recreated', source: UP },
  { path: 'secrets.*', impact: 'restart', note: 'the containers that read it are recreated', source: UP },
];

/**
 * `path` names keys and not what people named: `services.environment`, `services.deploy.resources.limits.memory`, `volumes.name`;
 * what stands below the last known key counts as that key. Comments and keys that start with `x-` change nothing.
 */
export function composeImpact(path: string, before: unknown, after: unknown): ImpactOf | undefined {
  if (path.split('.').some((key) => key.startsWith('x-'))) return { impact: 'in_place', note: 'nothing happens: Compose does not read it', source: 'Compose specification, extensions' };
  const found = ruleFor(COMPOSE_RULES, path, changeOf(before, after), {});
  return found === undefined ? undefined : impactOf(found);
}
