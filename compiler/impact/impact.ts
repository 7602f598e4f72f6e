/**
 * What a change of a generated value does to what runs, worst last. The tables beside this file say it for every attribute
 * that an emitter can write, each with its source; a test fails for one that none of them knows.
 */
export const IMPACTS = ['in_place', 'restart', 'reboot', 'replace', 'destroys_data', 'refused'] as const;

export type Impact = (typeof IMPACTS)[number];

export interface ImpactOf {
  readonly impact: Impact;
  /** What happens, for a person: `the machine reboots to see it`. */
  readonly note: string;
  /** Where that is known from: a thread, a section, a probe. */
  readonly source: string;
}

/** The worse of two. */
export function worse(a: Impact, b: Impact): Impact {
  return IMPACTS.indexOf(a) >= IMPACTS.indexOf(b) ? a : b;
}
