/** A port of a machine's address is published by one container, and sshd keeps its own. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Origin } from '../plan/data.js';
import type { Plan } from '../plan/plan.js';
import { apart, otherPlace } from './claims.js';
import { spanOf, type Rule } from './rule.js';

interface Listener {
  readonly who: string;
  readonly address: string;
  readonly origin: Origin;
  readonly within?: Origin | undefined;
}

const EVERYWHERE = '0.0.0.0';

export const rule: Rule = {
  name: 'host-port',
  doc: 'No port of a machine is taken twice.',
  check({ plan }) {
    const listeners = new Map<string, Listener[]>();
    return listenersOf(plan).flatMap((next) => {
      const key = `${next.machine} ${next.port}`;
      const others = listeners.get(key) ?? [];
      const other = others.find((before) => before.address === next.address || before.address === EVERYWHERE || next.address === EVERYWHERE);
      listeners.set(key, [...others, next]);
      if (other === undefined) return [];
      const [before, second] = apart<Listener>(other, next);
      return [proofs.create.hostPortTaken(spanOf(second.origin), { port: next.port, machine: next.machine, first: other.who, second: next.who }, { labels: [otherPlace(before)] })];
    });
  },
};

/** sshd first: a container that collides with it is the one to change. */
function listenersOf(plan: Plan): (Listener & { readonly machine: string; readonly port: string })[] {
  const logins = plan.machines.flatMap((machine) => (
    machine.login === null ? [] : [{ machine: machine.name, port: `${machine.login.port}/tcp`, who: 'sshd', address: EVERYWHERE, origin: machine.origin }]
  ));
  const containers = plan.instances.flatMap((instance) => [...instance.containers, ...instance.jobs.flatMap((job) => job.container ?? [])].flatMap((container) => (
    container.ports.map((port) => ({
      machine: instance.machine, port: `${port.published}/${port.protocol}`, who: `${instance.name}.${container.name}`, address: port.address, origin: port.origin ?? container.origin, within: instance.origin,
    }))
  )));
  return [...logins, ...containers];
}
