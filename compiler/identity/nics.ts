/**
 * The lasting places of cards: `net0` and `net1` in Proxmox, `eth0` and `eth1` inside a container of it. A new card takes
 * the lowest place that nobody has or had, in the order of the sources; one that was built keeps its place. Cards are put
 * in that order before anything reads them, so that the first card of a machine is the same one however lines are moved.
 */
import type { Lock } from '../allocation/lock.js';
import { sortedBy } from '../base/text.js';
import type { Evaluator } from '../eval/evaluator.js';
import type { Obj } from '../eval/model.js';
import { partsOf, placeOf } from './facts.js';
import { former, MACHINES } from './renames.js';

export function placeNics(ev: Evaluator, lock: Lock): void {
  const known = cardsByMachine(lock);
  const networks = new Map((ev.byWord.get('network') ?? []).map((network) => [network.key, former(network)]));
  for (const machine of MACHINES.flatMap((word) => ev.byWord.get(word) ?? [])) {
    const nics = machine.childrenOf('nic');
    if (nics.length === 0) continue;
    const names = [machine.key, ...former(machine)];
    const owner = names.find((name) => known.has(name) || lock.facts.has(`machine ${name}`)) ?? machine.key;
    const cards = known.get(owner) ?? new Map<string, number>();
    const held = new Map<Obj, number>();
    for (const nic of nics) {
      const place = [nic.key, ...former(nic), ...(networks.get(nic.key) ?? [])].map((name) => cards.get(name)).find((found) => found !== undefined);
      if (place !== undefined) held.set(nic, place);
    }
    const places = mayMove(ev, machine, lock.facts.get(`machine ${owner}`)?.value) ? closed(nics, held) : lowest(nics, held, cards);
    for (const nic of nics) {
      const place = places.get(nic) ?? 0;
      nic.facts.place = { at: place, moved: held.has(nic) && held.get(nic) !== place };
    }
    const inOrder = byPlace(nics, places);
    for (const nic of inOrder) machine.drop(nic);
    for (const nic of inOrder) machine.take(nic);
  }
}

/** Places by machine and network. */
function cardsByMachine(lock: Lock): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const [key, { value }] of lock.facts) {
    const [, machine, network] = /^slot ([^/]+)\/nic\.(.+)$/.exec(key) ?? [];
    const place = placeOf(value);
    if (machine === undefined || network === undefined || place === undefined) continue;
    const cards = found.get(machine) ?? new Map<string, number>();
    found.set(machine, cards.set(network, place));
  }
  return found;
}

/** Whether nothing holds the cards of a virtual machine where they are: it was not built yet, or an `allow` says so. */
function mayMove(ev: Evaluator, machine: Obj, built: string | undefined): boolean {
  if (!isRow(machine.kind.word)) return false;
  if (built === undefined || partsOf(built)[0] !== machine.kind.word) return true;
  return (ev.root.facts.past ?? []).some(({ word, name, changes }) => word === 'allow' && name === machine.key && changes.includes('slot'));
}

/** Terraform's provider knows the cards of a virtual machine by their place in a row, which cannot have a hole. */
export function isRow(kind: string): boolean {
  return kind === 'vm' || kind === 'appliance';
}

function lowest(nics: readonly Obj[], held: ReadonlyMap<Obj, number>, cards: ReadonlyMap<string, number>): ReadonlyMap<Obj, number> {
  const places = new Map(held);
  const taken = new Set([...cards.values(), ...held.values()]);
  for (const nic of nics) {
    if (places.has(nic)) continue;
    let at = 0;
    while (taken.has(at)) at++;
    taken.add(at);
    places.set(nic, at);
  }
  return places;
}

/** The same order without holes. */
function closed(nics: readonly Obj[], held: ReadonlyMap<Obj, number>): ReadonlyMap<Obj, number> {
  const order = [...byPlace(nics.filter((nic) => held.has(nic)), held), ...nics.filter((nic) => !held.has(nic))];
  return new Map(order.map((nic, at) => [nic, at]));
}

function byPlace(nics: readonly Obj[], places: ReadonlyMap<Obj, number>): readonly Obj[] {
  return sortedBy(nics, (nic) => String(places.get(nic) ?? 0).padStart(4, '0'));
}
