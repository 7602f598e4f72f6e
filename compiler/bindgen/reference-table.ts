/** Parameters as a table of Markdown, for the generated references: types and defaults as they are written. */
import type { Param } from '../syntax/ast.js';

/** The text of a node on one line. */
export type Source = (node: { readonly span: { readonly start: number; readonly end: number } }) => string;

export function table(params: readonly Param[], source: Source, key: string | undefined): string {
  if (params.length === 0) return '';
  const rows = params.map((param) => {
    const needed = param.default === undefined && param.type.kind !== 'type-optional';
    const name = param.name.text === key ? `${param.name.text} (label)` : param.name.text;
    return `| ${needed ? `**${name}**` : name} | \`${cell(source(param.type))}\` | ${param.default === undefined ? '' : `\`${cell(source(param.default))}\``} | ${cell((param.doc ?? '').replace(/\n/g, ' '))} |\n`;
  });
  return `\n| attribute | type | default | |\n|---|---|---|---|\n${rows.join('')}`;
}

/** A bar would end the cell, inside of a code span too. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
