/** A review as text: for a terminal of any width, and as Markdown for a pull request. */
import { IMPACTS, type Impact } from '../impact/impact.js';
import type { Review } from './finding.js';
import { IMPACT_WORDS, linesOf, type Line } from './lines.js';

export interface Since {
  /** The folder of the lab: `labs/home`. */
  readonly source: string;
  /** As it was asked for: `HEAD`. */
  readonly revision: string;
  /** The first characters of the commit. */
  readonly commit: string;
}

export interface Screen {
  readonly colour: boolean;
  readonly width: number;
  /** Breaks a text into lines. */
  wrap(text: string, width: number): readonly string[];
}

const COLOURS: Readonly<Record<Impact, string>> = { in_place: '32', restart: '33', reboot: '33', replace: '31', destroys_data: '1;31', refused: '1;31' };

export function reviewText(review: Review, since: Since, all: boolean, screen: Screen): string {
  const head = `${since.source} since ${since.revision} (${since.commit}): ${summary(review)}`;
  if (review.findings.length === 0) return `${head}\n`;
  const lines = linesOf(review, since.source, all).flatMap((line) => lineText(line, screen));
  const width = Math.max(...review.steps.map((step) => step.run.length));
  const steps = review.steps.flatMap((step) => hung(step.why, `  ${step.run.padEnd(width)}  # `, `${' '.repeat(width + 4)}# `, screen));
  return [...hung(head, '', '  ', screen), ...lines, 'run, in this order:', ...steps, ''].join('\n');
}

export function reviewMarkdown(review: Review, since: Since, all: boolean): string {
  const head = `### \`${since.source}\` since ${since.revision} (${since.commit}): ${summary(review)}\n`;
  if (review.findings.length === 0) return head;
  const lines = linesOf(review, since.source, all).map((line) => {
    const places = line.places.length === 0 ? '' : ` (${line.places.map((place) => `\`${place}\``).join(', ')})`;
    const data = line.data.map((text) => `\n  - ${markdown(text)}`).join('');
    return `- **${markdown(line.who)}**, ${IMPACT_WORDS[line.impact]}: ${markdown(line.text)}${places}${data}`;
  });
  return `${head}\n${lines.join('\n')}\n\n\`\`\`sh\n${review.steps.map((step) => `${step.run}  # ${step.why}`).join('\n')}\n\`\`\`\n`;
}

/** `replaces 1 machine, restarts on 2`, or that nothing changes. */
function summary(review: Review): string {
  if (review.findings.length === 0) return 'nothing changes';
  const words: Readonly<Record<Impact, string>> = {
    refused: 'refused on', destroys_data: 'destroys data of', replace: 'replaces', reboot: 'reboots', restart: 'restarts something on', in_place: 'changes in place on',
  };
  const worst = new Map<string | null, Impact>();
  for (const one of review.findings) {
    const known = worst.get(one.machine);
    if (known === undefined || IMPACTS.indexOf(one.impact) > IMPACTS.indexOf(known)) worst.set(one.machine, one.impact);
  }
  const parts = [...IMPACTS].reverse().flatMap((impact) => {
    const machines = [...worst].filter(([machine, is]) => is === impact && machine !== null).length;
    return machines === 0 ? [] : [`${words[impact]} ${machines} ${machines === 1 ? 'machine' : 'machines'}`];
  });
  return parts.length === 0 ? 'changes of the lab itself' : parts.join(', ');
}

function lineText(line: Line, screen: Screen): readonly string[] {
  const places = line.places.length === 0 ? '' : ` (${line.places.join(', ')})`;
  const [first = '', ...rest] = hung(`${line.who}: ${IMPACT_WORDS[line.impact]}: ${line.text}${places}`, '', '    ', screen);
  return [coloured(first, line.impact, screen), ...rest, ...line.data.flatMap((text) => hung(text, '    ', '      ', screen))];
}

/** The impact's word only: everything else is for reading. */
function coloured(text: string, impact: Impact, screen: Screen): string {
  const word = IMPACT_WORDS[impact];
  return screen.colour ? text.replace(`: ${word}:`, `: \u001b[${COLOURS[impact]}m${word}\u001b[0m:`) : text;
}

function hung(text: string, first: string, next: string, screen: Screen): readonly string[] {
  return screen.wrap(text, Math.max(20, screen.width - next.length)).map((line, at) => (at === 0 ? first : next) + line);
}

/** Characters that Markdown would take for its own. */
function markdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~]/g, '\\$&');
}
