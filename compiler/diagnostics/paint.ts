/** Colours of the terminal, or none. */
import type { Severity } from './diagnostic.js';

export interface Paint {
  bold(text: string): string;
  /** Line numbers, frames, second places. */
  frame(text: string): string;
  severity(severity: Severity, text: string): string;
  removed(text: string): string;
  added(text: string): string;
}

const code = (start: string) => (text: string): string => (text === '' ? '' : `\u001b[${start}m${text}\u001b[0m`);
const severities: Readonly<Record<Severity, (text: string) => string>> = { error: code('1;31'), warning: code('1;33'), note: code('1;36') };
const plain = (text: string): string => text;

/** ANSI colours, or text as it is. */
export function paintFor(colour: boolean): Paint {
  if (!colour) return { bold: plain, frame: plain, severity: (_, text) => text, removed: plain, added: plain };
  return { bold: code('1'), frame: code('34'), severity: (severity, text) => severities[severity](text), removed: code('31'), added: code('32') };
}
