/**
 * The lab `moves` of the booted machines: a workload with a database, files, a cache and a job that runs once, on one of two
 * machines whose backups lie on a disk of their own. Its images are small ones, along the lab's own wiring.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { httpImage, postgresImage, type ImageSpec, type Machine, type Repository } from '../rig/index.js';
import { repositoryRoot } from '../support/tools.js';
import { ask, asRoot, labFolder, type LabFolder } from './converge-kit.js';

const fixtures = join(repositoryRoot, 'test', 'e2e', 'fixtures', 'moves');

const program = (body: string): { text: string; mode: number } => ({ text: `#!/bin/sh\n${body}\n`, mode: 0o755 });
const extended = (image: ImageSpec, files: ImageSpec['files']): ImageSpec => ({ ...image, files: { ...image.files, ...files } });
export const ledgerImages: readonly ImageSpec[] = [
  // Its rows are a file, which a dump prints and a load replaces.
  extended(postgresImage('docker.io/library/postgres:17'), {
    '/bin/pg_dump': program('cat "$PGDATA/rows"'),
    '/bin/pg_restore': program('cat > "$PGDATA/rows.new" && mv "$PGDATA/rows.new" "$PGDATA/rows"'),
  }),
  extended(httpImage('docker.io/library/ledger:1.0', { ports: [8000] }), {
    '/bin/seed': program('echo seeded >> /data/note'),
    '/www/cgi-bin/state': program(`printf 'Content-Type: text/plain\\r\\n\\r\\n'\nwget -q -O - "http://$DB_HOST:5432/rows" | tr '\\n' ' '\ntr '\\n' ' ' < /data/note\ncat /thumbs/one`),
  }),
];

export interface LedgerLab extends LabFolder {
  /** Writes the lab with these statements on its machines, and below them. */
  say(onAlpha: string, onBeta: string, more?: string): void;
  /** Seals its secrets and takes the repository's key in. */
  prepare(): Promise<void>;
  /** The disk of the backups: what is left when a machine is rebuilt. */
  plugDisk(machine: Machine): Promise<void>;
  unplugDisks(): void;
}

/** `network` is how the addresses of the lab begin: `10.213.12.`; `keyOf` is a machine whose key opens all of them. */
export function ledgerLab(network: string, keyOf: () => Machine, repository: () => Repository): LedgerLab {
  const lab = labFolder('moves', { RESTIC_PASSWORD: 'r3stic' }, keyOf);
  const loops: string[] = [];
  return {
    ...lab,
    say: (onAlpha, onBeta, more = '') => lab.write('moves.lab', readFileSync(join(fixtures, 'moves.lab'), 'utf8')
      .replaceAll('10.213.12.', network).replace('KEY', () => readFileSync(`${keyOf().keyPath}.pub`, 'utf8').trim())
      .replace('MIRROR', repository().dockerUrl).replace(' ALPHA', ` ${onAlpha} `).replace(' BETA', ` ${onBeta} `) + more),
    prepare: async () => {
      copyFileSync(join(fixtures, 'ledger.lab'), join(lab.source, 'ledger.lab'));
      lab.write('mirror.asc', repository().key);
      await lab.seal({ ledger: { db_password: 'dbp4ss' } });
    },
    plugDisk: async (machine) => {
      const disk = join(lab.folder, `${machine.name}.img`);
      writeFileSync(disk, '');
      truncateSync(disk, 64 * 1024 * 1024);
      execFileSync('mkfs.ext4', ['-q', disk]);
      const loop = execFileSync('losetup', ['--find', '--show', disk], { encoding: 'utf8' }).trim();
      loops.push(loop);
      await asRoot(machine, `mknod ${loop} b 7 ${loop.replace('/dev/loop', '')} && mkdir -p /dev/disk/by-label && ln -s ${loop} /dev/disk/by-label/safe`);
    },
    unplugDisks: () => {
      for (const loop of loops) execFileSync('sh', ['-c', 'losetup --detach "$1" 2>/dev/null || true', 'sh', loop]);
    },
  };
}

export const state = (machine: Machine): Promise<string> => ask(machine.address, 8000, '/cgi-bin/state');

/** Puts a row into the database, a file beside the app, and something into its cache. */
export async function fill(machine: Machine, project: string): Promise<void> {
  await asRoot(machine, `docker exec ${project}-db-1 sh -c "echo row > /var/lib/postgresql/data/rows; head -c 3000000 /dev/urandom > /var/lib/postgresql/data/blob"; docker exec ${project}-server-1 sh -c "echo thumb > /thumbs/one; echo file >> /data/note"`);
}

/** The captures of a state by id. Of one day the repository keeps one, so that a new capture takes the place of the last. */
export async function captures(machine: Machine, group: string, ids: readonly string[]): Promise<string[][]> {
  const all = JSON.parse(await asRoot(machine, 'set -a; . /etc/labc/restic/env; restic snapshots --json')) as { short_id: string; tags: string[] }[];
  return ids.map((id) => all.filter(({ tags }) => tags.includes(group) && tags.includes(id)).map((one) => one.short_id));
}
