/** The command line as data, or as a diagnostic that says what is wrong with it. */
import { parseArgs } from 'node:util';
import { suggest } from '../base/suggest.js';
import { host as faults } from '../diagnostics/catalogue/host.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { commands, type CommandSpec } from './commands.js';

export type Args =
  | { readonly do: 'help'; readonly command: CommandSpec | undefined; readonly asked: boolean }
  | { readonly do: 'version' }
  | { readonly do: 'run'; readonly command: CommandSpec; readonly operands: readonly string[]; readonly options: Options }
  | { readonly do: 'refuse'; readonly diagnostic: Diagnostic };

export interface Options {
  /** Whether the option was given. */
  has(name: string): boolean;
  text(name: string): string | undefined;
}

const nowhere = { file: '', start: 0, end: 0 };

/** `argv` without the runtime and the script. */
export function readArgs(argv: readonly string[]): Args {
  const [first, ...rest] = argv;
  if (first === undefined) return { do: 'help', command: undefined, asked: false };
  if (first === '--version' || first === '-V' || first === 'version') return { do: 'version' };
  if (first === '--help' || first === '-h' || first === 'help') {
    const topic = rest[0];
    if (topic === undefined || topic.startsWith('-')) return { do: 'help', command: undefined, asked: true };
    return withCommand(topic, (command) => ({ do: 'help', command, asked: true }));
  }
  if (first.startsWith('-')) {
    return { do: 'refuse', diagnostic: faults.create.badOption(nowhere, { reason: `the command comes before its options: \`${first}\` is none`, command: '' }, { help: '`labc --help` lists the commands' }) };
  }
  return withCommand(first, (command) => readCommand(command, rest));
}

function withCommand(name: string, then: (command: CommandSpec) => Args): Args {
  const command = commands.find((other) => other.name === name);
  if (command !== undefined) return then(command);
  const near = suggest(name, commands.map((other) => other.name))[0];
  const help = near === undefined ? {} : { help: `did you mean \`labc ${near}\`?` };
  return { do: 'refuse', diagnostic: faults.create.unknownCommand(nowhere, { command: name }, help) };
}

function readCommand(command: CommandSpec, argv: readonly string[]): Args {
  const options = Object.fromEntries(command.options.map((option) => [option.name, { type: option.type }]));
  const { values, positionals, tokens } = parseArgs({ args: [...argv], options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: true, strict: false, tokens: true });
  if (values['help'] !== undefined) return { do: 'help', command, asked: true };
  const refuse = (reason: string, help?: string): Args =>
    ({ do: 'refuse', diagnostic: faults.create.badOption(nowhere, { reason, command: command.name }, help === undefined ? {} : { help }) });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec = command.options.find((option) => option.name === token.name);
    if (spec === undefined) {
      const near = suggest(token.name, command.options.map((option) => option.name))[0];
      return refuse(`\`labc ${command.name}\` has no option \`${token.rawName}\``, near === undefined ? undefined : `did you mean \`--${near}\`?`);
    }
    // A value that looks like an option is one: `--out --json` lacks its folder.
    const lacks = token.value === undefined || token.value === '' || (!token.inlineValue && token.value.startsWith('-'));
    if (spec.type === 'string' && lacks) return refuse(`\`${token.rawName}\` wants a value: \`${token.rawName} ${spec.value ?? 'VALUE'}\``);
    if (spec.type === 'boolean' && token.value !== undefined) return refuse(`\`${token.rawName}\` takes no value`);
  }
  const [least, most] = command.arity;
  const surplus = positionals[most];
  if (surplus !== undefined) return { do: 'refuse', diagnostic: faults.create.surplusOperand(nowhere, { command: command.name, word: surplus }) };
  if (positionals.length < least && command.wants !== undefined) {
    return { do: 'refuse', diagnostic: faults.create.missingOperand(nowhere, { command: command.name, ...command.wants }) };
  }
  const empty = positionals.find((word) => word === '');
  if (empty !== undefined) return refuse('a path on the command line is empty');
  return {
    do: 'run', command, operands: positionals,
    options: { has: (name) => values[name] === true, text: (name) => (typeof values[name] === 'string' ? values[name] : undefined) },
  };
}
