/** What the command line takes of the review. */
export type { Finding, Review, Step } from './finding.js';
export { reviewPlans } from './review.js';
export { reviewMarkdown, reviewText, type Since } from './text.js';
