/** `versions.tf`: which Terraform, which provider, where the state lives. */
import type { HclBlock, HclValue } from '../../bindings/hcl-value.js';
import { PROVIDER } from '../../bindings/terraform.gen.js';
import { terraformBlock } from '../../bindings/terraform-blocks.js';
import type { PlanBackend } from '../../plan/plan.js';

export function versionsFile(backend: PlanBackend): readonly HclBlock[] {
  return [
    terraformBlock({
      requiredVersion: requiredVersion(backend),
      // Minors of a provider before 1.0 may break: only its patches are taken.
      requiredProviders: { [PROVIDER.name]: { source: PROVIDER.source, version: `~> ${PROVIDER.version}` } },
      backend: { type: backend.type, settings: nest(backend.settings) },
    }),
  ];
}

/** `replace_triggered_by` on `terraform_data` and moves across types want 1.8; a lock file in S3 came with 1.10. */
function requiredVersion(backend: PlanBackend): string {
  return backend.type === 's3' && backend.settings.use_lockfile === true ? '>= 1.10.0' : '>= 1.8.0';
}

/** A dotted setting is a nested one: `endpoints.s3` becomes `endpoints = { s3 = ... }`. */
function nest(settings: PlanBackend['settings']): Record<string, HclValue> {
  const nested: Record<string, HclValue> = {};
  for (const [name, value] of Object.entries(settings)) {
    const dot = name.indexOf('.');
    if (dot === -1) nested[name] = value;
    else {
      const group = name.slice(0, dot);
      nested[group] = { ...(nested[group] as Record<string, HclValue> | undefined), [name.slice(dot + 1)]: value };
    }
  }
  return nested;
}
