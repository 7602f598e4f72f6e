import { expect, test } from 'vitest';
import { rule as backupOnItself } from '../../compiler/proofs/backup-on-itself.js';
import { rule as duplicateAlias } from '../../compiler/proofs/duplicate-alias.js';
import { rule as duplicateContainer } from '../../compiler/proofs/duplicate-container.js';
import { rule as duplicateVolume } from '../../compiler/proofs/duplicate-volume.js';
import { rule as repositoryMounted } from '../../compiler/proofs/repository-mounted.js';
import { rule as selfMonitor } from '../../compiler/proofs/self-monitor.js';
import { rule as twoWriters } from '../../compiler/proofs/two-writers.js';
import type { PlanInstance } from '../../compiler/plan/workload.js';
import { app, at, bind, disk, found, metal, plan, state, vm } from './support.js';

const run = (...instances: PlanInstance[]) => plan({ machines: [vm('carrie', 11), vm('misery', 12)], instances });

test('duplicate-container', () => {
  const one = app('a', 'carrie', 21);
  expect(found(duplicateContainer, run(one, app('b', 'carrie', 22)))).toEqual([]);
  expect(found(duplicateContainer, run({ ...one, containers: [...one.containers, { ...one.containers[0]!, origin: at(23) }] }))).toEqual(['LAB5302 23+21: a has two containers called server']);
});

test('duplicate-volume', () => {
  const cached = (name: string, machine: string, line: number, external: string) => ({ ...app(name, machine, line), volumes: [{ name: 'cache', external }] });
  expect(found(duplicateVolume, run(cached('a', 'carrie', 21, 'a_cache'), cached('b', 'misery', 22, 'a_cache')))).toEqual([]);
  expect(found(duplicateVolume, run(cached('a', 'carrie', 21, 'x'), cached('b', 'carrie', 22, 'x')))).toEqual(['LAB5303 22+21: the volume x on carrie belongs to a.cache and to b.cache']);
});

test('duplicate-alias', () => {
  const aliased = (machine: string) => run(app('a', 'carrie', 21, { aliases: ['db', 'db'] }), app('b', machine, 22, { aliases: ['DB'] }));
  expect(found(duplicateAlias, aliased('misery'))).toEqual([]);
  expect(found(duplicateAlias, aliased('carrie'))).toEqual(['LAB5304 22+21: a.server and b.server are both called DB on the shared network of carrie']);
});

test('two-writers', () => {
  const a = app('a', 'carrie', 21, { states: [state('/srv/a/data', 31)], mounts: [bind('/srv/a/data'), bind('/mnt/media')] });
  const b = (mount: ReturnType<typeof bind>, machine = 'carrie') => app('b', machine, 22, { mounts: [mount] });
  expect(found(twoWriters, run(a, b(bind('/mnt/media'))))).toEqual([]);
  expect(found(twoWriters, run(a, b(bind('/srv/a/data', true))))).toEqual([]);
  expect(found(twoWriters, run(a, b(bind('/srv/a/data'), 'misery')))).toEqual([]);
  expect(found(twoWriters, run(a, b(bind('/srv/a/database'))))).toEqual([]);
  expect(found(twoWriters, run(a, b(bind('/srv/a/data'))))).toEqual(['LAB5305 22+31: a.server.data and b.server both write to /srv/a/data on carrie']);
  expect(found(twoWriters, run(b(bind('/srv')), a))).toEqual(['LAB5305 31+22: b.server and a.server.data both write to /srv/a/data on carrie']);
  expect(found(twoWriters, run(app('a', 'carrie', 21, { states: [state('/srv/x', 31), state('/srv/x', 32, { name: 'more' })] })))).toEqual(['LAB5305 32+31: a.server.data and a.server.more both write to /srv/x on carrie']);
  expect(found(twoWriters, run(app('a', 'carrie', 21, { states: [state('/srv/x', 31), state('/srv/x', 31, { container: 'cron' })] })))).toEqual([]);
  const [bound] = twoWriters.check({ plan: run(a, b(bind('/srv/a/data'))), edges: [] });
  expect(bound?.help).toBe('write `read_only = true` on the bind of b.server, or bind another folder');
});

test('self-monitor', () => {
  const probe = (monitor: string, machine: string, line: number) => ({ name: machine, monitor, machine, origin: at(line) });
  const gatus = run(app('gatus', 'carrie', 21), app('kuma', 'misery', 22));
  expect(found(selfMonitor, gatus)).toEqual([]);
  expect(found(selfMonitor, { ...gatus, probes: [probe('gatus', 'misery', 41), probe('gatus', 'carrie', 42), probe('kuma', 'carrie', 43)] })).toEqual([]);
  expect(found(selfMonitor, { ...gatus, probes: [probe('gatus', 'misery', 41), probe('gatus', 'carrie', 42), probe('gatus', 'carrie', 43)] })).toEqual(['LAB5404 21+42: gatus checks carrie, the machine that it runs on']);
});

test('backup-on-itself', () => {
  const stored = (url: string, disposable: string | null = null) => plan({
    machines: [metal('carrie', 11), metal('nas', 1)], instances: [app('a', 'carrie', 21, { states: [state('/srv/a', 31, { repository: 'nas', disposable })] })],
    repositories: [{ name: 'nas', type: 'restic', url, password: null, schedule: '', origin: at(51) }],
  });
  expect(found(backupOnItself, stored('sftp:backup@192.168.86.1:/x'))).toEqual([]);
  expect(found(backupOnItself, stored('sftp:backup@192.168.86.111:/x'))).toEqual([]);
  expect(found(backupOnItself, stored('sftp:backup@192.168.86.11:/x', 'made anew'))).toEqual([]);
  expect(found(backupOnItself, stored('sftp:backup@192.168.86.11:/x'))).toEqual(['LAB5405 21+51: the state of a is backed up to nas, which lies on the same machine, carrie']);
  expect(found(backupOnItself, stored('rest:https://carrie.home.example.net/x'))).toHaveLength(1);
});

test('repository-mounted', () => {
  const stored = (url: string, mount: string | null) => plan({
    machines: [vm('carrie', 11, { disks: [disk(12, { mount })] })], instances: [app('a', 'carrie', 21, { states: [state('/srv/a', 31, { repository: 'nas' })] })],
    repositories: [{ name: 'nas', type: 'restic', url, password: null, schedule: '', origin: at(51) }],
  });
  expect(found(repositoryMounted, stored('sftp:backup@192.168.86.1:/x', null))).toEqual([]);
  expect(found(repositoryMounted, stored('/mnt/backup/restic', '/mnt/backup'))).toEqual([]);
  expect(found(repositoryMounted, stored('/mnt/backup/restic', '/mnt/back'))).toEqual(['LAB5406 51+11: the repository nas is the folder /mnt/backup/restic, and nothing is mounted there on carrie']);
  expect(found(repositoryMounted, stored('local:/mnt/backup', null))).toHaveLength(1);
});
