/**
 * What is known of an Ansible module at run time, for the checker of `task`, and the values that typed tasks take.
 * The modules themselves are in ansible.gen.ts, from their own documentation.
 */

export interface ModuleSpec {
  readonly options: { readonly [name: string]: OptionSpec };
  /** With `--check` it predicts, or runs what it knows to change nothing; false: it is skipped, or acts. */
  readonly supportsCheck: boolean;
  /** The option `free_form` is the text after the module's name, not a key: `ansible.builtin.meta: flush_handlers`. */
  readonly freeForm?: true;
  /** Takes any key: `set_fact`. */
  readonly open?: true;
  /** The module that replaces it. */
  readonly deprecated?: string;
}

export interface OptionSpec {
  readonly type: OptionType;
  readonly required?: true;
  readonly choices?: readonly (string | number | boolean)[];
  /** The type of a list's elements; any where it is not stated. */
  readonly elements?: OptionType;
  readonly aliases?: readonly string[];
  /** The keys of a dict, or of the dicts in a list. */
  readonly suboptions?: { readonly [name: string]: OptionSpec };
  readonly deprecated?: true;
}

/** `raw` takes any value. */
export type OptionType = 'str' | 'path' | 'int' | 'float' | 'bool' | 'list' | 'dict' | 'raw';

/** A value that is not a literal, such as a template: an object whose key `$` says what it is. */
export interface TaskExpression {
  readonly $: string;
}

export type TaskValue = string | number | boolean | null | TaskExpression | readonly TaskValue[] | { readonly [key: string]: TaskValue };

/** A module and its arguments, typed by the module. */
export interface ModuleCall<Module extends string, Arguments> {
  readonly module: Module;
  readonly args: Arguments;
}

/** Modules by name; each is parsed when it is first looked at, since a run uses a few of many. */
export function moduleTable(texts: { readonly [name: string]: string }): { readonly [name: string]: ModuleSpec } {
  const table: { [name: string]: ModuleSpec } = Object.create(null);
  const parsed = new Map<string, ModuleSpec>();
  for (const [name, text] of Object.entries(texts)) {
    const get = (): ModuleSpec => {
      const spec = parsed.get(name) ?? (JSON.parse(text) as ModuleSpec);
      parsed.set(name, spec);
      return spec;
    };
    Object.defineProperty(table, name, { enumerable: true, get });
  }
  return table;
}
