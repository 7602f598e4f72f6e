/** What the command line needs of the compiler: `compiler/compile.ts`, the emitters and the formatter, each loaded when first used. */
import type { CheckResult } from '../compile.js';
import type { Diagnostic, Result } from '../diagnostics/diagnostic.js';
import type { EmittedFile } from '../plan/emitted.js';
import type { LibraryStatement } from '../names/libraries.js';
import type { chooseFiles } from '../names/library-files.js';
import type { Plan } from '../plan/plan.js';
import type { LabSources } from '../sources/lab-sources.js';
import type { Why } from '../why.js';

export interface Compiler {
  check(sources: LabSources): CheckResult;
  /** The libraries that a lab names; a lab with a fault in its text names none. */
  libraries(sources: LabSources): Result<readonly LibraryStatement[]>;
  readonly chooseFiles: typeof chooseFiles;
}

export type { CheckResult, Why };

export type Emit = (plan: Plan) => readonly EmittedFile[];

/** Formats one file; one that cannot be parsed comes back as it is, with what is wrong. */
export type Format = (text: string, path: string) => { readonly text: string; readonly diagnostics: readonly Diagnostic[] };

/** Comparing two plans, and saying what was found. */
export type ReviewPart = Pick<typeof import('../review/index.js'), 'reviewPlans' | 'reviewText' | 'reviewMarkdown'>;

/** What a line of a built file is about. */
export type SubjectOf = typeof import('../origins/index.js').subjectOf;

export interface Parts {
  compiler(): Promise<Compiler>;
  emit(): Promise<Emit>;
  review(): Promise<ReviewPart>;
  origins(): Promise<SubjectOf>;
  format(): Promise<Format>;
}
