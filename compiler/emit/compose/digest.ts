/**
 * A container does not notice that a file it mounts has changed. Files that want a restart are therefore part of its
 * definition, as a label with their digest: a change makes `up` recreate the container, and only that one.
 */
import { sha256 } from '../../base/sha256.js';
import type { PlanConfigFile, PlanContainer, PlanInstance } from '../../plan/workload.js';

/** The label's value, or null where no file of the container wants a restart. Files that are watched or posted do not. */
export function configDigest(instance: PlanInstance, container: PlanContainer): string | null {
  const files = instance.files.filter((file) => file.write === 'managed' && file.reload.how === 'restart' && reads(container, file));
  if (files.length === 0) return null;
  return `sha256:${sha256(JSON.stringify(files.map((file) => [file.target, file.content])))}`;
}

/** Its own, or one below a folder that it shares with the container whose it is. */
function reads(container: PlanContainer, file: PlanConfigFile): boolean {
  return file.container === container.name
    || container.mounts.some((mount) => mount.type === 'bind' && (file.target === mount.source || file.target.startsWith(`${mount.source}/`)));
}
