export type Observed = 'no-op' | 'update' | 'replace' | 'refused';
export interface Probes { readonly provider: string; readonly resources: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Observed>>>>>>; }
export const PROBES: Probes = { provider: '0.112.0', resources: {} };
