/**
 * Who talks to whom. Every project has a network of its own; containers with an alias on the machine's shared network
 * `lab` join that too, and where a container may not leave, it has only an internal network that its siblings join.
 * Guests in another container's network leave their names, ports and aliases to that container.
 */
import type { ComposeFile, ComposeServiceNetworksValue } from '../../bindings/compose.gen.js';
import type { PlanContainer, PlanInstance, PlanPort } from '../../plan/workload.js';

/** `networks:` of a service; undefined where Compose's own choice, the default network, is right. */
export function serviceNetworks(instance: PlanInstance, container: PlanContainer): Record<string, ComposeServiceNetworksValue> | undefined {
  if (container.network.mode !== 'own') return undefined;
  const guests = guestsOf(instance, container);
  const names = guests.map((guest) => guest.name);
  const own: ComposeServiceNetworksValue = names.length === 0 ? {} : { aliases: names };
  const aliases = unique([container, ...guests].flatMap((one) => one.labAliases));
  const networks = {
    ...(container.egress === 'any' ? { default: own } : {}),
    ...(instance.isolated ? { isolated: own } : {}),
    ...(aliases.length === 0 ? {} : { lab: { aliases } }),
  };
  const plain = Object.keys(networks).length === 1 && 'default' in networks && names.length === 0;
  return plain ? undefined : networks;
}

/** `networks:` of the project, only those that a service is on. */
export function projectNetworks(instance: PlanInstance, containers: readonly PlanContainer[]): ComposeFile['networks'] {
  const own = containers.filter((container) => container.network.mode === 'own');
  const networks = {
    ...(own.some((container) => container.egress === 'any') ? { default: { name: instance.name } } : {}),
    ...(own.length > 0 && instance.isolated ? { isolated: { name: `${instance.name}_isolated`, internal: true } } : {}),
    ...(instance.joinsLab ? { lab: { name: 'lab', external: true } } : {}),
  };
  return Object.keys(networks).length === 0 ? undefined : networks;
}

/** The ports that a container publishes: its own and its guests'. */
export function publishedPorts(instance: PlanInstance, container: PlanContainer): readonly PlanPort[] {
  if (container.network.mode !== 'own') return [];
  const seen = new Set<string>();
  return [container, ...guestsOf(instance, container)].flatMap((one) => one.ports).filter((port) => {
    const key = `${port.address}:${port.published}:${port.target}/${port.protocol}`;
    return !seen.has(key) && seen.add(key);
  });
}

function guestsOf(instance: PlanInstance, owner: PlanContainer): readonly PlanContainer[] {
  return instance.containers.filter(({ network }) => network.mode === 'container' && network.of === owner.name);
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
