/** Where a line stands in a YAML file that labc wrote: keys by indentation, items of lists by number. Blocks of text belong to their key. */
export interface YamlStep {
  readonly key: string | number;
  /** The line on which it begins, from 1. */
  readonly line: number;
}

/** The way from the top of the file to the line; empty for comments and separators. */
export function yamlPlace(lines: readonly string[], line: number): readonly YamlStep[] {
  const stack: { readonly indent: number; readonly key: string | number; readonly line: number }[] = [];
  let literal = -1;
  for (let at = 0; at < line; at++) {
    const text = lines[at] ?? '';
    if (/^\s*(#.*)?$/.test(text) || text === '---') continue;
    let indent = text.length - text.trimStart().length;
    if (literal >= 0 && indent > literal) continue;
    literal = -1;
    let rest = text.trimStart();
    while (rest === '-' || rest.startsWith('- ')) {
      const last = popTo(stack, indent, true);
      const number = last !== undefined && last.indent === indent && typeof last.key === 'number' ? last.key + 1 : 0;
      if (last !== undefined && last.indent === indent && typeof last.key === 'number') stack.pop();
      stack.push({ indent, key: number, line: at + 1 });
      rest = rest.slice(2);
      indent += 2;
    }
    const key = /^("(?:[^"\\]|\\.)*"|[^\s"'#:][^:]*?):(?:\s|$)/.exec(rest)?.[1];
    if (key === undefined) continue;
    popTo(stack, indent, false);
    stack.push({ indent, key: key.startsWith('"') ? (JSON.parse(key) as string) : key, line: at + 1 });
    if (/:\s+(![\w-]+\s+)?[|>][-+0-9]*$/.test(rest)) literal = indent;
  }
  return stack.map(({ key, line: from }) => ({ key, line: from }));
}

interface Level { readonly indent: number; readonly key: string | number }

/** Leaves what is deeper; a list may stand at its key's own indentation. */
function popTo<T extends Level>(stack: T[], indent: number, isItem: boolean): T | undefined {
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.indent < indent) return top;
    if (top.indent === indent && isItem) return top;
    stack.pop();
  }
  return undefined;
}
