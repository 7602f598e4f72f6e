/** The way from a command line to an exit code. Throws only where labc has a bug. */
import { renderAll } from '../diagnostics/render.js';
import { wrap } from '../diagnostics/terminal-text.js';
import { readArgs, type Options } from './args.js';
import { commandHelp, generalHelp, type CommandSpec } from './commands.js';
import { run as build } from './commands/build.js';
import { run as check } from './commands/check.js';
import { run as escapes } from './commands/escapes.js';
import { run as explain } from './commands/explain.js';
import { run as fetch } from './commands/fetch.js';
import { run as fmt } from './commands/fmt.js';
import { run as graph } from './commands/graph.js';
import { run as lock } from './commands/lock.js';
import { run as review } from './commands/review.js';
import { run as secrets } from './commands/secrets.js';
import { run as why } from './commands/why.js';
import { plainView, Report } from './report.js';
import { exitCodes, type World } from './world.js';

/** A command that has more to say than whether there were errors returns an exit code of its own. */
type Command = (world: World, operands: readonly string[], options: Options, report: Report) => Promise<number | void>;

const commands: Readonly<Record<string, Command>> = { build, check, review, fmt, why, escapes, graph, explain, secrets, lock, fetch };

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
      const command = commands[args.command.name];
      if (command === undefined) throw new Error(`the command ${args.command.name} has no module`);
      const report = new Report(world, args.command.name, args.options.has('json'));
      const exit = await command(world, args.operands, args.options, report);
      return report.hasErrors && exit !== exitCodes.usage ? report.finish() : report.finish(exit ?? exitCodes.clean);
    }
  }
}

function help(command: CommandSpec | undefined, world: World): string {
  return command === undefined ? generalHelp(world.version) : commandHelp(command, (text) => wrap(text, Math.min(world.stdout.width, 100)));
}
