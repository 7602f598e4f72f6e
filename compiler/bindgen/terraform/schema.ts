/**
 * The Terraform provider's schema, distilled: the provider's own block and the resources that emitters use,
 * with all their attributes and blocks. Fields that are false or empty are left out.
 */

export interface TerraformSchema {
  readonly provider: SchemaBlock;
  readonly resources: { readonly [type: string]: SchemaBlock };
}

export interface SchemaBlock {
  readonly attributes?: { readonly [name: string]: SchemaAttribute };
  readonly blocks?: { readonly [name: string]: NestedBlock };
  readonly deprecated?: true;
  readonly description?: string;
}

export interface NestedBlock extends SchemaBlock {
  readonly mode: 'single' | 'group' | 'list' | 'set';
  readonly min?: number;
  readonly max?: number;
}

export interface SchemaAttribute {
  /** Terraform's type; attributes of a framework's nested kind have `nested` instead. */
  readonly type?: AttributeType;
  readonly nested?: { readonly mode: 'single' | 'list' | 'set' | 'map'; readonly attributes: { readonly [name: string]: SchemaAttribute } };
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
  readonly deprecated?: true;
  readonly sensitive?: true;
  readonly writeOnly?: true;
  readonly description?: string;
}

export type AttributeType =
  | 'string' | 'number' | 'bool' | 'dynamic'
  | readonly ['list' | 'set' | 'map', AttributeType]
  | readonly ['object', { readonly [name: string]: AttributeType }];

/** The resources that the Terraform emitter writes. */
export const RESOURCES = [
  'proxmox_download_file',
  'proxmox_hardware_mapping_dir',
  'proxmox_hardware_mapping_pci',
  'proxmox_hardware_mapping_usb',
  'proxmox_virtual_environment_container',
  'proxmox_virtual_environment_file',
  'proxmox_virtual_environment_pool',
  'proxmox_virtual_environment_vm',
] as const;
