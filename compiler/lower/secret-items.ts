/** Secrets that a machine's capabilities read as files: one sealed file each, readable by root only. */
import type { Obj } from '../eval/model.js';
import type { PlanFile, PlanItem } from '../plan/machine.js';
import { sortedBy } from '../base/text.js';
import { secretKey, type Lowering } from './context.js';

export function secretItems(low: Lowering, machine: Obj, files: Map<string, PlanFile>): PlanItem[] {
  const wanted = low.machineSecrets.get(machine);
  if (wanted === undefined) return [];
  const folder = `/etc/labc/secrets/${machine.key}`;
  const base = { kind: 'secret_file', owner: machine.key, phase: 4, origin: low.origin(machine) };
  const plain = { check: 'run' as const, sealed: false, when: null, changedWhen: null, failedWhen: null, register: null, environment: null, notify: [] };
  const folders = ['/etc/labc', '/etc/labc/secrets', folder].map((path): PlanItem => ({
    ...base, id: `secret_folder:${path}`, key: path, undo: [],
    tasks: [{ ...plain, name: `Have ${path}`, module: 'ansible.builtin.file', args: { path, state: 'directory', owner: 'root', group: 'root', mode: '0700' } }],
  }));
  const items = sortedBy(wanted, ([path]) => path).map(([path, secret]): PlanItem => {
    const asset = path.slice(1);
    files.set(asset, { path: asset, content: low.planText({ t: 'template', parts: [{ secret, gid: null, escape: 'none' }] }), origin: low.origin(secret) });
    return {
      ...base, id: `secret_file:${path}`, key: path, origin: low.origin(secret),
      tasks: [{ ...plain, sealed: true, check: 'lenient', name: `Write the secret ${secretKey(secret)}`, module: 'ansible.builtin.template', args: { src: { $: 'asset', path: asset }, dest: path, owner: 'root', group: 'root', mode: '0400' } }],
      undo: [{ verb: 'file_absent', args: { path }, only: 'always' }],
    };
  });
  return [...folders, ...items];
}
