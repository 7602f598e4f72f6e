/** Every key that labc's Compose can hold has an impact, no rule is milder than the hash, and the probes are of the pinned Compose. */
import { expect, test } from 'vitest';
import { composeImpact } from '../../compiler/impact/compose.js';
import { COMPOSE_PROBES } from '../../compiler/impact/compose-probes.gen.js';
import { pinnedVersion } from '../support/tools.js';
import { EmitterReader } from './attributes.js';
import { emittedServicePaths } from './probe-compose.js';

/** What the fixtures cannot change in a file that Compose takes. */
const UNASKED = ['healthcheck.start_interval', 'volumes.tmpfs', 'volumes.tmpfs.size', 'volumes.type'];

test('the probes hold every key that the emitter can write', () => {
  expect(COMPOSE_PROBES.compose).toBe(pinnedVersion('compose'));
  expect(emittedServicePaths().filter((path) => COMPOSE_PROBES.services[path] === undefined && !UNASKED.includes(path))).toEqual([]);
});

test('what recreates a container is never called in place', () => {
  const milder = Object.entries(COMPOSE_PROBES.services).filter(([path, what]) => what === 'recreated' && composeImpact(`services.${path}`, 'a', 'b')?.impact === 'in_place');
  expect(milder).toEqual([]);
});

test('what lies beside services has an impact too', () => {
  const reader = new EmitterReader('compiler/emit/compose', 'compiler/bindings/compose.gen.ts');
  // Networks stand under names that labc gives them; a service's limits come from a function of the same name.
  const paths = reader.returnsOf('resources').filter(({ path }) => !path.startsWith('resources')).map(({ path }) => path.replace(/^networks\.(default|isolated|lab)(?=\.|$)/, 'networks'));
  expect(paths).toContain('volumes.name');
  expect(['name', ...paths].filter((path) => composeImpact(path, 'a', 'b') === undefined)).toEqual([]);
});

test('one look-up', () => {
  const impact = (path: string, before: unknown = 'a', after: unknown = 'b') => composeImpact(path, before, after)?.impact;
  expect(impact('services.environment.TZ')).toBe('restart');
  expect(impact('services.depends_on.db.condition')).toBe('in_place');
  expect(impact('services.deploy.resources.limits.memory')).toBe('restart');
  expect(impact('services.some_new_key')).toBe('restart');
  expect(impact('services.x-note')).toBe('in_place');
  expect(impact('volumes.name')).toBe('destroys_data');
  expect(impact('volumes', { name: 'x' }, null)).toBe('in_place');
  expect(impact('include')).toBeUndefined();
});
