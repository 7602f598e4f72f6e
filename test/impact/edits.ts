/** Changes of one value or block in emitted configuration, as data: what the probes plan. */
import type { HclAttribute, HclBlock, HclItem, HclValue } from '../../compiler/bindings/hcl-value.js';
import type { Change } from '../../compiler/impact/change.js';

export interface Edit {
  readonly change: Change;
  readonly block: HclBlock;
}

const isBlock = (item: HclItem, name: string): item is HclBlock => item.item === 'block' && item.type === name;
const isAttribute = (item: HclItem, name: string): item is HclAttribute => item.item === 'attribute' && item.name === name;

/** The first block at `path`, undefined where there is none. */
export function blockAt(block: HclBlock, path: readonly string[]): HclBlock | undefined {
  const [name, ...rest] = path;
  if (name === undefined) return block;
  for (const item of block.body) {
    const found = isBlock(item, name) ? blockAt(item, rest) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

export function valueAt(block: HclBlock, path: readonly string[]): HclValue | undefined {
  const name = path.at(-1)!;
  for (const owner of ownersOf(block, path.slice(0, -1))) {
    const found = owner.body.find((item): item is HclAttribute => isAttribute(item, name));
    if (found !== undefined) return found.value;
  }
  return undefined;
}

function ownersOf(block: HclBlock, path: readonly string[]): readonly HclBlock[] {
  const [name, ...rest] = path;
  return name === undefined ? [block] : block.body.flatMap((item) => (isBlock(item, name) ? ownersOf(item, rest) : []));
}

/** The block with another value at `path`, in the first block there that has one; null takes it away. */
export function withValue(block: HclBlock, path: readonly string[], value: HclValue): HclBlock {
  const name = path.at(-1)!;
  const target = ownersOf(block, path.slice(0, -1)).find((owner) => owner.body.some((item) => isAttribute(item, name))) ?? ownersOf(block, path.slice(0, -1))[0];
  const attribute: HclAttribute = { item: 'attribute', name, value };
  return replaced(block, target!, (owner) => {
    const others = owner.body.filter((item) => !isAttribute(item, name));
    return { ...owner, body: value === null ? others : [attribute, ...others] };
  });
}

/** Without the first block at `path` or, of several, the last. */
export function withoutBlock(block: HclBlock, path: readonly string[]): HclBlock {
  const name = path.at(-1)!;
  const owner = ownersOf(block, path.slice(0, -1)).find((one) => one.body.some((item) => isBlock(item, name)))!;
  const last = owner.body.findLastIndex((item) => isBlock(item, name));
  return replaced(block, owner, (one) => ({ ...one, body: one.body.filter((_, at) => at !== last) }));
}

/** With one more block at `path`, after those that are there. */
export function withBlock(block: HclBlock, path: readonly string[], added: HclBlock): HclBlock {
  const owner = ownersOf(block, path.slice(0, -1))[0]!;
  const last = owner.body.findLastIndex((item) => item.item === 'block' && item.type !== 'lifecycle');
  return replaced(block, owner, (one) => ({ ...one, body: [...one.body.slice(0, last + 1), added, ...one.body.slice(last + 1)] }));
}

function replaced(block: HclBlock, target: HclBlock, change: (block: HclBlock) => HclBlock): HclBlock {
  if (block === target) return change(block);
  return { ...block, body: block.body.map((item) => (item.item === 'block' ? replaced(item, target, change) : item)) };
}
