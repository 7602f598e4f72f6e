/** What the command line needs of the compiler: `compiler/compile.ts`, the emitters and the formatter, each loaded when first used. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { EmittedFile } from '../plan/emitted.js';
import type { Plan } from '../plan/plan.js';
import type { LabSources } from '../sources/lab-sources.js';

export interface Compiler {
  check(sources: LabSources): CheckResult;
}

export interface CheckResult {
  /** Present where nothing is wrong. */
  readonly plan: Plan | undefined;
  /** The text of `lab.lock` after this build; present with the plan. */
  readonly lock: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The text of a library's file that a diagnostic names. */
  textOf(file: string): string | undefined;
  /** Where a value comes from: `carrie.memory`. */
  why(path: string): Why | undefined;
}

export interface Why {
  /** The value as the language would write it. */
  readonly value: string;
  /** What was said about it, the statement that won first. */
  readonly said: readonly WhyStep[];
}

export interface WhyStep {
  /** `default`, `library`, `lab`, `machine`, `lock` or `derived`. */
  readonly rank: string;
  readonly value: string;
  /** Relative to the lab's folder, or `stdlib/...`. */
  readonly file: string;
  readonly line: number;
}

export type Emit = (plan: Plan) => readonly EmittedFile[];

/** Formats one file; one that cannot be parsed comes back as it is, with what is wrong. */
export type Format = (text: string, path: string) => { readonly text: string; readonly diagnostics: readonly Diagnostic[] };

export interface Parts {
  compiler(): Promise<Compiler>;
  emit(): Promise<Emit>;
  format(): Promise<Format>;
}
