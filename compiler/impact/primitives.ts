/**
 * What a change of an L3 item does on its machine: what it notifies (a service restarted, the machine rebooted), what the
 * Ansible modules of its tasks disturb, what its kind says of itself (`impact`), and for an item that left what its verbs
 * of undoing do. All of it is in the plan; no kind is known here by name, so kinds of a lab's own are judged like those
 * of the prelude.
 */
import type { PlanHandler, PlanItem } from '../plan/machine.js';
import { worse, type Impact, type ImpactOf } from './impact.js';

interface Effect {
  readonly impact: Impact;
  readonly note: string;
}

interface Sourced extends Effect {
  readonly source: string;
}

const PACKAGES = 'another version of a package may want its services restarted';

/** Modules that disturb what runs when their arguments change; every other module changes its object where it is. Sources are of the collections that labc pins. */
export const MODULE_EFFECTS: Readonly<Record<string, Sourced>> = {
  'ansible.builtin.apt': { impact: 'restart', note: 'another version of a package restarts its services', source: 'debhelper, dh_installsystemd: packages restart their units after an upgrade' },
  'community.general.pacman': { impact: 'restart', note: PACKAGES, source: 'pacman(8): an upgrade replaces the files of what runs' },
  'community.general.apk': { impact: 'restart', note: PACKAGES, source: 'apk(8): an upgrade replaces the files of what runs' },
  'ansible.builtin.package': { impact: 'restart', note: 'another version of a package restarts its services', source: 'module documentation: it calls the package manager of the system' },
  'ansible.builtin.systemd_service': { impact: 'restart', note: 'the unit is started or stopped', source: 'module documentation, `state`' },
  'ansible.builtin.service': { impact: 'restart', note: 'the service is started or stopped', source: 'module documentation, `state`' },
  'ansible.builtin.reboot': { impact: 'reboot', note: 'the machine reboots where its condition holds', source: 'module documentation' },
  'ansible.posix.mount': { impact: 'restart', note: 'it is mounted anew', source: 'ansible.posix, plugins/modules/mount.py: a changed entry is remounted' },
  'community.docker.docker_network': { impact: 'restart', note: 'the network is made anew, and containers lose it until they are started again', source: 'community.docker, plugins/modules/docker_network.py, present: what differs is removed and created' },
  'community.docker.docker_volume': { impact: 'destroys_data', note: 'where `recreate` is not `never`, the volume is made anew, empty', source: 'module documentation, `recreate`' },
  'community.docker.docker_compose_v2': { impact: 'restart', note: 'containers whose configuration differs are recreated', source: 'module documentation, `recreate`' },
  'community.general.modprobe': { impact: 'reboot', note: 'a module that is loaded already keeps its options until the machine boots', source: 'community.general, plugins/modules/modprobe.py: loads only what is not loaded' },
  'community.general.filesystem': { impact: 'refused', note: 'another type is refused: what is formatted is not formatted anew', source: 'community.general, plugins/modules/filesystem.py: "already used", unless `force`' },
  'community.general.lvol': { impact: 'in_place', note: 'a logical volume grows while it is used, and is made no smaller', source: 'module documentation, `shrink` and `force`' },
  'community.general.parted': { impact: 'in_place', note: 'a partition that is there keeps its place; it grows only where `resize` says so', source: 'module documentation, `resize`' },
  'community.general.zfs': { impact: 'in_place', note: 'properties of the dataset change', source: 'module documentation, `extra_zfs_properties`' },
};

/** What each verb of `removal` does to what runs. */
export const VERB_EFFECTS: Readonly<Record<string, Effect>> = {
  file_absent: { impact: 'in_place', note: 'the file is removed' },
  rmdir: { impact: 'in_place', note: 'the folder is removed once it is empty' },
  unit_off: { impact: 'restart', note: 'the unit is stopped and disabled' },
  package_absent: { impact: 'restart', note: 'the package is removed, with what it ran' },
  sysctl_absent: { impact: 'in_place', note: 'the setting is forgotten; the live value stays until the machine boots' },
  mount_off: { impact: 'restart', note: 'it is unmounted' },
  user_lock: { impact: 'in_place', note: 'the user is locked and stays' },
  group_absent: { impact: 'in_place', note: 'the group is removed once it owns nothing' },
  block_absent: { impact: 'in_place', note: 'the lines are taken out of the file' },
  stack_down: { impact: 'restart', note: 'the stack is taken down; what it stored stays' },
  network_absent: { impact: 'restart', note: 'the container network is removed' },
  nft_table_absent: { impact: 'in_place', note: 'the rules of the firewall are removed' },
  stamp_absent: { impact: 'in_place', note: 'a job may run again' },
  ensure_undo: { impact: 'restart', note: 'a command of its own takes it back' },
};

/** The handlers that a change of the item runs, of those of its machine. */
export function notifiedBy(item: PlanItem, handlers: readonly PlanHandler[]): readonly PlanHandler[] {
  const ids = new Set(item.tasks.flatMap(({ notify }) => notify));
  return handlers.filter(({ id }) => ids.has(id));
}

/** `handlers` are those of the item's machine. For a removed item, give those of the plan that still had it. */
export function primitiveImpact(item: PlanItem, change: 'added' | 'changed' | 'removed', handlers: readonly PlanHandler[]): ImpactOf | undefined {
  const source = `kind ${item.kind}`;
  if (change === 'removed') return worst(undone(item), `${source}, removal`) ?? { impact: 'in_place', note: 'it stays on the machine: nothing undoes it', source };
  // What was not there before has nothing to disturb, but a reboot is one for all.
  const disturbs = (impact: Impact): boolean => change !== 'added' || impact === 'reboot';
  const actions = notifiedBy(item, handlers).map(({ id, action }): Effect => ({ impact: ACTIONS[action.do], note: id }));
  const modules = item.tasks.flatMap(({ module }) => {
    const effect = Object.hasOwn(MODULE_EFFECTS, module) ? MODULE_EFFECTS[module] : undefined;
    return effect === undefined || !disturbs(effect.impact) || (change === 'added' && module === 'community.general.modprobe') ? [] : [effect];
  });
  const said: readonly Effect[] = item.impact === undefined || !disturbs(item.impact) ? [] : [{ impact: item.impact, note: 'its kind says so' }];
  return worst([...actions, ...modules, ...said], source) ?? { impact: 'in_place', note: change === 'added' ? 'it is set up' : 'it is changed where it is', source };
}

const ACTIONS: Readonly<Record<PlanHandler['action']['do'], Impact>> = { reboot: 'reboot', restart: 'restart', reload: 'in_place', run: 'in_place', daemon_reload: 'in_place' };

/** What waits for a retire happens later, in the open. */
function undone({ undo }: PlanItem): readonly Effect[] {
  return undo.map(({ verb, args, only }): Effect => {
    // A timer only starts other units: what it started goes on.
    if (verb === 'unit_off' && typeof args.name === 'string' && args.name.endsWith('.timer')) return { impact: 'in_place', note: 'the timer is stopped and disabled' };
    const effect = Object.hasOwn(VERB_EFFECTS, verb) ? VERB_EFFECTS[verb]! : { impact: 'restart' as const, note: verb };
    return only === 'retired' || only === 'while_wanted' ? { impact: 'in_place', note: `it stays until a retire names it: then ${effect.note}` } : effect;
  });
}

function worst(effects: readonly Effect[], source: string): ImpactOf | undefined {
  if (effects.length === 0) return undefined;
  const notes = [...new Set(effects.map(({ note }) => note))];
  return { impact: effects.map(({ impact }) => impact).reduce(worse), note: notes.join(', '), source };
}
