/**
 * From `ansible-doc -j` to what the checker needs of a module: its options and whether it supports `--check`.
 * Refuses a type or a support level that it does not know by throwing.
 */
import type { ModuleSpec, OptionSpec, OptionType } from '../../bindings/ansible-module.js';

export interface AnsibleSchema {
  readonly modules: { readonly [name: string]: ModuleSpec };
}

export interface RawDoc {
  readonly filename: string;
  readonly options?: { readonly [name: string]: RawOption };
  readonly attributes?: { readonly check_mode?: { readonly support: string } };
  readonly deprecated?: { readonly alternative?: string } | null;
}

interface RawOption {
  readonly type?: string;
  readonly required?: boolean;
  readonly choices?: readonly (string | number | boolean)[];
  readonly elements?: string;
  readonly aliases?: readonly string[];
  readonly suboptions?: { readonly [name: string]: RawOption } | null;
  readonly deprecated?: object;
}

const TYPES: readonly string[] = ['str', 'path', 'int', 'float', 'bool', 'list', 'dict', 'raw'] satisfies OptionType[];

/** `source` is the module's own code, consulted where its documentation is silent on check mode. */
export function distilModule(name: string, doc: RawDoc, source: string): ModuleSpec {
  const { options, freeForm, open } = distilOptions(name, doc.options ?? {});
  return {
    options,
    supportsCheck: supportsCheck(name, doc, source),
    ...(freeForm ? { freeForm: true } : {}),
    ...(open ? { open: true } : {}),
    ...(doc.deprecated ? { deprecated: doc.deprecated.alternative ?? '' } : {}),
  };
}

/** Documentation calls the text after a module's name `free_form` and the facts of set_fact `key_value`; neither is a key. */
function distilOptions(module: string, raw: NonNullable<RawDoc['options']>): { options: ModuleSpec['options']; freeForm: boolean; open: boolean } {
  const options: { [name: string]: OptionSpec } = {};
  let freeForm = false;
  let open = false;
  for (const [name, option] of Object.entries(raw)) {
    if (name === 'key_value') open = true;
    else if (name === 'free_form' || name === 'free-form') {
      // Where it is optional, another option says the same: `cmd` or `file`.
      freeForm = option.required === true;
      if (freeForm) options['free_form'] = { ...distilOption(module, name, option), type: 'str' };
    } else options[name] = distilOption(module, name, option);
  }
  return { options, freeForm, open };
}

function distilOption(module: string, name: string, raw: RawOption): OptionSpec {
  const place = `${module}: option ${name}`;
  const { choices, aliases, suboptions } = raw;
  const inner = Object.entries(suboptions ?? {}).map(([key, option]): [string, OptionSpec] => [key, distilOption(module, `${name}.${key}`, option)]);
  return {
    type: optionType(place, raw.type ?? 'raw'),
    ...(raw.required === true ? { required: true } : {}),
    ...(choices !== undefined && choices.length > 0 ? { choices } : {}),
    ...(raw.elements === undefined ? {} : { elements: optionType(place, raw.elements) }),
    ...(aliases !== undefined && aliases.length > 0 ? { aliases } : {}),
    ...(inner.length > 0 ? { suboptions: Object.fromEntries(inner) } : {}),
    ...(raw.deprecated === undefined ? {} : { deprecated: true }),
  };
}

function optionType(place: string, type: string): OptionType {
  if (!TYPES.includes(type)) throw new Error(`${place}: type ${type} is not supported`);
  return type as OptionType;
}

/** `N/A` stands at modules that hand over to another one, which answers. */
function supportsCheck(name: string, doc: RawDoc, source: string): boolean {
  const support = doc.attributes?.check_mode?.support;
  if (support === undefined) return /supports_check_mode\s*=\s*True/.test(source);
  if (support === 'full' || support === 'partial' || support === 'N/A') return true;
  if (support === 'none') return false;
  throw new Error(`${name}: support of check mode ${support} is not known`);
}
