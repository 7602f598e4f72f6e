/** Lowers what containers see of files: states, caches, binds, memory, rendered configuration. */
import { serviceName } from '../eval/endpoints.js';
import { capabilityOf, statePath } from '../eval/states.js';
import type { Obj, Owner, Value } from '../eval/model.js';
import { plainText } from '../eval/text.js';
import { isObject } from '../eval/value.js';
import type { PlanState } from '../plan/state.js';
import type { PlanConfigFile, PlanMount } from '../plan/workload.js';
import { compareText, sortedBy } from '../base/text.js';
import { lineOf } from '../structure/machines.js';
import type { Lowering } from './context.js';

/** Host folders, volumes, files and states of one instance, gathered while its containers are lowered. */
export interface FolderBook {
  readonly instance: Obj;
  readonly folders: Map<string, { path: string; owner: string; group: string; mode: string; state: boolean }>;
  readonly volumes: Map<string, { name: string; external: string }>;
  readonly files: PlanConfigFile[];
  readonly states: Map<string, PlanState>;
}

export function mountsOf(low: Lowering, container: Obj, book: FolderBook): PlanMount[] {
  const shared = lineOf(container);
  const mounts: PlanMount[] = [];
  for (const owner of shared) {
    for (const state of owner.childrenOf('state')) mounts.push(stateMount(low, state, book));
    for (const cache of owner.childrenOf('cache')) mounts.push(cacheMount(low, cache, book));
  }
  for (const bind of container.childrenOf('bind')) {
    const source = low.text(bind, 'source') ?? '';
    mounts.push({ type: 'bind', source, target: bind.key, readOnly: low.bool(bind, 'read_only'), propagation: underMount(container.machine, source) ? 'rslave' : null, origin: low.origin(bind) });
    if (!low.bool(bind, 'must_exist')) book.folders.set(source, { path: source, owner: '0', group: '0', mode: '0755', state: false });
  }
  for (const scratch of container.childrenOf('scratch')) {
    const owner = low.get(scratch, 'owner');
    const size = low.bytes(scratch, 'size');
    mounts.push({ type: 'tmpfs', target: scratch.key, size, mode: low.text(scratch, 'mode'), uid: isObject(owner) && owner.t === 'owner' ? owner.uid : null, gid: isObject(owner) && owner.t === 'owner' ? owner.gid : null });
  }
  mounts.push(...configMounts(low, container, book, mounts));
  return mounts.sort((a, b) => compareText(a.target, b.target));
}

function underMount(machine: Obj | null, path: string): boolean {
  return (machine?.childrenOf('mount') ?? []).some((mount) => `${path}/`.startsWith(`${mount.key}/`));
}

function stateMount(low: Lowering, state: Obj, book: FolderBook): PlanMount {
  const path = low.ev.attempt(() => statePath(low.ev, state), '');
  const owner = ownerOf(low.get(state, 'owner'));
  // Ansible gives a folder's missing parents the owner and mode of the folder.
  if (state.instance !== null) for (const above of [parentOf(parentOf(path)), parentOf(path)]) book.folders.set(above, { path: above, owner: '0', group: '0', mode: '0755', state: false });
  book.folders.set(path, { path, owner: String(owner.uid), group: String(owner.gid), mode: low.text(state, 'mode') ?? '0750', state: true });
  book.states.set(path, planState(low, state, path, state.parent === null ? '' : serviceName(state.parent)));
  return { type: 'bind', source: path, target: low.text(state, 'at') ?? '', readOnly: false, propagation: null, origin: low.origin(state) };
}

function planState(low: Lowering, state: Obj, path: string, container: string): PlanState {
  const provider = state.facts.providers?.[0];
  const repository = provider === undefined ? null : low.ref(provider, 'repository');
  return {
    name: state.key, container, path, quiesce: quiesceText(low.get(state, 'quiesce')),
    disposable: low.text(state, 'disposable'), repository: low.text(state, 'disposable') === null ? (repository?.key ?? null) : null, origin: low.origin(state),
  };
}

/** States of a machine itself, which its capabilities ask for. */
export function machineStates(low: Lowering, machine: Obj): PlanState[] {
  const own = low.ev.census.on(machine, 'state').filter((state) => state.instance === null);
  return sortedBy(own.map((state) => planState(low, state, low.ev.attempt(() => statePath(low.ev, state), ''), capabilityOf(state))), (state) => `${state.path} ${state.container} ${state.name}`);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function quiesceText(value: Value): string {
  return isObject(value) && value.t === 'variant' ? value.name : (plainText(value) ?? 'stop');
}

function ownerOf(value: Value): Owner {
  return isObject(value) && value.t === 'owner' ? value : { t: 'owner', uid: 0, gid: 0 };
}

function cacheMount(low: Lowering, cache: Obj, book: FolderBook): PlanMount {
  const name = `${cache.parent === null ? '' : serviceName(cache.parent)}_${cache.key}`;
  book.volumes.set(name, { name, external: low.birthName('volume', `${book.instance.key}/${name}`) ?? `${book.instance.key}_${name}` });
  return { type: 'volume', volume: name, target: low.text(cache, 'at') ?? '', readOnly: false };
}

/**
 * Folders of a system that nothing may hide: files in them are mounted one by one. Such a mount shows the file that was
 * there when the container started, for a new one takes its place under another inode: only a restart reads it.
 */
const SYSTEM = new Set(['/', '/etc', '/usr', '/usr/local', '/usr/local/bin', '/bin', '/var', '/var/lib', '/root', '/home', '/opt', '/tmp', '/run']);

function configMounts(low: Lowering, container: Obj, book: FolderBook, mounts: readonly PlanMount[]): PlanMount[] {
  const service = serviceName(container);
  const base = `/etc/labc/workloads/${book.instance.key}/config/${service}`;
  const folders = new Set<string>();
  const single: PlanMount[] = [];
  for (const file of container.childrenOf('file')) {
    const at = file.key;
    const seed = low.text(file, 'write') === 'seed';
    const folder = at.slice(0, at.lastIndexOf('/')) || '/';
    const state = seed ? container.childrenOf('state').find((other) => `${folder}/`.startsWith(`${low.text(other, 'at') ?? '\0'}/`)) : undefined;
    const content = low.get(file, 'content', '');
    const target = state === undefined ? `${base}${at}` : `${low.ev.attempt(() => statePath(low.ev, state), '')}${at.slice((low.text(state, 'at') ?? '').length)}`;
    const owner = state === undefined ? { uid: 0, gid: 0 } : ownerOf(low.get(state, 'owner'));
    const below = mounts.filter((mount) => mount.target.startsWith(`${folder}/`));
    const hidden = state === undefined && (SYSTEM.has(folder) || mounts.some((mount) => mount.target === folder) || below.some((mount) => mount.type !== 'tmpfs'));
    book.files.push({
      path: `${service}${at}`, content: low.fileText(typeof content === 'string' || (isObject(content) && content.t === 'template') ? content : ''), container: service,
      write: seed ? 'seed' : 'managed', target, owner: `${owner.uid}:${owner.gid}`, mode: low.text(file, 'mode') ?? '0644', reload: hidden ? { how: 'restart' } : reloadOf(low, file, container), origin: low.origin(file),
    });
    if (state !== undefined) continue;
    if (hidden) single.push({ type: 'bind', source: target, target: at, readOnly: true, propagation: null, origin: low.origin(file) });
    else {
      folders.add(folder);
      // Memory is mounted into the folder, which is read-only then: its place has to be there.
      for (const { target: place } of below) book.folders.set(`${base}${place}`, { path: `${base}${place}`, owner: '0', group: '0', mode: '0755', state: false });
    }
  }
  const tops = [...folders].filter((folder) => ![...folders].some((other) => other !== folder && folder.startsWith(`${other}/`))).sort(compareText);
  return [...single, ...tops.map((folder): PlanMount => ({ type: 'bind', source: `${base}${folder}`, target: folder, readOnly: true, propagation: null, origin: low.origin(container) }))];
}

function reloadOf(low: Lowering, file: Obj, container: Obj): PlanConfigFile['reload'] {
  const value = low.get(file, 'reload');
  if (isObject(value) && value.t === 'variant') {
    const port = container.childrenOf('port')[0];
    const path = plainText(value.fields.get('path') ?? null) ?? '/';
    return { how: 'post', url: `http://127.0.0.1:${port === undefined ? 80 : (plainText(low.get(port, 'port')) ?? '80')}${path}` };
  }
  return { how: plainText(value) === 'watched' ? 'watched' : 'restart' };
}
