/** The process: real disk, real terminals, and the boundary where a bug in labc becomes a report. */
import manifest from '../../package.json' with { type: 'json' };
import { nodeDisk } from './node-host.js';
import { nodePrograms } from './node-programs.js';
import { nodeTerminal } from './node-terminal.js';
import { parts } from './parts.js';
import { run } from './run.js';
import { exitCodes } from './world.js';

compileLater();
// Everything is written and nothing waits: an end by itself would first collect the garbage that the end throws away.
void main(process.argv.slice(2)).then(() => process.exit());

async function main(argv: readonly string[]): Promise<void> {
  const stderr = nodeTerminal(2);
  try {
    process.exitCode = await run(argv, { disk: nodeDisk, parts, programs: nodePrograms, version: manifest.version, stdout: nodeTerminal(1), stderr });
  } catch (error) {
    process.exitCode = exitCodes.bug;
    stderr.write(bugReport(argv, error));
  }
}

/**
 * A command ends before most of the machine code that V8 would make of hot functions has paid for itself: eight times its own
 * patience saves a fifth of a check. Measured with V8 11, that is Node 20; later ones count otherwise and lack the option.
 */
function compileLater(): void {
  if (process.versions.v8.startsWith('11.')) process.getBuiltinModule('node:v8').setFlagsFromString('--interrupt-budget=540672');
}

function bugReport(argv: readonly string[], error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'labc has a bug and stopped. Your sources are untouched; if it was writing, the next labc command finishes or undoes that.',
    'Please report it with these lines, and with the .lab files if you can share them:', '',
    `  labc ${manifest.version}, node ${process.version}, ${process.platform} ${process.arch}`,
    `  labc ${argv.join(' ')}`,
    ...stack.split('\n').map((line) => `  ${line}`), '',
  ].join('\n');
}
