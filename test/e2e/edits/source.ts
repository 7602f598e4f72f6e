/** Edits of a lab as its author would make them: a change in one declaration, a declaration added, one taken out. */
import { compareText } from '../../../compiler/base/text.js';
import type { LabSources } from '../../../compiler/sources/lab-sources.js';
import { readLab } from '../lab-kit.js';

/** The lab that every edit begins with: one machine of each sort. */
export const ground: LabSources = { ...readLab('test/e2e/edits/lab'), root: 'labs/edits' };

export type Change = (sources: LabSources) => LabSources;

/** In the declaration that begins with `head` (`vm web`), `from` becomes `to`. Both must be there once. */
export function change(head: string, from: string, to: string): Change {
  return within(head, (block) => {
    if (block.split(from).length !== 2) throw new Error(`'${from}' is in ${head} ${block.split(from).length - 1} times`);
    return block.replace(from, () => to);
  });
}

/** A line more at the end of a declaration's body. */
export function line(head: string, text: string): Change {
  return within(head, (block) => (block.endsWith('\n}\n') ? `${block.slice(0, -2)}  ${text}\n}\n` : block.replace(/ *\}\n$/, `  ${text} }\n`)));
}

/** The declaration is gone. */
export function drop(head: string): Change {
  return within(head, () => '');
}

/** Declarations more. */
export function add(text: string, path = 'more.lab'): Change {
  return (sources) => ({ ...sources, files: [...sources.files, { path, text: `${text}\n` }].sort((a, b) => compareText(a.path, b.path)) });
}

/** A word everywhere in the lab: how an editor renames. */
export function rename(from: string, to: string): Change {
  const word = new RegExp(`(?<![\\w-])${from}(?![\\w-])`, 'g');
  return (sources) => ({ ...sources, files: sources.files.map(({ path, text }) => ({ path, text: text.replace(word, to) })) });
}

export function edit(sources: LabSources, changes: readonly Change[]): LabSources {
  return changes.reduce((lab, one) => one(lab), sources);
}

/** A declaration at the left margin, to the line of its closing brace. */
function within(head: string, make: (block: string) => string): Change {
  const pattern = new RegExp(`^${head.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')}(?![\\w-])(?:.*\\}\\n|[^]*?\\n\\}\\n)`, 'm');
  return (sources) => {
    const hit = sources.files.filter(({ text }) => pattern.test(text));
    if (hit.length !== 1) throw new Error(`${head} is declared in ${hit.length} files`);
    return { ...sources, files: sources.files.map((file) => (file === hit[0] ? { path: file.path, text: file.text.replace(pattern, make) } : file)) };
  };
}
