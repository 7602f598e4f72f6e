/** Lowers instances: every `run` of the lab as a Compose project. */
import { types } from '../diagnostics/catalogue/types.js';
import { serviceName } from '../eval/endpoints.js';
import type { Obj } from '../eval/model.js';
import type { PlanContainer, PlanInstance, PlanJob } from '../plan/workload.js';
import { compareText, sortedBy } from '../base/text.js';
import { afterOf, environmentOf, lowerContainer, userText } from './containers.js';
import { secretKey, type Lowering } from './context.js';
import type { FolderBook } from './mounts.js';

export function lowerInstance(low: Lowering, run: Obj): PlanInstance {
  const book: FolderBook = { instance: run, folders: new Map(), volumes: new Map(), files: [], states: new Map() };
  const containers = sortedBy(below(run, 'container'), serviceName);
  const jobObjs = below(run, 'job');
  const lowered = containers.map((container) => lowerContainer(low, container, book, envPath(run, container)));
  const jobs = sortedBy(jobObjs.map((job) => lowerJob(low, run, job, book)), (job) => job.name);
  const all = [...containers, ...jobObjs];
  const secretFiles = new Map<string, { name: string; secret: string; path: string }>();
  for (const container of all) {
    for (const [name, secret] of low.secretFiles.get(container) ?? []) secretFiles.set(name, { name, secret: secretKey(secret), path: `/etc/labc/secrets/${run.key}/${name}` });
  }
  const routes = low.ev.census.in(run, 'route').filter((route) => (route.facts.providers?.length ?? 0) > 0);
  return {
    name: run.key, app: run.template?.name ?? run.key, machine: run.machine?.key ?? '', containers: lowered, jobs, volumes: sortedBy(book.volumes.values(), (volume) => volume.name),
    joinsLab: lowered.some((container) => container.labAliases.length > 0), isolated: lowered.some((container) => container.egress === 'none'),
    secretFiles: sortedBy(secretFiles.values(), (file) => file.name),
    secretEnv: all.flatMap((container) => {
      const variables = environmentOf(low, container).secret;
      return variables.length === 0 ? [] : [{ container: serviceName(container), path: envPath(run, container), variables }];
    }),
    files: sortedBy(book.files, (file) => file.path), folders: sortedBy(book.folders.values(), (folder) => folder.path), states: sortedBy(book.states.values(), (state) => state.path),
    after: [], urls: [...new Set(routes.flatMap((route) => low.ev.attempt(() => String(low.ev.member(route, 'url', route.span, route.kindFrame as never)), null) ?? []))].sort(compareText),
    description: (run.template?.doc ?? '').split('\n')[0] ?? '', origin: low.origin(run),
  };
}

function envPath(run: Obj, container: Obj): string {
  return `/etc/labc/secrets/${run.key}/${serviceName(container)}.env`;
}

/** Children of a kind, those of parts included. */
function below(run: Obj, word: string): Obj[] {
  return [...run.childrenOf(word), ...run.childrenOf('with').flatMap((part) => below(part, word))];
}

function lowerJob(low: Lowering, run: Obj, job: Obj, book: FolderBook): PlanJob {
  const exec = low.ref(job, 'exec');
  if (exec === null && low.get(job, 'image') === null) low.ev.report(types.create.missingValue(job.span, { what: `the job \`${job.key}\``, name: 'image', type: 'String, or `exec = CONTAINER`' }));
  const container: PlanContainer | null = exec === null ? lowerContainer(low, job, book, envPath(run, job)) : null;
  return {
    name: job.key, exec: exec === null ? null : serviceName(exec), container: container === null ? null : { ...container, restart: 'no' }, command: low.texts(job, 'command'),
    user: userText(low.get(job, 'user')), once: low.bool(job, 'once'), after: afterOf(low, job).map(({ container: name, condition }) => ({ container: name, condition })), origin: low.origin(job),
  };
}
