/** The page of one diagnostic, as `labc explain CODE` prints it. */
import type { Listed } from './catalogue/index.js';
import type { Message } from './define.js';
import { paintFor } from './paint.js';
import type { RenderOptions } from './render.js';
import { wrap } from './terminal-text.js';

/** Title, the sentence with its holes named, then the page: paragraphs are wrapped, indented and fenced code is left alone. */
export function explain(listed: Listed, options: RenderOptions): string {
  const { entry, slug } = listed;
  const paint = paintFor(options.colour);
  const width = Math.min(options.width, 100);
  const out = [
    `${paint.severity(entry.severity, `${entry.code} ${slug}`)} (${entry.severity})`, '',
    ...wrap(pattern(entry.message), width - 4).map((line) => `    ${paint.bold(line)}`),
    ...(entry.help === undefined ? [] : wrap(`help: ${pattern(entry.help)}`, width - 4).map((line) => `    ${line}`)), '',
  ];
  for (const block of blocks(entry.explain)) out.push(...(block.code ? block.lines : wrap(block.lines.join(' '), width)), '');
  return `${out.join('\n').trimEnd()}\n`;
}

/** The sentence with each hole as `<name>`. */
export function pattern(message: Message<string>): string {
  return message.render(Object.fromEntries(message.holes.map((hole) => [hole, `<${hole}>`])));
}

/** Paragraphs and code of a Markdown text, without the fences. */
function blocks(markdown: string): readonly { readonly code: boolean; readonly lines: readonly string[] }[] {
  const out: { code: boolean; lines: string[] }[] = [];
  let fenced = false;
  for (const line of markdown.trim().split('\n')) {
    if (line.startsWith('```')) {
      fenced = !fenced;
      out.push({ code: fenced, lines: [] });
    } else {
      const code = fenced || line.startsWith('    ');
      const last = out.at(-1);
      const list = /^[-*] /.test(line);
      if (line.trim() === '' && !fenced) out.push({ code: false, lines: [] });
      else if (last === undefined || last.code !== code || list) out.push({ code, lines: [fenced ? `    ${line}` : line] });
      else last.lines.push(fenced ? `    ${line}` : line);
    }
  }
  return out.filter((block) => block.lines.length > 0);
}
