/** "Did you mean": the nearest known names by edit distance with transpositions. */
import { compareText } from './text.js';

/** The known names near `text`, nearest first, at most three. */
export function suggest(text: string, known: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor(text.length * 0.4));
  const near: { readonly name: string; readonly far: number }[] = [];
  const lower = text.toLowerCase();
  for (const name of new Set(known)) {
    if (name === text) continue;
    if (Math.abs(name.length - text.length) > limit + 1) continue;
    const far = name.toLowerCase() === lower ? 0.5 : distance(lower, name.toLowerCase());
    if (far <= limit) near.push({ name, far });
  }
  return near.sort((a, b) => a.far - b.far || compareText(a.name, b.name)).slice(0, 3).map((item) => item.name);
}

/** A help sentence: the nearest names, or all of them when they are few. */
export function suggestHelp(text: string, known: Iterable<string>): string {
  const all = [...new Set(known)].filter((name) => name !== text).sort(compareText);
  const near = suggest(text, all);
  if (near.length > 0) return `did you mean ${near.map((name) => `\`${name}\``).join(' or ')}?`;
  if (all.length === 0) return 'nothing of that sort is declared';
  return all.length <= 12 ? `there is ${all.map((name) => `\`${name}\``).join(', ')}` : 'check the spelling';
}

function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
