/** What a phase reports: plain data, rendered at the edge. */
import type { Span } from '../base/span.js';

export type Severity = 'error' | 'warning' | 'note';

/** Replaces the text of `span` by `text`. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** A change that mends the fault; `title` says what it does in the imperative. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** A second place, with what it has to do with the first. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

export interface Diagnostic {
  /** `LAB` and four digits; never reused. */
  readonly code: string;
  /** The catalogue's kebab-case name of the code. */
  readonly slug: string;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  readonly labels: readonly Label[];
  /** Says what to type. */
  readonly help?: string;
  readonly fixes: readonly Fix[];
}

/** The value of a phase beside what it found wrong. */
export interface Result<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}
