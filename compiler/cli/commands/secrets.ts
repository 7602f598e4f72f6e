/**
 * `labc secrets init`: makes the generated and derived secrets of a lab in its store. What is there stays, no value is ever printed,
 * and a hash is made once: its salt would differ every time.
 */
import { compareText } from '../../base/text.js';
import { host as faults } from '../../diagnostics/catalogue/host.js';
import type { Plan, PlanSecret } from '../../plan/plan.js';
import type { Options } from '../args.js';
import { checkLabs, type CheckedLab } from '../labs.js';
import type { Programs } from '../programs.js';
import { counted, type Report } from '../report.js';
import type { Store, StoreFault } from '../store.js';
import { exitCodes, type World } from '../world.js';

const nowhere = { file: '', start: 0, end: 0 };

export async function run(world: World, operands: readonly string[], options: Options, report: Report): Promise<number | void> {
  const [verb = '', ...paths] = operands;
  if (verb !== 'init') {
    report.add([faults.create.badOption(nowhere, { reason: `\`labc secrets\` knows no \`${verb}\``, command: 'secrets' }, { help: 'write `labc secrets init`' })]);
    return exitCodes.usage;
  }
  const labs = await checkLabs(world, paths, options, report, { warn: false });
  const made: Record<string, readonly string[]> = {};
  for (const lab of labs) if (lab.plan !== undefined) made[lab.root] = await init(world, lab, lab.plan, report);
  report.set('made', made);
}

/** The entries that were made. */
async function init(world: World, lab: CheckedLab, plan: Plan, report: Report): Promise<readonly string[]> {
  const wanted = plan.secrets.filter((secret) => secret.from.source === 'generated' || secret.from.source === 'derived');
  const file = plan.lab.store;
  if (wanted.length === 0 || file === null) {
    report.say(`${lab.root}: no secrets to make\n`);
    return [];
  }
  const programs = world.programs;
  const { Store } = await import('../store.js');
  const store = Store.open(world.disk, programs, lab.root, file);
  if (!(store instanceof Store)) {
    report.add([faultDiagnostic(store, lab.root)]);
    return [];
  }
  const made: string[] = [];
  let known = 0;
  // A hash comes after what it is made from.
  for (const secret of [...wanted].sort((a, b) => depth(plan, a) - depth(plan, b) || compareText(a.key, b.key))) {
    const entry = 'entry' in secret.from ? secret.from.entry : secret.key;
    if (store.has(entry)) {
      known++;
      continue;
    }
    const value = await valueOf(programs, lab.root, plan, store, secret);
    const fault = typeof value !== 'string' ? value : store.add(entry, value) ? undefined : ({ fault: 'refused', what: `add \`${entry}\` to ${file}`, detail: 'a part of its path is a value already' } as const);
    if (fault === undefined) made.push(entry);
    else report.add([faultDiagnostic(fault, lab.root)]);
    // Without sops nothing else succeeds either.
    if (fault?.fault === 'no-sops') return [];
  }
  const fault = store.save(world.disk);
  if (fault !== undefined) {
    report.add([faultDiagnostic(fault, lab.root)]);
    return [];
  }
  report.say(`${lab.root}: ${counted(made.length, 'secret')} made in ${file}, ${known} there already\n`);
  for (const entry of made) report.say(`  + ${entry}\n`);
  return made;
}

function depth(plan: Plan, secret: PlanSecret): number {
  const from = secret.from;
  if (from.source !== 'derived') return 0;
  const of = plan.secrets.find((other) => other.key === from.of);
  return of === undefined ? 1 : 1 + depth(plan, of);
}

/** A new value of a secret that the store lacks, or the value that a hash is made from. */
async function valueOf(programs: Programs, folder: string, plan: Plan, store: Store, secret: PlanSecret): Promise<string | StoreFault> {
  const { from } = secret;
  switch (from.source) {
    case 'env': return programs.variable(from.variable) || { fault: 'refused', what: `read the secret \`${secret.key}\``, detail: `the variable ${from.variable} is not set: export it and run this again` };
    case 'sops': return (await import('../store.js')).readSops(programs, folder, from.file, from.key);
    case 'onepassword': {
      const ran = programs.run('op', ['read', '--no-newline', `op://${from.vault}/${from.item}/${from.field}`]);
      return ran?.code === 0 ? ran.out : { fault: 'refused', what: `read the secret \`${secret.key}\` from 1Password`, detail: ran === undefined ? 'the program `op` is not on the PATH' : (ran.err.trim().split('\n')[0] ?? '') };
    }
    case 'generated': return store.read(from.entry) ?? (from.form === 'base64url' ? base64url(programs.random(from.length)) : alphanumeric(programs, from.length));
    case 'derived': {
      const known = store.read(from.entry);
      if (known !== undefined) return known;
      const of = plan.secrets.find((other) => other.key === from.of);
      if (of === undefined) throw new Error(`the plan lacks the secret ${from.of}`);
      const password = await valueOf(programs, folder, plan, store, of);
      return typeof password === 'string' ? hash(programs, from.hash, password, secret.key) : password;
    }
  }
}

async function hash(programs: Programs, how: 'bcrypt' | 'argon2id', password: string, key: string): Promise<string | StoreFault> {
  const bytes = new TextEncoder().encode(password).length;
  if (bytes === 0 || (how === 'bcrypt' && bytes > 72)) return { fault: 'refused', what: `make the hash \`${key}\``, detail: bytes === 0 ? 'what it is made from is empty' : 'bcrypt reads 72 bytes and no more: use argon2id, or a shorter secret' };
  return (await import('../store.js')).hashed(programs, how, password);
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Each letter as likely as any other: bytes beyond a whole number of alphabets are thrown away. */
function alphanumeric(programs: Programs, length: number): string {
  const most = 256 - (256 % LETTERS.length);
  let text = '';
  while (text.length < length) for (const byte of programs.random(length)) if (byte < most && text.length < length) text += LETTERS.charAt(byte % LETTERS.length);
  return text;
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function faultDiagnostic(fault: StoreFault, root: string): ReturnType<typeof faults.create.storeFault> {
  if (fault.fault === 'no-sops') return faults.create.storeFault(nowhere, { what: 'open the store', lab: root, reason: 'the program `sops` is not on the PATH' }, { help: 'install sops (and age for its keys): https://getsops.io' });
  return faults.create.storeFault(nowhere, { what: fault.what, lab: root, reason: fault.detail });
}
