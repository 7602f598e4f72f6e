import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rule as bootstrapImage } from '../../compiler/proofs/bootstrap-image.js';
import { rule as bootstrapNames } from '../../compiler/proofs/bootstrap-names.js';
import { rule as startCycle } from '../../compiler/proofs/start-cycle.js';
import { circles, keyOf, stuck } from '../../compiler/proofs/start-graph.js';
import { app, device, edge, found, metal, network, nic, plan, route } from './support.js';

const asking = (name: string, host: number, ...resolvers: number[]) => metal(name, host, { nics: [nic(host, host, { resolvers: resolvers.map((found) => (found > 255 ? '9.9.9.9' : `192.168.86.${found}`)) })] });

describe('start-cycle', () => {
  const lab = plan({ machines: [metal('carrie', 11), metal('flagg', 12), metal('nas', 13)] });
  test('a graph without a circle is fine, whatever reads what', () => {
    expect(found(startCycle, lab, [edge('nas L2', 'carrie L3', 'mounts nas.export.x', 61), edge('flagg L3', 'carrie L3', 'uses flagg as gateway', 62)])).toEqual([]);
  });
  test('the circle is printed with the reason of each edge', () => {
    expect(found(startCycle, lab, [edge('nas L4', 'carrie L3', 'mounts nas.export.x', 61), edge('carrie L4', 'nas L3', 'uses carrie as gateway', 62), edge('nas L4', 'flagg L3', 'mounts nas.export.y', 63)])).toEqual([
      'LAB5401 61+62: starting goes round in a circle: carrie L3 waits for nas L4 (mounts nas.export.x), which waits for nas L3 (stands on it), which waits for carrie L4 (uses carrie as gateway), which waits for carrie L3 (stands on it)',
    ]);
  });
  test('a layer that waits for itself or a higher one of its own machine', () => {
    expect(found(startCycle, lab, [edge('nas L3', 'nas L3', 'mounts nas.export.x', 61)])).toEqual(['LAB5401 61: starting goes round in a circle: nas L3 waits for nas L3 (mounts nas.export.x)']);
    expect(found(startCycle, lab, [edge('nas L4', 'nas L3', 'mounts nas.export.x', 61)])).toHaveLength(1);
  });
});

describe('bootstrap-names', () => {
  test('resolvers that are there before, or one outside, are fine', () => {
    expect(found(bootstrapNames, plan({ machines: [asking('carrie', 11, 12), asking('flagg', 12, 999)], instances: [app('pihole', 'flagg', 21)] }))).toEqual([]);
    expect(found(bootstrapNames, plan({ machines: [asking('flagg', 12, 12, 999)], instances: [app('pihole', 'flagg', 21)] }))).toEqual([]);
    expect(found(bootstrapNames, plan({ machines: [device('router', 1), asking('carrie', 11, 1)] }))).toEqual([]);
    expect(found(bootstrapNames, plan({ machines: [asking('carrie', 11)] }))).toEqual([]);
  });
  test('a resolver that asks itself is reported once, not for each that asks it', () => {
    expect(found(bootstrapNames, plan({ machines: [asking('carrie', 11, 12), asking('flagg', 12, 12), asking('misery', 13, 12)], instances: [app('pihole', 'flagg', 21)] }))).toEqual([
      'LAB5402 12: flagg cannot look up names when it is first set up: flagg L3 waits for flagg L4 (asks it for names), which waits for flagg L3 (stands on it)',
    ]);
  });
  test('a resolver that the network has no fallback for', () => {
    const lab = (...resolvers: string[]) => plan({ networks: [network('lan', 3, { resolvers })], machines: [asking('flagg', 12)], instances: [app('pihole', 'flagg', 21)] });
    expect(found(bootstrapNames, lab('192.168.86.12', '9.9.9.9'))).toEqual([]);
    expect(found(bootstrapNames, lab('192.168.86.12'))).toHaveLength(1);
  });
  test('of two resolvers one is enough', () => {
    const two = (second: number) => plan({ machines: [asking('a', 11, 11, 12), asking('b', 12, second)], instances: [app('one', 'a', 21), app('two', 'b', 22)] });
    expect(found(bootstrapNames, two(999))).toEqual([]);
    expect(found(bootstrapNames, two(11))).toHaveLength(1);
  });
  test('a resolver that waits for the machine', () => {
    const lab = plan({ machines: [asking('nas', 11, 12), asking('flagg', 12, 999)], instances: [app('pihole', 'flagg', 21)] });
    expect(found(bootstrapNames, lab, [edge('nas L3', 'flagg L3', 'mounts nas.export.x', 61)])).toEqual([
      'LAB5402 11+61: nas cannot look up names when it is first set up: nas L3 waits for flagg L4 (asks it for names), which waits for flagg L3 (stands on it), which waits for nas L3 (mounts nas.export.x)',
    ]);
  });
  test('a plain start circle is left to its own proof', () => {
    const lab = plan({ machines: [asking('nas', 11, 999), asking('flagg', 12, 11)] });
    expect(found(bootstrapNames, lab, [edge('nas L4', 'nas L3', 'x', 61)])).toEqual([]);
  });
});

test('bootstrap-image', () => {
  const lab = (image: string, registry: string) => plan({
    machines: [metal('carrie', 11), metal('flagg', 12)], routes: [route('registry.web', 'registry.lab', 41, { instance: 'registry', machine: registry, ingress: 'traefik' })],
    instances: [app('traefik', 'flagg', 21, { image }), app('registry', registry, 22), app('notes', 'carrie', 23, { image: 'registry.lab:5000/notes:1' })],
  });
  expect(found(bootstrapImage, lab('docker.io/library/traefik:3', 'carrie'))).toEqual([]);
  expect(found(bootstrapImage, lab('registry.lab/traefik:3', 'carrie'), [edge('flagg L4', 'carrie L3', 'needs certificates', 61)])).toHaveLength(1);
  expect(found(bootstrapImage, lab('registry.lab/traefik:3', 'flagg'))).toEqual([
    'LAB5403 21: traefik pulls registry.lab/traefik:3 from this lab\'s own registry, which needs it: flagg L4 waits for flagg L4 (pulls registry.lab/traefik:3)',
  ]);
});

test('circles are circles, and are found exactly when something is stuck', () => {
  const stage = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('L2', 'L3')).map((pair) => pair.join(' '));
  const edges = fc.array(fc.tuple(stage, stage).map(([from, to]) => edge(from, to, 'x', 1)), { maxLength: 14 });
  fc.assert(fc.property(edges, (graph) => {
    const all = circles(graph);
    expect(all.length > 0).toBe(stuck(graph, new Map()).size > 0);
    for (const circle of all) circle.forEach((step, i) => { expect(keyOf(step.to)).toBe(keyOf(circle[(i + 1) % circle.length]!.from)); });
    const visited = all.flatMap((circle) => circle.map((step) => keyOf(step.to)));
    expect(new Set(visited).size).toBe(visited.length);
  }));
});
