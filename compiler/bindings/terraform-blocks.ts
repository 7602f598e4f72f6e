/**
 * From typed arguments to HCL blocks: the part of the builders that is the same for every resource, and Terraform's
 * own blocks. In comes a record of arguments and the shape that says which names are nested blocks; out comes an
 * `HclBlock` with attributes first, then nested blocks, then meta-arguments. Nothing here makes text.
 */
import type { HclAttribute, HclBlock, HclExpression, HclFragment, HclItem, HclRef, HclText, HclValue } from './hcl-value.js';

/** The names that are nested blocks, each with its own; every other argument is an attribute. */
export interface BlockShape {
  readonly [block: string]: BlockShape;
}

/** Meta-arguments of a resource, comments by argument, and raw fragments for the end of the body. */
export interface ResourceMeta<Argument extends string = string> {
  /** Lines above the block. */
  readonly comment?: string | undefined;
  /** Lines above an argument. */
  readonly comments?: { readonly [name in Argument]?: string | undefined } | undefined;
  readonly provider?: HclRef | undefined;
  readonly forEach?: HclExpression | undefined;
  readonly count?: number | HclExpression | undefined;
  readonly dependsOn?: readonly HclRef[] | undefined;
  readonly lifecycle?: Lifecycle<Argument> | undefined;
  readonly fragments?: readonly string[] | undefined;
}

export interface Lifecycle<Argument extends string = string> {
  readonly comment?: string | undefined;
  readonly createBeforeDestroy?: boolean | undefined;
  readonly preventDestroy?: boolean | undefined;
  /** Arguments of the resource itself: a name, or a path below one as a reference. */
  readonly ignoreChanges?: 'all' | readonly (Argument | HclRef)[] | undefined;
  readonly replaceTriggeredBy?: readonly HclRef[] | undefined;
  readonly preconditions?: readonly Condition[] | undefined;
  readonly postconditions?: readonly Condition[] | undefined;
}

export interface Condition {
  readonly condition: HclExpression;
  readonly errorMessage: HclText;
}

/** `resource "<type>" "<label>" { ... }`. */
export function resourceBlock(type: string, label: string, args: object, shape: BlockShape, meta: ResourceMeta): HclBlock {
  const head = attributes({ provider: meta.provider, count: meta.count, for_each: meta.forEach });
  const tail = [...attributes({ depends_on: meta.dependsOn }), ...lifecycle(meta.lifecycle)];
  const body = [...head, ...blockBody(args, shape, meta.comments), ...tail, ...fragments(meta.fragments)];
  return block('resource', [type, label], body, meta.comment);
}

/** A reference to a resource or to one of its attributes. */
export function resourceRef(type: string, label: string, attribute?: string): HclRef {
  return { $: 'ref', path: attribute === undefined ? [type, label] : [type, label, attribute] };
}

/** `alias` and comments of a provider's configuration. */
export interface ProviderMeta<Argument extends string = string> {
  readonly alias?: string | undefined;
  readonly comment?: string | undefined;
  readonly comments?: { readonly [name in Argument]?: string | undefined } | undefined;
}

/** `provider "<name>" { ... }`. */
export function providerBlock(name: string, args: object, shape: BlockShape, meta: ProviderMeta): HclBlock {
  return block('provider', [name], [...attributes({ alias: meta.alias }), ...blockBody(args, shape, meta.comments)], meta.comment);
}

/** Attributes in the order of `args`, then nested blocks; undefined arguments are left out. */
export function blockBody(args: object, shape: BlockShape, comments: { readonly [name: string]: string | undefined } = {}): HclItem[] {
  const plain: HclAttribute[] = [];
  const nested: HclBlock[] = [];
  for (const [name, value] of Object.entries(args)) {
    if (value === undefined) continue;
    const inner = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const comment = comments[name];
    if (inner === undefined) plain.push(attribute(name, value as HclValue, comment));
    else {
      const entries: readonly object[] = Array.isArray(value) ? value : [value];
      entries.forEach((entry, at) => nested.push(block(name, [], blockBody(entry, inner), at === 0 ? comment : undefined)));
    }
  }
  return [...plain, ...nested];
}

export function block(type: string, labels: readonly string[], body: readonly HclItem[], comment?: string): HclBlock {
  return { item: 'block', type, labels, body, ...(comment === undefined ? {} : { comment }) };
}

export function attribute(name: string, value: HclValue, comment?: string): HclAttribute {
  return { item: 'attribute', name, value, ...(comment === undefined ? {} : { comment }) };
}

function attributes(values: { readonly [name: string]: HclValue | undefined }): HclAttribute[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [attribute(name, value)]));
}

function fragments(texts: readonly string[] = []): HclFragment[] {
  return texts.map((text) => ({ item: 'fragment', text }));
}

function lifecycle(rules: Lifecycle | undefined): HclBlock[] {
  if (rules === undefined) return [];
  const ignored = rules.ignoreChanges;
  const body = [
    ...attributes({
      create_before_destroy: rules.createBeforeDestroy,
      prevent_destroy: rules.preventDestroy,
      ignore_changes:
        ignored === undefined ? undefined
        : ignored === 'all' ? { $: 'ref', path: ['all'] }
        : ignored.map((entry): HclRef => (typeof entry === 'string' ? { $: 'ref', path: [entry] } : entry)),
      replace_triggered_by: rules.replaceTriggeredBy,
    }),
    ...(rules.preconditions ?? []).map((entry) => conditionBlock('precondition', entry)),
    ...(rules.postconditions ?? []).map((entry) => conditionBlock('postcondition', entry)),
  ];
  return [block('lifecycle', [], body, rules.comment)];
}

function conditionBlock(type: string, { condition, errorMessage }: Condition): HclBlock {
  return block(type, [], attributes({ condition, error_message: errorMessage }));
}

/** `terraform { required_version, required_providers, backend }`. */
export interface TerraformSettings {
  readonly comment?: string | undefined;
  readonly requiredVersion?: string | undefined;
  readonly requiredProviders?: { readonly [name: string]: { readonly source: string; readonly version: string } } | undefined;
  readonly backend?: { readonly type: string; readonly settings: { readonly [name: string]: HclValue | undefined } } | undefined;
}

export function terraformBlock(settings: TerraformSettings): HclBlock {
  const { requiredProviders, backend } = settings;
  const body: HclItem[] = attributes({ required_version: settings.requiredVersion });
  if (requiredProviders !== undefined) body.push(block('required_providers', [], attributes({ ...requiredProviders })));
  if (backend !== undefined) body.push(block('backend', [backend.type], attributes(backend.settings)));
  return block('terraform', [], body, settings.comment);
}

export interface OutputArguments {
  readonly value: HclValue;
  readonly description?: string | undefined;
  readonly sensitive?: boolean | undefined;
}

export function outputBlock(name: string, { value, description, sensitive }: OutputArguments, comment?: string): HclBlock {
  return block('output', [name], attributes({ description, value, sensitive }), comment);
}

export interface VariableArguments {
  readonly type: 'string' | 'number' | 'bool' | 'any';
  readonly description?: string | undefined;
  readonly default?: HclValue | undefined;
  readonly sensitive?: boolean | undefined;
  readonly ephemeral?: boolean | undefined;
  readonly nullable?: boolean | undefined;
}

export function variableBlock(name: string, args: VariableArguments, comment?: string): HclBlock {
  const { description, sensitive, ephemeral, nullable } = args;
  const type: HclRef = { $: 'ref', path: [args.type] };
  return block('variable', [name], attributes({ description, type, default: args.default, sensitive, ephemeral, nullable }), comment);
}

export function localsBlock(values: { readonly [name: string]: HclValue }, comment?: string): HclBlock {
  return block('locals', [], attributes(values), comment);
}

export function movedBlock(from: HclRef, to: HclRef, comment?: string): HclBlock {
  return block('moved', [], attributes({ from, to }), comment);
}

/** `destroy: false` forgets the object and leaves it running. */
export function removedBlock(from: HclRef, { destroy }: { readonly destroy: boolean }, comment?: string): HclBlock {
  return block('removed', [], [...attributes({ from }), block('lifecycle', [], attributes({ destroy }))], comment);
}

export function importBlock(to: HclRef, id: HclText, comment?: string): HclBlock {
  return block('import', [], attributes({ to, id }), comment);
}

/** Assertions that warn after a plan or an apply. */
export function checkBlock(name: string, asserts: readonly Condition[], comment?: string): HclBlock {
  return block('check', [name], asserts.map((entry) => conditionBlock('assert', entry)), comment);
}

export interface TerraformDataArguments {
  readonly input?: HclValue | undefined;
  readonly triggers_replace?: HclValue | undefined;
}

/** `terraform_data`: a value in the state that other resources may be replaced by. */
export function terraformData(label: string, args: TerraformDataArguments, meta: ResourceMeta<keyof TerraformDataArguments> = {}): HclBlock {
  return resourceBlock('terraform_data', label, args, {}, meta);
}

export function terraformDataRef(label: string, attribute?: 'id' | 'input' | 'output' | 'triggers_replace'): HclRef {
  return resourceRef('terraform_data', label, attribute);
}
