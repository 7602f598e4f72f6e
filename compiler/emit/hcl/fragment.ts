/**
 * Raw HCL that a user wrote, set into a body: the common indentation goes, the body's comes, and the insides of
 * heredocs stay as they are, for there blanks are content. The text was parsed before it came into the plan;
 * nothing here reads it beyond the start and end of a heredoc.
 */

/** Lines of the fragment at `depth`, without blank lines around it. */
export function placeFragment(text: string, depth: number): string[] {
  const all = text.replace(/\r\n?/g, '\n').split('\n');
  const first = all.findIndex((line) => line.trim() !== '');
  if (first === -1) return [];
  const kept = all.slice(first, all.findLastIndex((line) => line.trim() !== '') + 1);
  const inside = heredocLines(kept);
  const lines = kept.map((line, at) => (inside.has(at) ? line : line.trimEnd()));
  const margin = Math.min(...lines.filter((line, at) => line !== '' && !inside.has(at)).map((line) => line.search(/\S/)));
  const pad = '  '.repeat(depth);
  return lines.map((line, at) => (line === '' || inside.has(at) ? line : pad + line.slice(margin)));
}

/** Indices of lines between a heredoc's opening line and its end, the end included when nothing else is on it. */
function heredocLines(lines: readonly string[]): ReadonlySet<number> {
  const inside = new Set<number>();
  let marker: string | undefined;
  lines.forEach((line, at) => {
    if (marker !== undefined) {
      inside.add(at);
      if (line.trim() === marker) marker = undefined;
    } else if (!/^\s*(#|\/\/)/.test(line)) {
      marker = /<<-?([A-Za-z_][A-Za-z0-9_-]*)\s*$/.exec(line)?.[1];
    }
  });
  return inside;
}
