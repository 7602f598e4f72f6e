/**
 * What a change of an L3 item does on its machine: what it notifies (a service restarted, the machine rebooted), what the
 * Ansible modules of its tasks disturb, and for an item that left what its verbs of undoing do. All of it is in the plan; no
 * kind is known here by name, so kinds of a lab's own are judged like those of the prelude.
 */
import type { PlanHandler, PlanItem } from '../plan/machine.js';
import { worse, type Impact, type ImpactOf } from './impact.js';

interface Effect {
  readonly impact: Impact;
  readonly note: string;
}

/** Modules that disturb what runs when their arguments change; every other module changes its object where it is. */
export const MODULE_EFFECTS: Readonly<Record<string, Effect>> = {
  'ansible.builtin.apt': { impact: 'restart', note: 'another version of a package restarts its services' },
  'community.general.pacman': { impact: 'restart', note: 'another version of a package may want its services restarted' },
  'community.general.apk': { impact: 'restart', note: 'another version of a package may want its services restarted' },
  'ansible.builtin.package': { impact: 'restart', note: 'another version of a package restarts its services' },
  'ansible.builtin.systemd_service': { impact: 'restart', note: 'the unit is started or stopped' },
  'ansible.builtin.service': { impact: 'restart', note: 'the service is started or stopped' },
  'ansible.builtin.reboot': { impact: 'reboot', note: 'the machine reboots where its condition holds' },
  'ansible.posix.mount': { impact: 'restart', note: 'it is mounted anew' },
  'community.docker.docker_network': { impact: 'restart', note: 'the network is made anew, and containers lose it until they are started again' },
  'community.docker.docker_volume': { impact: 'destroys_data', note: 'the volume may be made anew' },
  'community.docker.docker_compose_v2': { impact: 'restart', note: 'containers whose configuration differs are recreated' },
  'community.general.modprobe': { impact: 'reboot', note: 'a module that is loaded already keeps its options until the machine boots' },
  'community.general.filesystem': { impact: 'refused', note: 'what is formatted is not formatted anew' },
  'community.general.lvol': { impact: 'refused', note: 'a logical volume grows, and refuses to shrink' },
  'community.general.parted': { impact: 'refused', note: 'a partition that is there is not changed' },
  'community.general.zfs': { impact: 'in_place', note: 'properties of the dataset change' },
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
  const actions = notifiedBy(item, handlers).map(({ id, action }): Effect => ({ impact: ACTIONS[action.do], note: id }));
  const modules = item.tasks.flatMap(({ module }) => {
    const effect = Object.hasOwn(MODULE_EFFECTS, module) ? MODULE_EFFECTS[module] : undefined;
    // What was not there before has nothing to disturb, but a reboot is one for all.
    return effect === undefined || (change === 'added' && effect.impact !== 'reboot') || (change === 'added' && module === 'community.general.modprobe') ? [] : [effect];
  });
  return worst([...actions, ...modules], source) ?? { impact: 'in_place', note: change === 'added' ? 'it is set up' : 'it is changed where it is', source };
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
