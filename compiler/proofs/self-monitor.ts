/** A monitor should not be the only one to watch the machine it runs on: said once for each pair. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'self-monitor',
  doc: 'Every machine is checked by a monitor on another one.',
  check({ plan }) {
    const machines = new Map(plan.instances.map((instance) => [instance.name, instance]));
    const probes = plan.probes ?? [];
    const watched = new Set(probes.filter((probe) => machines.get(probe.monitor)?.machine !== probe.machine).map((probe) => probe.machine));
    const seen = new Set<string>();
    return probes.flatMap((probe): Diagnostic[] => {
      const monitor = machines.get(probe.monitor);
      const key = `${probe.monitor} ${probe.machine}`;
      if (monitor === undefined || monitor.machine !== probe.machine || watched.has(probe.machine) || seen.has(key)) return [];
      seen.add(key);
      return [proofs.create.selfMonitor(spanOf(monitor.origin), { monitor: probe.monitor, machine: probe.machine }, { labels: [{ span: spanOf(probe.origin), text: `${probe.name} is checked` }] })];
    });
  },
};
