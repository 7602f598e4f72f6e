/** A copy lies on another machine than what it is a copy of. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlanText } from '../plan/data.js';
import type { PlanMachine } from '../plan/machine.js';
import { otherPlace } from './claims.js';
import { addressesOf } from './ground.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'backup-on-itself',
  doc: 'No state is backed up to the machine that holds it.',
  check({ plan }) {
    const machines = new Map(plan.machines.map((machine) => [machine.name, machine]));
    const repositories = new Map(plan.repositories.map((repository) => [repository.name, { repository, hosts: hostsIn(repository.url) }]));
    return plan.instances.flatMap((instance) => {
      const machine = machines.get(instance.machine);
      const used = [...new Set(instance.states.flatMap((state) => (state.disposable === null && state.repository !== null ? [state.repository] : [])))];
      return used.flatMap((name): Diagnostic[] => {
        const found = repositories.get(name);
        if (machine === undefined || found === undefined || !namesOf(machine, plan.lab.domain).some((host) => found.hosts.has(host))) return [];
        const labels = [otherPlace({ who: `repository ${name}`, origin: found.repository.origin })];
        return [proofs.create.backupOnItself(spanOf(instance.origin), { instance: instance.name, repository: name, machine: machine.name }, { labels })];
      });
    });
  },
};

/** Everything in a URL that could be a host: words between the marks that end one. */
function hostsIn(url: PlanText): ReadonlySet<string> {
  const text = typeof url === 'string' ? url : url.parts.map((part) => (typeof part === 'string' ? part : ' ')).join('');
  return new Set(text.toLowerCase().split(/[^a-z0-9.-]+/));
}

function namesOf(machine: PlanMachine, domain: string): string[] {
  return [...addressesOf(machine), `${machine.name}.${domain}`.toLowerCase()];
}
