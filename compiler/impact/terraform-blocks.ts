/** Blocks that no machine is made of: images, generations, providers, outputs, and what a resource says to Terraform itself. */
import type { Rule } from './change.js';

const TERRAFORM = 'Terraform, meta-arguments';
const IMAGES = 'bpg/proxmox 0.112.0, fwprovider: download_file';

/** Of every resource: instructions to Terraform, which Proxmox never sees. */
export const META_RULES: readonly Rule[] = [
  { path: 'lifecycle', impact: 'in_place', note: 'Terraform plans differently from now on; nothing that runs changes', source: TERRAFORM },
  { path: 'lifecycle.*', impact: 'in_place', note: 'Terraform plans differently from now on; nothing that runs changes', source: TERRAFORM },
  { path: 'depends_on', impact: 'in_place', note: 'Terraform takes another order; nothing that runs changes', source: TERRAFORM },
];

export const BLOCK_RULES: Readonly<Record<string, readonly Rule[]>> = {
  proxmox_download_file: [
    { path: '', on: ['removed'], impact: 'in_place', note: 'the file of the image is deleted; machines made from it have disks of their own', source: IMAGES },
    { path: '', on: ['added'], impact: 'in_place', note: 'the image is downloaded; nothing else changes', source: IMAGES },
    { path: 'provider', impact: 'replace', note: 'the image is downloaded in the other cluster; the old file stays, forgotten', source: TERRAFORM },
    { path: 'url', impact: 'in_place', note: 'nothing happens: Terraform ignores where an image was fetched from, its sum says what it is', source: 'labc writes ignore_changes for it' },
    ...['file_name', 'checksum', 'checksum_algorithm', 'content_type', 'datastore_id', 'node_name'].map((path): Rule => (
      { path, impact: 'replace', note: 'the image is downloaded anew; machines stay as they are until their generation changes', source: IMAGES })),
    { path: 'overwrite', impact: 'in_place', note: 'Terraform looks at the file differently; nothing that runs changes', source: IMAGES },
    { path: 'overwrite_unmanaged', impact: 'in_place', note: 'counts for the next download', source: IMAGES },
  ],
  terraform_data: [
    { path: '', on: ['added', 'removed'], impact: 'in_place', note: 'a value in the state; nothing that runs changes', source: 'Terraform, terraform_data' },
    { path: 'input', impact: 'replace', note: 'the machines on this image are destroyed with their root disks and made anew from the other one', source: 'labc writes replace_triggered_by for it' },
    { path: 'input.*', impact: 'replace', note: 'the machines on this image are destroyed with their root disks and made anew from the other one', source: 'labc writes replace_triggered_by for it' },
  ],
  provider: [
    { path: '', impact: 'in_place', note: 'Terraform reaches one cluster more, or one less; nothing that runs changes', source: 'Terraform, provider configuration' },
    { path: 'endpoint', impact: 'in_place', note: 'Terraform asks another address: it has to be the same cluster, or every machine is missing there and made anew', source: 'Terraform, provider configuration' },
    { path: 'alias', impact: 'in_place', note: 'another name of the same connection', source: 'Terraform, provider configuration' },
    { path: 'api_token', impact: 'in_place', note: 'another variable holds the token', source: 'Terraform, provider configuration' },
    { path: 'insecure', impact: 'in_place', note: 'the certificate of the cluster is checked, or no more', source: 'Terraform, provider configuration' },
    { path: 'ssh', impact: 'in_place', note: 'Terraform reaches nodes differently; nothing that runs changes', source: 'Terraform, provider configuration' },
    { path: 'ssh.*', impact: 'in_place', note: 'Terraform reaches nodes differently; nothing that runs changes', source: 'Terraform, provider configuration' },
  ],
  terraform: [
    { path: '', impact: 'in_place', note: 'settings of Terraform itself', source: 'Terraform, terraform block' },
    { path: 'required_version', impact: 'in_place', note: 'an older Terraform refuses the lab', source: 'Terraform, terraform block' },
    { path: 'required_providers', impact: 'in_place', note: '`terraform init -upgrade` has to fetch the provider first', source: 'Terraform, terraform block' },
    { path: 'required_providers.*', impact: 'in_place', note: '`terraform init -upgrade` has to fetch the provider first', source: 'Terraform, terraform block' },
    { path: 'backend', impact: 'refused', note: 'Terraform refuses to plan until `terraform init -migrate-state` has taken the state along; without its state it would make every machine anew', source: 'Terraform, backend configuration' },
    { path: 'backend.*', impact: 'refused', note: 'Terraform refuses to plan until `terraform init -migrate-state` has taken the state along; without its state it would make every machine anew', source: 'Terraform, backend configuration' },
  ],
  output: everything('a value that Terraform shows; nothing that runs changes', 'Terraform, output values'),
  variable: everything('a value that Terraform asks for; nothing that runs changes', 'Terraform, input variables'),
  moved: everything('the machine has another name in the state; nothing that runs changes', 'Terraform, moved block'),
  import: everything('Terraform takes over what runs already', 'Terraform, import block'),
  removed: [
    { path: '', on: ['added'], impact: 'in_place', note: 'Terraform forgets the object and leaves it as it is', source: 'Terraform, removed block with destroy = false' },
    { path: '', impact: 'in_place', note: 'Terraform has forgotten the object already', source: 'Terraform, removed block' },
    { path: 'from', impact: 'in_place', note: 'Terraform forgets another object', source: 'Terraform, removed block' },
    { path: 'lifecycle.destroy', impact: 'destroys_data', note: 'with destroy = true the object is destroyed', source: 'Terraform, removed block' },
    { path: 'lifecycle', impact: 'destroys_data', note: 'without destroy = false the object is destroyed', source: 'Terraform, removed block' },
  ],
};

function everything(note: string, source: string): readonly Rule[] {
  return ['', 'from', 'to', 'id', 'value', 'description', 'type', 'default', 'sensitive', 'ephemeral', 'nullable'].map((path) => ({ path, impact: 'in_place', note, source }));
}
