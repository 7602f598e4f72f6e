/**
 * The catalogue's way to declare diagnostics: a table of code, severity, sentence and help, whose holes are typed.
 * A call site names the entry and fills the holes; it never writes prose.
 */
import type { Span } from '../base/span.js';
import type { Diagnostic, Fix, Label, Severity } from './diagnostic.js';

/** A sentence with named holes. */
export interface Message<P extends string> {
  readonly holes: readonly P[];
  render(values: Readonly<Record<P, string>>): string;
}

/** Tags a template whose substitutions are names of holes: message`${'name'} is taken`. */
export function message<const P extends string>(text: TemplateStringsArray, ...holes: readonly P[]): Message<P> {
  return {
    holes,
    render: (values) => text.reduce((out, piece, i) => out + (i === 0 ? '' : values[holes[i - 1] as P]) + piece, ''),
  };
}

/** One entry of a table. `explain` is the page that `labc explain CODE` prints: why it is wrong and how to mend it, in Markdown. */
export interface Entry<P extends string, H extends string = P> {
  readonly code: `LAB${number}`;
  readonly severity: Severity;
  readonly message: Message<P>;
  readonly help?: Message<H>;
  readonly explain: string;
}

/** What a call site adds to an entry. */
export interface Extra {
  readonly labels?: readonly Label[];
  readonly fixes?: readonly Fix[];
  /** Stands in for the entry's help. */
  readonly help?: string;
}

type HolesOf<E> = E extends Entry<infer P, infer H> ? P | H : never;
type Creator<E> = [HolesOf<E>] extends [never]
  ? (span: Span, values?: Readonly<Record<string, never>>, extra?: Extra) => Diagnostic
  : (span: Span, values: Readonly<Record<HolesOf<E>, string>>, extra?: Extra) => Diagnostic;

/** Functions that make diagnostics, one for each entry, named by its slug in camel case. */
export type Creators<T> = { readonly [K in keyof T]: Creator<T[K]> };

/** Turns a table into its creators; `entries` stays at hand for `explain` and for tests. A table is made when something of it is wanted: most checks want none. */
export function defineDiagnostics<const T extends Record<string, Entry<any, any>>>(table: () => T): { readonly entries: T; readonly create: Creators<T> } {
  let entries: T | undefined;
  let create: Creators<T> | undefined;
  return {
    get entries() { return entries ??= table(); },
    get create() { return create ??= creatorsOf(this.entries); },
  };
}

function creatorsOf<T extends Record<string, Entry<any, any>>>(table: T): Creators<T> {
  const create: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(table)) {
    create[name] = (span: Span, values: Record<string, string> = {}, extra: Extra = {}): Diagnostic => {
      const help = extra.help ?? entry.help?.render(values);
      return {
        code: entry.code, slug: slugOf(name), severity: entry.severity, message: entry.message.render(values), span,
        labels: extra.labels ?? [], fixes: extra.fixes ?? [], ...(help === undefined ? {} : { help }),
      };
    };
  }
  return create as Creators<T>;
}

/** `addressOverlap` becomes `address-overlap`. */
export function slugOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
