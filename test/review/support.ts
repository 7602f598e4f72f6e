/** Two versions of a lab and what a review says of them, as a terminal of 100 columns shows it. */
import { wrap } from '../../compiler/diagnostics/terminal-text.js';
import type { Review } from '../../compiler/review/finding.js';
import { reviewPlans } from '../../compiler/review/review.js';
import { reviewText } from '../../compiler/review/text.js';
import { built } from '../identity/support.js';
import { check } from '../e2e/lab-kit.js';
import { lab } from '../identity/support.js';

export function reviewOf(before: string, after: string): Review {
  const old = built(before);
  const sources = lab(after, old.lock);
  const result = check(sources);
  if (result.plan === undefined) throw new Error(result.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return reviewPlans(old.plan, result.plan, (path) => {
    const step = result.why(path)?.said[0];
    return step === undefined || step.rank === 'default' ? undefined : step;
  });
}

export const since = { source: 'labs/t', revision: 'HEAD', commit: '3f2c1a9' };

/** The printed review. Lines of what is run are left out unless `steps` says so. */
export function printed(before: string, after: string, steps = false): string {
  const text = reviewText(reviewOf(before, after), since, false, { colour: false, width: 100, wrap });
  return (steps ? text : text.replace(/^run, in this order:\n[^]*$/m, '')).trimEnd();
}
