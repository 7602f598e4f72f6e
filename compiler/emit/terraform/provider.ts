/**
 * `provider.tf`: one provider block a cluster, never a credential. The first cluster takes its token from the
 * environment; the environment has room for one, so each further cluster is an alias with a sensitive variable.
 */
import type { HclBlock, HclRef } from '../../bindings/hcl-value.js';
import { hclRef } from '../../bindings/hcl-value.js';
import { PROVIDER, proxmoxProvider } from '../../bindings/terraform.gen.js';
import type { ProxmoxProvider } from '../../bindings/terraform.gen.js';
import { variableBlock } from '../../bindings/terraform-blocks.js';
import type { Plan, PlanCluster } from '../../plan/plan.js';

export function providerFile(plan: Plan): readonly HclBlock[] {
  return plan.clusters.flatMap((cluster, at) => (at === 0 ? [defaultProvider(cluster)] : [tokenVariable(cluster), aliasedProvider(cluster)]));
}

/** The meta-argument `provider` of a resource in the cluster; undefined where the default provider serves it. */
export function providerOf(plan: Plan, cluster: string): HclRef | undefined {
  return plan.clusters[0]?.name === cluster ? undefined : hclRef(PROVIDER.name, aliasOf(cluster));
}

/** The variable that holds the API token of a cluster beyond the first: recipes export `TF_VAR_<it>`. */
export function tokenVariableOf(cluster: string): string {
  return `${aliasOf(cluster)}_api_token`;
}

function defaultProvider(cluster: PlanCluster): HclBlock {
  const comment = `Cluster ${cluster.name}. The token comes from PROXMOX_VE_API_TOKEN: it is neither here nor in the state.`;
  return proxmoxProvider(settings(cluster), { comment });
}

function aliasedProvider(cluster: PlanCluster): HclBlock {
  const token = hclRef('var', tokenVariableOf(cluster.name));
  return proxmoxProvider({ ...settings(cluster), api_token: token }, { alias: aliasOf(cluster.name), comment: `Cluster ${cluster.name}.` });
}

function tokenVariable(cluster: PlanCluster): HclBlock {
  const description = `API token of cluster ${cluster.name}: user@realm!name=uuid.`;
  return variableBlock(tokenVariableOf(cluster.name), { type: 'string', description, sensitive: true });
}

function settings(cluster: PlanCluster): ProxmoxProvider {
  return {
    endpoint: cluster.endpoint,
    insecure: cluster.insecure ? true : undefined,
    ssh: cluster.ssh === null ? undefined : {
      agent: true,
      username: cluster.ssh,
      node: cluster.nodes.map(({ name, address }) => ({ name, address })),
    },
  };
}

function aliasOf(cluster: string): string {
  return cluster.replace(/[^A-Za-z0-9_-]/g, '_').replace(/^(?=[^A-Za-z_])/, '_');
}
