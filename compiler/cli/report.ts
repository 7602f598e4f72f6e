/** Collects what a command has to say and prints it at the end: text on two streams, or one JSON document. */
import { collate } from '../diagnostics/collate.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { renderAll } from '../diagnostics/render.js';
import type { SourcesView } from '../diagnostics/sources-view.js';
import { toJson, type JsonDiagnostic } from '../diagnostics/to-json.js';
import { exitCodes, type World } from './world.js';

/** Shows files by their own path, without text: for faults of the host. */
export const plainView: SourcesView = (file) => ({ path: file });

export class Report {
  private readonly batches: { readonly diagnostics: readonly Diagnostic[]; readonly view: SourcesView }[] = [];
  private readonly texts: string[] = [];
  private readonly values: Record<string, unknown> = {};

  constructor(private readonly world: World, private readonly command: string, private readonly json: boolean) {}

  /** Diagnostics whose files `view` knows, sorted and without repetition. */
  add(diagnostics: readonly Diagnostic[], view: SourcesView = plainView): void {
    if (diagnostics.length > 0) this.batches.push({ diagnostics: collate(diagnostics), view });
  }

  /** Text for people, lines with their breaks. */
  say(text: string): void {
    this.texts.push(text);
  }

  /** A part of the JSON document. */
  set(name: string, value: unknown): void {
    this.values[name] = value;
  }

  get hasErrors(): boolean {
    return this.batches.some((batch) => batch.diagnostics.some((diagnostic) => diagnostic.severity === 'error'));
  }

  /** Prints everything; the exit code. */
  finish(exit: number = this.hasErrors ? exitCodes.diagnostics : exitCodes.clean): number {
    const { stdout, stderr } = this.world;
    if (this.json) {
      const diagnostics: JsonDiagnostic[] = this.batches.flatMap((batch) => batch.diagnostics.map((diagnostic) => toJson(diagnostic, batch.view)));
      const document = { labc: this.world.version, command: this.command, ok: exit !== exitCodes.usage && !this.hasErrors, ...this.values, diagnostics };
      stdout.write(`${JSON.stringify(document, null, 2)}\n`);
      return exit;
    }
    const rendered = this.batches.map((batch) => renderAll(batch.diagnostics, batch.view, stderr));
    if (rendered.length > 0) stderr.write(`${rendered.join('\n')}${this.texts.length > 0 ? '\n' : ''}`);
    if (this.texts.length > 0) stdout.write(this.texts.join(''));
    if (rendered.length > 0) stderr.write(`${this.texts.length > 0 || !this.hasErrors ? '' : '\n'}${this.totals()}\n`);
    return exit;
  }

  /** `2 errors, 1 warning`. */
  private totals(): string {
    const all = this.batches.flatMap((batch) => batch.diagnostics);
    const counts = (['error', 'warning', 'note'] as const).map((severity) => ({ severity, n: all.filter((diagnostic) => diagnostic.severity === severity).length }));
    const text = counts.filter(({ n }) => n > 0).map(({ severity, n }) => counted(n, severity)).join(', ');
    const first = all.find((diagnostic) => diagnostic.severity === 'error');
    return first === undefined ? text : `${text}. More about one: labc explain ${first.code}`;
  }
}

/** `1 file`, `2 files`. */
export function counted(n: number, noun: string, nouns = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : nouns}`;
}
