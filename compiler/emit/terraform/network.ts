/**
 * Network devices and their addresses. Addresses pair with devices by position, so both lists come from `nics` in
 * one order. MACs are fixed and upper case: a rebuild keeps leases, and Proxmox would rewrite lower case for ever.
 */
import type {
  ProxmoxVirtualEnvironmentContainerNetworkInterface,
  ProxmoxVirtualEnvironmentVmInitializationIpConfig,
  ProxmoxVirtualEnvironmentVmNetworkDevice,
} from '../../bindings/terraform.gen.js';
import type { PlanCloudInit, PlanNic } from '../../plan/machine.js';
import { present } from './header.js';

export function networkDevices(nics: readonly PlanNic[]): readonly ProxmoxVirtualEnvironmentVmNetworkDevice[] {
  return nics.map((nic) => ({ ...port(nic), model: 'virtio' }));
}

/** Inside a container the devices are eth0, eth1, ... by their lasting places; where one is gone, the others keep their names. */
export function networkInterfaces(nics: readonly PlanNic[]): readonly ProxmoxVirtualEnvironmentContainerNetworkInterface[] {
  return nics.map((nic) => ({ name: `eth${nic.place}`, ...port(nic) }));
}

/** As long as the last device with an address; a device without one in between keeps its place. */
export function ipConfigs(nics: readonly PlanNic[]): readonly ProxmoxVirtualEnvironmentVmInitializationIpConfig[] {
  const last = nics.findLastIndex((nic) => nic.address !== null);
  return nics.slice(0, last + 1).map((nic) => {
    if (nic.address === null) return {};
    if (nic.address === 'dhcp') return { ipv4: { address: 'dhcp' } };
    const address = `${nic.address}/${present(nic.prefix, `the prefix of ${nic.address}`)}`;
    return { ipv4: { address, gateway: nic.gateway ?? undefined } };
  });
}

/** Without resolvers of its own a machine asks what its node asks. */
export function dnsOf({ domain, resolvers }: PlanCloudInit) {
  return { domain, servers: resolvers.length === 0 ? undefined : resolvers };
}

function port(nic: PlanNic) {
  return {
    bridge: present(nic.bridge, `the bridge of ${nic.network}`),
    vlan_id: nic.vlan ?? undefined,
    mac_address: present(nic.mac, `the MAC on ${nic.network}`).toUpperCase(),
    mtu: nic.mtu ?? undefined,
    firewall: nic.firewall,
  };
}
