/**
 * Compiles a snippet of `.lab` around a small ground: one cluster, one network, one repository, Debian and Docker.
 * A test shows its source and what it means side by side: values as `labc why` prints them, parts of the plan, and what is wrong.
 */
import { standardLibrary } from '../../compiler/library.js';
import { compile, type CheckResult } from '../../compiler/compile.js';
import { lineColumn, lineStarts } from '../../compiler/base/span.js';
import type { PlanMachine, PlanTask } from '../../compiler/plan/machine.js';
import type { Plan } from '../../compiler/plan/plan.js';
import type { PlanText } from '../../compiler/plan/data.js';
import type { PlanContainer, PlanInstance } from '../../compiler/plan/workload.js';

const GROUND = `
operator ops { uid = 1000  keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQgAH7H4L4OX22+EYuiUuTNSCot5S7It6Q7uGH//BvD ops@desk"] }
use images.debian_12, personas.base_debian, capabilities.docker
secret proxmox_token   { from = env("PROXMOX_VE_API_TOKEN") }
secret restic_password { from = env("RESTIC_PASSWORD") }
cluster pve {
  endpoint = "https://10.0.0.2:8006"  token = proxmox_token
  node pve1 {
    address = 10.0.0.2  cores = 64  memory = 512GiB
    datastore local     { type = dir      content = [import, vztmpl] }
    datastore local-lvm { type = lvmthin  content = [images, rootdir] }
    bridge vmbr0
    pci gpu0 { mapping = "card" }
  }
}
network lan {
  cidr = 10.0.0.0/24  gateway = 10.0.0.1  bridge = vmbr0  resolvers = [10.0.0.1]
  allocate = 10.0.0.200 .. 10.0.0.219
}
repository nas { type = restic  url = "sftp:backup@10.0.0.5:/backups"  password = restic_password }
persona box_base : base_debian {
  L2 {
    cores = 2  memory = 4GiB
    disk root = 16GiB { on = local-lvm }
    disk data = 32GiB { on = local-lvm  mount = /srv  keep = true }
  }
  L3 { has docker }
}
`;

const LAB = 'lab t { domain = "example.net"  timezone = "Europe/Berlin"  secrets = sops("secrets.yaml") }';

/** A machine `box` with an engine, at 10.0.0.20, with `body` in it. */
export function box(body: string): string {
  return `vm box : box_base {\n  nic lan { address = 10.0.0.20 }\n${body}\n}`;
}

/** A workload `app` of one container `main`, run on `box`. */
export function app(container: string, more = ''): string {
  return `workload app() {\n  needs container_runtime\n  container main {\n    image = "docker.io/library/alpine:3.22.1"\n${container}\n  }\n${more}\n}\n${box('run app')}`;
}

export interface Options {
  /** The `lab` statement, where the usual one does not do. */
  readonly lab?: string;
  /** Named files beside the source. */
  readonly assets?: Readonly<Record<string, string>>;
  /** More `.lab` files. */
  readonly files?: Readonly<Record<string, string>>;
  readonly lock?: string;
}

let library: ReturnType<typeof standardLibrary> | undefined;

export class Compiled {
  constructor(readonly result: CheckResult, private readonly texts: ReadonlyMap<string, string>) {}

  /** `LAB1234 line:text` of every error: the text is what the place marks. */
  get errors(): string[] {
    return this.result.diagnostics.filter((item) => item.severity === 'error').map((item) => `${item.code} ${this.at(item.span)}: ${item.message}`);
  }

  /** Errors with their help. */
  get helps(): string[] {
    return this.result.diagnostics.filter((item) => item.severity === 'error').map((item) => `${item.message} | ${item.help ?? ''}`);
  }

  /** Every place of the first error, its own first. */
  get places(): string[] {
    const first = this.result.diagnostics.find((item) => item.severity === 'error');
    return first === undefined ? [] : [this.at(first.span), ...(first.labels ?? []).map((label) => this.at(label.span))];
  }

  private at(span: { readonly file: string; readonly start: number; readonly end: number }): string {
    const text = this.texts.get(span.file) ?? this.result.textOf(span.file) ?? '';
    const marked = text.slice(span.start, span.end).split('\n')[0] ?? '';
    return span.file.startsWith('stdlib/') ? `${span.file}:${lineColumn(lineStarts(text), span.start).line}` : `\`${marked}\``;
  }

  get plan(): Plan {
    if (this.result.plan === undefined) throw new Error(`the lab has errors:\n${this.helps.join('\n')}`);
    return this.result.plan;
  }

  /** A value as `labc why` prints it. */
  value(path: string): string | undefined {
    return this.result.why(path)?.value;
  }

  machine(name = 'box'): PlanMachine {
    const found = this.plan.machines.find((item) => item.name === name);
    if (found === undefined) throw new Error(`no machine ${name}`);
    return found;
  }

  instance(name = 'app'): PlanInstance {
    const found = this.plan.instances.find((item) => item.name === name);
    if (found === undefined) throw new Error(`no instance ${name}`);
    return found;
  }

  container(name = 'main', instance = 'app'): PlanContainer {
    const found = this.instance(instance).containers.find((item) => item.name === name);
    if (found === undefined) throw new Error(`no container ${name} among ${this.instance(instance).containers.map((item) => item.name).join(', ')}`);
    return found;
  }

  /** Plain variables of a container. */
  env(name = 'main', instance = 'app'): Record<string, string> {
    return Object.fromEntries(this.container(name, instance).environment.map((item) => [item.name, item.value]));
  }

  /** Variables with secrets in them, holes written as `<key|escape>`. */
  secretEnv(name = 'main', instance = 'app'): Record<string, string> {
    const found = this.instance(instance).secretEnv.find((item) => item.container === name);
    return Object.fromEntries((found?.variables ?? []).map((item) => [item.name, holes(item.value)]));
  }

  /** The text of a container's configuration file, holes written as `<key|escape>`. */
  config(path: string, instance = 'app'): string {
    const found = this.instance(instance).files.find((item) => item.path.endsWith(path));
    if (found === undefined) throw new Error(`no file ${path} among ${this.instance(instance).files.map((item) => item.path).join(', ')}`);
    return holes(found.content);
  }

  /** The text of a machine's file. */
  file(path: string, machine = 'box'): string {
    const found = this.machine(machine).converge?.files.find((item) => `/${item.path}` === path);
    if (found === undefined) throw new Error(`no file ${path} among ${this.machine(machine).converge?.files.map((item) => item.path).join(', ') ?? ''}`);
    return holes(found.content);
  }

  /** Steps of a module on a machine. */
  tasks(module: string, machine = 'box'): PlanTask[] {
    return (this.machine(machine).converge?.items ?? []).flatMap((item) => item.tasks).filter((task) => task.module === module);
  }
}

export function holes(text: PlanText): string {
  if (typeof text === 'string') return text;
  return text.parts.map((part) => (typeof part === 'string' ? part : part.hole === 'gid' ? `<gid ${part.group}>` : `<${part.secret}|${part.escape}>`)).join('');
}

/** Compiles the ground and `source`. */
export function lab(source: string, options: Options = {}): Compiled {
  library ??= standardLibrary();
  const files = { 'ground.lab': `${options.lab ?? LAB}\n${GROUND}`, 'test.lab': source, ...options.files };
  const assets = options.assets ?? {};
  const result = compile({
    name: 't', root: 'labs/t', files: Object.entries(files).map(([path, text]) => ({ path, text })), lock: options.lock,
    assets: { find: (path) => (Object.hasOwn(assets, path) ? { found: true, text: assets[path] ?? '' } : { found: false, fault: 'missing', detail: 'there is no such file' }) },
  }, library);
  return new Compiled(result, new Map(Object.entries(files)));
}

/** What an expression gives inside the environment of a container: the text of `X`. */
export function expr(source: string, more = ''): string | undefined {
  const compiled = lab(app(`env { X = ${source} }`, ''), { files: { 'more.lab': more } });
  if (compiled.errors.length > 0) return compiled.errors.join('\n');
  return compiled.env()['X'] ?? compiled.secretEnv()['X'];
}
