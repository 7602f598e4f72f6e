import { describe, expect, test } from 'vitest';
import { rule as addressInNetwork } from '../../compiler/proofs/address-in-network.js';
import { rule as dnsName } from '../../compiler/proofs/dns-name.js';
import { rule as duplicateAddress } from '../../compiler/proofs/duplicate-address.js';
import { rule as duplicateRoute } from '../../compiler/proofs/duplicate-route.js';
import { rule as gatewayInNetwork } from '../../compiler/proofs/gateway-in-network.js';
import { rule as hostPort } from '../../compiler/proofs/host-port.js';
import { rule as mac } from '../../compiler/proofs/mac.js';
import { rule as networkOverlap } from '../../compiler/proofs/network-overlap.js';
import { rule as vlan } from '../../compiler/proofs/vlan.js';
import { rule as wayOut } from '../../compiler/proofs/way-out.js';
import { app, device, found, metal, name, network, nic, node, onNodes, plan, port, route, vm } from './support.js';

const onMachine = (nicGiven: Parameters<typeof nic>[2], networks = [network('lan', 3)]) => plan({ networks, machines: [vm('carrie', 11, {}, { nics: [nic(11, 11, nicGiven)] })] });

describe('duplicate-address', () => {
  test('machines, devices and nodes have an address each', () => {
    expect(found(duplicateAddress, plan({ machines: [vm('carrie', 11), vm('misery', 12), device('printer', 50)] }))).toEqual([]);
    expect(found(duplicateAddress, plan({ machines: [vm('carrie', 11), vm('misery', 12, {}, { nics: [nic(11, 12)] }), device('printer', 11), vm('blaine', 200)] }))).toEqual([
      'LAB5001 12+11: 192.168.86.11 is the address of carrie and of misery',
      'LAB5001 11+11: 192.168.86.11 is the address of carrie and of printer',
      'LAB5001 200+1: 192.168.86.200 is the address of node maturin and of blaine',
    ]);
  });

  test('the help names an address that is free', () => {
    const [one] = duplicateAddress.check({ plan: plan({ machines: [vm('a', 254), vm('b', 254), vm('c', 2)] }), edges: [] });
    expect(one?.help).toBe('192.168.86.3 is free in this lab');
  });

  test('a gateway may be a machine that can be one', () => {
    const forwards = { items: [{ id: 'sysctl:net.ipv4.ip_forward', kind: 'sysctl', key: 'net.ipv4.ip_forward', owner: 'gateway', phase: 1, tasks: [], undo: [], origin: { file: 'x', line: 1, rank: 'lab' } }], handlers: [], files: [], verifies: [], retired: [] };
    expect(found(duplicateAddress, plan({ machines: [device('router', 1)] }))).toEqual([]);
    expect(found(duplicateAddress, plan({ machines: [vm('blaine', 1, {}, { converge: forwards })] }))).toEqual([]);
    expect(found(duplicateAddress, plan({ machines: [metal('maturin', 200)] }))).toEqual([]);
    expect(found(duplicateAddress, plan({ machines: [vm('carrie', 1)] }))).toEqual(['LAB5001 1+3: 192.168.86.1 is the address of the gateway of lan and of carrie']);
  });
});

test('address-in-network', () => {
  expect(found(addressInNetwork, onMachine({}))).toEqual([]);
  expect(found(addressInNetwork, onMachine({ address: 'dhcp', prefix: null }))).toEqual([]);
  expect(found(addressInNetwork, onMachine({ address: '10.0.0.0', prefix: 31 }, [network('lan', 3, { cidr: '10.0.0.0/31' })]))).toEqual([]);
  expect(found(addressInNetwork, onMachine({ address: '192.168.87.5' }))).toEqual(['LAB5002 11+3: 192.168.87.5 of carrie lies outside lan, which is 192.168.86.0/24']);
  expect(found(addressInNetwork, onMachine({ address: '192.168.86.0' }))).toEqual(['LAB5003 11+3: 192.168.86.0 of carrie is the network address of 192.168.86.0/24']);
  expect(found(addressInNetwork, onMachine({ address: '192.168.86.255' }))).toEqual(['LAB5003 11+3: 192.168.86.255 of carrie is the broadcast address of 192.168.86.0/24']);
  expect(found(addressInNetwork, onMachine({ prefix: 4 }))).toEqual(['LAB5009 11: /4 is no prefix length for carrie']);
});

test('gateway-in-network', () => {
  expect(found(gatewayInNetwork, onMachine({ gateway: '192.168.86.223' }))).toEqual([]);
  expect(found(gatewayInNetwork, onMachine({ prefix: 32, gateway: '10.0.0.1' }))).toEqual([]);
  expect(found(gatewayInNetwork, onMachine({ gateway: '192.168.30.1' }))).toEqual(['LAB5004 11: the gateway 192.168.30.1 of carrie cannot be reached from 192.168.86.0/24']);
  expect(found(gatewayInNetwork, onMachine({ gateway: '10.0.0.1' }, [network('lan', 3, { gateway: '10.0.0.1' })]))).toEqual(['LAB5004 3: the gateway 10.0.0.1 of network lan cannot be reached from 192.168.86.0/24']);
});

test('network-overlap', () => {
  const three = (second: string) => plan({ networks: [network('lan', 3), network('iot', 4, { cidr: second }), network('far', 5, { cidr: '10.0.0.0/8' })] });
  expect(found(networkOverlap, three('192.168.87.0/24'))).toEqual([]);
  expect(found(networkOverlap, three('192.168.0.0/16'))).toEqual(['LAB5005 3+4: the networks iot (192.168.0.0/16) and lan (192.168.86.0/24) overlap']);
  expect(found(networkOverlap, three('10.1.0.0/16'))).toEqual(['LAB5005 4+5: the networks far (10.0.0.0/8) and iot (10.1.0.0/16) overlap']);
});

test('mac', () => {
  const macs = (one: string, two: string) => plan({ machines: [vm('carrie', 11, {}, { nics: [nic(11, 11, { mac: one })] }), vm('misery', 12, {}, { nics: [nic(12, 12, { mac: two })] })] });
  expect(found(mac, macs('02:00:00:00:00:01', '02:00:00:00:00:02'))).toEqual([]);
  expect(found(mac, macs('02:AA:00:00:00:01', '02:aa:00:00:00:01'))).toEqual(['LAB5006 12+11: nic lan of carrie and nic lan of misery have the same MAC 02:AA:00:00:00:01']);
});

test('vlan', () => {
  const two = (one: number | null, second: number | null, bridge = 'vmbr0') => plan({ networks: [network('lan', 3, { vlan: one }), network('iot', 4, { vlan: second, bridge })] });
  expect(found(vlan, two(null, 30))).toEqual([]);
  expect(found(vlan, two(30, 30, 'vmbr1'))).toEqual([]);
  expect(found(vlan, two(30, 30))).toEqual(['LAB5008 4+3: the networks lan and iot are both VLAN 30 on the bridge vmbr0']);
  expect(found(vlan, two(null, null))).toEqual(['LAB5008 4+3: the networks lan and iot are both untagged on the bridge vmbr0']);
  const apart = two(null, null);
  const clusters = [...apart.clusters, ...apart.clusters.map((cluster) => ({ ...cluster, name: 'away' }))];
  const machines = [vm('carrie', 11), vm('misery', 12, { cluster: 'away' }, { nics: [nic(12, 12, { network: 'iot' })] })];
  expect(found(vlan, { ...apart, clusters, machines })).toEqual([]);
});

test('duplicate-route', () => {
  expect(found(duplicateRoute, plan({ routes: [route('a.web', 'x.lab', 11), route('b.web', 'y.lab', 12), route('c.web', 'x.lab', 13, { path: '/c' })] }))).toEqual([]);
  expect(found(duplicateRoute, plan({ routes: [route('a.web', 'x.lab', 11, { path: '/' }), route('b.web', 'y.lab', 12, { hosts: ['y.lab', 'X.lab'] })] }))).toEqual(['LAB5010 12+11: x.lab leads to a.web and to b.web']);
});

test('dns-name', () => {
  const others = [name('x.lab', 'TXT', 'one', 1), name('x.lab', 'TXT', 'two', 2)];
  expect(found(dnsName, plan({ names: [...others, name('x.lab', 'A', '10.0.0.1', 3), name('x.lab', 'A', '10.0.0.1', 4), name('y.lab', 'A', '10.0.0.2', 5)] }))).toEqual([]);
  expect(found(dnsName, plan({ names: [name('x.lab', 'A', '10.0.0.1', 3), { ...name('x.lab', 'A', '10.0.0.2', 4), view: 'public' }] }))).toEqual([]);
  expect(found(dnsName, plan({ names: [name('x.lab', 'A', '10.0.0.1', 3), name('X.lab', 'A', '10.0.0.2', 4), name('x.lab', 'CNAME', 'z.lab', 5)] }))).toEqual([
    'LAB5011 4+3: the name X.lab means 10.0.0.1 and 10.0.0.2', 'LAB5011 5+3: the name x.lab means 10.0.0.1 and the alias z.lab',
  ]);
});

test('host-port', () => {
  const two = (one: ReturnType<typeof port>, second: ReturnType<typeof port>) => plan({ machines: [vm('carrie', 11)], instances: [app('a', 'carrie', 21, { ports: [one] }), app('b', 'carrie', 22, { ports: [second] })] });
  expect(found(hostPort, two(port(80), port(443)))).toEqual([]);
  expect(found(hostPort, two(port(53), port(53, { protocol: 'udp' })))).toEqual([]);
  expect(found(hostPort, two(port(80), port(80, { address: '192.168.30.11' })))).toEqual([]);
  expect(found(hostPort, two(port(80), port(80)))).toEqual(['LAB5012 22+21: port 80/tcp of carrie is taken by a.server, and b.server wants it too']);
  expect(found(hostPort, two(port(80, { address: '0.0.0.0' }), port(80)))).toHaveLength(1);
  expect(found(hostPort, two(port(22), port(443)))).toEqual(['LAB5012 21+11: port 22/tcp of carrie is taken by sshd, and a.server wants it too']);
});

test('nodes stand on their own lines', () => {
  expect(found(duplicateAddress, onNodes([node('maturin', 200, 1), node('gan', 200, 2)]))).toEqual(['LAB5001 2+1: 192.168.86.200 is the address of node maturin and of node gan']);
});

test('way-out', () => {
  const closed = { ...network('lan', 3), gateway: null };
  const inside = (given: Parameters<typeof nic>[2]) => vm('carrie', 11, {}, { nics: [nic(11, 11, given)] });
  expect(found(wayOut, plan({ networks: [closed], machines: [inside({ gateway: '192.168.86.1' })] }))).toEqual([]);
  expect(found(wayOut, plan({ networks: [network('lan', 3)], machines: [inside({ gateway: null })] }))).toEqual([]);
  expect(found(wayOut, plan({ networks: [closed], machines: [{ ...inside({ gateway: null }), converge: null }, metal('flagg', 12)] }))).toEqual([]);
  expect(found(wayOut, plan({ networks: [closed], machines: [inside({ gateway: null })] }))).toEqual(['LAB5407 3+11: the network lan has no gateway, and nothing else leads out of carrie']);
});
