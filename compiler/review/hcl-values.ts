/** Blocks of Terraform as values by attribute path, so that two versions of one can be compared value by value. */
import type { HclBlock, HclItem, HclRef, HclValue } from '../bindings/hcl-value.js';
import { isHclExpression } from '../bindings/hcl-value.js';

export interface HclLeaf {
  /** Without indices, as tables of impacts name it: `disk.size`. */
  readonly path: string;
  /** Unique within the block, with what tells repeated blocks apart: `disk[carrie-data].size`. */
  readonly id: string;
  /** As a reference in `ignore_changes` counts: `disk`, 1, `size`. */
  readonly at: readonly (string | number)[];
  /** What tells each repeated block on the way apart, innermost last; undefined for what is not repeated. */
  readonly key: string | undefined;
  readonly value: HclValue;
}

/** A nested block, or the whole of one: for saying that it appeared or went. */
export interface HclValues {
  readonly leaves: ReadonlyMap<string, HclLeaf>;
  /** Ids of nested blocks with their path and key, outer before inner. */
  readonly blocks: ReadonlyMap<string, { readonly path: string; readonly key: string | undefined }>;
}

/** What tells blocks of one name apart, where it is not their place. */
const KEYS: Readonly<Record<string, string>> = { disk: 'serial', mount_point: 'path', network_interface: 'name', hostpci: 'device' };

/** Blocks that tell Terraform how to go about it; nothing of them reaches a machine. */
const SILENT: ReadonlySet<string> = new Set(['lifecycle']);

export const RAW_PATH = 'raw';

export function hclValues(block: HclBlock): HclValues {
  const leaves = new Map<string, HclLeaf>();
  const blocks = new Map<string, { readonly path: string; readonly key: string | undefined }>();
  // Addresses pair with cards by position; a container's cards have names.
  const cards = block.body.flatMap((item) => (item.item === 'block' && item.type === 'network_interface' ? [literal(item, 'name') ?? ''] : []));
  visit(block.body, '', '', [], undefined);
  return { leaves, blocks };

  function visit(items: readonly HclItem[], path: string, id: string, at: readonly (string | number)[], key: string | undefined): void {
    const counts = new Map<string, number>();
    for (const item of items) {
      if (item.item === 'fragment') {
        const n = count(counts, RAW_PATH);
        leaves.set(join(id, `${RAW_PATH}[${n}]`), { path: join(path, RAW_PATH), id: join(id, `${RAW_PATH}[${n}]`), at, key, value: item.text });
      } else if (item.item === 'attribute') {
        if (item.name !== 'depends_on') leaves.set(join(id, item.name), { path: join(path, item.name), id: join(id, item.name), at: [...at, item.name], key, value: item.value });
      } else if (!SILENT.has(item.type)) {
        const n = count(counts, item.type);
        const repeated = KEYS[item.type] ?? (items.filter((other) => other.item === 'block' && other.type === item.type).length > 1 || n > 0 || PLACED.has(item.type) ? '' : undefined);
        const own = repeated === undefined ? undefined : ((item.type === 'ip_config' ? cards[n] : literal(item, repeated)) ?? String(n));
        const inner = join(id, own === undefined ? item.type : `${item.type}[${own}]`);
        blocks.set(inner, { path: join(path, item.type), key: own ?? key });
        visit(item.body, join(path, item.type), inner, [...at, item.type, n], own ?? key);
      }
    }
  }
}

/** Blocks that are told apart by their place even where there is one. */
const PLACED: ReadonlySet<string> = new Set(['network_device', 'ip_config', 'usb']);

/** The paths of `ignore_changes`; `all` is a path of that word. */
export function ignoredPaths(block: HclBlock): readonly (readonly (string | number)[])[] {
  const lifecycle = block.body.find((item): item is HclBlock => item.item === 'block' && item.type === 'lifecycle');
  const ignored = lifecycle?.body.find((item) => item.item === 'attribute' && item.name === 'ignore_changes');
  if (ignored?.item !== 'attribute') return [];
  const list = Array.isArray(ignored.value) ? (ignored.value as readonly HclValue[]) : [ignored.value];
  return list.flatMap((value) => (isRef(value) ? [value.path] : []));
}

export function isIgnored(leaf: { readonly at: readonly (string | number)[] }, ignored: readonly (readonly (string | number)[])[]): boolean {
  return ignored.some((path) => path.every((part, i) => leaf.at[i] === part));
}

/** A value as a person reads it in one line. */
export function hclText(value: HclValue | undefined): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : (value as readonly HclValue[]).map(hclText).join(', ');
  if (!isHclExpression(value)) return Object.entries(value).map(([key, item]) => `${key} ${hclText(item)}`).join(', ');
  switch (value.$) {
    case 'ref': return value.path.join('.');
    case 'template': return value.parts.map((part) => (typeof part === 'string' ? part : hclText(part))).join('');
    case 'call': return `${value.name}(...)`;
    case 'map': return value.entries.map(([key, item]) => `${key} ${hclText(item)}`).join(', ');
    case 'raw': return value.text;
  }
}

function isRef(value: HclValue): value is HclRef {
  return typeof value === 'object' && value !== null && '$' in value && value.$ === 'ref';
}

function literal(block: HclBlock, name: string): string | undefined {
  const found = block.body.find((item) => item.item === 'attribute' && item.name === name);
  return found?.item === 'attribute' && typeof found.value === 'string' ? found.value : undefined;
}

function count(counts: Map<string, number>, name: string): number {
  const n = counts.get(name) ?? 0;
  counts.set(name, n + 1);
  return n;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
