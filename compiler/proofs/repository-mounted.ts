/** A repository that is a folder lies behind a mount: without one, restic makes the folder on the machine's own disk and says nothing. */
import { proofs } from '../diagnostics/catalogue/proofs.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { PlanText } from '../plan/data.js';
import type { PlanMachine } from '../plan/machine.js';
import { otherPlace } from './claims.js';
import { spanOf, type Rule } from './rule.js';

export const rule: Rule = {
  name: 'repository-mounted',
  doc: 'Every machine that backs up into a folder has a mount that holds the folder.',
  check({ plan }) {
    return plan.repositories.flatMap((repository) => {
      const path = folderOf(repository.url);
      if (path === null) return [];
      const users = new Set(plan.instances.filter(({ states }) => states.some((state) => state.disposable === null && state.repository === repository.name)).map(({ machine }) => machine));
      return plan.machines.filter((machine) => users.has(machine.name) && !mountsOf(machine).some((mount) => path === mount || path.startsWith(`${mount}/`))).map((machine): Diagnostic =>
        proofs.create.repositoryNotMounted(spanOf(repository.origin), { repository: repository.name, path, machine: machine.name }, { labels: [otherPlace({ who: machine.name, origin: machine.origin })] }));
    });
  },
};

/** Null for a repository that another machine serves. */
function folderOf(url: PlanText): string | null {
  const text = typeof url === 'string' ? url : url.parts.map((part) => (typeof part === 'string' ? part : ' ')).join('');
  const path = text.startsWith('local:') ? text.slice('local:'.length) : text;
  return path.startsWith('/') ? path : null;
}

/** Where something else than the root disk begins. */
function mountsOf(machine: PlanMachine): readonly string[] {
  return [
    ...(machine.guest?.disks.flatMap(({ mount }) => mount ?? []) ?? []),
    ...(machine.guest?.mountPoints.map(({ path }) => path) ?? []),
    ...(machine.converge?.items.filter(({ kind }) => kind === 'mount').map(({ key }) => key) ?? []),
  ].filter((path) => path !== '/');
}
