/**
 * The formatter as a Prettier plugin, for editors and hooks that run Prettier anyway. Prettier brings the files and writes
 * the result; where lines break is the formatter's own affair, so its options change nothing.
 */
import type { AstPath, Doc, Parser, Plugin, Printer, SupportLanguage } from 'prettier';
import { format } from './format.js';

/** What Prettier takes for a tree: the finished text. */
interface Finished {
  readonly type: 'lab';
  readonly text: string;
  readonly end: number;
}

const language: SupportLanguage = { name: 'Lab', parsers: ['lab'], extensions: ['.lab'], vscodeLanguageIds: ['lab'] };

const parser: Parser<Finished> = {
  astFormat: 'lab',
  locStart: () => 0,
  locEnd: ({ end }) => end,
  parse(source, options) {
    const { text, diagnostics } = format(source, 'filepath' in options ? String(options.filepath ?? 'file.lab') : 'file.lab');
    const [first] = diagnostics;
    if (first !== undefined) throw new SyntaxError(`${first.code} at offset ${first.span.start}: ${first.message}`);
    return { type: 'lab', text, end: source.length };
  },
};

const printer: Printer<Finished> = {
  print(path: AstPath<Finished>): Doc {
    const lines = path.node.text.split('\n');
    return lines.flatMap((line, i): Doc[] => (i === 0 ? [line] : [{ type: 'line', hard: true, literal: true }, { type: 'break-parent' }, line] as unknown as Doc[]));
  },
};

export const plugin: Plugin<Finished> = { languages: [language], parsers: { lab: parser }, printers: { lab: printer } };
export default plugin;
