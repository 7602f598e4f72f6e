/**
 * Every attribute that labc's Terraform can hold, by resource type or block, as the emitter's own sources say it: its
 * calls of builders, and what builders add around the arguments. The names of paths are Terraform's.
 */
import { EmitterReader, type Emitted } from './attributes.js';

export const EMITTER = 'compiler/emit/terraform';

/** Builders of resources by the type that they make, with how many arguments stand before the attributes. */
const RESOURCES: Readonly<Record<string, string>> = {
  proxmoxVirtualEnvironmentVm: 'proxmox_virtual_environment_vm',
  proxmoxVirtualEnvironmentContainer: 'proxmox_virtual_environment_container',
  proxmoxDownloadFile: 'proxmox_download_file',
  terraformData: 'terraform_data',
};
const BLOCKS: Readonly<Record<string, { readonly type: string; readonly at: number }>> = {
  proxmoxProvider: { type: 'provider', at: 0 },
  terraformBlock: { type: 'terraform', at: 0 },
  outputBlock: { type: 'output', at: 1 },
  variableBlock: { type: 'variable', at: 1 },
  movedBlock: { type: 'moved', at: 9 },
  removedBlock: { type: 'removed', at: 9 },
  importBlock: { type: 'import', at: 9 },
};
/** What a name of a builder's own argument is in Terraform; null where it is no attribute. */
const OWN: Readonly<Record<string, string | null>> = { comment: null, comments: null, fragments: null, forEach: 'for_each' };

export function emittedAttributes(): ReadonlyMap<string, readonly Emitted[]> {
  const reader = new EmitterReader(EMITTER, 'compiler/bindings/terraform.gen.ts');
  const found = new Map<string, readonly Emitted[]>();
  for (const builder of reader.builders()) {
    const resource = RESOURCES[builder];
    const block = BLOCKS[builder];
    if (resource !== undefined) found.set(resource, [...reader.argumentsOf(builder, 1), ...own(reader.argumentsOf(builder, 2))]);
    else if (block !== undefined) {
      const meta = builder === 'proxmoxProvider' ? own(reader.argumentsOf(builder, 1)) : [];
      found.set(block.type, [...(builder === 'proxmoxProvider' ? reader.argumentsOf(builder, 0) : own(reader.argumentsOf(builder, block.at))), ...meta]);
    } else if (/Block$/.test(builder) || (/^(proxmox|terraform)/.test(builder) && !/Ref$/.test(builder))) throw new Error(`${builder} is a builder that test/impact/emitted.ts does not know`);
  }
  return found;
}

/** `ignoreChanges` is `ignore_changes` in the text; comments are none of Terraform's business. */
function own(attributes: readonly Emitted[]): readonly Emitted[] {
  return attributes.flatMap(({ path, block }) => {
    const names = path.split('.').map((name) => (name in OWN ? OWN[name]! : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
    return names.includes(null as never) ? [] : [{ path: names.join('.'), block }];
  });
}
