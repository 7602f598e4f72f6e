/**
 * HCL as data: what the builders return and the printer in compiler/emit/hcl makes text of.
 * A string is always a literal, escaped by the printer whatever it holds; only the tagged nodes are expressions.
 * A tagged node is an object with the key `$`, which no ordinary object has. `HclMap` carries arbitrary keys.
 */

export type HclValue = HclLiteral | HclExpression | readonly HclValue[] | HclObject;
export type HclLiteral = string | number | boolean | null;
export type HclExpression = HclRef | HclTemplate | HclCall | HclMap | HclRaw;

/** An object whose keys this compiler chose; keys of a user go into an `HclMap`. Undefined entries are left out. */
export interface HclObject {
  readonly [key: string]: HclValue | undefined;
  readonly $?: never;
}

/** `proxmox_download_file.debian_pve1.id`; a number, or a text that is no identifier, prints as an index. */
export interface HclRef {
  readonly $: 'ref';
  readonly path: readonly (string | number)[];
}

/** Text with interpolations: strings are literal parts, everything else is interpolated. */
export interface HclTemplate {
  readonly $: 'template';
  readonly parts: readonly (string | HclExpression)[];
}

/** `jsonencode(...)`. */
export interface HclCall {
  readonly $: 'call';
  readonly name: string;
  readonly args: readonly HclValue[];
}

/** An object with any text as key, in this order. */
export interface HclMap {
  readonly $: 'map';
  readonly entries: readonly (readonly [key: string, value: HclValue])[];
}

/** An expression as HCL text, printed as it is: never for a value that a user wrote. */
export interface HclRaw {
  readonly $: 'raw';
  readonly text: string;
}

/** The types of arguments: a literal, or an expression that yields one. */
export type HclText = string | HclExpression;
export type HclNumber = number | HclExpression;
export type HclBoolean = boolean | HclExpression;
export type HclList<T> = readonly T[] | HclExpression;
export type HclDictionary<T> = { readonly [key: string]: T | undefined; readonly $?: never } | HclExpression;

/** A block and its body: comments, attributes and blocks in the order they are printed. */
export interface HclBlock {
  readonly item: 'block';
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: readonly HclItem[];
  /** Lines above the block, without `#`. */
  readonly comment?: string;
}

export interface HclAttribute {
  readonly item: 'attribute';
  readonly name: string;
  readonly value: HclValue;
  /** Lines above the attribute, without `#`. */
  readonly comment?: string;
}

/** A fragment that a user wrote as HCL, printed as it is: an escape hatch that the plan lists. */
export interface HclFragment {
  readonly item: 'fragment';
  readonly text: string;
}

export type HclItem = HclAttribute | HclBlock | HclFragment;

/** True for the tagged nodes. */
export function isHclExpression(value: HclValue): value is HclExpression {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && '$' in value;
}

export function hclRef(...path: readonly (string | number)[]): HclRef {
  return { $: 'ref', path };
}

export function hclTemplate(...parts: readonly (string | HclExpression)[]): HclTemplate {
  return { $: 'template', parts };
}

export function hclCall(name: string, ...args: readonly HclValue[]): HclCall {
  return { $: 'call', name, args };
}

export function hclMap(entries: Iterable<readonly [key: string, value: HclValue]>): HclMap {
  return { $: 'map', entries: [...entries] };
}

export function hclRaw(text: string): HclRaw {
  return { $: 'raw', text };
}
