/** The way from a command line to an exit code. Throws only where labc has a bug. */
import { renderAll } from '../diagnostics/render.js';
import { wrap } from '../diagnostics/terminal-text.js';
import { readArgs, type Options } from './args.js';
import { commandHelp, generalHelp, type CommandSpec } from './commands.js';
import { plainView, Report } from './report.js';
import { exitCodes, type World } from './world.js';

/** A command that has more to say than whether there were errors returns an exit code of its own. */
type Command = (world: World, operands: readonly string[], options: Options, report: Report) => Promise<number | void>;

/** Loaded when called for: most runs need one of them. */
const load: Readonly<Record<string, () => Promise<{ readonly run: Command }>>> = {
  build: () => import('./commands/build.js'),
  check: () => import('./commands/check.js'),
  review: () => import('./commands/review.js'),
  fmt: () => import('./commands/fmt.js'),
  why: () => import('./commands/why.js'),
  escapes: () => import('./commands/escapes.js'),
  graph: () => import('./commands/graph.js'),
  explain: () => import('./commands/explain.js'),
  secrets: () => import('./commands/secrets.js'),
  lock: () => import('./commands/lock.js'),
  fetch: () => import('./commands/fetch.js'),
};

/** `argv` without the runtime and the script; the exit code. */
export async function run(argv: readonly string[], world: World): Promise<number> {
  const args = readArgs(argv);
  switch (args.do) {
    case 'version':
      world.stdout.write(`labc ${world.version}\n`);
      return exitCodes.clean;
    case 'help':
      (args.asked ? world.stdout : world.stderr).write(help(args.command, world));
      return args.asked ? exitCodes.clean : exitCodes.usage;
    case 'refuse': {
      const json = argv.includes('--json');
      const report = new Report(world, argv[0] ?? '', json);
      report.add([args.diagnostic]);
      if (json) return report.finish(exitCodes.usage);
      world.stderr.write(renderAll([args.diagnostic], plainView, world.stderr));
      return exitCodes.usage;
    }
    case 'run': {
      const command = await load[args.command.name]?.();
      if (command === undefined) throw new Error(`the command ${args.command.name} has no module`);
      const report = new Report(world, args.command.name, args.options.has('json'));
      const exit = await command.run(world, args.operands, args.options, report);
      return report.hasErrors ? report.finish() : report.finish(exit ?? exitCodes.clean);
    }
  }
}

function help(command: CommandSpec | undefined, world: World): string {
  return command === undefined ? generalHelp(world.version) : commandHelp(command, (text) => wrap(text, Math.min(world.stdout.width, 100)));
}
