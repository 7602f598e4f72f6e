/**
 * What a change of a Compose project does when it is brought up again. Compose recreates a container when the hash of its
 * service changes; which keys move it was asked of the real Compose (`compose-probes.gen.ts`, `npm run gen:impact`). What
 * lies beside services, and what a hash does not tell, is listed here.
 */
import { changeOf, impactOf, ruleFor, type Rule } from './change.js';
import { COMPOSE_PROBES } from './compose-probes.gen.js';
import type { ImpactOf } from './impact.js';

const HASH = `docker compose ${COMPOSE_PROBES.compose} config --hash`;
const RECONCILE = `docker compose ${COMPOSE_PROBES.compose}, pkg/compose/reconcile.go`;
const SEES = 'the container is recreated and sees other folders; what it wrote before stays where it was';
const EMPTY = 'the containers are recreated with an empty volume; the old one stays on the machine, and nothing uses it';

export const COMPOSE_RULES: readonly Rule[] = [
  { path: '', on: ['added'], impact: 'in_place', note: 'the stack is started; nothing else changes', source: RECONCILE },
  { path: '', on: ['removed'], impact: 'restart', note: 'the stack is taken down; what it stored stays on the machine', source: 'docker compose down, without --volumes' },
  { path: 'name', impact: 'restart', note: 'every container is made anew in the other project; volumes have names of their own and come along', source: 'labc writes name for every volume' },
  { path: 'services', on: ['added'], impact: 'in_place', note: 'the container is started; the others go on', source: RECONCILE },
  { path: 'services', on: ['removed'], impact: 'restart', note: 'the container is stopped and removed; what it stored stays on the machine', source: 'docker compose up --remove-orphans' },
  { path: 'services.env_file', impact: 'restart', note: 'the container is recreated if the file holds something else', source: `${HASH}: only the variables count` },
  { path: 'services.env_file.*', impact: 'restart', note: 'the container is recreated if the file holds something else', source: `${HASH}: only the variables count` },
  { path: 'services.volumes', impact: 'restart', note: SEES, source: HASH },
  { path: 'services.volumes.*', impact: 'restart', note: SEES, source: HASH },
  { path: 'volumes', on: ['added'], impact: 'in_place', note: 'the volume is made, empty', source: RECONCILE },
  { path: 'volumes', on: ['removed'], impact: 'in_place', note: 'the volume stays on the machine, and nothing uses it', source: RECONCILE },
  { path: 'volumes.name', impact: 'destroys_data', note: EMPTY, source: `${RECONCILE}, reconcileVolumes` },
  { path: 'volumes', impact: 'destroys_data', note: 'Compose asks whether to make the volume anew, which loses what it holds', source: `${RECONCILE}, reconcileVolumes` },
  { path: 'volumes.*', impact: 'destroys_data', note: 'Compose asks whether to make the volume anew, which loses what it holds', source: `${RECONCILE}, reconcileVolumes` },
  { path: 'networks', on: ['added', 'removed'], impact: 'in_place', note: 'the network is made, or left over; services that join or leave it are recreated', source: RECONCILE },
  { path: 'networks', impact: 'restart', note: 'the containers on it are stopped, the network is made anew, and they are started again', source: `${RECONCILE}, planRecreateNetworks` },
  { path: 'networks.*', impact: 'restart', note: 'the containers on it are stopped, the network is made anew, and they are started again', source: `${RECONCILE}, planRecreateNetworks` },
  { path: 'secrets', impact: 'restart', note: 'the containers that read it are recreated when they name it differently, and restarted when it holds something else', source: 'labc restarts what reads a changed file' },
  { path: 'secrets.*', impact: 'restart', note: 'the containers that read it are recreated when they name it differently, and restarted when it holds something else', source: 'labc restarts what reads a changed file' },
];

/** What the probes say of the longest known path; a key that no probe knows counts as one that recreates. */
function hashed(path: string): ImpactOf {
  for (let keys = path.split('.').slice(1); keys.length > 0; keys = keys.slice(0, -1)) {
    const known = Object.hasOwn(COMPOSE_PROBES.services, keys.join('.')) ? COMPOSE_PROBES.services[keys.join('.')] : undefined;
    if (known === 'same') return { impact: 'in_place', note: 'nothing that runs changes: it counts for the next start', source: `${HASH}: the hash of the service stays` };
    if (known === 'recreated') break;
  }
  return { impact: 'restart', note: 'the container is recreated', source: `${HASH}: the hash of the service moves` };
}

/**
 * `path` names keys and not what people named: `services.environment`, `services.deploy.resources.limits.memory`, `volumes.name`;
 * what stands below the last known key counts as that key. Comments and keys that start with `x-` change nothing.
 */
export function composeImpact(path: string, before: unknown, after: unknown): ImpactOf | undefined {
  if (path.split('.').some((key) => key.startsWith('x-'))) return { impact: 'in_place', note: 'nothing happens: Compose does not read it', source: 'Compose specification, extensions' };
  const found = ruleFor(COMPOSE_RULES, path, changeOf(before, after), {});
  if (found !== undefined) return impactOf(found);
  return path === 'services' || path.startsWith('services.') ? hashed(path) : undefined;
}
