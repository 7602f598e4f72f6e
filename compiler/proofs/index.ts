/** S8: every proof over a plan. The list is the only place that knows them all; its order is that of the catalogue. */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { rule as addressInNetwork } from './address-in-network.js';
import { rule as backupOnItself } from './backup-on-itself.js';
import { rule as bootstrapImage } from './bootstrap-image.js';
import { rule as bootstrapNames } from './bootstrap-names.js';
import { rule as datastoreBudget } from './datastore-budget.js';
import { rule as datastoreContent } from './datastore-content.js';
import { rule as diskFormat } from './disk-format.js';
import { rule as diskLimits } from './disk-limits.js';
import { rule as dnsName } from './dns-name.js';
import { rule as duplicateAddress } from './duplicate-address.js';
import { rule as duplicateAlias } from './duplicate-alias.js';
import { rule as duplicateContainer } from './duplicate-container.js';
import { rule as duplicateMount } from './duplicate-mount.js';
import { rule as duplicateRoute } from './duplicate-route.js';
import { rule as duplicateVolume } from './duplicate-volume.js';
import { rule as gatewayInNetwork } from './gateway-in-network.js';
import { rule as guestSize } from './guest-size.js';
import { rule as hostPort } from './host-port.js';
import { rule as imagePlace } from './image-place.js';
import { rule as mac } from './mac.js';
import { rule as machineName } from './machine-name.js';
import { rule as networkOverlap } from './network-overlap.js';
import { rule as nicCount } from './nic-count.js';
import { rule as nodeBudget } from './node-budget.js';
import { rule as passedDevice } from './passed-device.js';
import { rule as placedContent } from './placed-content.js';
import { rule as repositoryMounted } from './repository-mounted.js';
import { rule as selfMonitor } from './self-monitor.js';
import { rule as slots } from './slots.js';
import { rule as startCycle } from './start-cycle.js';
import { rule as tags } from './tags.js';
import { rule as twoWriters } from './two-writers.js';
import { rule as vlan } from './vlan.js';
import { rule as vmid } from './vmid.js';
import { rule as wayOut } from './way-out.js';
import type { ProofInput, Rule } from './rule.js';

export const rules: readonly Rule[] = [
  duplicateAddress, addressInNetwork, gatewayInNetwork, networkOverlap, mac, vlan, duplicateRoute, dnsName, hostPort, vmid, machineName, tags,
  guestSize, slots, diskLimits, nicCount, passedDevice, duplicateMount, placedContent, datastoreContent, diskFormat, imagePlace, nodeBudget,
  datastoreBudget, duplicateContainer, duplicateVolume, duplicateAlias, twoWriters, startCycle, bootstrapNames, bootstrapImage,
  selfMonitor, backupOnItself, repositoryMounted, wayOut,
];

/** What contradicts itself or the real systems. Never throws. */
export function prove(input: ProofInput): Diagnostic[] {
  return rules.flatMap((rule) => rule.check(input));
}
