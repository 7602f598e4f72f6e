/** The commands: what they are called with, and their help. The only place where an option is named. */

export interface OptionSpec {
  readonly name: string;
  readonly type: 'boolean' | 'string';
  /** What a string stands for in the help. */
  readonly value?: string;
  readonly help: string;
}

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** The words after the command, for the help. */
  readonly operands: string;
  /** At least and at most so many words. */
  readonly arity: readonly [number, number];
  /** What the first word is, where it must be given, with an example. */
  readonly wants?: { readonly what: string; readonly example: string };
  readonly options: readonly OptionSpec[];
  /** Paragraphs below the summary. */
  readonly about: readonly string[];
}

const json: OptionSpec = { name: 'json', type: 'boolean', help: 'print one JSON document instead of text' };
const out: OptionSpec = { name: 'out', type: 'string', value: 'FOLDER', help: 'the folder of built labs; out where it is not given' };
const paths = 'A path is the folder of a lab or a folder of labs; labs/ where none is given.';

export const commands: readonly CommandSpec[] = [
  {
    name: 'build', summary: 'check labs and write their files into out/', operands: '[PATH...]', arity: [0, Infinity],
    options: [{ name: 'force', type: 'boolean', help: 'overwrite files that were edited by hand' }, out, json],
    about: [
      paths,
      'A lab with an error is not written. Otherwise its folder in out/ changes as a whole or not at all: files that changed are rewritten, files that are no longer built are removed if nobody touched them, files that labc did not write stay.',
    ],
  },
  {
    name: 'check', summary: 'find mistakes, write nothing', operands: '[PATH...]', arity: [0, Infinity],
    options: [{ name: 'frozen', type: 'boolean', help: 'also fail unless out/ and lab.lock are what the sources produce' }, out, json],
    about: [paths],
  },
  {
    name: 'review', summary: 'say what an edit does to what runs, before anything is planned', operands: '[REV [PATH...]]', arity: [0, Infinity],
    options: [
      { name: 'all', type: 'boolean', help: 'every finding on a line of its own, with its reason' },
      { name: 'markdown', type: 'boolean', help: 'print Markdown, for a pull request' }, out, json,
    ],
    about: [
      'Compares the lab at a Git revision, HEAD where none is given, with the working tree: what restarts, reboots, is replaced, which data that touches and where it is backed up, and what to run in which order. Nothing is written.',
      'Exit codes beside the usual: 10 something restarts, 11 a machine reboots, 12 a machine is replaced, 13 data is destroyed, 14 the provider would refuse.', paths,
    ],
  },
  {
    name: 'fmt', summary: 'format .lab files', operands: '[PATH...]', arity: [0, Infinity],
    options: [{ name: 'check', type: 'boolean', help: 'only say which files would change; exit code 1 if any' }, out, json],
    about: ['A path is a .lab file, the folder of a lab or a folder of labs; labs/ where none is given.'],
  },
  {
    name: 'why', summary: 'say where a value or a built line comes from', operands: 'VALUE [PATH...]', arity: [1, Infinity],
    wants: { what: 'the name of a value, or a line of a built file', example: 'labc why home.carrie.memory' }, options: [out, json],
    about: ['VALUE is LAB.NAME.ATTRIBUTE, such as home.carrie.memory, or a line of a built file, such as out/home/terraform/carrie.tf:12.', paths],
  },
  { name: 'escapes', summary: 'list raw fragments and declined contracts', operands: '[PATH...]', arity: [0, Infinity], options: [out, json], about: [paths] },
  {
    name: 'graph', summary: 'show what starts after what, and why', operands: '[PATH...]', arity: [0, Infinity],
    options: [{ name: 'dot', type: 'boolean', help: 'print Graphviz' }, out, json], about: [paths],
  },
  {
    name: 'explain', summary: 'explain a diagnostic', operands: '[CODE]', arity: [0, 1], options: [json],
    about: ['CODE is the code in brackets, such as LAB2001, or its name, such as unknown-name. Without one all are listed.'],
  },
  {
    name: 'secrets', summary: 'make the secrets of the store that a lab lacks', operands: 'init [PATH...]', arity: [1, Infinity],
    wants: { what: 'a word that says what to do', example: 'labc secrets init' }, options: [out, json],
    about: [
      'Secrets that a lab says are generated, and hashes that it derives, are entries of its store, a file that sops encrypts beside the sources. `init` makes those that are missing; what is there stays as it is, and no value is shown.',
      paths,
    ],
  },
  {
    name: 'lock', summary: 'show what was built last, and forget what is gone', operands: '[PATH...]', arity: [0, Infinity],
    options: [{ name: 'forget', type: 'string', value: 'NAME', help: 'end the memory of what was retired or moved' }, json],
    about: [
      'Shows what lab.lock holds: what was allocated, what was built last and where, names that renames left alone, what was retired and moved.',
      'What was retired or moved is remembered, with guards in out/, and so is the slot of a disk that left, until it is forgotten: `--forget carrie`, `--forget run.notes`, `--forget carrie.disk.data`. Do it when nothing of it is left at its old place, then build.',
      paths,
    ],
  },
  {
    name: 'fetch', summary: 'bring the libraries that labs name', operands: '[PATH...]', arity: [0, Infinity],
    options: [{ name: 'update', type: 'boolean', help: 'bring all of them again, and take what their revisions hold now' }, out, json],
    about: [
      paths,
      'A library goes into vendor/ beside the lab, its digest into lab.lock: commit both. What is there and unchanged is not fetched again. Git does the fetching, with your configuration and keys; no other command of labc uses the network.',
    ],
  },
];

/** The text of `labc --help`. */
export function generalHelp(version: string): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    `labc ${version}: compiles a home lab to Terraform, Ansible, Compose and just`, '',
    'labc COMMAND [OPTION...] [PATH...]', '',
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`), '',
    'labc COMMAND --help says more about a command, labc --version prints the version.',
    'Exit codes: 0 clean, 1 diagnostics, 2 wrong usage, 70 a bug in labc.', '',
  ].join('\n');
}

/** The text of `labc COMMAND --help`; `wrap` breaks a paragraph into lines. */
export function commandHelp(command: CommandSpec, wrap: (text: string) => readonly string[]): string {
  const options = [...command.options, { name: 'help', type: 'boolean', help: 'print this' } satisfies OptionSpec].map((option) => ({
    left: `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`, help: option.help,
  }));
  const width = Math.max(...options.map((option) => option.left.length));
  return [
    `labc ${command.name}: ${command.summary}`, '',
    `labc ${command.name} [OPTION...] ${command.operands}`, '',
    ...options.map((option) => `  ${option.left.padEnd(width)}  ${option.help}`), '',
    ...command.about.flatMap((paragraph) => [...wrap(paragraph), '']),
  ].join('\n');
}
