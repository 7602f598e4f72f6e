/** Edits of networks, addresses, cloud-init: what a machine learns at its first boot only, and what it never may lose. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reviewPlans } from '../../../compiler/review/index.js';
import { describeWithTool } from '../../support/tools.js';
import { build } from '../lab-kit.js';
import { readPlan } from './plan.js';
import { proveEdits } from './prove.js';
import { add, change, edit, ground, line } from './source.js';
import { openWorkbench, type Workbench } from './workbench.js';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQgAH7H4L4OX22+EYuiUuTNSCot5S7It6Q7uGH//BvD';
const everyMachine = (what: string): Readonly<Record<string, string>> => Object.fromEntries(['lxc.box', 'vm.media', 'vm.spare', 'vm.store', 'vm.web'].map((address) => [address, what]));

proveEdits('networks', {
  'a card more': { threads: 'proxmox.md 3', changes: [line('vm store', 'nic iot')], review: { store: 'reboot' }, plan: { 'vm.store': 'update initialization.ip_config, network_device' } },
  // The provider leaves the address of the card in Proxmox, and every later plan wants it gone.
  'a card less': { threads: 'proxmox.md 3', changes: [change('vm web', '  nic iot\n', '')], review: { web: 'reboot' }, plan: { 'vm.web': 'update initialization.ip_config, network_device' }, rest: { 'vm.web': 'update initialization.ip_config' } },
  'the cards in another order': { threads: 'bpg#734', changes: [change('vm web', '  nic lan { address = 10.0.0.20 }\n  nic iot\n', '  nic iot\n  nic lan { address = 10.0.0.20 }\n')] },
  'a card more in front': {
    threads: 'bpg#734 proxmox.md 3', changes: [change('vm store', '  nic lan\n', '  nic iot\n  nic lan\n')],
    review: { store: 'reboot' }, plan: { 'vm.store': 'update initialization.ip_config, network_device' },
  },
  'the first card less': {
    threads: 'bpg#734 proxmox.md 3', changes: [change('vm web', '  nic lan { address = 10.0.0.20 }\n', '')],
    refused: 'LAB6115', permit: [add('allow web { change = slot }')],
    review: { lab: 'in_place', web: 'reboot' },
    plan: { 'vm.web': 'update initialization.dns.servers, initialization.ip_config, initialization.ip_config.ipv4.address, initialization.ip_config.ipv4.gateway, network_device, network_device.mac_address, network_device.vlan_id' },
    // What the provider leaves in Proxmox, `just` is told to delete.
    rest: { 'vm.web': 'update initialization.dns.servers, initialization.ip_config' },
  },
  'another card in the place of the last': {
    threads: 'bpg#734', changes: [add('network guests { cidr = 10.0.40.0/24  vlan = 40  bridge = vmbr0  allocate = 10.0.40.200 .. 10.0.40.239 }'), change('vm web', '  nic iot\n', '  nic guests\n')],
    refused: 'LAB6115', permit: [change('vm web', '  nic guests\n', '  nic guests { was iot }\n')],
    review: { box: 'in_place', lab: 'in_place', media: 'in_place', spare: 'in_place', store: 'in_place', web: 'reboot' },
    plan: { 'vm.web': 'update initialization.ip_config.ipv4.address, network_device.vlan_id' },
  },
  'another MAC': {
    threads: 'bpg#734 bpg PR#354 danitso#37', changes: [change('vm web', 'address = 10.0.0.20', 'address = 10.0.0.20  mac = 02:11:22:33:44:55')],
    review: { web: 'reboot' },
    plan: { 'vm.web': 'update network_device.mac_address' },
  },
  'the allocated MAC is written down': { threads: 'bpg#734', changes: [change('vm web', 'address = 10.0.0.20', 'address = 10.0.0.20  mac = 02:b9:2a:9d:ae:f1')] },
  'another address': { threads: '89luca89/terrible#68', changes: [change('vm web', '10.0.0.20', '10.0.0.21')], review: { lab: 'in_place', web: 'reboot' }, plan: { 'vm.web': 'update initialization.ip_config.ipv4.address' } },
  'an allocated address is written down': { threads: 'ionos-cloud/cluster-api-provider-proxmox#412', changes: [change('vm store', 'nic lan', 'nic lan { address = 10.0.0.224 }')] },
  'another gateway': {
    threads: 'bpg#2901', changes: [change('vm web', 'address = 10.0.0.20', 'address = 10.0.0.20  gateway = 10.0.0.254')],
    review: { web: 'reboot' },
    plan: { 'vm.web': 'update initialization.ip_config.ipv4.gateway' },
  },
  'another gateway for all': {
    threads: 'bpg#2901', changes: [change('network lan', 'gateway = 10.0.0.1 ', 'gateway = 10.0.0.254 ')],
    review: { box: 'reboot', hub: 'in_place', lab: 'in_place', media: 'reboot', spare: 'reboot', store: 'reboot', web: 'reboot' },
    plan: everyMachine('update initialization.ip_config.ipv4.gateway'),
  },
  'another VLAN': { threads: 'bpg#3063', changes: [change('network iot', 'vlan = 30', 'vlan = 31')], review: { lab: 'in_place', web: 'restart' }, plan: { 'vm.web': 'update network_device.vlan_id' } },
  'another bridge': { threads: 'bpg#3063', changes: [change('network iot', 'bridge = vmbr0', 'bridge = vmbr1')], review: { lab: 'in_place', web: 'restart' }, plan: { 'vm.web': 'update network_device.bridge' } },
  'another MTU': { threads: 'bpg#3063', changes: [line('network iot', 'mtu = 9000')], review: { lab: 'in_place', web: 'restart' }, plan: { 'vm.web': 'update network_device.mtu' } },
  'other resolvers': {
    threads: 'bpg#2901', changes: [change('network lan', 'resolvers = [10.0.0.1]', 'resolvers = [10.0.0.5, 10.0.0.6]')],
    review: { box: 'reboot', hub: 'in_place', lab: 'in_place', media: 'reboot', spare: 'reboot', store: 'reboot', web: 'reboot' },
    plan: everyMachine('update initialization.dns.servers'),
  },
  'another domain': {
    threads: 'bpg#1636', changes: [change('lab edits', 'edits.example.net', 'moved.example.net')],
    review: { box: 'reboot', lab: 'in_place', media: 'reboot', spare: 'reboot', store: 'reboot', web: 'reboot' },
    plan: everyMachine('update initialization.dns.domain'),
  },
  // A container's keys are Ansible's: the provider would replace it for them.
  'a key more': {
    threads: 'bpg#373 bpg#1239 bpg#1622', changes: [change('operator ops', `"${KEY} ops@desk"]`, `"${KEY} ops@desk", "${KEY} ops@sofa"]`)],
    review: { box: 'in_place', lab: 'in_place', media: 'reboot', spare: 'reboot', store: 'reboot', web: 'reboot' },
    plan: Object.fromEntries(['vm.media', 'vm.spare', 'vm.store', 'vm.web'].map((address) => [address, 'update initialization.user_account.keys'])),
  },
  // Which of them machines are entered by is said, wherever they stand; further ones are Ansible's to add.
  'a second operator': {
    threads: 'bpg#373 bpg#1239', changes: [add(`operator ann { uid = 1001  keys = ["${KEY} ann@home"] }`, 'aa.lab')],
    refused: 'LAB4030', permit: [line('operator ops', 'login = true')],
    review: { box: 'in_place', lab: 'in_place', media: 'in_place', spare: 'in_place', store: 'in_place', web: 'in_place' },
  },
});

describeWithTool('terraform', () => {
  // Proxmox's net1 becomes its net0, which nobody inside sees: the card is eth1 with its MAC, as before.
  const two = edit(ground, [line('lxc box', 'nic iot')]);
  const base = build(two);
  let bench: Workbench;
  beforeAll(async () => {
    bench = await openWorkbench(base);
  });
  afterAll(() => bench.close());

  test('a container loses its first card, and knows the other by its name', async () => {
    const less = build({ ...edit(two, [change('lxc box', '  nic lan\n', '')]), lock: base.lock });
    expect(reviewPlans(base.plan, less.plan).findings.filter(({ machine, kind }) => machine === 'box' && kind === 'nic').map(({ name, what }) => `${name} ${what}`)).toMatchInlineSnapshot(`
      [
        "lan removed: vmbr0",
        "lan removed: 10.0.0.202/24, 10.0.0.1",
      ]
    `);
    bench.write(less);
    expect(readPlan(await bench.plan())).toMatchInlineSnapshot(`
      {
        "lxc.box": "update initialization.dns.servers, initialization.ip_config, initialization.ip_config.ipv4.address, initialization.ip_config.ipv4.gateway, network_interface, network_interface.mac_address, network_interface.name, network_interface.vlan_id",
      }
    `);
    expect((await bench.apply()).exitCode).toBe(0);
    const box = [...bench.sim.guests.values()].find((guest) => guest.kind === 'lxc');
    expect([...box!.config].filter(([key]) => key.startsWith('net'))).toMatchInlineSnapshot(`
      [
        [
          "net0",
          "bridge=vmbr0,firewall=0,host-managed=0,ip=10.0.30.227/24,hwaddr=02:CD:11:E6:3F:E5,name=eth1,tag=30",
        ],
      ]
    `);
    expect(readPlan(await bench.plan())).toEqual({});
    // And one more takes the free place.
    const more = build({ ...edit(two, [add('// The same lab again.')]), lock: less.lock });
    bench.write(more);
    await bench.plan();
    expect((await bench.apply()).exitCode).toBe(0);
    expect([...box!.config].filter(([key]) => key.startsWith('net')).map(([key, value]) => `${key} ${/name=\w+/.exec(value)?.[0] ?? ''}`)).toEqual(['net0 name=eth0', 'net1 name=eth1']);
    expect(readPlan(await bench.plan())).toEqual({});
  }, 120_000);
});
