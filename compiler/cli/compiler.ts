/** What the command line needs of the compiler: `compiler/compile.ts`, the emitters and the formatter, each loaded when first used. */
import type { CheckResult } from '../compile.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { EmittedFile } from '../plan/emitted.js';
import type { Plan } from '../plan/plan.js';
import type { LabSources } from '../sources/lab-sources.js';
import type { Why } from '../why.js';

export interface Compiler {
  check(sources: LabSources): CheckResult;
}

export type { CheckResult, Why };

export type Emit = (plan: Plan) => readonly EmittedFile[];

/** Formats one file; one that cannot be parsed comes back as it is, with what is wrong. */
export type Format = (text: string, path: string) => { readonly text: string; readonly diagnostics: readonly Diagnostic[] };

export interface Parts {
  compiler(): Promise<Compiler>;
  emit(): Promise<Emit>;
  format(): Promise<Format>;
}
